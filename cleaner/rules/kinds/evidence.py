"""Evidence that adds up: one weak sign decides nothing, five do.

A rule of this kind names a card, a file of `rules/cards`: a list of terms, each a number of points and what must be
observed for them (see `cleaner.rules.observe` for the names). The points of all terms that hold for a
line are added; a line with enough of them is a hit, and the hit's note shows the sum. What looks like the headline is never
one. The title of the record is not asked: other rules may find it in one cleaning and not in the next.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Annotated, NamedTuple

import numpy as np
from msgspec import Meta, field

from cleaner.rules.finder import Finder, Hit
from cleaner.rules.model import Count, Rule
from cleaner.rules.observe import Observations, is_observation
from cleaner.rules.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleaner.rules.finder import View
    from cleaner.rules.scan import Batch
    from cleaner.rules.table import Ints, LineTable, Mask

__all__ = ["Evidence", "EvidenceRule", "Term", "read_terms"]

_TERM = re.compile(r"([+-][0-9]{1,4}) (.+)")
_ASKED = re.compile(r"([a-z0-9_.:]+) (<|>=) (-?[0-9]{1,6})")
_SHOWN = 5  # terms in a note
_HEAD = 8  # lines above the first paragraph among which the headline stands
_SHORTEST = 15  # characters of a headline


class Term(NamedTuple):
    """Points for a line of which all of `asked` is true: (observation, is at least, figure)."""

    points: int
    asked: tuple[tuple[str, bool, int], ...]
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


def _asked(text: str, words: frozenset[str]) -> tuple[tuple[str, bool, int], ...]:
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
        self.terms = read_terms(rule.terms, rule.words)
        self.where = tuple(_asked(text, frozenset(rule.words)) for text in rule.where)
        self.vocabulary = Vocabulary(rule.words)
        self.card = tuple(rule.terms)

    def candidates(self, batch: Batch) -> Ints:
        """Return the rows with enough points."""
        return self.guards.place(batch, np.flatnonzero(self._taken(batch.table)))

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield one hit a line; the points are of whole numbers, the same for a batch and a document."""
        taken = self._taken(view.table)
        for row in rows:
            if taken[view.first + row] and self.guards.allow(view, row, row):
                yield Hit((row,), note=partial(self._note, view.table, view.first + row))

    def _note(self, table: LineTable, row: int) -> str:
        return self._notes(table)[row]

    def _seen(self, table: LineTable) -> Observations:
        """Return the observations of a table, which all rules with the same words share."""
        key = ("observations", self.vocabulary)
        seen = table.memo.get(key)
        if seen is None:
            seen = table.memo[key] = Observations(table, self.vocabulary.of(table))
        return seen

    def _points(self, table: LineTable) -> Ints:
        """Return the points of each line; rules with the same card share them."""
        key = ("points", self.vocabulary, self.card)
        points = table.memo.get(key)
        if points is None:
            seen = self._seen(table)
            points = np.zeros(len(table), np.int64)
            for term in self.terms:
                points += term.points * _holds(seen, term.asked)
            table.memo[key] = points
        return points

    def _taken(self, table: LineTable) -> Mask:
        taken = table.memo.get(self)
        if taken is None:
            seen = self._seen(table)
            taken = (self._points(table) >= self.rule.at_least) & (table.chars <= self.rule.longest)
            for asked in self.where:
                taken &= _holds(seen, asked)
            taken[_headlines(seen)] = False
            table.memo[self] = taken
        return taken

    def _notes(self, table: LineTable) -> dict[int, str]:
        """Say for each line that is taken how many points it has, and the terms that weigh most."""
        notes = table.memo.get(("notes", self))
        if notes is None:
            rows = np.flatnonzero(self._taken(table))
            notes = table.memo["notes", self] = dict(zip(rows.tolist(), self._said(table, rows), strict=True))
        return notes

    def _said(self, table: LineTable, rows: Ints) -> list[str]:
        seen, total = self._seen(table), self._points(table)[rows].tolist()
        terms = [term for term in self.terms if term.asked]
        spoke = np.zeros((len(terms), len(rows)), np.int64)
        for number, term in enumerate(terms):
            spoke[number] = term.points * _holds(seen, term.asked, rows)
        most = np.argsort(-np.abs(spoke), axis=0, kind="stable")[:_SHOWN]
        held = np.take_along_axis(spoke, most, axis=0)
        rest = (spoke.sum(axis=0) - held.sum(axis=0)).tolist()
        texts = [f"{term.points:+d} {term.text}" for term in terms]
        return [
            f"{total[place]} points of {self.rule.at_least}: "
            f"{'; '.join(texts[number] for number in most[:, place].tolist())}; {rest[place]:+d} from others"
            for place in range(len(rows))
        ]


def _headlines(seen: Observations) -> Ints:
    """Return the row of each document that is likely to be its headline.

    It is the longest of the eight lines above the first paragraph that end in no full stop, hold no date
    and no address, and are long enough to say something (15 characters).
    """
    near = (seen["past.prose"] == 0) & (seen["until.prose"] <= _HEAD) & (seen["chars"] >= _SHORTEST)
    near &= (seen["finished"] == 0) & (seen["dated"] == 0) & (seen["pipes"] == 0) & (seen["urls"] == 0)
    rows = np.flatnonzero(near)
    document, chars = seen.table.document[rows], seen["chars"][rows]
    order = np.lexsort((rows, -chars, document))
    first = np.flatnonzero(np.diff(document[order], prepend=-1))
    return rows[order[first]]


def _holds(seen: Observations, asked: Sequence[tuple[str, bool, int]], rows: Ints | None = None) -> Mask:
    """Tell of which lines, of all or of `rows`, everything asked is true."""
    held = np.ones(len(seen.table) if rows is None else len(rows), np.bool_)
    for name, at_least, figure in asked:
        column = seen[name] if rows is None else seen[name][rows]
        held &= column >= figure if at_least else column < figure
    return held
