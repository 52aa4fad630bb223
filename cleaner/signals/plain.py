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
from cleaner.signals.spans import BASE, INVERSE, Spans, Worded, finished, powers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.signals.spans import Bools, Hashes, Ints

__all__ = ["Plain", "normalised", "plain_words"]

_DELETED = string.punctuation.encode()


class Plain(Worded):
    """The words of the normalised texts, standing where they stand in the texts as they are."""

    def __init__(self, batch: Worded, words: Spans, lengths: Ints, hashes: Hashes) -> None:
        super().__init__(batch.ends)
        self.words = words
        self.word_lengths = lengths
        self.word_hashes = hashes
        self.lines: Spans
        self.numerics: Ints


def plain_words(batch: Batch) -> Plain:
    """Return the words of the normalised texts, with the lines and the numeric characters they lie in."""
    foreign = np.flatnonzero(batch.codes > 127)
    if len(foreign) and _tables().hard[batch.codes[foreign]].any():
        batch = Batch([normalised(text) for text in batch.texts])
        plain = Plain(batch, batch.words, batch.word_lengths, batch.word_hashes)
    else:
        plain = _by_tables(batch, foreign)
    plain.lines, plain.numerics = batch.lines, batch.numerics
    return plain


def _by_tables(batch: Batch, foreign: Ints) -> Plain:
    """Fold the codes in their places, ASCII punctuation to nothing, and hash the words of what is left."""
    folded = _tables().folded.take(batch.codes)
    words = batch.words
    gone = batch.marks[_deleted().take(batch.mark_codes, mode="clip")]
    if b"_" in batch.lowered:
        gone = np.sort(np.concatenate((gone, np.flatnonzero(batch.codes == ord("_")))))
    owners = np.searchsorted(words.starts, gone, side="right") - 1
    lost = np.bincount(owners, minlength=len(words.starts))
    lengths = words.lengths - lost
    sums = np.zeros(len(folded) + 1, np.uint64)
    np.multiply(folded, powers(BASE, len(folded)), out=sums[1:], dtype=np.uint64)
    np.cumsum(sums, out=sums)
    content = (sums[words.ends] - sums[words.starts]) * powers(INVERSE, len(sums))[words.starts]
    # What is lost at the end of a word leaves no trace in its sum; elsewhere it leaves a gap.
    heads = np.flatnonzero(np.diff(owners, prepend=-1))
    odd = owners[heads][gone[heads] != words.ends[owners[heads]] - lost[owners[heads]]]
    odd = odd[lengths[odd] > 0]
    content[odd] = _sums_without_gaps(folded, words.starts[odd], words.ends[odd])
    hashes = finished(content, lengths)
    if len(foreign):
        several = np.repeat(foreign, _tables().length[batch.codes[foreign]] - 1)
        owners = np.searchsorted(words.starts, several, side="right") - 1
        lengths = lengths + np.bincount(owners, minlength=len(lengths))
    kept = np.flatnonzero(lengths)
    spans = Spans(words.starts[kept], words.ends[kept], words.texts[kept])
    return Plain(batch, spans, lengths[kept], hashes[kept])


def _sums_without_gaps(folded: NDArray[np.uint32], starts: Ints, ends: Ints) -> Hashes:
    """Return of each span the sum of code * BASE**(place among the codes that are not nought)."""
    if not len(starts):
        return np.zeros(0, np.uint64)
    sizes = ends - starts
    firsts = np.cumsum(sizes) - sizes
    codes = folded[np.arange(sizes.sum()) + np.repeat(starts - firsts, sizes)].astype(np.uint64)
    before = np.concatenate((np.zeros(1, np.int64), np.cumsum(codes != 0)))
    places = before[:-1] - np.repeat(before[firsts], sizes)
    return np.asarray(np.add.reduceat(codes * powers(BASE, int(sizes.max()) + 1)[places], firsts))


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
    folded[ord("A") : ord("Z") + 1] += 32
    folded[0] = size  # nought stands for what is lost
    folded[codes_of(string.punctuation)] = 0
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
