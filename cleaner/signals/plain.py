"""The texts as RedPajama-v2 normalises them: no ASCII punctuation, lower case, NFD.

Done on the code points of a whole batch by tables. Where that is not enough (a final sigma, combining
marks whose order may change), Python's own string methods do it text by text, with the same result.
"""

from __future__ import annotations

import string
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.signals.batch import Batch
from cleaner.signals.chars import codes_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.signals.batch import Bools, Ints

__all__ = ["normalised", "plain_batch"]

_DELETED = string.punctuation.encode()


def plain_batch(batch: Batch) -> Batch:
    """Return the batch of the normalised texts; line feeds stay, so it has the same lines."""
    codes = batch.codes
    ascii_only = batch.joined.isascii()
    if not ascii_only and _tables().hard[codes].any():
        return Batch([normalised(text) for text in batch.texts])
    gone = batch.marks[codes[batch.marks] < 128]
    underscores = np.flatnonzero(codes == ord("_"))
    if len(underscores):
        gone = np.union1d(gone, underscores)
    gone = gone[_deleted()[codes[gone]]]
    kept = np.delete(codes, gone)
    ends = batch.ends - np.searchsorted(gone, batch.ends)
    kept += ((kept >= ord("A")) & (kept <= ord("Z"))).astype(np.uint32) << np.uint32(5)
    if not ascii_only:
        kept, ends = _decomposed(kept, ends)
    return Batch(batch.texts, kept, ends)


def normalised(text: str) -> str:
    """Return one text without ASCII punctuation, in lower case and NFD; line feeds stay."""
    bare = text.encode("utf-8", "surrogatepass").translate(None, _DELETED)
    return unicodedata.normalize("NFD", bare.decode("utf-8", "surrogatepass").lower())


class _Tables(NamedTuple):
    hard: Bools
    """Characters that only Python's own methods treat rightly."""
    length: NDArray[np.int64]
    """Of each character, how many it becomes in lower case and NFD."""
    pieces: NDArray[np.uint32]
    """Of each character, what it becomes, up to four of them."""


def _decomposed(codes: NDArray[np.uint32], ends: Ints) -> tuple[NDArray[np.uint32], Ints]:
    """Return the codes in lower case and NFD; `codes` has no upper case ASCII letters."""
    foreign = np.flatnonzero(codes > 127)
    row = _tables().length[codes[foreign]]
    pieces = _tables().pieces[codes[foreign]]
    codes[foreign] = pieces[:, 0]
    longer = row > 1
    if not longer.any():
        return codes, ends
    places, extra = foreign[longer], row[longer] - 1
    pieces = pieces[longer]
    wide = np.insert(codes, np.repeat(places + 1, extra), pieces[:, 1:][np.arange(1, 4) <= extra[:, None]])
    total = np.concatenate((np.zeros(1, np.int64), np.cumsum(extra)))
    return wide, ends + total[np.searchsorted(places, ends)]


@cache
def _deleted() -> Bools:
    table = np.zeros(128, np.bool_)
    table[codes_of(string.punctuation)] = True
    return table


@cache
def _tables() -> _Tables:
    size = 0x110000
    hard = np.zeros(size, np.bool_)
    length = np.ones(size, np.int64)
    pieces = np.zeros((size, 4), np.uint32)
    pieces[:, 0] = np.arange(size)
    for code in (*range(0x80, 0x20000), *range(0x2F800, 0x2FA20), *range(0xE0000, 0xE0200)):
        character = chr(code)
        if unicodedata.combining(character) or character in "İΣ":
            hard[code] = True
            continue
        if 0xD800 <= code < 0xE000:
            continue
        small = unicodedata.normalize("NFD", character.lower())
        if small != character:
            length[code] = len(small)
            pieces[code, : len(small)] = codes_of(small)
    return _Tables(hard, length, pieces)
