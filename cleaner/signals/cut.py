"""Texts cut into words and lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.native import loops
from cleaner.signals.chars import LINE_BREAK, LINE_FEED, SPACE, flags_table
from cleaner.signals.keys import firsts, ragged, word_keys
from cleaner.signals.spans import Spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.signals.spans import Ints

__all__ = ["Cut", "cut", "text_of"]

_compiled = loops("spans")


class Cut(NamedTuple):
    """Where words and lines stand in joined texts, each of which has a line feed behind it.

    `words` are what `str.split()` finds, `ids` the number of each, which equal ones share, `vocabulary` the
    characters of the distinct ones in the order of their numbers, with a line feed behind each, and `counts`
    the words of each text. `lines` are what splitting at line
    feeds finds, blank ones included; `first` and `behind` are how many words stand before the begin and the
    end of each. `broken` tells whether there is another character at which `str.splitlines` splits.
    """

    words: Spans
    ids: Ints
    vocabulary: NDArray[np.uint32]
    counts: Ints
    lines: Spans
    first: Ints
    behind: Ints
    broken: bool


def cut(codes: NDArray[np.uint32], ends: Ints) -> Cut:
    """Cut joined texts, given where the line feeds behind them are."""
    return _compiled_cut(codes, ends) if _compiled else _cut_of_arrays(codes, ends)


def _compiled_cut(codes: NDArray[np.uint32], ends: Ints) -> Cut:
    *columns, vocabulary, broken = _compiled.split(codes, flags_table(), ends)
    starts, stops, ids, counts, heads, feet, texts, first, behind = (
        np.frombuffer(each, np.int64) for each in columns
    )
    return Cut(
        Spans(starts, stops, np.repeat(np.arange(len(ends)), counts)),
        ids,
        np.frombuffer(vocabulary, np.uint32),
        counts,
        Spans(heads, feet, texts),
        first,
        behind,
        broken,
    )


def _cut_of_arrays(codes: NDArray[np.uint32], ends: Ints) -> Cut:
    flags = flags_table().take(codes)
    space = flags & SPACE
    turns = np.flatnonzero(space[1:] != space[:-1]) + 1
    if not space[0]:
        turns = np.concatenate((np.zeros(1, np.int64), turns))
    starts, stops = turns[::2].copy(), turns[1::2].copy()
    counts = np.diff(np.searchsorted(starts, ends), prepend=0)
    feet = np.flatnonzero(flags == LINE_FEED)
    heads = np.concatenate((np.zeros(1, np.int64), feet[:-1] + 1))
    return Cut(
        Spans(starts, stops, np.repeat(np.arange(len(ends)), counts)),
        *_numbered(codes, starts, stops - starts),
        counts,
        Spans(heads, feet, text_of(feet, ends)),
        np.searchsorted(starts, heads),
        np.searchsorted(starts, feet),
        bool((flags == LINE_BREAK).any()),
    )


def _numbered(codes: NDArray[np.uint32], starts: Ints, lengths: Ints) -> tuple[Ints, NDArray[np.uint32]]:
    """Return the number of each word, and the characters of the distinct ones."""
    first = firsts(word_keys(codes, starts, lengths))
    distinct = np.flatnonzero(first == np.arange(len(first)))
    numbers = np.empty(len(first), np.int64)
    numbers[distinct] = np.arange(len(distinct))
    sizes = lengths.take(distinct) + 1
    places, _ = ragged(starts.take(distinct), sizes)
    vocabulary = codes.take(places)
    vocabulary[np.cumsum(sizes) - 1] = ord("\n")
    return numbers.take(first), vocabulary


def text_of(places: Ints, ends: Ints) -> Ints:
    """Return the text in which each place lies; places in ascending order."""
    counts = np.diff(np.searchsorted(places, ends, side="right"), prepend=0)
    return np.repeat(np.arange(len(ends)), counts)
