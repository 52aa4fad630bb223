"""JSON lines: one object a line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cleaner.decoding import decode
from cleaner.io.fields import MissingColumnError, row
from cleaner.io.opening import Pieces, Within
from cleaner.io.raw import Raw
from cleaner.io.reading import said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from cleaner.io.reading import ReadOptions
    from cleaner.io.sources import Source

__all__ = ["read"]

_BLOCK = 1 << 20
_BOM = b"\xef\xbb\xbf"


class _Line(NamedTuple):
    """A line of a file by its number, from 1; `error` where it could not be read whole."""

    number: int
    data: bytes
    error: str | None = None


def read(stream: BinaryIO, source: Source, options: ReadOptions) -> Iterator[Raw]:
    """Yield the documents of a file of JSON lines; a line that is no object with a text is an error."""
    part = source.stretch
    within: Any = Within(stream, part.begin, part.end) if part else stream
    for line in _lines(within, options.most_bytes, 1 + (part.first if part else 0)):
        bare = line.data.strip()
        if not bare and line.error is None:
            continue
        place = f"line {line.number}"
        wrong = Raw(f"{source.id}#{line.number}", source.path, data=line.data, place=place)
        if line.error:
            yield wrong._replace(error=line.error)
            continue
        values, error = _parsed(bare)
        if error:
            yield wrong._replace(error=error)
            continue
        try:
            yield row(values, options.columns, source, line.number, place)
        except MissingColumnError as missing:
            yield wrong._replace(error=str(missing))


def _parsed(line: bytes) -> tuple[dict[str, Any], str | None]:
    """Return the object of a line, or why there is none; bytes that are not UTF-8 are decoded as texts are."""
    try:
        value = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as first:
        try:  # NaN, lone surrogates, other encodings
            value = json.loads(decode(line).text)
        except (ValueError, RecursionError):
            return {}, f"not valid JSON: {first}"
    except RecursionError:
        return {}, "not valid JSON: nested too deeply"
    if not isinstance(value, dict):
        return {}, f"not a JSON object: a {type(value).__name__}"
    return value, None


def _lines(stream: BinaryIO, most: int, number: int) -> Iterator[_Line]:
    """Yield lines from `number` on without their ends; of one longer than `most` bytes the rest is left out."""
    pieces = Pieces(stream)
    held: list[bytes] = []
    size = 0
    try:
        while block := pieces.read(_BLOCK):
            first, *others = block.split(b"\n")
            if size <= most:
                held.append(first)
            size += len(first)
            for other in others:
                yield _line(number, held, size, most)
                held, size, number = [other], len(other), number + 1
    except Exception as error:  # noqa: BLE001 - whatever a damaged archive makes a library raise
        yield _Line(number, b"".join(held), said(error))
        return
    if size:
        yield _line(number, held, size, most)


def _line(number: int, held: list[bytes], size: int, most: int) -> _Line:
    data = b"".join(held)
    if number == 1:
        data = data.removeprefix(_BOM)
    if size > most:
        return _Line(number, data[:most], f"larger than {most:,} bytes: split it, or raise --max-document")
    return _Line(number, data)
