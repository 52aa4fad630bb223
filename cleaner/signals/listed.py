"""Signals that count the words of a list. They are null where no list was given for the text's language.

C4 (`c4_utils.py`) drops a page that holds an entry of LDNOOBW, RedPajama-v2 counts them and the stop words
of stopwords-json. Neither list is shipped: see `cleaner.signals.wordlists`.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from cleaner.signals.definition import Signal, ratio
from cleaner.signals.plain import normalised

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from cleaner.signals.batch import Batch
    from cleaner.signals.spans import Ints
    from cleaner.signals.wordlists import WordList

    Floats = NDArray[np.float64]

__all__ = ["SIGNALS", "VARIANT", "compute"]

VARIANT = (
    "tensorflow-datasets c4_utils, counted; RedPajama-Data content.py and natural_language.py; lists as given"
)

_TOKEN = re.compile(r"\w+|[^\w\s]+")

SIGNALS = (
    Signal("c4.badword_count", "count of occurrences", "entries of the list `badwords` in the text in lower case, with"
           " no letter a-z beside them", "tensorflow-datasets c4_utils.py", "the code drops the page at the first in a line"
           " it has kept, and misses entries at either end of a line; mC4 wants spaces or punctuation beside them"),
    Signal("rps_doc_ldnoobw_words", "count of occurrences", "runs of normalised words that are an entry of the list"
           " `badwords`, normalised likewise", "RedPajama-Data v2, quality_signals", "entries are not normalised there"),
    Signal("rps_doc_stop_word_fraction", "fraction", "raw words that are an entry of the list `stopwords`, in the same"
           " case / raw words", "RedPajama-Data v2, quality_signals", "stopwords-json there"),
)  # fmt: skip


def compute(
    batch: Batch, languages: Sequence[str | None], lists: Mapping[str, WordList]
) -> dict[str, Ints | Floats]:
    """Return the signals of this family by name, one number a text, given the language of each."""
    return {
        "c4.badword_count": _by_list(batch, languages, lists.get("badwords"), _occurrences),
        "rps_doc_ldnoobw_words": _by_list(batch, languages, lists.get("badwords"), _runs),
        "rps_doc_stop_word_fraction": _by_list(batch, languages, lists.get("stopwords"), _share),
    }


def _by_list(
    batch: Batch,
    languages: Sequence[str | None],
    words: WordList | None,
    measure: Callable[[Batch, tuple[str, ...]], Floats],
) -> Floats:
    """Measure each text by the entries for its language."""
    found = np.full(batch.size, np.nan)
    if words is None:
        return found
    for language in sorted(set(languages), key=str):
        entries = words.of(language)
        if entries is not None:
            chosen = [index for index, each in enumerate(languages) if each == language]
            found[chosen] = measure(batch, entries)[chosen]
    return found


def _occurrences(batch: Batch, entries: tuple[str, ...]) -> Floats:
    pattern, head = _patterns(entries)
    held = [head.search(word) is not None for word in batch.vocabulary.text.lower().split("\n")[:-1]]
    found = np.zeros(batch.size)
    known = np.array(held, dtype=np.bool_).take(batch.ids)
    for text in np.unique(batch.word_texts[known]).tolist():
        found[text] = sum(1 for _ in pattern.finditer(batch.texts[text].lower()))
    return found


@cache
def _patterns(entries: tuple[str, ...]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what matches an entry in a text, and what matches the first word of one in a word."""
    # Longer ones first, so that an entry is not taken for another that it begins with.
    ordered = sorted({entry.lower() for entry in entries}, key=lambda entry: (-len(entry), entry))
    whole = "|".join(map(re.escape, ordered))
    heads = "|".join(sorted({re.escape(entry.split()[0]) for entry in ordered}))
    return re.compile(rf"(?<![a-z])(?:{whole})(?![a-z])"), re.compile(heads)


def _runs(batch: Batch, entries: tuple[str, ...]) -> Floats:
    plain = batch.plain
    forms = plain.vocabulary.text.split("\n")[:-1]
    tails = _tails(entries)
    known = np.fromiter((form in tails for form in forms), np.bool_, len(forms))
    found = np.zeros(batch.size)
    for place in np.flatnonzero(known.take(plain.ids)).tolist():
        text = plain.word_texts[place]
        end = plain.word_ends[text]
        for tail in tails[forms[plain.ids[place]]]:
            following = plain.ids[place + 1 : min(place + 1 + len(tail), end)]
            found[text] += tail == tuple(forms[number] for number in following)
    return found


@cache
def _tails(entries: tuple[str, ...]) -> dict[str, set[tuple[str, ...]]]:
    """Return by the first normalised word of the entries what follows it in each."""
    tails: dict[str, set[tuple[str, ...]]] = {}
    for entry in entries:
        words = normalised(entry).split()
        if words:
            tails.setdefault(words[0], set()).add(tuple(words[1:]))
    return tails


def _share(batch: Batch, entries: tuple[str, ...]) -> Floats:
    words, known = batch.vocabulary, frozenset(entries)
    count = words.looks["tokens"]
    owners = np.repeat(np.arange(words.size), count)
    tokens = _TOKEN.findall(words.text)
    stops = np.fromiter((token in known for token in tokens), np.bool_, len(tokens))
    part, whole = batch.words_per_text(np.bincount(owners[stops], minlength=words.size), count)
    return ratio(part, whole)
