"""Small corpora in every format, and what must come out of them."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import zipfile
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import zstandard

from cleaner.run import RunOptions, run
from cleaner.settings import Settings
from tests.executors.faults import Faulty

ROWS = [
    {"id": "a", "url": "https://www.example.org/1", "text": "première ligne\nzweite Zeile", "stars": 4},
    {"id": "b", "url": "https://example.net/2", "text": 'quotes ", and; commas', "stars": None},
    {"id": "c", "url": None, "text": "третья", "stars": 1},
]

PACK = {"gz": gzip.compress, "zst": zstandard.compress, "bz2": bz2.compress, "xz": lzma.compress}


def warc_record(
    kind: str, body: bytes, media: str, url: str = "http://example.org/x", number: int = 1
) -> bytes:
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2024-01-01T00:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-{number:012}>\r\nContent-Type: {media}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def answer(
    body: bytes, media: str = "text/html; charset=ISO-8859-1", status: str = "200 OK", more: str = ""
) -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\n{more}\r\n".encode() + body


def table() -> pa.Table:
    return pa.Table.from_pylist(ROWS)


def written(folder: Path, name: str) -> Path:
    """Write `ROWS` in the format that the suffix says and return the path."""
    path = folder / name
    suffix = path.suffix
    if suffix == ".jsonl":
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in ROWS), "utf-8")
    elif suffix == ".json":
        path.write_text(json.dumps(ROWS), "utf-8")
    elif suffix in (".csv", ".tsv"):
        pa.csv.write_csv(
            table(),
            path,
            pa.csv.WriteOptions(delimiter="\t" if suffix == ".tsv" else ",", quoting_style="needed"),
        )
    elif suffix == ".parquet":
        pq.write_table(table(), path, row_group_size=2)
    elif suffix == ".arrow":
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table().schema) as writer:
            writer.write_table(table())
    elif suffix == ".feather":  # as a stream
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_stream(sink, table().schema) as writer:
            writer.write_table(table())
    else:
        raise AssertionError(suffix)
    return path


def packed(path: Path, compression: str) -> Path:
    """Compress a file beside itself."""
    if compression == "zip":
        out = path.with_name(path.stem + ".zip")
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, f"deep/{path.name}")
            archive.writestr("picture.jpg", b"\xff\xd8")
        return out
    out = path.with_name(f"{path.name}.{compression}")
    out.write_bytes(PACK[compression](path.read_bytes()))
    return out


def cleaned(*inputs: object, output: object, code: int = 0, **options: object) -> list[dict]:
    """Run with a batch function that returns capitals, check the exit code, and return the rows."""
    options.setdefault("quiet", True)
    assert run([str(each) for each in inputs], str(output), settings=Settings(), options=RunOptions(**options), clean=Faulty()) == code  # fmt: skip
    path = Path(str(output))
    return pq.read_table(path).to_pylist() if path.suffix == ".parquet" and path.exists() else []
