"""Spans of words and lines, and what can be counted from them alone."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Hashes = NDArray[np.uint64]
    Ints = NDArray[np.int64]

__all__ = ["BASE", "INVERSE", "Spans", "Worded", "finished", "mixed", "powers", "within"]

BASE = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64
INVERSE = pow(BASE, -1, 1 << 64)
_LENGTH = np.uint64(0xD6E8FEB86659FD93)
_TABLE = 1 << 20


class Spans(NamedTuple):
    """Words or lines: where they start and end, and the text each belongs to."""

    starts: Ints
    ends: Ints
    texts: Ints

    def where(self, kept: Bools) -> Spans:
        """Return the spans that are kept."""
        return Spans(self.starts[kept], self.ends[kept], self.texts[kept])

    @property
    def lengths(self) -> Ints:
        """Characters of each span."""
        return self.ends - self.starts


class Worded:
    """Texts of which the words are known: where they stand, how long they are, and a hash of each."""

    def __init__(self, ends: Ints) -> None:
        self.size = len(ends)
        self.ends = ends

    @cached_property
    def words(self) -> Spans:
        """The words of all texts, in order."""
        raise NotImplementedError

    @cached_property
    def word_lengths(self) -> Ints:
        """Characters of each word."""
        raise NotImplementedError

    @cached_property
    def word_hashes(self) -> Hashes:
        """A hash of each word; equal words have equal hashes."""
        raise NotImplementedError

    @cached_property
    def word_count(self) -> Ints:
        """Words of each text."""
        return self.places_per_text(self.words.starts)

    @cached_property
    def word_characters(self) -> Ints:
        """Characters of the words of each text."""
        ends = np.cumsum(self.word_count)
        return np.asarray(self.characters_before[ends] - self.characters_before[ends - self.word_count])

    @cached_property
    def characters_before(self) -> Ints:
        """Of each word, how many characters the words before it have; one element more than words."""
        return np.concatenate((np.zeros(1, np.int64), np.cumsum(self.word_lengths)))

    def words_in(self, spans: Spans) -> Ints:
        """Return how many words start in each span."""
        return within(self.words.starts, spans)

    def places_per_text(self, places: Ints) -> Ints:
        """Return how many of the places, which are in ascending order, lie in each text."""
        return np.diff(np.searchsorted(places, self.ends), prepend=0)

    def per_text(self, texts: Ints, weights: Ints | None = None) -> Ints:
        """Return how often each text is named, or the sum of the weights."""
        return np.bincount(texts, weights, minlength=self.size).astype(np.int64)


def within(places: Ints, spans: Spans) -> Ints:
    """Return how many of the places, which are in ascending order, lie in each span."""
    return np.searchsorted(places, spans.ends) - np.searchsorted(places, spans.starts)


def mixed(values: Hashes) -> Hashes:
    """Return each value with its bits mixed (part of the finaliser of splitmix64)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.asarray(values ^ (values >> np.uint64(27)))


def finished(sums: Hashes, lengths: Ints) -> Hashes:
    """Return the hashes of spans, given the sum of code * BASE**(place in the span) and the length of each."""
    return mixed(sums + lengths.astype(np.uint64) * _LENGTH)


def powers(base: int, count: int) -> Hashes:
    """Return the first powers of `base` modulo 2**64; the table is kept as far as common batches need it."""
    if count <= _TABLE:
        return _power_table(base, _TABLE)[:count]
    return _power_table.__wrapped__(base, count)


@cache
def _power_table(base: int, count: int) -> Hashes:
    powers = np.full(count, base, np.uint64)
    powers[0] = 1
    return np.multiply.accumulate(powers)
