"""Evidence that adds up: one weak sign decides nothing, five do.

A rule of this kind names a card, a file of `rules/cards`: a list of terms, each a number of points and what must be
observed for them (see `cleaner.rules.observe` for the names). The points of all terms that hold for a
line are added; a line with enough of them is a hit, and the hit's note shows the sum. What looks like the headline is never
one. The title of the record is not asked: other rules may find it in one cleaning and not in the next.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Annotated, NamedTuple

import numpy as np
from msgspec import Meta, field

from cleaner.native import signs
from cleaner.rules.finder import Finder, Hit
from cleaner.rules.model import Count, Rule
from cleaner.rules.observe import Observations, is_observation
from cleaner.rules.stretches import begins
from cleaner.rules.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cleaner.rules.finder import View
    from cleaner.rules.scan import Batch
    from cleaner.rules.table import Ints, LineTable, Mask

__all__ = [
    "Conditions",
    "Evidence",
    "EvidenceRule",
    "Term",
    "conditions_of",
    "observations",
    "read_terms",
    "vocabulary_of",
]

_TERM = re.compile(r"([+-][0-9]{1,4}) (.+)")
_ASKED = re.compile(r"([a-z0-9_.:]+) (<|>=) (-?[0-9]{1,6})")
_SHOWN = 5  # terms in a note
_HEAD = 8  # lines above the first paragraph, or from the top, among which the headline stands
_SHORTEST = 15  # characters of a headline; an ideograph counts for three
_FAR = 99  # how far the next paragraph is where there is none
_OF_HEADLINES = ("past.prose", "until.prose", "from_head", "chars", "urls", "prose")
_MOST = 3  # lines a document that may be its headline


Asked = tuple[tuple[str, bool, int], ...]
"""Conditions that must all hold: (observation, is at least, figure)."""


class Term(NamedTuple):
    """Points for a line of which all of `asked` is true."""

    points: int
    asked: Asked
    text: str


class EvidenceRule(
    Rule, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="evidence"
):
    """Lines of at most `longest` characters that have `at_least` points on a card.

    `where` are conditions on the document or the line that must hold whatever the points are, written
    as in a term. `terms` and `words` are filled in from the card.
    """

    card: str
    at_least: Annotated[int, Meta(ge=-5000, le=5000)]
    longest: Count = 240
    where: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)


def read_terms(lines: Iterable[str], words: Iterable[str] = ()) -> tuple[Term, ...]:
    """Read terms such as `+34 chars < 20 & near5.label >= 80`; a lone `+120 always` is the base.

    Raises:
        ValueError: a term cannot be read, or names no observation.

    """
    known = frozenset(words)
    terms = []
    for line in lines:
        match = _TERM.fullmatch(line)
        if match is None:
            raise ValueError(
                f"term {line!r}: write points and conditions, such as '+34 chars < 20 & all.prose >= 5'"
            )
        terms.append(Term(int(match[1]), _asked(match[2], known), match[2]))
    return tuple(terms)


def _asked(text: str, words: frozenset[str]) -> Asked:
    if text == "always":
        return ()
    asked = []
    for part in text.split(" & "):
        match = _ASKED.fullmatch(part)
        if match is None:
            raise ValueError(f"condition {part!r}: write 'observation < figure' or 'observation >= figure'")
        if not is_observation(match[1], words):
            raise ValueError(f"condition {part!r}: no observation is called {match[1]!r}")
        asked.append((match[1], match[2] == ">=", int(match[3])))
    return tuple(asked)


class Evidence(Finder[EvidenceRule]):
    """Finds lines with enough points.

    What a higher level would take by points is no flag: it would be a line of the text in most cases,
    and asking costs more than all other rules together.
    """

    telling = False

    def __init__(self, rule: EvidenceRule) -> None:
        super().__init__(rule)
        # The heaviest first: so a note names them.
        self.terms = sorted(_terms_of(rule.terms, tuple(rule.words)), key=lambda term: -abs(term.points))
        self.where = conditions_of(rule.where, rule.words)
        self.vocabulary = vocabulary_of(tuple(rule.words.items()))
        self.card = tuple(rule.terms)
        self._texts = [f"{term.points:+d} {term.text}" for term in self.terms]
        self.points = np.array([term.points for term in self.terms], np.int64)
        self.conditions = Conditions([term.asked for term in self.terms])

    @property
    def exact(self) -> bool:  # type: ignore[override] # of a rule without guards
        """Whether every candidate is a hit."""
        return self.guards.free

    def note(self, table: LineTable, row: int) -> Callable[[], str]:
        """Return what can say how many points a line has."""
        return partial(self._note, table, row)

    def candidates(self, batch: Batch) -> Ints:
        """Return the rows with enough points."""
        if len(batch.pages) == len(batch.table):
            return batch.pages[:0]
        rows = self._taken(batch.table).rows
        if len(batch.pages):
            rows = rows[~np.isin(rows, batch.pages)]
        return self.guards.place(batch, rows)

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield one hit a line; the points are of whole numbers, the same for a batch and a document."""
        if view.context.places:
            return
        taken = self._taken(view.table).rows
        asked = np.asarray(rows, np.int64) + view.first
        places = np.searchsorted(taken, asked)
        held = np.flatnonzero(np.append(taken, -1)[places] == asked)
        for row in (asked[held] - view.first).tolist():
            if self.guards.free or self.guards.allow(view, row, row):
                yield Hit((row,), note=self.note(view.table, view.first + row))

    def _scored(self, table: LineTable) -> Scored:
        """Return the lines that may be taken with their points; rules that ask for the same share them."""
        key = ("scored", self.vocabulary, self.card, self.rule.longest, self.rule.where)
        scored: Scored | None = table.memo.get(key)
        if scored is None:
            rows = np.flatnonzero(table.chars <= self.rule.longest)
            if self.rule.where and len(rows):
                rows = rows[self.where.held(observations(table, self.vocabulary), rows).all(axis=0)]
            points = self.conditions.weighed(observations(table, self.vocabulary), rows, self.points)
            scored = table.memo[key] = Scored(rows, points)
        return scored

    def _taken(self, table: LineTable) -> Scored:
        """Return the lines with enough points."""
        taken: Scored | None = table.memo.get(self)
        if taken is None:
            scored = self._scored(table)
            enough = scored.points >= self.rule.at_least
            if enough.any():
                enough &= ~np.isin(scored.rows, _headlines(observations(table, self.vocabulary)))
            taken = table.memo[self] = Scored(scored.rows[enough], scored.points[enough])
        return taken

    def _note(self, table: LineTable, row: int) -> str:
        return self._notes(table)[int(np.searchsorted(self._taken(table).rows, row))]

    def _notes(self, table: LineTable) -> list[str]:
        """Say for each line that is taken how many points it has, and which terms weigh most."""
        notes: list[str] | None = table.memo.get(("notes", self))
        if notes is None:
            taken = self._taken(table)
            held = self.conditions.held(observations(table, self.vocabulary), taken.rows)
            named = held & np.array([[bool(term.asked)] for term in self.terms])
            shown = named & (np.cumsum(named, axis=0) <= _SHOWN)
            rest = (self.points @ (named & ~shown)).tolist()
            said: list[list[str]] = [[] for _ in rest]
            for place, number in zip(*(each.tolist() for each in np.nonzero(shown.T)), strict=True):
                said[place].append(self._texts[number])
            notes = table.memo["notes", self] = [
                f"{total} points of {self.rule.at_least}: {'; '.join(terms)}; {other:+d} from others"
                for total, terms, other in zip(taken.points.tolist(), said, rest, strict=True)
            ]
        return notes


