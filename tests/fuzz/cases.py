"""Cases of the fuzzer: documents, pages and files made from a seed, and what must hold for each."""

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from functools import cache
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from cleaner import Cleaner
from cleaner.document import LEVELS
from cleaner.io.reading import ReadOptions, reader
from cleaner.io.sources import Source
from tests.strategies import FURNITURE, ODD, PROSE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cleaner.io.raw import Raw

__all__ = ["FAMILIES", "broken"]

_MANY = 24  # documents of one seed
_ENDS = ["\n", "\n", "\n", "\n\n", "\r\n", "\n \n\n", "\r", "\x0b", "\u2029"]
_TAGS = [
    "p",
    "div",
    "a href='/x'",
    "li",
    "ul",
    "h1",
    "nav",
    "table",
    "td",
    "script",
    "b",
    "article",
    "!--",
    "br/",
]
_PROBLEMS = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, pa.ArrowException, csv.Error)
"""What a reader may raise for a whole file; the command makes an error row of it, with the file's bytes."""


@cache
def _cleaner(level: str) -> Cleaner:
    return Cleaner(level=level, language=None, signals=False)


def _line(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.35:
        return chance.choice(PROSE)
    if kind < 0.7:
        return chance.choice(FURNITURE)
    if kind < 0.8:
        return chance.choice(ODD) * chance.choice([1, 1, 2, 40])
    if kind < 0.9:
        return chance.choice([*PROSE, *FURNITURE]) + chance.choice(ODD)
    return "".join(
        chr(chance.choice([chance.randrange(32, 127), chance.randrange(0xA0, 0x3000)]))
        for _ in range(chance.randrange(60))
    )


def _document(chance: random.Random) -> str:
    lines = [_line(chance) for _ in range(chance.randrange(30))]
    for _ in range(chance.randrange(4)):  # what repeats is where rules meet
        if lines:
            lines.insert(chance.randrange(len(lines) + 1), chance.choice(lines))
    return "".join(line + chance.choice(_ENDS) for line in lines)


def _documents(chance: random.Random) -> Iterator[str]:
    texts = [_document(chance) for _ in range(_MANY)]
    for level in LEVELS:
        clean = _cleaner(level)
        results = list(clean.clean_many(texts))
        again = list(clean.clean_many([result.text for result in results]))
        for text, result, second in zip(texts, results, again, strict=True):
            if result.restore() != text:
                yield f"{level}: what was changed cannot be undone: {text!r}"
            if second.text != result.text:
                yield f"{level}: cleaning twice changes something: {text!r}"
        number = chance.randrange(_MANY)
        alone = clean.clean(texts[number])
        if (alone.text, alone.edits) != (results[number].text, results[number].edits):
            yield f"{level}: a document depends on its batch: {texts[number]!r}"


def _pages(chance: random.Random) -> Iterator[str]:
    parts = []
    for _ in range(chance.randrange(60)):
        tag = chance.choice(_TAGS)
        parts += [f"<{tag}>", _line(chance), f"</{tag.split()[0]}>" if chance.random() < 0.7 else ""]
    data = bytearray("".join(parts).encode("utf-8", "surrogatepass"))
    for _ in range(chance.randrange(6)):
        if data:
            data[chance.randrange(len(data))] = chance.randrange(256)
    result = _cleaner("balanced").clean_html(bytes(data))
    if result.page is None or not (result.document.text.strip() or result.page.error):
        yield f"no text and no reason: {bytes(data)!r}"


def _packed(chance: random.Random, kind: str) -> bytes:
    rows = [{"id": str(number), "text": chance.choice(PROSE)} for number in range(12)]
    sink = io.BytesIO()
    if kind == "parquet":
        pq.write_table(pa.Table.from_pylist(rows), sink, row_group_size=4)
    elif kind == "arrow":
        batch = pa.RecordBatch.from_pylist(rows)
        with pa.ipc.new_file(sink, batch.schema) as writer:
            writer.write_batch(batch)
    elif kind == "zip":
        with zipfile.ZipFile(sink, "w") as archive:
            for row in rows:
                archive.writestr(f"{row['id']}.txt", row["text"])
    elif kind == "csv":
        return "\n".join(["id,text", *(f'{row["id"]},"{row["text"]}"' for row in rows)]).encode()
    else:
        return json.dumps(rows).encode() if kind == "json" else "\n".join(map(json.dumps, rows)).encode()
    return sink.getvalue()


def _files(chance: random.Random) -> Iterator[str]:
    kind = chance.choice(["parquet", "arrow", "zip", "csv", "json", "jsonl"])
    data = bytearray(_packed(chance, kind))
    for _ in range(chance.randrange(1, 5)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    if chance.random() < 0.3:
        del data[chance.randrange(len(data)) :]
    source = Source("x", f"x.{kind}", len(data), "", kind)
    try:
        rows: list[Raw] = list(
            reader(kind)(io.BufferedReader(io.BytesIO(bytes(data))), source, ReadOptions())
        )
    except _PROBLEMS:
        return
    if not all(row.error or row.text is not None or row.data is not None for row in rows):
        yield f"{kind}: a row without a text and without a reason: {bytes(data)!r}"


_MADE: dict[str, Callable[[random.Random], Iterator[str]]] = {
    "documents": _documents,
    "pages": _pages,
    "files": _files,
}
FAMILIES = tuple(_MADE)


def broken(family: str, seed: int) -> Iterator[str]:
    """Yield what a case broke; an error that nobody expects is one too."""
    try:
        yield from _MADE[family](random.Random(f"{family} {seed}"))
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        yield f"raised {type(error).__name__}: {error}"
