"""Addresses as inputs: in memory, on a local S3 server, and without the library."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cleaner.io.errors import InputError
from cleaner.io.sources import find_sources
from tests.io.corpus import ROWS, cleaned, packed, written

TEXTS = [row["text"].upper() for row in ROWS]


def check(out, *inputs, **options) -> None:
    rows = cleaned(*inputs, output=out, overwrite=True, **options)
    assert [row["text"] for row in rows] == TEXTS


def test_memory(tmp_path) -> None:
    fsspec = pytest.importorskip("fsspec", reason='pip install "scraped-text-cleaner[remote]"')
    store = fsspec.filesystem("memory")
    for name in ("a.jsonl", "b.parquet", "c.arrow", "d.json"):
        store.pipe(f"/bucket/deep/{name}", written(tmp_path, name).read_bytes())
    store.pipe("/bucket/deep/e.csv.zst", packed(written(tmp_path, "e.csv"), "zst").read_bytes())
    store.pipe("/bucket/deep/f.zip", packed(written(tmp_path, "f.jsonl"), "zip").read_bytes())
    store.pipe("/bucket/picture.jpg", b"x")
    try:
        for name in ("a.jsonl", "b.parquet", "c.arrow", "d.json", "e.csv.zst", "f.zip"):
            check(tmp_path / "out.parquet", f"memory://bucket/deep/{name}")
        check(tmp_path / "out.parquet", "memory://bucket/deep/*.jsonl")
        found = find_sources(["memory://bucket"])
        assert [source.id for source in found.sources] == [f"deep/{n}" for n in ("a.jsonl", "b.parquet", "c.arrow", "d.json", "e.csv.zst", "f.zip")]  # fmt: skip
        assert found.left_out == {".jpg": 1}
        with pytest.raises(InputError, match="there is nothing at memory://nowhere"):
            find_sources(["memory://nowhere"])
    finally:
        store.rm("/bucket", recursive=True)


@pytest.mark.filterwarnings("ignore")
def test_s3(tmp_path, s3) -> None:
    s3.mkdir("bucket")
    for name in ("a.jsonl", "b.parquet"):
        s3.pipe(f"bucket/deep/{name}", written(tmp_path, name).read_bytes())
    check(tmp_path / "out.parquet", "s3://bucket/deep/a.jsonl")
    check(tmp_path / "out.parquet", "s3://bucket/deep/*.parquet")
    sources = find_sources(["s3://bucket/"]).sources
    assert [source.path for source in sources] == ["s3://bucket/deep/a.jsonl", "s3://bucket/deep/b.parquet"]
    assert all(source.size and source.stamp for source in sources)
    with pytest.raises(InputError, match="s3://bucket/none"):
        find_sources(["s3://bucket/none"])


@pytest.mark.parametrize(
    ("missing", "name", "extra"),
    [
        ("fsspec", "s3://bucket/x.jsonl", "s3"),
        ("fsspec", "memory://x.jsonl", "remote"),
        ("fastwarc", "a.warc", "warc"),
    ],
)
def test_a_missing_library_is_named(tmp_path, root, missing, name, extra) -> None:
    (tmp_path / "a.warc").write_bytes(b"")
    code = f"import sys; sys.modules[{missing!r}] = None; from cleaner.cli import main; main(sys.argv[1:])"
    run = subprocess.run(
        [sys.executable, "-c", code, name if "://" in name else str(tmp_path / name), "-o", str(tmp_path / "out.parquet")],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 2
    assert f'pip install "scraped-text-cleaner[{extra}]"' in run.stderr
    assert "Traceback" not in run.stderr
