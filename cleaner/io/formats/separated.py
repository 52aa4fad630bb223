"""CSV and TSV, read as a stream; a row that does not fit is set aside and the next one is found."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, NamedTuple

from cleaner.decoding import decode
from cleaner.io.fields import names_of, picked, row
from cleaner.io.raw import Raw

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from cleaner.io.reading import ReadOptions
    from cleaner.io.sources import Source

__all__ = ["read"]

_WIDE = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_MOST_LINES = 10_000  # of one row; beyond, its quotes are taken to be unbalanced


def read(stream: BinaryIO, source: Source, options: ReadOptions) -> Iterator[Raw]:
    """Yield the documents of a table with a head line.

    Bytes that are not UTF-8 are decoded field by field, so that files of mixed encodings are read. When a
    row does not fit (unbalanced quotes, another number of fields than the head), its first line becomes a
    document with an error and reading goes on with the line after it.

    Raises:
        MissingColumnError: there is no column for the text.

    """
    csv.field_size_limit(options.most_bytes)
    feed = _Feed(stream, options.most_bytes)
    delimiter = "\t" if source.format == "tsv" else _delimiter(feed.peek())
    names: tuple[str, ...] = ()
    number = 0
    for record in _records(feed, delimiter):
        fields = [_decoded(field) for field in record.fields]
        if not names:
            names = names_of(fields)
            picked(options.columns, names)
            feed.width = len(names)
            continue
        number += 1
        place = f"line {record.line}"
        if record.error:
            wrong = Raw(f"{source.id}#{number}", source.path, data=record.data, place=place)
            yield wrong._replace(error=record.error)
            continue
        yield row(dict(zip(names, fields, strict=True)), options.columns, source, number, place)


class _Record(NamedTuple):
    """A row: its fields, or the bytes of a line that fits no row, and the line it begins on (from 1)."""

    fields: list[str]
    line: int
    data: bytes
    error: str | None = None


class _Feed:
    """The lines of a stream, with those of the current row kept so that they can be fed again."""

    def __init__(self, stream: BinaryIO, most: int) -> None:
        head = stream.peek(4)[:4]  # type: ignore[attr-defined]
        self.encoding = _WIDE.get(head[:2], "utf-8")
        self._stream = _recoded(stream, self.encoding) if self.encoding != "utf-8" else stream
        if head.startswith(b"\xef\xbb\xbf"):
            stream.read(3)
        self._most = most
        self._again: list[bytes] = []
        self.current: list[bytes] = []
        self.line = 0  # lines handed out so far
        self.width = 0
        self._error: Exception | None = None

    def peek(self) -> bytes:
        """Return the first line without taking it."""
        if not self._again and (line := self._read()):
            self._again.append(line)
        return self._again[-1] if self._again else b""

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self._again.pop() if self._again else self._read()
        if not line:
            raise StopIteration
        if len(self.current) >= _MOST_LINES or sum(map(len, self.current[-2:])) + len(line) > self._most:
            self._again.append(line)
            raise csv.Error(f"a row of more than {_MOST_LINES:,} lines or {self._most:,} bytes")
        self.current.append(line)
        self.line += 1
        return line.decode("utf-8", "surrogateescape")

    def back_to_second_line(self) -> bytes:
        """Give back all lines of the current row but the first, and return that."""
        first, *others = self.current
        self._again.extend(reversed(others))
        self.line -= len(others)
        return first

    def _read(self) -> bytes:
        return self._stream.readline(self._most)


def _records(feed: _Feed, delimiter: str) -> Iterator[_Record]:
    rows = csv.reader(feed, delimiter=delimiter, strict=True)
    while True:
        feed.current = []
        first = feed.line + 1
        try:
            fields = next(rows, None)
            error = None if fields is None else _misfit(fields, feed.width)
        except csv.Error as wrong:
            fields, error = [], f"not a valid row: {wrong}"
        if fields is None:
            return
        if error is None:
            if fields:
                yield _Record(fields, first, b"")
            continue
        yield _Record([], first, feed.back_to_second_line(), error)
        rows = csv.reader(feed, delimiter=delimiter, strict=True)


def _misfit(fields: list[str], width: int) -> str | None:
    if not fields or not width or len(fields) == width:
        return None
    return f"{len(fields)} fields where the head line has {width}"


def _delimiter(head: bytes) -> str:
    """Return the most frequent of the usual delimiters in the head line; the comma where there is none."""
    return max(",;\t|", key=lambda mark: (head.count(mark.encode()), mark == ","))


def _decoded(field: str) -> str:
    try:
        field.encode("utf-8")
    except UnicodeEncodeError:
        return decode(field.encode("utf-8", "surrogateescape")).text
    return field


def _recoded(stream: BinaryIO, encoding: str) -> BinaryIO:
    """Return a stream of UTF-16 with its mark as one of UTF-8 without."""
    import codecs

    stream.read(2)
    return codecs.StreamRecoder(
        stream,
        codecs.getencoder("utf-8"),
        codecs.getdecoder("utf-8"),
        codecs.getreader(encoding),
        codecs.getwriter(encoding),
    )
