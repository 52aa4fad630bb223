"""Texts as sets of shingles, and their long paragraphs, each known by 64 bits.

A shingle is a run of five words. In scripts that are written without spaces every character counts as a word,
and the run is longer: 8 characters of Chinese and Japanese, 20 of Thai and its neighbours, about as much as five
words say elsewhere. Case, width, punctuation and spaces make no difference. A text that is too short for one
shingle is one shingle as a whole.

The numbers are written to disk and compared between machines, so a test holds them.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.duplicates.hashing import BASE, INVERSE, mixed, powers
from cleaner.fold import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
    Ints = NDArray[np.int64]

__all__ = ["PARAGRAPH", "WORDS", "Paragraphs", "Shingles", "shingled"]

WORDS = 5
"""Words of a shingle."""

PARAGRAPH = 200
"""Characters that a paragraph has at least to be looked for in other documents."""

_NONE, _LETTER, _HAN, _THAI, _UNKNOWN = 0, 1, 2, 3, 255
_WIDTHS = np.array([0, WORDS, 8, 20])  # of a shingle that begins with a character of each kind
_UNSPACED = (
    (_THAI, 0x0E00, 0x0EFF),  # Thai, Lao
    (_THAI, 0x1000, 0x109F),  # Myanmar
    (_THAI, 0x1780, 0x17FF),  # Khmer
    (_THAI, 0x1A20, 0x1AAF),  # Tai Tham
    (_HAN, 0x3040, 0x30FF),  # kana
    (_HAN, 0x31F0, 0x31FF),
    (_HAN, 0x3400, 0x4DBF),
    (_HAN, 0x4E00, 0x9FFF),
    (_THAI, 0xA980, 0xA9DF),  # Javanese
    (_HAN, 0xF900, 0xFAFF),
    (_HAN, 0x20000, 0x3FFFF),
)
_NEWLINE = ord("\n")


class Shingles(NamedTuple):
    """The distinct shingles of texts, sorted within each; those of text `i` end at `ends[i]`."""

    hashes: Hashes
    ends: Ints

    @property
    def sizes(self) -> Ints:
        """How many distinct shingles each text has."""
        return np.diff(self.ends, prepend=0)

    @property
    def contents(self) -> Hashes:
        """For each text a number that is equal for equal sets."""
        before = np.zeros(len(self.hashes) + 1, np.uint64)
        np.cumsum(mixed(self.hashes), out=before[1:])
        return mixed(before[self.ends] - before[self.ends - self.sizes])


class Paragraphs(NamedTuple):
    """Long lines: the text each stands in, its place there in code points, and a number for what it says."""

    texts: Ints
    starts: Ints
    ends: Ints
    keys: Hashes


class _Words(NamedTuple):
    """The words of joined texts: where they begin, their kinds, and sums by which runs of them are compared."""

    starts: Ints
    kinds: NDArray[np.uint8]
    sums: Hashes

    def run_keys(self, first: Ints, behind: Ints) -> Hashes:
        """Return a number for what the words from `first` up to but not with `behind` say."""
        return mixed((self.sums[behind] - self.sums[first]) * powers(INVERSE, len(self.sums))[first])


def shingled(texts: Sequence[str]) -> tuple[Shingles, Paragraphs]:
    """Return the shingles and the long paragraphs of texts, which are taken in one go: about a megabyte is best.

    A text is what a row holds; nothing depends on the others.
    """
    if not texts:
        return Shingles(np.zeros(0, np.uint64), np.zeros(0, np.int64)), Paragraphs(*(np.zeros(0, np.int64),) * 3, np.zeros(0, np.uint64))  # fmt: skip
    joined = "\n".join(texts)
    points = _points(fold(joined))
    words = _words(points)
    breaks = np.flatnonzero(points == _NEWLINE)
    lines_of = np.cumsum([text.count("\n") + 1 for text in texts])  # lines up to the end of each text
    text_ends = np.concatenate((breaks, [len(points)]))[lines_of - 1]
    behind = np.searchsorted(words.starts, text_ends)
    return _shingles(words, behind), _paragraphs(joined, breaks, lines_of, words)


def _shingles(words: _Words, behind: Ints) -> Shingles:
    """Return the shingles of texts whose words end before `behind`."""
    counts = np.diff(behind, prepend=0)
    places = np.arange(len(words.starts))
    stop = places + _WIDTHS[words.kinds]
    limit = np.repeat(behind, counts)
    fits = stop <= limit
    per_text = np.bincount(np.repeat(np.arange(len(behind)), counts)[fits], minlength=len(behind))
    whole = np.flatnonzero((per_text == 0) & (counts > 0))  # too short for a shingle
    heads = (behind - counts)[whole]
    fits[heads], stop[heads] = True, behind[whole]
    per_text[whole] = 1
    keys = words.run_keys(places[fits], stop[fits])
    ends = np.cumsum(per_text)
    start = 0
    for end in ends.tolist():
        keys[start:end].sort()
        start = end
    new = np.ones(len(keys), np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=new[1:])
    new[(ends - per_text)[per_text > 0]] = True
    distinct = np.cumsum(new)
    return Shingles(keys[new], np.where(ends > 0, distinct[ends - 1], 0) if len(keys) else ends)


def _paragraphs(joined: str, breaks: Ints, lines_of: Ints, words: _Words) -> Paragraphs:
    """Return the lines of `joined` that are long enough; its folded form has breaks of lines at `breaks`."""
    ends = np.append(np.flatnonzero(_points(joined) == _NEWLINE), len(joined))
    starts = np.concatenate(([0], ends[:-1] + 1))
    last = np.searchsorted(words.starts, np.append(breaks, np.iinfo(np.int64).max))
    first = np.concatenate(([0], last[:-1]))
    long = np.flatnonzero((ends - starts >= PARAGRAPH) & (last > first))
    texts = np.searchsorted(lines_of, long, side="right")
    origins = starts[np.concatenate(([0], lines_of[:-1]))[texts]]
    return Paragraphs(
        texts, starts[long] - origins, ends[long] - origins, words.run_keys(first[long], last[long])
    )


def _words(points: NDArray[np.uint32]) -> _Words:
    kinds = _kinds(points)
    edge = np.empty(len(kinds) + 1, np.bool_)
    np.not_equal(kinds[1:], kinds[:-1], out=edge[1:-1])
    edge[0] = edge[-1] = True
    alone = kinds > _LETTER
    begins = kinds == _LETTER
    begins &= edge[:-1]
    begins |= alone
    closes = kinds == _LETTER
    closes &= edge[1:]
    closes |= alone
    starts, ends = np.flatnonzero(begins), np.flatnonzero(closes) + 1
    sums = np.zeros(len(points) + 1, np.uint64)
    np.cumsum(points * powers(BASE, len(points)), out=sums[1:])
    keys = mixed((sums[ends] - sums[starts]) * powers(INVERSE, len(points) + 1)[starts])
    runs = np.zeros(len(keys) + 1, np.uint64)
    np.cumsum(keys * powers(BASE, len(keys)), out=runs[1:])
    return _Words(starts, kinds[starts], runs)


def _points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


_table = np.full(0x110000, _UNKNOWN, np.uint8)
"""The kinds of the characters that were met so far; a memory of what `_kind` says."""


def _kinds(points: NDArray[np.uint32]) -> NDArray[np.uint8]:
    kinds = _table[points]
    unknown = np.unique(points[kinds == _UNKNOWN]).tolist()
    if unknown:
        for point in unknown:
            _table[point] = _kind(point)
        kinds = _table[points]
    return kinds


def _kind(point: int) -> int:
    """Return what a character is; marks belong to the word, as in Arabic and Hindi."""
    if unicodedata.category(chr(point))[0] not in "LNM":
        return _NONE
    return next((kind for kind, low, high in _UNSPACED if low <= point <= high), _LETTER)
