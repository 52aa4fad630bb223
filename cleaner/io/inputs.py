"""Find the files of an input and read them as batches of undecoded documents."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["RAW", "InputError", "Source", "find_sources", "read_batches"]

SUFFIXES = (".txt",)

RAW = pa.schema(
    [
        pa.field("id", pa.string()),
        pa.field("source", pa.string()),
        pa.field("data", pa.large_binary()),
        pa.field("error", pa.string()),
    ]
)
"""What readers hand on: bytes as they lay there, or the reason why there are none."""


class InputError(ValueError):
    """An input that cannot be used at all; the message says what to do."""


class Source(NamedTuple):
    """A file to read; `id` is its path below the folder that was given, `-` is standard input."""

    id: str
    path: str
    size: int


def find_sources(inputs: Sequence[str]) -> list[Source]:
    """Return the files of all inputs, those of a folder sorted by their path, each file once.

    Raises:
        InputError: an input does not exist, or a folder holds no file that can be read.

    """
    sources: dict[str, Source] = {}
    for name in inputs:
        for source in _sources(name):
            sources.setdefault(source.path, source)
    return list(sources.values())


def _sources(name: str) -> Iterator[Source]:
    if name == "-":
        yield Source("-", "-", 0)
        return
    path = Path(name)
    if not path.exists():
        raise InputError(f"no file or folder at {name}: check the path")
    if path.is_file():
        yield Source(path.name, path.as_posix(), _size(path))
        return
    files = sorted(_walk(path), key=lambda file: file.relative_to(path).as_posix())
    if not files:
        raise InputError(f"{name} holds no text: files must end in {', '.join(SUFFIXES)}")
    for file in files:
        yield Source(file.relative_to(path).as_posix(), file.as_posix(), _size(file))


def _walk(folder: Path) -> Iterator[Path]:
    for place, _, names in os.walk(folder):
        yield from (Path(place, name) for name in names if name.lower().endswith(SUFFIXES))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def read_batches(sources: Iterable[Source], batch_bytes: int) -> Iterator[pa.RecordBatch]:
    """Yield batches of documents of about `batch_bytes`; a document is never cut in two.

    A file that cannot be read becomes a row with `error` set.
    """
    rows: list[tuple[str, str, bytes | None, str | None]] = []
    held = 0
    for source in sources:
        data, error = _read(source)
        size = len(data or b"")
        if rows and held + size > batch_bytes:
            yield _batch(rows)
            rows, held = [], 0
        rows.append((source.id, source.path, data, error))
        held += size
    if rows:
        yield _batch(rows)


def _read(source: Source) -> tuple[bytes | None, str | None]:
    try:
        return sys.stdin.buffer.read() if source.path == "-" else Path(source.path).read_bytes(), None
    except OSError as error:
        return None, f"cannot be read: {error.strerror or error}"


def _batch(rows: Sequence[tuple[str, str, bytes | None, str | None]]) -> pa.RecordBatch:
    columns = zip(*rows, strict=True)
    names = [os.fsencode(name).decode("utf-8", "backslashreplace") for name in next(columns)]
    paths = [os.fsencode(name).decode("utf-8", "backslashreplace") for name in next(columns)]
    data, errors = (list(column) for column in columns)
    arrays = [
        pa.array(values, field.type) for field, values in zip(RAW, (names, paths, data, errors), strict=True)
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=RAW)
