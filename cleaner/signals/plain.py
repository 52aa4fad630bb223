"""The texts as RedPajama-v2 normalises them: no ASCII punctuation, lower case, NFD.

Done on the code points of a whole batch by tables: a composed character stays one and only counts as
several, which makes the same words equal. Where that is not enough (a final sigma, combining marks),
Python's own string methods do it text by text, with the same result.
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

    from cleaner.signals.batch import Bools

__all__ = ["normalised", "plain_batch"]

_DELETED = string.punctuation.encode()


def plain_batch(batch: Batch) -> Batch:
    """Return the batch of the normalised texts; line feeds stay, so it has the same lines."""
    codes = batch.codes
    foreign = np.flatnonzero(codes > 127)
    if len(foreign) and _tables().hard[codes[foreign]].any():
        return Batch([normalised(text) for text in batch.texts])
    gone = batch.marks[_deleted().take(batch.mark_codes, mode="clip")]
    if b"_" in batch.lowered:
        gone = np.union1d(gone, np.flatnonzero(codes == ord("_")))
    kept = batch.lowered.translate(None, _DELETED).decode("utf-8", "surrogatepass")
    codes = np.frombuffer(bytearray(kept.encode("utf-32-le", "surrogatepass")), dtype="<u4")
    ends = batch.ends - np.searchsorted(gone, batch.ends)
    longer = foreign[:0]
    if len(foreign):
        foreign = np.flatnonzero(codes > 127)
        longer = np.repeat(foreign, _tables().length[codes[foreign]] - 1)
        codes[foreign] = _tables().folded[codes[foreign]]
    return Batch(batch.texts, codes, ends, longer)


def normalised(text: str) -> str:
    """Return one text without ASCII punctuation, in lower case and NFD; line feeds stay."""
    bare = text.encode("utf-8", "surrogatepass").translate(None, _DELETED)
    return unicodedata.normalize("NFD", bare.decode("utf-8", "surrogatepass").lower())


class _Tables(NamedTuple):
    hard: Bools
    """Characters that only Python's own methods treat rightly."""
    length: NDArray[np.int64]
    """Of each character, how many it becomes in lower case and NFD."""
    folded: NDArray[np.uint32]
    """Of each character, one that stands for what it becomes: equal if and only if that is equal."""


@cache
def _deleted() -> Bools:
    table = np.zeros(129, np.bool_)  # the last stands for all that is not ASCII
    table[codes_of(string.punctuation)] = True
    return table


@cache
def _tables() -> _Tables:
    size = 0x110000
    hard = np.zeros(size, np.bool_)
    length = np.ones(size, np.int64)
    folded = np.arange(size, dtype=np.uint32)
    hard[[ord("İ"), ord("Σ")]] = True
    for code in (*range(0x80, 0xD800), *range(0xE000, 0x20000), *range(0x2F800, 0x2FA20)):
        character = chr(code)
        small = character.lower()
        whole, pieces = unicodedata.normalize("NFC", small), unicodedata.normalize("NFD", small)
        hard[code] |= unicodedata.combining(character) != 0 or len(whole) > 1
        hard[codes_of(pieces[1:])] = True  # may join with what stands before it
        length[code] = len(pieces)
        folded[code] = ord(whole[0])
    return _Tables(hard, length, folded)
