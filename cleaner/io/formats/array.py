"""JSON files: an array of objects, read as a stream; or one object; or JSON lines by another name."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any

import ijson
import numpy as np

from cleaner.io.fields import MissingColumnError, encoded, row
from cleaner.io.formats import lines
from cleaner.io.opening import Pieces
from cleaner.io.raw import Raw
from cleaner.io.reading import said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from cleaner.io.reading import ReadOptions
    from cleaner.io.sources import Source

__all__ = ["read"]

_DEEPEST = 500  # the parser takes the square of the depth in memory: 40,000 brackets are 4 GB
_ESCAPE = re.compile(rb"\\.", re.DOTALL)
_BOM = b"\xef\xbb\xbf"


def read(stream: BinaryIO, source: Source, options: ReadOptions) -> Iterator[Raw]:
    """Yield the documents of a JSON file; after a fault in its syntax the rest cannot be found."""
    buffered = io.BufferedReader(stream, 1 << 16)  # type: ignore[type-var]
    head = buffered.peek(1 << 16)
    if head.startswith(_BOM):
        buffered.read(len(_BOM))
        head = head[len(_BOM) :]
    if head.lstrip()[:1] != b"[":
        yield from _objects(buffered, head, source, options)
        return
    for number, values, error in _items(buffered):
        place = f"item {number}"
        wrong = Raw(f"{source.id}#{number}", source.path, place=place)
        if error:
            yield wrong._replace(error=error)
        elif not isinstance(values, dict):
            yield wrong._replace(data=encoded(values), error=f"not a JSON object: a {type(values).__name__}")
        else:
            yield _row(values, wrong, options, source, number)


def _row(values: dict[str, Any], wrong: Raw, options: ReadOptions, source: Source, number: int) -> Raw:
    try:
        return row(values, options.columns, source, number, wrong.place or "")
    except MissingColumnError as missing:
        return wrong._replace(data=encoded(values), error=str(missing))


def _items(stream: BinaryIO) -> Iterator[tuple[int, Any, str | None]]:
    """Yield number (from 1), value and error of the items of an array."""
    number = 0
    try:
        for number, value in enumerate(ijson.items(Shallow(Pieces(stream)), "item", use_float=True), 1):
            yield number, value, None
    except Exception as error:  # noqa: BLE001 - damaged archives raise what they like
        yield number + 1, None, f"{said(error)}; the rest of the file is lost to this run"


def _objects(stream: BinaryIO, head: bytes, source: Source, options: ReadOptions) -> Iterator[Raw]:
    """Yield objects that stand one a line, or the one object that takes the whole file."""
    if head.count(b"\n") and not lines._parsed(head.lstrip().split(b"\n", 1)[0])[1]:  # noqa: SLF001 - a sister
        yield from lines.read(stream, source, options)
        return
    data = stream.read(options.most_bytes + 1)
    if len(data) > options.most_bytes:
        yield Raw(
            source.id, source.path, data=data, error=f"an object larger than {options.most_bytes:,} bytes"
        )
        return
    values, error = lines._parsed(data) if data.strip() else ({}, "the file is empty")  # noqa: SLF001 - as above
    if error:
        yield Raw(source.id, source.path, data=data, error=error)
        return
    yield _row(values, Raw(source.id, source.path, place="the file"), options, source, 1)


class Shallow:
    """A stream of JSON that breaks off before a place where lists and objects lie too deep in each other."""

    def __init__(self, stream: Pieces) -> None:
        self._stream = stream
        self._depth = 0
        self._inside = False  # of a string
        self._left = b""  # a backslash whose other half is still to come

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes.

        Raises:
            ValueError: they hold what lies too deep.

        """
        data = self._stream.read(size)
        if data:
            self._look(self._left + data)
        return data

    def _look(self, data: bytes) -> None:
        tail = len(data) - len(data.rstrip(b"\\"))
        self._left = b"\\" * (tail % 2)
        data = data[: len(data) - len(self._left)]
        parts = _ESCAPE.sub(b"", data).split(b'"')
        bare = b"".join(parts[self._inside :: 2])
        self._inside ^= len(parts) % 2 == 0
        signs = np.frombuffer(bare, np.uint8)
        steps = np.isin(signs, (91, 123)).astype(np.int64) - np.isin(signs, (93, 125))
        depths = self._depth + np.cumsum(steps)
        if len(depths):
            self._depth = int(depths[-1])
            if depths.max() > _DEEPEST:
                raise ValueError(f"nested deeper than {_DEEPEST} levels")
