"""Open a source as a stream of bytes, decompressed, with a stop for archives that are bombs."""

from __future__ import annotations

import io
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO

from cleaner.io.members import Members
from cleaner.io.remote import has_scheme, open_remote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaner.io.sources import Source

__all__ = ["BombError", "Meter", "Pieces", "Within", "capped", "decompressed", "opened", "seekable"]

BOMB_RATIO = 250
"""Decompressed bytes for one compressed byte; text reaches 10, logs of equal lines 100."""

BOMB_FLOOR = 64 << 20
"""Decompressed bytes up to which no ratio is looked at."""

_SPOOL = 64 << 20  # bytes of a stream kept in memory before it goes to a temporary file


class BombError(OSError):
    """A compressed file that grows beyond all measure when it is decompressed."""


class Meter:
    """Counts the bytes read from disk, and knows the file they are from; for the progress bar."""

    def __init__(self) -> None:
        self.bytes = 0
        self.current = ""


class _Counted(io.RawIOBase):
    """A stream that counts what is read from it."""

    def __init__(self, stream: BinaryIO, meter: Meter) -> None:
        self._stream = stream
        self._meter = meter
        self.count = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return self._stream.seekable()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self.count += len(data)
        self._meter.bytes += len(data)
        return len(data)


class _Capped(io.RawIOBase):
    """A decompressed stream that ends with an error when it outgrows what it was made from."""

    def __init__(self, stream: BinaryIO, compressed: _Counted | int) -> None:
        self._stream = stream
        self._compressed = compressed
        self._count = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._stream.read1(len(buffer))  # type: ignore[attr-defined] # `read` loses what came before an error
        buffer[: len(data)] = data
        self._count += len(data)
        source = self._compressed if isinstance(self._compressed, int) else self._compressed.count
        if self._count > BOMB_FLOOR and self._count > BOMB_RATIO * max(source, 1):
            raise BombError(f"stopped: {self._count:,} bytes came out of {source:,}, which no text does")
        return len(data)


class _Zstd(io.RawIOBase):
    """A stream of zstd frames, decompressed; the library's own reader takes truncation for an end."""

    _PIECE = 2048  # compressed bytes at a time: what they can grow to at once stays below 64 MB

    def __init__(self, stream: Any) -> None:
        import zstandard

        self._stream = io.BufferedReader(stream, 1 << 18)
        self._frames = zstandard.ZstdDecompressor(max_window_size=1 << 31)
        self._frame = self._frames.decompressobj()
        self._begun = False
        self._ready = io.BytesIO()

    def readable(self) -> bool:
        return True

    def read1(self, size: int) -> bytes:
        while not (data := self._ready.read(size)):
            piece = self._stream.read(self._PIECE)
            if not piece:
                if self._begun and not self._frame.eof:
                    raise EOFError("the compressed file ends in the middle of a frame")
                return b""
            self._begun = True
            grown = []
            while piece:
                if self._frame.eof:
                    self._frame = self._frames.decompressobj()
                grown.append(self._frame.decompress(piece))
                piece = self._frame.unused_data
            self._ready = io.BytesIO(b"".join(grown))
        return data


class Pieces:
    """A stream whose `read` may return less than was asked for, so that an error costs none of it."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._position = 0

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes; nothing only at the end."""
        data: bytes = self._stream.read1(size)  # type: ignore[attr-defined]
        self._position += len(data)
        return data

    def tell(self) -> int:
        """Return the bytes read so far."""
        return self._position


class Within:
    """The bytes from `begin` to `end` of a stream that can seek, for `Pieces` to read."""

    def __init__(self, stream: BinaryIO, begin: int, end: int) -> None:
        stream.seek(begin)
        self._stream = stream
        self._left = end - begin

    def read1(self, size: int = -1) -> bytes:
        """Return up to `size` bytes; nothing only at the end."""
        wanted = self._left if size < 0 else min(size, self._left)
        data: bytes = self._stream.read1(wanted)  # type: ignore[attr-defined]
        self._left -= len(data)
        return data


@contextmanager
def opened(source: Source, meter: Meter) -> Iterator[BinaryIO]:
    """Open a source for reading, decompressed; the stream can be read once, from the front.

    Raises:
        OSError: it cannot be opened. Reading raises BombError, EOFError, or what its library does.

    """
    with _raw(source) as stream:
        counted = _Counted(stream, meter)
        if source.compression is None:
            yield io.BufferedReader(counted, 1 << 20)
            return
        yield capped(decompressed(counted, source), counted)


def capped(stream: BinaryIO, compressed: _Counted | int) -> BinaryIO:
    """Return a decompressed stream that raises BombError; `compressed` is what it is made from, or its bytes."""
    return io.BufferedReader(_Capped(stream, compressed), 1 << 20)


def decompressed(stream: Any, source: Source) -> BinaryIO:
    """Return the decompressed stream of a source; truncation is an error when it is read."""
    plain: Any
    compression = source.compression
    if compression == "gzip" and source.format == "warc":
        plain = Members(stream, b"WARC/")
    elif compression == "gzip":
        import gzip

        plain = gzip.GzipFile(fileobj=io.BufferedReader(stream, 1 << 18))
    elif compression == "bz2":
        import bz2

        plain = bz2.BZ2File(stream)
    elif compression == "xz":
        import lzma

        plain = lzma.LZMAFile(stream)  # noqa: SIM115 - as above
    else:
        plain = _Zstd(stream)
    opened: BinaryIO = plain
    return opened


@contextmanager
def seekable(stream: BinaryIO) -> Iterator[BinaryIO]:
    """Return a stream that can seek: the stream itself, or a copy that lies on disk when it is large."""
    if stream.seekable():
        yield stream
        return
    import shutil
    import tempfile

    with tempfile.SpooledTemporaryFile(max_size=_SPOOL) as copy:
        shutil.copyfileobj(stream, copy, 1 << 20)
        copy.seek(0)
        yield copy  # type: ignore[misc]


@contextmanager
def _raw(source: Source) -> Iterator[BinaryIO]:
    place = source.at or source.path
    if place == "-":
        yield sys.stdin.buffer
    elif has_scheme(place):
        with open_remote(place) as stream:
            yield stream
    else:
        with open(place, "rb", buffering=0) as file:  # noqa: PTH123 - Path costs more than the read of a small file
            yield file
