"""Repetition inside a text: lines that were there before, and runs of words that occur again.

A run of n words can only repeat where its first n-1 words do. So all runs of two are looked at once,
and each longer length only where the one before it repeated: in running text a few in a hundred.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.signals.spans import mixed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaner.signals.spans import Bools, Hashes, Ints, Spans, Worded

__all__ = ["Grams", "covered_characters", "greedy_characters", "repeated_grams", "repeats", "top_characters"]

_STEP = np.uint64(0x9E3779B97F4A7C15)


class Grams(NamedTuple):
    """The runs of `n` words that occur at least twice in their text.

    `places` are indices into the words of the batch, in order; `groups` says which runs are equal, and
    `counts` how often each occurs in its text.
    """

    n: int
    places: Ints
    groups: Ints
    counts: Ints


def repeats(spans: Spans, hashes: Hashes) -> Bools:
    """Tell of each span whether an equal one stands before it in the same text."""
    keys = _in_text(hashes, spans.texts)
    order = np.argsort(keys, kind="stable")
    again = np.zeros(len(keys), np.bool_)
    ordered = keys[order]
    again[order[1:][ordered[1:] == ordered[:-1]]] = True
    return again


def repeated_grams(texts: Ints, hashes: Hashes, longest: int) -> Iterator[Grams]:
    """Yield the repeated runs of 2, 3, ... `longest` words, given each word's text and hash."""
    places = np.zeros(0, np.int64)
    keys = np.zeros(0, np.uint64)
    for n in range(2, longest + 1):
        if n == 2:
            keys = _in_text(hashes[:-1] * _STEP + hashes[1:], texts[:-1])
            kept = _maybe_twice(keys)
            kept &= texts[1:] == texts[:-1]
            places = np.flatnonzero(kept)
            keys = keys[places]
        else:
            inside = places + (n - 1) < len(texts)
            inside[inside] = texts[places[inside] + (n - 1)] == texts[places[inside]]
            places = places[inside]
            keys = mixed(keys[inside] * _STEP + hashes[places + (n - 1)])
        order = np.argsort(keys)
        ordered = keys[order]
        heads = np.concatenate((np.ones(min(1, len(keys)), np.bool_), ordered[1:] != ordered[:-1]))
        starts = np.flatnonzero(heads)
        counts = np.diff(starts, append=len(keys))
        groups = np.empty(len(keys), np.int64)
        groups[order] = np.cumsum(heads) - 1
        twice = counts[groups] > 1
        places, keys, groups = places[twice], keys[twice], groups[twice]
        yield Grams(n, places, groups, counts[groups])


def top_characters(batch: Worded, grams: Grams) -> tuple[Ints, Ints]:
    """Return for each text the characters of its most frequent run (one space between words) and its count.

    Among equally frequent runs the first to appear counts. Where none repeats, the first run of the
    text stands with a count of one; a text of fewer than n words has a count of zero.
    """
    n, of = grams.n, batch.words.texts
    counts = (batch.word_count >= n).astype(np.int64)
    first = np.cumsum(batch.word_count) - batch.word_count
    order = np.lexsort((grams.places, -grams.counts, of[grams.places]))
    texts, heads = np.unique(of[grams.places][order], return_index=True)
    first[texts] = grams.places[order][heads]
    counts[texts] = grams.counts[order][heads]
    characters = np.zeros(batch.size, np.int64)
    known = counts > 0
    lengths = batch.characters_before
    characters[known] = lengths[first[known] + n] - lengths[first[known]] + (n - 1)
    return characters, counts


def greedy_characters(batch: Worded, grams: Grams) -> Ints:
    """Return for each text the characters of repeated runs, as datatrove's scan finds them.

    From left to right: a run seen before counts with its characters (no spaces), and the scan goes on
    behind it; a run not seen before is remembered, and the scan goes on one word further.
    """
    n = grams.n
    starts, groups = grams.places.tolist(), grams.groups.tolist()
    seen: set[int] = set()
    hits: list[int] = []
    index, count = 0, len(starts)
    # Groups differ between texts, so one set serves them all, and no run reaches into the next text.
    while index < count:
        if groups[index] in seen:
            hits.append(starts[index])
            index = bisect_left(starts, starts[index] + n, index + 1, min(index + n, count))
        else:
            seen.add(groups[index])
            index += 1
    places = np.array(hits, dtype=np.int64)
    lengths = batch.characters_before
    return batch.per_text(batch.words.texts[places], lengths[places + n] - lengths[places])


def covered_characters(batch: Worded, grams: Grams) -> Ints:
    """Return for each text the characters of all words that lie in any repeated run, each word once."""
    if not len(grams.places):
        return np.zeros(batch.size, np.int64)
    # Runs are in order and equally long, so each adds what reaches beyond the one before it.
    ends = grams.places + grams.n
    starts = np.maximum(grams.places, np.concatenate((grams.places[:1], ends[:-1])))
    lengths = batch.characters_before
    return batch.per_text(batch.words.texts[grams.places], lengths[ends] - lengths[starts])


def _in_text(hashes: Hashes, texts: Ints) -> Hashes:
    """Return keys that are equal only for equal hashes of the same text."""
    return mixed(hashes + (texts.astype(np.uint64) + np.uint64(1)) * _STEP)


def _maybe_twice(keys: Hashes) -> Bools:
    """Tell which keys may occur twice: all that do, and few that do not; cheaper than sorting all."""
    bits = max(8, len(keys).bit_length() + 2)
    buckets = (keys >> np.uint64(64 - bits)).astype(np.int64)
    return np.bincount(buckets, minlength=1 << bits)[buckets] > 1
