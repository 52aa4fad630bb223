"""A block of documents as one array of UTF-16 units, and the way back from the array to documents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Places = NDArray[np.int64]
    """Positions in the units of a block, ascending."""

__all__ = ["Block"]

_SEPARATOR = " 0"
"""Stands between the documents of a block. To a last character the space is what a line feed would be
(`œ` at a line end is suspect), and the digit is nothing to a first one."""
_SURROGATE = re.compile("[\ud800-\udfff]")


def _encode(text: str) -> bytes:
    """Return UTF-16 units; a lone surrogate becomes a control, to be found at the same offset."""
    try:
        return text.encode("utf-16-le")
    except UnicodeEncodeError:
        return _SURROGATE.sub("\x01", text).encode("utf-16-le")


class Block:
    """Documents of a batch side by side, all ASCII or none.

    `units` are their UTF-16 units (bytes, where all are ASCII) with separators between them; `starts`
    and `ends` say where each document lies in them.
    """

    def __init__(self, texts: list[str], *, wide: bool) -> None:
        self.texts = texts
        self.wide = wide
        if wide:
            parts = [_encode(text) for text in texts]
            separator = _SEPARATOR.encode("utf-16-le")
            self.joined = b"".join((separator, separator.join(parts), separator))
            lengths = np.array([len(part) for part in parts], np.int64) // 2
        else:
            self.joined = _SEPARATOR.join(("", *texts, "")).encode()
            lengths = np.array([len(text) for text in texts], np.int64)
        self.units: NDArray[Any] = np.frombuffer(self.joined, np.uint16 if wide else np.uint8)
        self.ends = np.cumsum(lengths + len(_SEPARATOR))
        self.starts = self.ends - lengths
        self.high_halves: Places = np.zeros(0, np.int64)

    def where(self, sign: int) -> Places:
        """Return the places of one ASCII character; where it is nowhere, at the speed of `memchr`."""
        if not self.wide and sign not in self.joined:
            return np.zeros(0, np.int64)
        return np.flatnonzero(self.units == sign)

    def documents(self, places: Places) -> set[int]:
        """Return the documents that hold these places."""
        return set(np.searchsorted(self.ends, places, side="right").tolist()) if places.size else set()

    def offsets(self, places: Places) -> Iterator[tuple[int, int]]:
        """Yield document and offset in characters of each place."""
        documents = np.searchsorted(self.ends, places, side="right")
        starts = self.starts[documents]
        offsets = places - starts
        if self.high_halves.size:  # two units, one character
            before = np.searchsorted(self.high_halves, places) - np.searchsorted(self.high_halves, starts)
            offsets = offsets - before
        return zip(documents.tolist(), offsets.tolist(), strict=True)
