"""What each word of a vocabulary looks like, as columns of numbers with one element for each word."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from cleaner.native import marks
from cleaner.signals.chars import BULLETS, CLOSERS, NUMERIC, SENTENCE_TERMINAL, codes_of, flags_table

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.signals.spans import Ints
    from cleaner.signals.vocabulary import Vocabulary

__all__ = ["BULLET", "CLOSED", "DASHED", "ENDED", "STOP_WORDS", "looks", "numerics"]

STOP_WORDS = ("the", "be", "to", "of", "and", "that", "have", "with")
"""Gopher's; of four ASCII characters at most."""

_TERMINAL, _CLOSER, _UNSPACED, _STOP, ENDED, CLOSED, BULLET, DASHED = (1 << bit for bit in range(8))
"""What a character is as a mark: an end of a sentence in any script, a closing quote or bracket, an end of a
sentence inside a word, a full stop of RedPajama-v2, an end of a line of C4's and of RedPajama-v2, and their bullets."""

_MARKS = {
    _TERMINAL: SENTENCE_TERMINAL,
    _CLOSER: CLOSERS,
    _UNSPACED: "。！？｡．",
    _STOP: ".!?",
    ENDED: '.?!"',
    CLOSED: ".!?”",
    BULLET: BULLETS,
    DASHED: "•-",
}


def looks(words: Vocabulary) -> dict[str, Ints]:
    r"""Return what each word looks like.

    `kinds` are the flags of its characters joined by or. These are counted in it: `uppers` and `numerics`;
    `tokens`, NLTK's WordPunct (`\w+|[^\w\s]+`), `letterless` those without an ASCII letter, `capitals` those in
    capitals; `hashes`, `ellipses` ("..." without overlaps, and "…"), `braces` and `curly`, the opening ones. `first`
    and `last` are what the characters at its ends are as marks, `dots` tells whether it ends in "..." or "…",
    and `ends_sentence` whether in a sentence-final character of any script, closing quotes and brackets skipped.

    `sentence_ends` are the sentences that end in it: with the last of a run of sentence-final characters, where
    closing quotes and brackets at most stand between it and the end of the word; full-width marks end one inside
    a word too. `inner` are the stretches between two marks in it that hold a word character. The bits of `said`
    tell whether it holds one before its first mark (or anywhere, if it has none), whether it has a mark, and
    whether it holds one behind its last mark. `stop_word` is the place in `STOP_WORDS`, from 1, or 0.
    """
    found = np.empty((len(marks.NAMES), words.size), np.int64)
    marks.columns(words.codes, words.ends, flags_table(), _marks_table(), _stop_keys(), found)
    return dict(zip(marks.NAMES, found, strict=True))


def numerics(words: Vocabulary) -> Ints:
    """Return that column alone."""
    found = np.empty(words.size, np.int64)
    marks.counted(words.codes, words.ends, flags_table(), NUMERIC, found)
    return found


@cache
def _marks_table() -> NDArray[np.uint8]:
    table = np.zeros(0x110000, np.uint8)
    for bit, characters in _MARKS.items():
        table[codes_of(characters)] |= bit
    return table


@cache
def _stop_keys() -> Ints:
    keys = [int.from_bytes(word.encode(), "little") | len(word) << 32 for word in STOP_WORDS]
    return np.array(keys, np.int64)
