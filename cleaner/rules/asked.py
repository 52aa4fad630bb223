"""Conditions on observations, such as `chars < 20` or `near5.label >= 40`, asked of many lines at once."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from cleaner.native import signs
from cleaner.rules.observe import Observations, is_observation
from cleaner.rules.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from cleaner.rules.table import Ints, LineTable, Mask

__all__ = ["Asked", "Conditions", "conditions_of", "observations", "read_condition", "vocabulary_of"]

_ASKED = re.compile(r"([a-z0-9_.:]+) (<|>=) (-?[0-9]{1,6})")

Asked = tuple[tuple[str, bool, int], ...]
"""Conditions that must all hold: (observation, is at least, figure)."""


def read_condition(text: str, words: Collection[str] = ()) -> tuple[str, bool, int]:
    """Read a condition; `words` are the word classes that are known.

    Raises:
        ValueError: it cannot be read, or names no observation.

    """
    match = _ASKED.fullmatch(text)
    if match is None:
        raise ValueError(f"condition {text!r}: write 'observation < figure' or 'observation >= figure'")
    if not is_observation(match[1], words):
        raise ValueError(f"condition {text!r}: no observation is called {match[1]!r}")
    return match[1], match[2] == ">=", int(match[3])


class Conditions:
    """What several terms ask, ready to be asked of many lines at once."""

    def __init__(self, terms: Sequence[Asked]) -> None:
        asked = list(dict.fromkeys(each for term in terms for each in term))
        self.names = tuple(dict.fromkeys(name for name, _, _ in asked))
        self._name = np.array([self.names.index(name) for name, _, _ in asked], np.int64)
        self._at_least = np.array([at_least for _, at_least, _ in asked], np.bool_)
        self._figure = np.array([figure for _, _, figure in asked], np.int64)
        always = len(asked)  # a condition that holds, for terms that ask for less than others
        width = max((len(term) for term in terms), default=0)
        self._terms = np.array(
            [[asked.index(each) for each in term] + [always] * (width - len(term)) for term in terms],
            np.int64,
        ).reshape(len(terms), width)

    @cached_property
    def _compiled(self) -> signs.Terms:
        return signs.Terms(self._name, self._at_least, self._figure, self._terms)

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name != "_compiled"}

    def held(self, seen: Observations, rows: Ints) -> Mask:
        """Return for each term (first axis) and each of `rows` whether everything asked is true."""
        held = np.ones((len(self._terms), len(rows)), np.bool_)
        self._compiled.hold(seen.columns(self.names), rows, held)
        return held


def conditions_of(where: Iterable[str], words: Iterable[str]) -> Conditions:
    """Return what a rule asks for, one condition a line."""
    known = frozenset(words)
    return Conditions([(read_condition(text, known),) for text in where])


@lru_cache(maxsize=8)
def vocabulary_of(words: tuple[tuple[str, tuple[str, ...]], ...]) -> Vocabulary:
    """Return the word classes of a card, the same object for the rules that name it."""
    return Vocabulary(dict(words))


def observations(table: LineTable, vocabulary: Vocabulary) -> Observations:
    """Return the observations of a table, which all rules with the same words share."""
    key = ("observations", vocabulary)
    seen: Observations | None = table.memo.get(key)
    if seen is None:
        seen = table.memo[key] = Observations(table, vocabulary.of(table))
    return seen
