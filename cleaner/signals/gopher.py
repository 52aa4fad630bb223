"""Gopher's tests of quality and repetition (MassiveText, arXiv 2112.11446, appendix A1), as numbers.

Formulas are datatrove's, since FineWeb was made with them; words are split at whitespace. datatrove
asks spaCy for words, so that punctuation stands alone there: its word counts are higher.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner.signals.definition import Signal, ratio
from cleaner.signals.looks import DASHED, STOP_WORDS
from cleaner.signals.repeats import runs_of
from cleaner.signals.spans import Spans

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.signals.batch import Batch
    from cleaner.signals.spans import Ints

__all__ = ["SIGNALS", "VARIANT", "compute"]

VARIANT = "datatrove 0.x formulas; words split at whitespace; repeats exclude the first copy; / len(text)"

_A1 = "arXiv 2112.11446 A1; datatrove gopher_quality_filter"
_A1R = "arXiv 2112.11446 table A1; datatrove gopher_repetition_filter"
_DUP = "datatrove joins words without a space, so 'ab c' and 'a bc' are one run there and two here"
SIGNALS = (
    Signal("gopher.word_count", "count of words", "words with a character that is not punctuation", _A1,
           "datatrove splits with spaCy; Dolma and DCLM count every word"),
    Signal("gopher.mean_word_length", "characters", "mean length of the words of gopher.word_count", _A1,
           "Dolma takes the median"),
    Signal("gopher.hash_to_word_ratio", "ratio", "count of '#' / all words", _A1,
           "Dolma and DCLM have one ratio for '#' and the ellipsis"),
    Signal("gopher.ellipsis_to_word_ratio", "ratio", "count of '...' and '…' / all words", _A1,
           "Dolma counts words that contain '…'"),
    Signal("gopher.bullet_line_frac", "fraction", "lines (str.splitlines) that start with '•' or '-' after spaces", _A1,
           "Dolma: '*' and '-' without stripping; NeMo: other bullets, no '-'"),
    Signal("gopher.ellipsis_line_frac", "fraction", "lines (str.splitlines) that end in '...' or '…' before spaces", _A1,
           "Dolma: '…' only"),
    Signal("gopher.alpha_word_frac", "fraction", "words with an alphabetic character / all words", _A1),
    Signal("gopher.stop_words", "count of distinct words", "how many of: " + " ".join(STOP_WORDS), _A1,
           "case-sensitive; Dolma and DCLM count occurrences"),
    Signal("gopher.dup_line_frac", "fraction", "lines equal to an earlier one / lines, split at runs of line feeds", _A1R,
           "Dolma and DCLM count the first copy too"),
    Signal("gopher.dup_para_frac", "fraction", "the same for paragraphs: the stripped text split at two or more line feeds", _A1R),
    Signal("gopher.dup_line_char_frac", "fraction", "characters of those lines / characters of the text", _A1R,
           "Dolma and DCLM divide by the characters of words or lines"),
    Signal("gopher.dup_para_char_frac", "fraction", "characters of those paragraphs / characters of the text", _A1R),
    *(Signal(f"gopher.top_{n}gram_char_frac", "fraction",
             f"characters of the most frequent run of {n} words, joined by spaces, * its count / characters of the text",
             _A1R, "as in datatrove a run that occurs once counts; RedPajama: 0 then; DCLM: longest of equals")
      for n in (2, 3, 4)),
    *(Signal(f"gopher.dup_{n}gram_char_frac", "fraction",
             f"characters (no spaces) of runs of {n} words seen before, scanning from the left and jumping over each hit"
             " / characters of the text", _A1R, _DUP) for n in range(5, 11)),
)  # fmt: skip


def compute(batch: Batch) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
    """Return the signals of this family by name, one number a text."""
    return {**_words(batch), **_lines(batch), **_repeated_lines(batch), **_repeated_runs(batch)}


def _words(batch: Batch) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
    words, every = batch.vocabulary, batch.word_count
    count, characters, alpha, hashes, ellipses = batch.words_per_text(
        words.beyond_punctuation,
        words.beyond_punctuation * words.lengths,
        words.with_alpha,
        words.looks["hashes"],
        words.looks["ellipses"],
    )
    return {
        "gopher.word_count": count,
        "gopher.mean_word_length": ratio(characters, count),
        "gopher.hash_to_word_ratio": ratio(hashes, every),
        "gopher.ellipsis_to_word_ratio": ratio(ellipses, every),
        "gopher.alpha_word_frac": ratio(alpha, every),
        "gopher.stop_words": _stop_words(batch),
    }


def _stop_words(batch: Batch) -> Ints:
    which = batch.vocabulary.looks["stop_word"]
    columns = [(which == place).astype(np.int64) for place in range(1, len(STOP_WORDS) + 1)]
    return np.asarray(np.count_nonzero(batch.words_per_text(*columns), axis=0))


def _lines(batch: Batch) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
    words = batch.vocabulary
    lines, total = batch.split_lines
    bullet = ((words.looks["first"] & DASHED) != 0).take(batch.ids.take(lines.first))
    dots = (words.looks["dots"] != 0).take(batch.ids.take(lines.behind - 1))
    return {
        "gopher.bullet_line_frac": ratio(batch.per_text(lines.spans.texts[bullet]), total),
        "gopher.ellipsis_line_frac": ratio(batch.per_text(lines.spans.texts[dots]), total),
    }


def _repeated_lines(batch: Batch) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
    lines, again = batch.repeated_lines
    # Splitting at "\n+" leaves an empty line before a leading and behind a trailing line feed.
    outer = batch.lengths > 0
    leading = outer & (batch.codes[batch.starts] == 10)
    trailing = outer & (batch.codes[batch.ends - 1] == 10)
    empties = np.where(outer, leading.astype(np.int64) + trailing, 1)
    count = batch.per_text(lines.texts) + empties
    repeated = batch.per_text(lines.texts[again]) + (empties > 1)
    paragraphs = _paragraphs(batch)
    twice = batch.repeats(paragraphs)
    return {
        "gopher.dup_line_frac": ratio(repeated, count),
        "gopher.dup_line_char_frac": ratio(
            batch.per_text(lines.texts[again], lines.lengths[again]), batch.lengths
        ),
        "gopher.dup_para_frac": ratio(
            batch.per_text(paragraphs.texts[twice]), batch.per_text(paragraphs.texts)
        ),
        "gopher.dup_para_char_frac": ratio(
            batch.per_text(paragraphs.texts[twice], paragraphs.lengths[twice]), batch.lengths
        ),
    }


def _paragraphs(batch: Batch) -> Spans:
    """Return the stretches of each stripped text between runs of two or more line feeds; one if it is blank."""
    filled = np.flatnonzero(batch.word_count)
    first, last = batch.starts.copy(), batch.starts.copy()
    behind = batch.word_ends.take(filled)
    first[filled] = batch.words.starts.take(behind - batch.word_count.take(filled))
    last[filled] = batch.words.ends.take(behind - 1)
    feeds = batch.every_line.ends
    alone = np.diff(feeds) > 1
    opens = feeds[np.concatenate(([True], alone))]
    closes = feeds[np.concatenate((alone, [True]))] + 1
    texts = batch.text_of(opens)
    inside = (closes - opens > 1) & (opens > first[texts]) & (closes < last[texts])
    starts = np.sort(np.concatenate((first, closes[inside])))
    ends = np.sort(np.concatenate((last, opens[inside])))
    return Spans(starts, ends, batch.text_of(starts))


def _repeated_runs(batch: Batch) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
    runs = runs_of(batch, greedy=True)
    top = {n: characters * times for n, (characters, times) in runs.top.items()}
    return {
        **{f"gopher.top_{n}gram_char_frac": ratio(found, batch.lengths) for n, found in top.items()},
        **{f"gopher.dup_{n}gram_char_frac": ratio(found, batch.lengths) for n, found in runs.again.items()},
    }
