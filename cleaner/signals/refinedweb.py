"""RefinedWeb's line corrections (arXiv 2306.01116, appendix G.2) as shares of lines and words.

Rules as DCLM wrote them down (`refinedweb.yaml`, `modifiers.py`), since RefinedWeb's own code is not
public. Lines are split at line feeds; blank ones are not counted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from cleaner.signals.definition import Signal, ratio
from cleaner.signals.phrases import COUNTED, CUT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.signals.batch import Batch
    from cleaner.signals.spans import Bools, Ints

__all__ = ["SIGNALS", "VARIANT", "compute"]

VARIANT = "DCLM refinedweb.yaml; '...' taken literally"

_COUNTER = re.compile(r"^\W*\d(?:,|\.|\d)*(?:k|m|b)?\s+(?:" + "|".join(COUNTED) + r")\W*$")
_CUTS = (
    re.compile(r"\s?items in cart", re.IGNORECASE),
    re.compile(r"\s?read more\.\.\.$", re.IGNORECASE),
    re.compile(r"^sign-in\s?", re.IGNORECASE),
)
_SHORT = 10

_SOURCE = "arXiv 2306.01116 G.2; DCLM refinedweb.yaml"
SIGNALS = (
    Signal("refinedweb.line_upper_frac", "fraction", "lines with more than half of their characters upper case", _SOURCE),
    Signal("refinedweb.line_numeric_frac", "fraction", "lines of digits only", _SOURCE),
    Signal("refinedweb.line_is_counter", "fraction", "lines that are a counter, as in '3 likes'", _SOURCE),
    Signal("refinedweb.line_one_word", "fraction", "lines of a single word", _SOURCE),
    Signal("refinedweb.removed_word_frac", "fraction", "words of those lines, and of 'items in cart', a closing"
           " 'Read more...' and an opening 'Sign-in' in lines of at most 10 words / words", _SOURCE,
           "DCLM's dots match any character; RefinedWeb drops the page above .05"),
)  # fmt: skip


def compute(batch: Batch) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
    """Return the signals of this family by name, one number a text."""
    lines, words = batch.lines.spans, batch.lines.words
    total = batch.per_text(lines.texts)
    upper = batch.line_uppers * 2 > lines.lengths
    one = words == 1
    digits = _digits(batch, one)
    counter = _counters(batch)
    dropped = upper | digits | counter | one
    removed = np.where(dropped, words, _cut_words(batch, dropped))
    return {
        "refinedweb.line_upper_frac": ratio(batch.per_text(lines.texts[upper]), total),
        "refinedweb.line_numeric_frac": ratio(batch.per_text(lines.texts[digits]), total),
        "refinedweb.line_is_counter": ratio(batch.per_text(lines.texts[counter]), total),
        "refinedweb.line_one_word": ratio(batch.per_text(lines.texts[one]), total),
        "refinedweb.removed_word_frac": ratio(batch.per_text(lines.texts, removed), batch.word_count),
    }


def _digits(batch: Batch, one: Bools) -> Bools:
    """Tell which lines are digits only; a line with a space in or around it is not."""
    digits = np.zeros(len(one), np.bool_)
    numeric = batch.vocabulary.looks["numerics"] == batch.vocabulary.lengths
    for index in np.flatnonzero(one & numeric.take(batch.ids.take(batch.lines.first))).tolist():
        digits[index] = batch.text(batch.lines.spans, index).isdigit()
    return digits


def _counters(batch: Batch) -> Bools:
    """Tell which lines are counters, of those with one of the words that are counted."""
    counters = np.zeros(len(batch.lines.first), np.bool_)
    held = batch.lines_holding(COUNTED)
    for index in np.flatnonzero(held & (batch.lines.words <= _SHORT)).tolist():
        counters[index] = _COUNTER.search(batch.text(batch.lines.spans, index).lower()) is not None
    return counters


def _cut_words(batch: Batch, dropped: Bools) -> Ints:
    """Return how many words the cuts inside short lines take from each line."""
    words = batch.lines.words
    cut = np.zeros(len(words), np.int64)
    held = batch.lines_holding(CUT)
    for index in np.flatnonzero(held & ~dropped).tolist():
        line = batch.text(batch.lines.spans, index)
        for pattern in _CUTS:
            if len(line.split()) <= _SHORT:
                line = pattern.sub("", line)
        cut[index] = max(0, int(words[index]) - len(line.split()))
    return cut
