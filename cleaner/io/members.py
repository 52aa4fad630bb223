"""Gzip files with one member a record, as WARC has them: a damaged member costs itself and not the rest."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

__all__ = ["DamagedError", "Members"]

_MAGIC = b"\x1f\x8b\x08"
_GZIP = 31  # tells zlib to expect the head and the checksum of gzip
_PIECE = 1 << 16  # compressed bytes at a time
_MOST = 1 << 20  # decompressed bytes at a time
_KEPT = 4 << 20  # compressed bytes of a member that are kept to find the next one in
_PROBE = 4096


class DamagedError(OSError):
    """A member that cannot be read to its end.

    `start` is the decompressed offset at which it begins; `data` are its compressed bytes, as far as they are
    kept. `is_last` says that no other member was found behind it.
    """

    def __init__(self, reason: str, start: int) -> None:
        super().__init__(reason)
        self.start = start
        self.data = b""
        self.is_last = False


class Members(io.RawIOBase):
    """The members of a gzip file, decompressed.

    `read1` gives all that comes before damage, raises DamagedError once, and goes on with the next member that
    begins with `prefix`. A file that is cut off is damage as well.
    """

    def __init__(self, stream: BinaryIO, prefix: bytes) -> None:
        self._stream = stream
        self._prefix = prefix
        self._input = b""
        self._ready = io.BytesIO()
        self._given = 0
        self._damage: DamagedError | None = None
        self._begin()

    def readable(self) -> bool:
        """Return that it is."""
        return True

    def read1(self, size: int) -> bytes:
        """Return up to `size` bytes; nothing only at the end.

        Raises:
            DamagedError: a member cannot be read on; the next call goes on behind it.

        """
        while not (data := self._ready.read(size)):
            if self._damage is not None:
                damage, self._damage = self._damage, None
                self._find_next(damage)
                raise damage
            if not self._advance():
                return b""
        return data

    def _begin(self) -> None:
        self._member = zlib.decompressobj(_GZIP)
        self._kept = bytearray()  # compressed, since the member began
        self._start = self._given

    def _advance(self) -> bool:
        """Decompress a piece; return whether there is anything left to read or to say."""
        if self._member.eof:
            self._begin()
        self._input = self._input or self._stream.read(_PIECE)
        if not self._kept:
            self._input = self._input.lstrip(b"\0")  # padding between members
        if not self._input:
            if self._kept:
                self._damage = DamagedError("the compressed file ends in the middle of a record", self._start)
            return bool(self._kept)
        self._kept += self._input
        del self._kept[:-_KEPT]
        try:
            data = self._member.decompress(self._input, _MOST)
        except zlib.error as error:
            self._input = b""  # it is in `_kept`
            self._damage = DamagedError(f"damaged gzip data: {error}", self._start)
            return True
        self._input = self._member.unused_data or self._member.unconsumed_tail
        if self._input:
            del self._kept[-len(self._input) :]
        self._given += len(data)
        self._ready = io.BytesIO(data)
        return True

    def _find_next(self, damage: DamagedError) -> None:
        """Set the input to the next member that begins with a record, or to nothing."""
        rest, place = bytes(self._kept), 1
        damage.data = rest
        while True:
            place = rest.find(_MAGIC, place)
            unseen = place if place >= 0 else max(len(rest) - len(_MAGIC) + 1, 0)
            if len(rest) - unseen < _PROBE and (more := self._stream.read(_PIECE)):
                rest, place = rest[unseen:] + more, 0
            elif place < 0:
                damage.is_last = True
                self._input = b""
                break
            elif self._is_record(rest[place : place + _PROBE]):
                damage.data = damage.data.removesuffix(rest[place:])
                self._input = rest[place:]
                break
            else:
                place += 1
        self._begin()

    def _is_record(self, data: bytes) -> bool:
        try:
            return zlib.decompressobj(_GZIP).decompress(data, len(self._prefix)) == self._prefix
        except zlib.error:
            return False
