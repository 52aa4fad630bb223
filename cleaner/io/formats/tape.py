"""A stream that can go back to where a record began, and look for the next one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleaner.io.members import DamagedError

if TYPE_CHECKING:
    from typing import BinaryIO

__all__ = ["Tape"]

_HEAD = re.compile(rb"WARC/\d\.\d+\r?\n[A-Za-z-]+:")
_LONGEST = 100  # bytes that `_HEAD` may need to be seen whole
_PIECE = 1 << 16
_SHOWN = 1 << 20  # bytes of what is no record that are handed on


class Tape:
    """What was read of a stream since a place that can be moved on; offsets count from the front of the stream.

    Its `read` may return less than was asked for, so that an error of the stream costs none of what came before it;
    `error` is that error.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._kept = bytearray()
        self._start = 0
        self._next = 0
        self.error: Exception | None = None
        self._waiting: Exception | None = None

    @property
    def end(self) -> int:
        """The offset up to which the stream was read."""
        return self._start + len(self._kept)

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes; nothing only at the end."""
        if self._next >= self.end:
            self._more(size)
        place = self._next - self._start
        data = bytes(self._kept[place:] if size < 0 else self._kept[place : place + size])
        self._next += len(data)
        return data

    def tell(self) -> int:
        """Return the offset of what `read` returns next."""
        return self._next

    def seek_to(self, offset: int) -> None:
        """Have `read` go on at an offset that is still kept, and forget what lies before it."""
        self.forget(offset)
        self._next = offset
        self.error = None

    def forget(self, offset: int) -> None:
        """Keep nothing before an offset."""
        cut = min(max(offset - self._start, 0), len(self._kept))
        del self._kept[:cut]
        self._start += cut

    def piece(self, start: int, stop: int) -> bytes:
        """Return the bytes between two offsets, as far as they are kept."""
        return bytes(self._kept[max(start - self._start, 0) : max(stop - self._start, 0)])

    def peek(self, offset: int, data: bytes) -> bool:
        """Tell whether some bytes stand at an offset; an error of the stream waits for the next read."""
        try:
            while self.end < offset + len(data) and self._more(_PIECE):
                pass
        except Exception as error:  # noqa: BLE001 - it is raised again
            self._waiting = error
        return self.piece(offset, offset + len(data)) == data

    def find_head(self, offset: int) -> tuple[int | None, bytes]:
        """Look for the head of a record at or behind an offset, reading on as far as it takes.

        Returns:
            Its offset, None where there is none in the rest of the stream; and the bytes before it, the first MB.

        """
        shown = b""
        while True:
            found = _HEAD.search(self._kept, offset - self._start)
            stop = self._start + found.start() if found else max(self.end - _LONGEST, offset)
            shown += self.piece(offset, stop)[: _SHOWN - len(shown)]
            if found:
                return stop, shown
            offset = stop
            self.forget(offset)
            try:
                goes_on = self._more(_PIECE)
            except DamagedError as error:  # the stream goes on with the next record, if there is one
                return None if error.is_last else self.end, shown + self.piece(offset, self.end)
            if not goes_on:
                return None, shown + self.piece(offset, self.end)

    def _more(self, size: int) -> bool:
        if self._waiting is not None:
            self.error, self._waiting = self._waiting, None
            raise self.error
        try:
            data: bytes = self._stream.read1(size)  # type: ignore[attr-defined]
        except Exception as error:
            self.error = error
            raise
        self._kept += data
        return bool(data)
