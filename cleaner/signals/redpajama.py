"""RedPajama-v2's signals that need no model, under the names it published.

Raw words are NLTK's WordPunct tokens (runs of word characters, and runs of punctuation); normalised
words come from the text without ASCII punctuation, in lower case and NFD. RedPajama rounds to 8 places
and gives 0 for empty texts; here nothing is rounded and a division by zero is null. Signals of lines
(`rps_lines_*`) are lists there and the mean over the lines of a text here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner.native import spans
from cleaner.signals.chars import BULLETS
from cleaner.signals.definition import Signal, ratio
from cleaner.signals.looks import BULLET, CLOSED, numerics
from cleaner.signals.repeats import runs_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.signals.batch import Batch
    from cleaner.signals.plain import Plain
    from cleaner.signals.repeats import Runs
    from cleaner.signals.spans import Ints

__all__ = ["SIGNALS", "VARIANT", "compute"]

VARIANT = "RedPajama-Data app/src/core/quality_signals; not rounded; line signals as means"

_RPS = "RedPajama-Data v2, quality_signals"
_GRAM = "normalised words; characters of words only, no spaces"
SIGNALS = (
    Signal("ccnet_length", "count of characters", "characters of the text", _RPS, "measured after CCNet's dedup there"),
    Signal("ccnet_nlines", "count of lines", "lines, split at line feeds", _RPS, "measured after CCNet's dedup there"),
    Signal("rps_doc_word_count", "count of words", "normalised words", _RPS),
    Signal("rps_doc_mean_word_length", "characters", "mean length of the normalised words", _RPS),
    Signal("rps_doc_num_sentences", "count of sentences", r"matches of \b[^.!?]+[.!?]* in the text", _RPS),
    Signal("rps_doc_symbol_to_word_ratio", "ratio", "count of '#', '...' and '…' / raw words", _RPS),
    Signal("rps_doc_frac_lines_end_with_ellipsis", "fraction", "lines that end in '...' or '…' / lines", _RPS),
    Signal("rps_doc_frac_no_alph_words", "fraction", "raw words without a letter a-z or A-Z / raw words", _RPS,
           "1 for every text not in Latin letters"),
    Signal("rps_doc_frac_unique_words", "fraction", "distinct normalised words / normalised words", _RPS),
    Signal("rps_doc_unigram_entropy", "nats", "entropy of the distribution of the normalised words", _RPS),
    Signal("rps_doc_frac_all_caps_words", "fraction", "raw words in capitals / raw words", _RPS),
    Signal("rps_doc_lorem_ipsum", "ratio", "count of 'lorem ipsum' / characters of the normalised text", _RPS),
    Signal("rps_doc_curly_bracket", "ratio", "count of '{' and '}' / characters of the text", _RPS),
    *(Signal(f"rps_doc_frac_chars_top_{n}gram", "fraction", f"characters of the most frequent run of {n} words * its count"
             " / characters of the words; 0 if none occurs twice", _RPS, _GRAM) for n in (2, 3, 4)),
    *(Signal(f"rps_doc_frac_chars_dupe_{n}grams", "fraction", f"characters of words in any run of {n} words that occurs"
             " at least twice, first copies too, each word once / characters of the words", _RPS, _GRAM)
      for n in range(5, 11)),
    Signal("rps_lines_ending_with_terminal_punctution_mark", "fraction", "lines that end in . ! ? ” (sic)", _RPS),
    Signal("rps_lines_javascript_counts", "ratio", "mean count of the word 'javascript' in a line", _RPS),
    Signal("rps_lines_num_words", "ratio", "mean count of normalised words in a line", _RPS),
    Signal("rps_lines_numerical_chars_fraction", "fraction", "mean over lines of numeric characters / characters, both of"
           " the normalised line", _RPS),
    Signal("rps_lines_start_with_bulletpoint", "fraction", "lines that start with one of " + BULLETS, _RPS),
    Signal("rps_lines_uppercase_letter_fraction", "fraction", "mean over lines of upper case characters / characters, the"
           " line feed included", _RPS),
)  # fmt: skip


def compute(batch: Batch) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
    """Return the signals of this family by name, one number a text."""
    plain = batch.plain
    return {**_raw(batch), **_raw_lines(batch), **_plain_lines(batch, plain), **_plain(batch, plain)}


def _raw(batch: Batch) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
    words = batch.vocabulary
    looks = words.looks
    count, bare, large, symbols, braces = batch.words_per_text(
        looks["tokens"],
        looks["letterless"],
        looks["capitals"],
        looks["hashes"] + looks["ellipses"],
        looks["braces"],
    )
    return {
        "ccnet_length": batch.lengths,
        "rps_doc_num_sentences": _sentences(batch),
        "rps_doc_symbol_to_word_ratio": ratio(symbols, count),
        "rps_doc_frac_no_alph_words": ratio(bare, count),
        "rps_doc_frac_all_caps_words": ratio(large, count),
        "rps_doc_curly_bracket": ratio(braces, batch.lengths),
    }


def _sentences(batch: Batch) -> Ints:
    """Count the stretches between sentence marks that hold a word character: what the pattern matches.

    What a word has before its first mark, between its marks and behind its last is known of each word of
    the vocabulary. So in the texts only words with marks count, and those that say nothing.
    """
    [within] = batch.words_per_text(batch.vocabulary.looks["inner"])
    return within + _held(batch, batch.vocabulary.looks["said"])


def _held(batch: Batch, said: Ints) -> Ints:
    """Count the stretches that hold a word character and lie in no single word."""
    found = np.empty(batch.size, np.int64)
    spans.sentences(batch.ids, said.astype(np.uint8), batch.word_ends, found)
    return found


def _plain(batch: Batch, plain: Plain) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
    count, characters, runs = plain.word_count, plain.word_characters, runs_of(plain, greedy=False)
    return {
        "rps_doc_word_count": count,
        "rps_doc_mean_word_length": ratio(characters, count),
        "rps_doc_lorem_ipsum": ratio(_lorem(batch, plain), characters + np.maximum(count - 1, 0)),
        **_distribution(plain, runs.often),
        **_repeated_runs(plain, runs),
    }


def _repeated_runs(plain: Plain, runs: Runs) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
    values: dict[str, NDArray[np.int64] | NDArray[np.float64]] = {}
    for n, (characters, times) in runs.top.items():
        bare = np.where(times > 1, np.maximum(characters - (n - 1), 0) * times, 0)
        values[f"rps_doc_frac_chars_top_{n}gram"] = ratio(bare, plain.word_characters)
    for n, covered in runs.again.items():
        values[f"rps_doc_frac_chars_dupe_{n}grams"] = ratio(covered, plain.word_characters)
    return values


def _distribution(plain: Plain, often: tuple[Ints, Ints]) -> dict[str, NDArray[np.float64]]:
    """Return what follows from how often each word occurs in its text."""
    count = plain.word_count
    texts, times = often  # a word that occurs once adds nothing to the sum below
    distinct = count - plain.per_text(texts, times - 1)
    # The sum of a text is made in the order of its counts: any other order might change its last bits.
    order = np.sort(texts << 32 | times)
    texts, times = order >> 32, order & 0xFFFFFFFF
    weights = np.bincount(texts, times * np.log(times), minlength=plain.size)
    some = np.maximum(count, 1)
    entropy = np.where(count > 0, np.log(some) - weights / some, np.nan)
    return {
        "rps_doc_frac_unique_words": ratio(distinct, count),
        "rps_doc_unigram_entropy": np.maximum(entropy, 0.0),
    }


def _lorem(batch: Batch, plain: Plain) -> Ints:
    """Count 'lorem' before 'ipsum' in the normalised texts, whatever space stands between."""
    forms = plain.vocabulary
    head, tail = forms.spelled("lorem", head=False), forms.spelled("ipsum", tail=False)
    if not len(head) or not len(tail):
        return np.zeros(batch.size, np.int64)
    opens, closes = np.zeros((2, forms.size), np.bool_)
    opens[head] = closes[tail] = True
    pairs = opens.take(plain.ids[:-1]) & closes.take(plain.ids[1:])
    pairs &= plain.word_texts[:-1] == plain.word_texts[1:]
    return batch.per_text(plain.word_texts[:-1][pairs])


def _raw_lines(batch: Batch) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
    total, words = batch.seen_lines, batch.vocabulary
    lines = batch.lines
    texts = lines.spans.texts
    first, last = batch.ids.take(lines.first), batch.ids.take(lines.behind - 1)
    dots = (words.looks["dots"] != 0).take(last)
    closed = ((words.looks["last"] & CLOSED) != 0).take(last)
    bullets = ((words.looks["first"] & BULLET) != 0).take(first)
    lengths = lines.spans.lengths + (lines.spans.ends != batch.ends[texts])
    return {
        "ccnet_nlines": total,
        "rps_doc_frac_lines_end_with_ellipsis": ratio(batch.per_text(texts[dots]), total),
        "rps_lines_ending_with_terminal_punctution_mark": ratio(batch.per_text(texts[closed]), total),
        "rps_lines_start_with_bulletpoint": ratio(batch.per_text(texts[bullets]), total),
        "rps_lines_uppercase_letter_fraction": _mean(batch, batch.line_uppers, lengths, total),
    }


def _plain_lines(batch: Batch, plain: Plain) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
    # Normalising keeps the line feeds, so the lines of both are the same ones.
    total, forms = batch.seen_lines, plain.vocabulary
    spoken = np.zeros(forms.size, np.int64)
    spoken[forms.spelled("javascript")] = 1
    [scripts] = batch.words_per_text(spoken)
    words, characters, figures = batch.words_per_line(plain.kept, forms.lengths, numerics(forms))
    lengths = characters + np.maximum(words - 1, 0)
    return {
        "rps_lines_javascript_counts": ratio(scripts, total),
        "rps_lines_num_words": ratio(plain.word_count, total),
        "rps_lines_numerical_chars_fraction": _mean(batch, figures, lengths, total),
    }


def _mean(batch: Batch, part: Ints, whole: Ints, lines: Ints) -> NDArray[np.float64]:
    """Return the mean over the lines of each text of part / whole, a line with nothing in it counting 0.

    `part` and `whole` are of the lines that are not blank, `lines` the number of all lines of each text.
    """
    shares = np.nan_to_num(ratio(part, whole))
    sums = np.bincount(batch.lines.spans.texts, shares, minlength=batch.size)
    return np.where(lines > 0, sums / np.maximum(lines, 1), np.nan)
