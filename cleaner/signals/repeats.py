"""Runs of words that occur again in the same text.

Counted in `cleaner.native.runs`, which says how.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.native.runs import runs

if TYPE_CHECKING:
    from cleaner.signals.spans import Ints, Worded

__all__ = ["LENGTHS", "Runs", "runs_of"]

LENGTHS = range(2, 11)
"""Of runs, in words."""

_TOP = 4


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
    found = np.zeros((2 * (_TOP - 1) + LENGTHS[-1] - _TOP, batch.size), np.int64)
    bound = int(batch.ids.max(initial=0)) + 1
    told = runs(batch.ids, batch.word_lengths, batch.word_count, bound, greedy, found)
    often = np.frombuffer(told, np.int64).reshape(-1, 2)
    return Runs(
        {n: (found[2 * n - 4], found[2 * n - 3]) for n in LENGTHS if n <= _TOP},
        {n: found[n + 1] for n in LENGTHS if n > _TOP},
        (often[:, 0], often[:, 1]),
    )
