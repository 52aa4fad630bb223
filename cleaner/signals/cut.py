"""Texts cut into words and lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.native.spans import split
from cleaner.signals.chars import flags_table
from cleaner.signals.spans import Spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.signals.spans import Ints

__all__ = ["Cut", "cut", "text_of"]


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
    *columns, vocabulary, broken = split(codes, flags_table(), ends)
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


def text_of(places: Ints, ends: Ints) -> Ints:
    """Return the text in which each place lies; places in ascending order."""
    counts = np.diff(np.searchsorted(places, ends, side="right"), prepend=0)
    return np.repeat(np.arange(len(ends)), counts)
