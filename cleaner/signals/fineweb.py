"""The tests FineWeb added to Gopher's and C4's (arXiv 2406.17557), as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.signals.chars import TERMINAL_PUNCTUATION, one_of
from cleaner.signals.definition import Signal, ratio

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from cleaner.signals.batch import Batch
    from cleaner.signals.spans import Ints

__all__ = ["SIGNALS", "VARIANT", "compute"]

VARIANT = (
    "datatrove 0.x fineweb_quality_filter; lines split at line feeds, blank ones dropped; words at whitespace"
)

_SHORT = 30
_SOURCE = "arXiv 2406.17557; datatrove fineweb_quality_filter"
SIGNALS = (
    Signal("fineweb.line_punct_frac", "fraction", "lines that end (unstripped) in one of datatrove's sentence-final"
           " characters / lines that are not blank", _SOURCE, "a closing quote does not count"),
    Signal("fineweb.short_line_frac", "fraction", "lines of at most 30 characters / lines that are not blank", _SOURCE),
    Signal("fineweb.char_dup_frac", "fraction", "characters of lines equal to an earlier one / characters of the text"
           " without line feeds", _SOURCE, "threshold .01 in the code, .1 in FineWeb-2"),
    Signal("fineweb.newline_word_ratio", "ratio", "line feeds / words", _SOURCE,
           "'list_ratio' in the code; datatrove's words come from spaCy and are more"),
)  # fmt: skip


def compute(batch: Batch) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
    """Return the signals of this family by name, one number a text."""
    lines = batch.lines.spans
    count = batch.per_text(lines.texts)
    ended = one_of(TERMINAL_PUNCTUATION, batch.codes.take(lines.ends - 1))
    feeds = batch.line_count - 1
    return {
        "fineweb.line_punct_frac": ratio(batch.per_text(lines.texts[ended]), count),
        "fineweb.short_line_frac": ratio(batch.per_text(lines.texts[lines.lengths <= _SHORT]), count),
        "fineweb.char_dup_frac": ratio(_repeated_characters(batch), batch.lengths - feeds),
        "fineweb.newline_word_ratio": ratio(feeds, batch.word_count),
    }


def _repeated_characters(batch: Batch) -> Ints:
    every, again = batch.repeated_lines
    lines = batch.solid(every.where(again)).spans
    return batch.per_text(lines.texts, lines.lengths)
