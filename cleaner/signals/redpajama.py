"""RedPajama-v2's signals that need no model, under the names it published.

Raw words are NLTK's WordPunct tokens (runs of word characters, and runs of punctuation); normalised
words come from the text without ASCII punctuation, in lower case and NFD. RedPajama rounds to 8 places
and gives 0 for empty texts; here nothing is rounded and a division by zero is null. Signals of lines
(`rps_lines_*`) are lists there and the mean over the lines of a text here.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from cleaner.signals.batch import Batch
from cleaner.signals.chars import ASCII_ALPHA, BULLETS, LOWER, UPPER, WORD, one_of
from cleaner.signals.definition import Signal, ratio
from cleaner.signals.plain import normalised, plain_words
from cleaner.signals.repeats import covered_characters, repeated_grams, top_characters
from cleaner.signals.spans import within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.signals.plain import Plain
    from cleaner.signals.spans import Bools, Ints, Spans, Worded

__all__ = ["SIGNALS", "VARIANT", "compute"]

VARIANT = "RedPajama-Data app/src/core/quality_signals; not rounded; line signals as means; no word lists"

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
    plain = plain_words(batch)
    return {
        **_raw(batch),
        **_plain(batch, plain),
        **_raw_lines(batch),
        **_plain_lines(batch, plain),
        **_runs(plain),
    }


def _raw(batch: Batch) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
    tokens, flags = batch.tokens, batch.token_flags
    count = batch.places_per_text(tokens)
    letterless = batch.places_per_text(tokens[np.flatnonzero((flags & ASCII_ALPHA) == 0)])
    capitals = batch.places_per_text(tokens[np.flatnonzero((flags & np.uint8(UPPER | LOWER)) == UPPER)])
    symbols = batch.count("#") + batch.ellipses
    braces = batch.count("{}")
    return {
        "ccnet_length": batch.lengths,
        "rps_doc_num_sentences": _sentences(batch),
        "rps_doc_symbol_to_word_ratio": ratio(symbols, count),
        "rps_doc_frac_no_alph_words": ratio(letterless, count),
        "rps_doc_frac_all_caps_words": ratio(capitals, count),
        "rps_doc_curly_bracket": ratio(braces, batch.lengths),
    }


def _sentences(batch: Batch) -> Ints:
    """Count the stretches between sentence marks that hold a word character: what the pattern matches."""
    marks = batch.marks[one_of(".!?", batch.mark_codes)]
    spoken = batch.tokens[(batch.flags[batch.tokens] & WORD) != 0]
    edges = np.unique(np.concatenate((batch.starts, marks, batch.ends)))
    held = np.diff(np.searchsorted(spoken, edges)) > 0
    return batch.places_per_text(edges[:-1][held])


def _plain(batch: Batch, plain: Plain) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
    count = plain.word_count
    # 44 bits of hash beside the number of the text: distinct words of one text stay distinct.
    keys = (plain.words.texts.astype(np.uint64) << np.uint64(44)) | (plain.word_hashes >> np.uint64(20))
    keys.sort()
    heads = np.flatnonzero(np.concatenate((np.ones(min(1, len(keys)), np.bool_), keys[1:] != keys[:-1])))
    texts = (keys[heads] >> np.uint64(44)).astype(np.int64)
    times = np.diff(heads, append=len(keys))
    order = np.lexsort(
        (times, texts)
    )  # hashes order the words otherwise in another batch, and with them the sum
    weights = np.bincount(texts[order], (times * np.log(times))[order], minlength=plain.size)
    some = np.maximum(count, 1)
    entropy = np.where(count > 0, np.log(some) - weights / some, np.nan)
    collapsed = plain.word_characters + np.maximum(count - 1, 0)
    return {
        "rps_doc_word_count": count,
        "rps_doc_mean_word_length": ratio(plain.word_characters, count),
        "rps_doc_frac_unique_words": ratio(plain.per_text(texts), count),
        "rps_doc_unigram_entropy": np.maximum(entropy, 0.0),
        "rps_doc_lorem_ipsum": ratio(_lorem(batch), collapsed),
    }


def _lorem(batch: Batch) -> Ints:
    """Count 'lorem' before 'ipsum' in the normalised texts, whatever space stands between."""
    if b"lorem" not in batch.lowered:
        return np.zeros(batch.size, np.int64)
    counts = [" ".join(normalised(text).split()).count("lorem ipsum") for text in batch.texts]
    return np.array(counts, dtype=np.int64)


def _slices(batch: Batch) -> Bools:
    """Tell which lines RedPajama sees: the piece behind a last line feed only if it is not empty."""
    lines = batch.lines
    seen = np.ones(len(lines.starts), np.bool_)
    closing = np.cumsum(batch.per_text(lines.texts)) - 1
    seen[closing] = lines.lengths[closing] > 0
    return seen


def _raw_lines(batch: Batch) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
    seen = batch.lines.where(_slices(batch))
    total = batch.per_text(seen.texts)
    lines = batch.solid_lines
    first, last, codes = batch.first_solid(lines), batch.last_solid(lines), batch.codes
    dots = batch.ends_in_dots(lines) | (codes[last] == ord("…"))
    closed = one_of(".!?”", codes[last])
    bullets = one_of(BULLETS, codes[first])
    upper = within(batch.uppers, seen)
    lengths = seen.lengths + (seen.ends != batch.ends[seen.texts])
    return {
        "ccnet_nlines": total,
        "rps_doc_frac_lines_end_with_ellipsis": ratio(batch.per_text(lines.texts[dots]), total),
        "rps_lines_ending_with_terminal_punctution_mark": ratio(batch.per_text(lines.texts[closed]), total),
        "rps_lines_start_with_bulletpoint": ratio(batch.per_text(lines.texts[bullets]), total),
        "rps_lines_uppercase_letter_fraction": _mean(batch, seen, upper, lengths),
    }


def _plain_lines(batch: Batch, plain: Plain) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
    # Normalising keeps the line feeds, so the lines of both are the same ones.
    lines = plain.lines.where(_slices(batch))
    total = plain.per_text(lines.texts)
    words = plain.words_in(lines)
    spoken = plain.words.texts[plain.word_hashes == _javascript()]
    first = np.searchsorted(plain.words.starts, lines.starts)
    lengths = (
        plain.characters_before[first + words] - plain.characters_before[first] + np.maximum(words - 1, 0)
    )
    numeric = within(plain.numerics, lines)
    return {
        "rps_lines_javascript_counts": ratio(plain.per_text(spoken), total),
        "rps_lines_num_words": ratio(plain.word_count, total),
        "rps_lines_numerical_chars_fraction": _mean(plain, lines, numeric, lengths),
    }


@cache
def _javascript() -> np.uint64:
    return np.uint64(Batch(["javascript"]).word_hashes[0])


def _mean(batch: Worded, lines: Spans, part: Ints, whole: Ints) -> NDArray[np.float64]:
    """Return the mean over the lines of each text of part / whole, a line with nothing in it counting 0."""
    shares = np.nan_to_num(ratio(part, whole))
    sums = np.bincount(lines.texts, shares, minlength=batch.size)
    counts = batch.per_text(lines.texts)
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def _runs(plain: Plain) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
    values: dict[str, NDArray[np.int64] | NDArray[np.float64]] = {}
    total = plain.word_characters
    for grams in repeated_grams(plain.words.texts, plain.word_hashes, 10):
        if grams.n <= 4:
            characters, count = top_characters(plain, grams)
            bare = np.maximum(characters - (grams.n - 1), 0)
            values[f"rps_doc_frac_chars_top_{grams.n}gram"] = ratio(
                np.where(count > 1, bare * count, 0), total
            )
        else:
            values[f"rps_doc_frac_chars_dupe_{grams.n}grams"] = ratio(covered_characters(plain, grams), total)
    return values