@lru_cache(maxsize=8)  # rules of several levels read the same card
def _terms_of(lines: tuple[str, ...], words: tuple[str, ...]) -> tuple[Term, ...]:
    return read_terms(lines, words)


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


class Scored(NamedTuple):
    """Lines with their points."""

    rows: Ints
    points: Ints


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

    def weighed(self, seen: Observations, rows: Ints, points: Ints) -> Ints:
        """Return for each of `rows` the sum of the points of the terms of which everything asked is true."""
        total = np.zeros(len(rows), np.int64)
        self._compiled.weigh(seen.columns(self.names), rows, points, total)
        return total

    def held(self, seen: Observations, rows: Ints) -> Mask:
        """Return for each term (first axis) and each of `rows` whether everything asked is true."""
        held = np.ones((len(self._terms), len(rows)), np.bool_)
        self._compiled.hold(seen.columns(self.names), rows, held)
        return held


def conditions_of(where: Iterable[str], words: Iterable[str]) -> Conditions:
    """Return what a rule asks for beside points, one condition a line."""
    known = frozenset(words)
    return Conditions([_asked(text, known) for text in where])


def _headlines(seen: Observations) -> Ints:
    """Return the rows, ascending, of the lines that are likely to be the headline of their document.

    They are the three longest of the lines that are long enough to say something and stand close above the
    first paragraph, or near the top with a paragraph somewhere below. Neither the title of the record is asked
    nor whether a line stands twice: one cleaning would know it and the next would not.
    """
    past, until, above, chars, urls, prose = seen.columns(_OF_HEADLINES)
    near = (past == 0) & (until <= _HEAD)
    near |= (above < _HEAD) & (until < _FAR)
    near &= (chars >= _SHORTEST) & (urls == 0) & (prose == 0)
    rows = np.flatnonzero(near)
    document = seen.table.document[rows]
    order = np.lexsort((rows, -chars[rows], document))
    first = begins(document[order])
    rank = np.arange(len(order)) - np.repeat(first, np.diff(np.append(first, len(order))))
    return np.sort(rows[order[rank < _MOST]])
