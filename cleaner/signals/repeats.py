"""Runs of words that occur again in the same text.

A run of n words can only repeat where both runs of n-1 words in it do. So all words are looked at once,
and each longer length only where the one before it repeated: in running text a few in a hundred.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.signals.keys import firsts
from cleaner.signals.spans import sums

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaner.signals.spans import Ints, Worded

__all__ = ["Grams", "counted", "covered_characters", "greedy_characters", "repeated_grams", "top_characters"]


class Grams(NamedTuple):
    """The runs of `n` words that occur at least twice in their text.

    `places` are indices into the words of the batch, in order; `first` is for each the place of the first
    run in the text that is equal to it, the same place for that one.
    """

    n: int
    places: Ints
    first: Ints


def repeated_grams(batch: Worded, longest: int) -> Iterator[Grams]:
    """Yield the repeated runs of 1, 2, ... `longest` words."""
    count = len(batch.ids)
    places = np.arange(count)
    bound = int(batch.ids.max(initial=0)) + 1
    first = firsts(batch.word_texts * bound + batch.ids, bound * batch.size)
    for n in range(1, longest + 1):
        if n > 1:
            # Two runs side by side make the next one. A pair that reaches into another text stands alone.
            beside = np.flatnonzero(places[1:] - places[:-1] == 1)
            places = places.take(beside)
            first, second = first.take(beside), first.take(beside + 1)
            # Where both were first seen side by side, that is where the pair was: most are such.
            apart = np.flatnonzero(second - first != 1)
            pairs = first.take(apart) * count + second.take(apart)
            first[apart] = places.take(apart.take(firsts(pairs, count * count)))
        again = np.flatnonzero(first != places)
        known = np.zeros(count, np.bool_)
        known[first.take(again)] = True
        known[places.take(again)] = True
        kept = np.flatnonzero(known.take(places))
        places, first = places.take(kept), first.take(kept)
        yield Grams(n, places, first)


def counted(grams: Grams) -> tuple[Ints, Ints]:
    """Return the places of the first of equal runs, in order, and how often each occurs in its text."""
    heads = grams.places.take(np.flatnonzero(grams.places == grams.first))
    return heads, np.bincount(grams.first).take(heads) if len(heads) else heads


def top_characters(batch: Worded, grams: Grams) -> tuple[Ints, Ints]:
    """Return for each text the characters of its most frequent run (one space between words) and its count.

    Among equally frequent runs the first to appear counts. Where none repeats, the first run of the
    text stands with a count of one; a text of fewer than n words has a count of zero.
    """
    n = grams.n
    first = batch.word_ends - batch.word_count
    counts = (batch.word_count >= n).astype(np.int64)
    heads, times = counted(grams)
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


def covered_characters(batch: Worded, grams: Grams) -> Ints:
    """Return for each text the characters of all words that lie in any repeated run, each word once."""
    starts, ends = _rows(grams.places)
    if not len(starts):
        return np.zeros(batch.size, np.int64)
    # Rows are in order, so each adds what reaches beyond the one before it.
    ends += grams.n - 1
    characters = sums(batch.characters_before, np.maximum(starts, np.append(starts[:1], ends[:-1])), ends)
    return batch.per_text(batch.word_texts.take(starts), characters)


def greedy_characters(batch: Worded, grams: Grams) -> Ints:
    """Return for each text the characters of repeated runs, as datatrove's scan finds them.

    From left to right: a run seen before counts with its characters (no spaces), and the scan goes on
    behind it; a run not seen before is remembered, and the scan goes on one word further.

    Here the scan is done by rows: where runs that have an equal one before them stand side by side, each
    n-th of them is a hit. That is wrong only where the first of the equal ones was jumped over, and so
    never remembered: such texts are scanned step by step.
    """
    n = grams.n
    again = np.flatnonzero(grams.first != grams.places)
    if not len(again):
        return np.zeros(batch.size, np.int64)
    starts, ends = _rows(grams.places.take(again))
    entries, exits = _jumps(starts, ends, n)
    texts = batch.word_texts.take(starts)
    found = batch.per_text(texts, sums(batch.characters_before, entries, exits))
    hits = (exits - entries) // n
    rows = np.repeat(np.arange(len(hits)), hits)
    steps = np.arange(len(rows)) - np.repeat(np.cumsum(hits) - hits, hits)
    # Of each hit, the index among `again`: rows follow each other there without gaps.
    offsets = np.cumsum(ends - starts) - (ends - starts)
    first = grams.first.take(again.take((offsets + entries - starts).take(rows) + steps * n))
    before = np.maximum(np.searchsorted(entries, first, side="right") - 1, 0)
    jumped = (first >= entries.take(before)) & (first < exits.take(before))
    for text in np.unique(texts.take(rows[jumped])).tolist():
        found[text] = _scanned(batch, grams, text)
    return found


def _rows(places: Ints) -> tuple[Ints, Ints]:
    """Return where places that follow each other without a gap start, and the place behind the last."""
    gaps = np.flatnonzero(places[1:] - places[:-1] != 1)
    starts = places.take(np.concatenate((np.zeros(min(1, len(places)), np.int64), gaps + 1)))
    ends = places.take(np.concatenate((gaps, np.full(min(1, len(places)), len(places) - 1)))) + 1
    return starts, ends


def _jumps(starts: Ints, ends: Ints, n: int) -> tuple[Ints, Ints]:
    """Return for each row its first hit and the word behind its last; the same word where it has none."""
    entries = starts.copy()
    exits = entries + -(-(ends - entries) // n) * n
    # A jump at the end of a row may reach into the next; what it does to that row shows only then.
    near = np.flatnonzero(starts[1:] - ends[:-1] < n - 1) + 1
    for row in near.tolist():
        entry = max(int(entries[row]), int(exits[row - 1]))
        entries[row] = entry
        exits[row] = entry + max(0, -(-(int(ends[row]) - entry) // n)) * n
    return entries, exits


def _scanned(batch: Worded, grams: Grams, text: int) -> int:
    """Return what `greedy_characters` says of one text, step by step."""
    n, end = grams.n, int(batch.word_ends[text])
    low, high = np.searchsorted(grams.places, [end - batch.word_count[text], end]).tolist()
    seen: set[int] = set()
    hits: list[int] = []
    free = 0
    for place, first in zip(grams.places[low:high].tolist(), grams.first[low:high].tolist(), strict=True):
        if place < free:
            continue
        if first in seen:
            hits.append(place)
            free = place + n
        else:
            seen.add(first)
    places = np.array(hits, dtype=np.int64)
    return int(sums(batch.characters_before, places, places + n).sum())
