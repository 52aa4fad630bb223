"""Runs of words that occur again in the same text.

Two runs side by side make a run that is one word longer. Where both were first seen side by side, that is
where the longer one was first seen. So texts are cut into rows of places in which each place was first seen
equally far back, and only at the bounds of rows are runs compared: in running text at a few words in a
hundred.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.native import loops
from cleaner.signals.keys import firsts, ragged
from cleaner.signals.spans import sums

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaner.signals.spans import Ints, Worded

__all__ = ["LENGTHS", "Runs", "runs_of"]

LENGTHS = range(2, 11)
"""Of runs, in words."""

_TOP = 4
_compiled = loops("runs")


class Runs(NamedTuple):
    """What is known of the repeated runs of each text; `top` and `again` by the number of words in a run.

    `top` has the characters of the most frequent run of up to 4 words (one space between words) and how often
    it occurs. Among equally frequent runs the first to appear counts. Where none repeats, the first run of the
    text stands with a count of one; a text of fewer than n words has a count of zero.

    `again` has the characters of repeated runs of 5 words and more, as the one who asked wants them.

    `often` has text and count of each word that occurs more than once in its text, in the order of the texts;
    asked of scans, nothing.
    """

    top: dict[int, tuple[Ints, Ints]]
    again: dict[int, Ints]
    often: tuple[Ints, Ints]


def runs_of(batch: Worded, *, greedy: bool) -> Runs:
    """Return the repeated runs of words of each text.

    Args:
        batch: the texts.
        greedy: whether `again` is what datatrove's scan finds, else the characters of all words that lie in any
            repeated run, each word once.

    """
    return _compiled_runs(batch, greedy=greedy) if _compiled else _runs_of_arrays(batch, greedy=greedy)


def _compiled_runs(batch: Worded, *, greedy: bool) -> Runs:
    found = np.zeros((2 * (_TOP - 1) + LENGTHS[-1] - _TOP, batch.size), np.int64)
    bound = int(batch.ids.max(initial=0)) + 1
    told = _compiled.runs(batch.ids, batch.word_lengths, batch.word_count, bound, greedy, found)
    often = np.frombuffer(told, np.int64).reshape(-1, 2)
    return Runs(
        {n: (found[2 * n - 4], found[2 * n - 3]) for n in LENGTHS if n <= _TOP},
        {n: found[n + 1] for n in LENGTHS if n > _TOP},
        (often[:, 0], often[:, 1]),
    )


def _runs_of_arrays(batch: Worded, *, greedy: bool) -> Runs:
    top, again = {}, {}
    for grams in _repeated_grams(batch, LENGTHS[-1]):
        if grams.n <= _TOP:
            top[grams.n] = _top_characters(batch, grams)
        else:
            again[grams.n] = (_greedy_characters if greedy else _covered_characters)(batch, grams)
    times = np.bincount(batch.first_seen[:0] if greedy else batch.first_seen)
    heads = np.flatnonzero(times > 1)
    return Runs(top, again, (batch.word_texts.take(heads), times.take(heads)))


class _Grams(NamedTuple):
    """The runs of `n` words that are equal to an earlier one in their text, as rows.

    A row is a half-open range of indices of words, at each of which such a run starts. `first` is where
    the first run is that is equal to the one at the start of the row; those behind follow likewise.
    """

    n: int
    starts: Ints
    ends: Ints
    first: Ints


class _Rows(NamedTuple):
    """All places, cut where it changes how far `back` the run at a place was first seen; 0 is there."""

    starts: Ints
    back: Ints
    end: int


def _repeated_grams(batch: Worded, longest: int) -> Iterator[_Grams]:
    """Yield the repeated runs of 2, 3, ... `longest` words."""
    rows = _pairs(batch.first_seen)
    for n in range(2, longest + 1):
        if n > 2:
            rows = _longer(rows, len(batch.ids))
        ends = np.append(rows.starts[1:], rows.end)
        again = np.flatnonzero(rows.back != 0)
        starts = rows.starts.take(again)
        yield _Grams(n, starts, ends.take(again), starts - rows.back.take(again))


def _pairs(first: Ints) -> _Rows:
    """Return the rows of runs of two, given where each word was first seen in its text.

    A run that reaches into another text has two parts that are side by side nowhere else.
    """
    count = len(first)
    if count < 2:
        return _Rows(np.zeros(0, np.int64), np.zeros(0, np.int64), 0)
    back = np.arange(count) - first
    again = np.flatnonzero(back != 0)
    twice = np.zeros(count, np.bool_)
    twice[again] = True
    twice[first.take(again)] = True
    places = np.flatnonzero(twice[1:] & twice[:-1])
    found = firsts(first.take(places) * count + first.take(places + 1), count * count)
    back = np.zeros(count - 1, np.int64)
    back[places] = places - places.take(found)
    starts = np.append(0, np.flatnonzero(back[1:] != back[:-1]) + 1)
    return _Rows(starts, back.take(starts), count - 1)


def _longer(rows: _Rows, count: int) -> _Rows:
    """Return the rows of runs one word longer: each row without its last place, and these one by one."""
    starts, back, end = rows
    if not len(starts):
        return rows
    last = starts[1:] - 1
    found = firsts((last - back[:-1]) * count + (starts[1:] - back[1:]), count * count)
    cut = np.empty((2, 2 * len(starts) - 1), np.int64)
    cut[0, ::2], cut[1, ::2] = starts, back
    cut[0, 1::2], cut[1, 1::2] = last, last - last.take(found)
    filled = np.append(cut[0, 1:] != cut[0, :-1], starts[-1] < end - 1)
    starts, back = cut[:, np.flatnonzero(filled)]
    turns = np.flatnonzero(np.append(True, back[1:] != back[:-1])[: len(back)])
    return _Rows(starts.take(turns), back.take(turns), end - 1)


def _top_characters(batch: Worded, grams: _Grams) -> tuple[Ints, Ints]:
    """Return for each text the characters of its most frequent run (one space between words) and its count.

    Among equally frequent runs the first to appear counts. Where none repeats, the first run of the
    text stands with a count of one; a text of fewer than n words has a count of zero.
    """
    n = grams.n
    first = batch.word_ends - batch.word_count
    counts = (batch.word_count >= n).astype(np.int64)
    every, _ = ragged(grams.first, grams.ends - grams.starts)
    times = np.bincount(every)
    heads = np.flatnonzero(times != 0)
    times = times.take(heads) + 1
    bounds = np.searchsorted(heads, np.concatenate((first[:1], batch.word_ends)))
    some = np.flatnonzero(bounds[1:] > bounds[:-1])
    if len(some):
        # The most frequent, then the first to appear, is the greatest of count and place from the end.
        size = len(heads)
        best = np.maximum.reduceat(times * size + np.arange(size - 1, -1, -1), bounds[some])
        index = size - 1 - best % size
        first[some] = heads.take(index)
        counts[some] = times.take(index)
    known = np.flatnonzero(counts)
    characters = np.zeros(batch.size, np.int64)
    begins = first.take(known)
    characters[known] = sums(batch.characters_before, begins, begins + n) + (n - 1)
    return characters, counts


def _covered_characters(batch: Worded, grams: _Grams) -> Ints:
    """Return for each text the characters of all words that lie in any repeated run, each word once."""
    starts = np.concatenate((grams.starts, grams.first))
    ends = np.concatenate((grams.ends, grams.first + (grams.ends - grams.starts))) + (grams.n - 1)
    order = np.argsort(starts)
    starts, ends = starts.take(order), np.maximum.accumulate(ends.take(order))
    # In order, each adds what reaches beyond those before it.
    free = np.maximum(starts, np.append(0, ends[:-1])[: len(ends)])
    characters = sums(batch.characters_before, free, np.maximum(free, ends))
    return batch.per_text(batch.word_texts.take(starts), characters)


def _greedy_characters(batch: Worded, grams: _Grams) -> Ints:
    """Return for each text the characters of repeated runs, as datatrove's scan finds them.

    From left to right: a run seen before counts with its characters (no spaces), and the scan goes on
    behind it; a run not seen before is remembered, and the scan goes on one word further.

    Here the scan is done by stretches: where runs that have an equal one before them stand side by side,
    each n-th of them is a hit. That is wrong only where the first of the equal ones was jumped over, and so
    never remembered: such texts are scanned step by step.
    """
    n = grams.n
    if not len(grams.starts):
        return np.zeros(batch.size, np.int64)
    gaps = np.flatnonzero(grams.starts[1:] != grams.ends[:-1])
    starts = grams.starts.take(np.append(0, gaps + 1))
    entries, exits = _jumps(starts, grams.ends.take(np.append(gaps, -1)), n)
    texts = batch.word_texts.take(starts)
    found = batch.per_text(texts, sums(batch.characters_before, entries, exits))
    hits = (exits - entries) // n
    stretches = np.repeat(np.arange(len(hits)), hits)
    steps = np.arange(len(stretches)) - np.repeat(np.cumsum(hits) - hits, hits)
    places = entries.take(stretches) + steps * n
    rows = np.searchsorted(grams.starts, places, side="right") - 1
    first = places - (grams.starts - grams.first).take(rows)
    before = np.maximum(np.searchsorted(entries, first, side="right") - 1, 0)
    jumped = (first >= entries.take(before)) & (first < exits.take(before))
    for text in np.unique(texts.take(stretches[jumped])).tolist():
        found[text] = _scanned(batch, grams, text)
    return found


def _jumps(starts: Ints, ends: Ints, n: int) -> tuple[Ints, Ints]:
    """Return for each stretch its first hit and the word behind its last; the same word where it has none."""
    entries = starts.copy()
    exits = entries + -(-(ends - entries) // n) * n
    # A jump at the end of a stretch may reach into the next; what it does there shows only then.
    near = np.flatnonzero(starts[1:] - ends[:-1] < n - 1) + 1
    moved: dict[int, int] = {}
    for index, start, end, exit_before in zip(
        near.tolist(), starts[near].tolist(), ends[near].tolist(), exits[near - 1].tolist(), strict=True
    ):
        entry = max(start, moved.get(index - 1, exit_before))
        entries[index] = entry
        moved[index] = entry + max(0, -(-(end - entry) // n)) * n
    exits[list(moved)] = list(moved.values())
    return entries, exits


def _scanned(batch: Worded, grams: _Grams, text: int) -> int:
    """Return what `_greedy_characters` says of one text, step by step."""
    n, end = grams.n, int(batch.word_ends[text])
    low, high = np.searchsorted(grams.starts, [end - batch.word_count[text], end]).tolist()
    seen: set[int] = set()
    hits: list[int] = []
    free = 0
    rows = (column[low:high].tolist() for column in (grams.starts, grams.ends, grams.first))
    for start, behind, first_of_start in zip(*rows, strict=True):
        place = max(start, free)
        while place < behind:
            first = place - start + first_of_start
            before = 0 if first in seen else bisect_right(hits, first)
            if before and first < hits[before - 1] + n:
                seen.add(first)
                place += 1
            else:
                hits.append(place)
                free = place = place + n
    places = np.array(hits, dtype=np.int64)
    return int(sums(batch.characters_before, places, places + n).sum())
