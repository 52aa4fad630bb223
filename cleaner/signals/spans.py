"""Spans of words and lines, and texts as sequences of words."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.native import spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Ints = NDArray[np.int64]

__all__ = ["Lines", "Spans", "Worded"]


class Spans(NamedTuple):
    """Places in the joined texts: where each span starts and ends, and the text it belongs to."""

    starts: Ints
    ends: Ints
    texts: Ints

    def where(self, kept: Bools) -> Spans:
        """Return the spans that are kept."""
        chosen = np.flatnonzero(kept)
        return Spans(self.starts.take(chosen), self.ends.take(chosen), self.texts.take(chosen))

    @property
    def lengths(self) -> Ints:
        """Characters of each span."""
        return self.ends - self.starts


class Lines(NamedTuple):
    """Lines that are not blank, with the words in them: from `first` up to but not with `behind`."""

    spans: Spans
    first: Ints
    behind: Ints

    @property
    def words(self) -> Ints:
        """Words of each line."""
        return self.behind - self.first


class Worded:
    """Texts as sequences of words, each known by its number in a vocabulary.

    Args:
        ids: the number of each word, all texts one behind the other.
        lengths: the characters of each word.
        word_count: the words of each text.

    """

    def __init__(self, ids: Ints, lengths: Ints, word_count: Ints) -> None:
        self.ids = ids
        self.word_lengths = lengths
        self.word_count = word_count
        self.size = len(word_count)

    @cached_property
    def word_ends(self) -> Ints:
        """Of each text, the index of the first word behind it."""
        return np.cumsum(self.word_count)

    @cached_property
    def word_texts(self) -> Ints:
        """The text of each word."""
        return np.repeat(np.arange(self.size), self.word_count)

    def per_text(self, texts: Ints, weights: Ints | None = None) -> Ints:
        """Return how often each text is named, or the sum of the weights."""
        return np.bincount(texts, weights, minlength=self.size).astype(np.int64)

    def words_per_text(self, *columns: Ints) -> list[Ints]:
        """Return for each text the sums over its words of values that each word of the vocabulary has.

        Values are not negative. As many columns are added up at once as fit into one integer.
        """
        filled = np.flatnonzero(self.word_count != 0)
        found = np.zeros((len(columns), self.size), np.int64)
        heads = (self.word_ends - self.word_count).take(filled)
        found[:, filled] = self._summed(columns, heads, int(self.word_count.max(initial=0)))
        return list(found)

    def _summed(self, columns: tuple[Ints, ...], heads: Ints, most: int) -> Ints:
        """Return sums over stretches of words, of `most` words at most, that start at `heads`."""
        found = np.zeros((len(columns), len(heads)), np.int64)
        widths = [(most * int(column.max(initial=0))).bit_length() for column in columns]
        done = 0
        while done < len(columns) and len(heads):
            packed, behind, shift = np.zeros(1, np.int64), done, 0
            while behind < len(columns) and shift + widths[behind] < 64:
                packed = packed + (columns[behind] << shift)
                shift += widths[behind]
                behind += 1
            totals = self._totals(packed, heads) if shift else found[0]
            for index in range(done, behind):
                found[index] = totals & ((1 << widths[index]) - 1)
                totals = totals >> widths[index]
            done = behind
        return found

    def _totals(self, values: Ints, heads: Ints) -> Ints:
        found = np.empty(len(heads), np.int64)
        spans.totals(self.ids, values, heads, found)
        return found
