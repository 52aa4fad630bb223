"""What each word of a vocabulary looks like, as columns of numbers with one element for each word."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from cleaner.native import loops
from cleaner.signals.chars import (
    ASCII_ALPHA,
    BULLETS,
    CLOSERS,
    LOWER,
    NUMERIC,
    SENTENCE_TERMINAL,
    SPACE,
    UPPER,
    WORD,
    codes_of,
    flags_table,
    one_of,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.signals.spans import Ints
    from cleaner.signals.vocabulary import Vocabulary

__all__ = ["BULLET", "CLOSED", "DASHED", "ENDED", "STOP_WORDS", "looks", "numerics"]

_compiled = loops("marks")

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
    return _compiled_looks(words) if _compiled else _looks_of_arrays(words)


def numerics(words: Vocabulary) -> Ints:
    """Return that column alone."""
    if not _compiled:
        return words.per_word(np.flatnonzero((words.flags & NUMERIC) != 0))
    found = np.empty(words.size, np.int64)
    _compiled.counted(words.codes, words.ends, flags_table(), NUMERIC, found)
    return found


def _compiled_looks(words: Vocabulary) -> dict[str, Ints]:
    found = np.empty((len(_compiled.NAMES), words.size), np.int64)
    _compiled.columns(words.codes, words.ends, flags_table(), _marks_table(), _stop_keys(), found)
    return dict(zip(_compiled.NAMES, found, strict=True))


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


def _looks_of_arrays(words: Vocabulary) -> dict[str, Ints]:
    filled = np.flatnonzero(words.lengths)
    ends = np.zeros((4, words.size), np.int64)
    ends[0, filled] = _marks_table().take(words.codes.take(words.starts.take(filled)))
    ends[1, filled] = _marks_table().take(words.codes.take(words.ends.take(filled) - 1))
    ends[2, filled] = _dots(words).take(filled)
    ends[3, filled] = _ends_sentence(words).take(filled)
    stops = np.zeros(words.size, np.int64)
    for place, word in enumerate(STOP_WORDS):
        stops[words.spelled(word)] = place + 1
    return {
        "kinds": words.kinds,
        "uppers": words.per_word(np.flatnonzero((words.flags & UPPER) != 0)),
        "numerics": words.per_word(np.flatnonzero((words.flags & NUMERIC) != 0)),
        **_tokens(words),
        "hashes": words.count("#"),
        "ellipses": _ellipses(words),
        "braces": words.count("{}"),
        "curly": words.count("{"),
        "sentence_ends": _sentence_ends(words),
        **_spoken(words),
        **dict(zip(("first", "last", "dots", "ends_sentence"), ends, strict=True)),
        "stop_word": stops,
    }


def _tokens(words: Vocabulary) -> dict[str, Ints]:
    kind = words.flags & (WORD | SPACE)
    heads = np.ones(len(kind), np.bool_)
    np.not_equal(kind[1:], kind[:-1], out=heads[1:])
    heads &= kind != SPACE
    places = np.flatnonzero(heads)
    # A line feed behind a token takes part, and changes nothing.
    kinds = np.bitwise_or.reduceat(words.flags, places) if len(places) else words.flags[:0]
    return {
        "tokens": words.per_word(places),
        "letterless": words.per_word(places[(kinds & ASCII_ALPHA) == 0]),
        "capitals": words.per_word(places[(kinds & np.uint8(UPPER | LOWER)) == UPPER]),
    }


def _ellipses(words: Vocabulary) -> Ints:
    dots = words.places(".")
    heads = np.flatnonzero(np.diff(dots, prepend=-2) > 1)
    triples = np.diff(heads, append=len(dots)) // 3
    return words.per_word(np.repeat(dots.take(heads), triples)) + words.count("…")


def _dots(words: Vocabulary) -> NDArray[np.bool_]:
    dots = words.lengths >= 3
    for back in range(1, 4):
        dots &= words.codes.take(words.ends - back, mode="clip") == ord(".")
    return np.asarray(dots | (words.codes.take(words.ends - 1) == ord("…")))


def _sentence_ends(words: Vocabulary) -> Ints:
    codes = words.codes
    places = words.places(SENTENCE_TERMINAL)
    places = places[~one_of(SENTENCE_TERMINAL, codes.take(places + 1))]
    behind = places + 1
    closing = one_of(CLOSERS, codes.take(behind))
    while closing.any():
        behind[closing] += 1
        closing[closing] = one_of(CLOSERS, codes.take(behind[closing]))
    ended = (codes.take(behind) == ord("\n")) | one_of(_MARKS[_UNSPACED], codes.take(places))
    return words.per_word(places[ended])


def _ends_sentence(words: Vocabulary) -> NDArray[np.bool_]:
    last = np.maximum(words.ends - 1, words.starts)
    closing = (last > words.starts) & one_of(CLOSERS, words.codes.take(last))
    while closing.any():
        last[closing] -= 1
        closing &= (last > words.starts) & one_of(CLOSERS, words.codes.take(last))
    return one_of(SENTENCE_TERMINAL, words.codes.take(last))


def _spoken(words: Vocabulary) -> dict[str, Ints]:
    marks = words.places(_MARKS[_STOP])
    owners = words.owners(marks)
    spoken = np.concatenate((np.zeros(1, np.int64), np.cumsum((words.flags & WORD) != 0)))
    inner = owners[1:][(owners[1:] == owners[:-1]) & (spoken[marks[1:]] > spoken[marks[:-1]])]
    marked, first, times = np.unique(owners, return_index=True, return_counts=True)
    said = (words.kinds & WORD != 0).astype(np.int64)
    said[marked] = 2 | (spoken[marks[first]] > spoken[words.starts[marked]])
    said[marked] |= (spoken[words.ends[marked]] > spoken[marks[first + times - 1]]).astype(np.int64) << 2
    return {"inner": np.bincount(inner, minlength=words.size), "said": said}
