"""Kinds that look at the words of lines: one line, several in a row, everything below one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeVar

from msgspec import Meta

from cleaner.rules.conditions import compile_condition
from cleaner.rules.finder import Finder, Hit, condition_of
from cleaner.rules.model import Condition, Count, Rule, TextRule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleaner.rules.finder import View
    from cleaner.rules.scan import Batch
    from cleaner.rules.table import Ints

__all__ = [
    "Boundary",
    "BoundaryRule",
    "LabelledList",
    "LabelledListRule",
    "LineKind",
    "LineRule",
    "SequenceRule",
    "Sequence_",
    "Step",
]


_PUNCTUATION = frozenset(".,;:!?…。，；：！？、؟،۔।\"'”’»")
_MANY = 60  # lines; more in a row that look alike are a list with a meaning of its own


T = TypeVar("T", bound=TextRule)


class TextFinder(Finder[T]):
    """The base of kinds that look for lines by the condition of their rule."""

    gated = True

    def __init__(self, rule: T) -> None:
        super().__init__(rule)
        self.matcher = compile_condition(condition_of(rule))
        self.matchers = (self.matcher,)

    def candidates(self, batch: Batch) -> Ints:
        """Return the rows that fulfil the condition, at a place where the rule may act."""
        return self.guards.place(batch, batch.rows(self.matcher))


class LineRule(TextRule, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="line"):
    """A single line that looks like `exact`, `prefix`, `contains`, `regex` or `similar`."""


class LineKind(TextFinder[LineRule]):
    """Finds single lines by their text."""

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield one hit a line."""
        for row in rows:
            if view.fulfils(row, self.matcher):
                if self.guards.allow(view, row, row):
                    yield Hit((row,))
                elif self.guards.limit and not self.guards.refuses(view.lines[row].key):
                    yield Hit((row,), limit=self.guards.limit)


class LabelledListRule(
    TextRule, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="labelled_list"
):
    """A label, and the list of headlines below it if there is one: `at_least` lines, and `at_most` so many.

    A headline has from `shortest` to `longest` characters and ends in no punctuation. The last line above one that is
    none may be its heading, and stays.
    """

    at_least: Count = 2
    at_most: Count = 15
    shortest: Count = 12
    longest: Count = 160


class LabelledList(TextFinder[LabelledListRule]):
    """Finds labels with what they head."""

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield one hit a label."""
        for row in rows:
            if view.fulfils(row, self.matcher) and self.guards.allow(view, row, row):
                end = row + 1
                while end < view.count and end - row <= self.rule.at_most and self._is_headline(view, end):
                    end += 1
                if end < view.count and end - row <= self.rule.at_most:
                    end -= 1
                yield Hit(tuple(range(row, end if end - row > self.rule.at_least else row + 1)))

    def _is_headline(self, view: View, row: int) -> bool:
        text = view.lines[row].text.strip()
        return self.rule.shortest <= len(text) <= self.rule.longest and text[-1] not in _PUNCTUATION


class Step(Condition, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One line of a sequence; with `many` up to 60 lines that look alike; `optional` ones may lack."""

    optional: bool = False
    many: bool = False


class SequenceRule(
    Rule, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="sequence"
):
    """Lines that follow each other, blank lines not counted; the first step is not optional."""

    lines: Annotated[tuple[Step, ...], Meta(min_length=2)]


class Sequence_(Finder[SequenceRule]):  # noqa: N801 - `Sequence` is the standard library's
    """Finds lines that follow each other."""

    gated = True

    def __init__(self, rule: SequenceRule) -> None:
        super().__init__(rule)
        self.steps = [
            (compile_condition(step), step.optional, _MANY if step.many else 1) for step in rule.lines
        ]
        self.matchers = (self.steps[0][0],)

    def candidates(self, batch: Batch) -> Ints:
        """Return the rows that fulfil the first step."""
        rows = batch.rows(self.steps[0][0])
        if self.rule.head is not None:
            rows = rows[batch.table.from_head[rows] < self.rule.head]
        return rows

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield the lines of each sequence; sequences do not overlap."""
        free = 0
        for row in rows:
            if row < free:
                continue
            end = self._end(view, row)
            if end is not None and self.guards.allow(view, row, end - 1):
                free = end
                yield Hit(tuple(range(row, end)))

    def _end(self, view: View, row: int) -> int | None:
        for matcher, optional, at_most in self.steps:
            taken = 0
            while taken < at_most and row < view.count and view.fulfils(row, matcher):
                row += 1
                taken += 1
            if not taken and not optional:
                return None
        return row


class BoundaryRule(
    TextRule, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="boundary"
):
    """A line below which nothing belongs to the text.

    Text may well follow a footer, so a boundary acts only where at most `max_lines` lines stand below
    it and none of them has more than `longest` characters.
    """

    max_lines: Count
    longest: Count


class Boundary(TextFinder[BoundaryRule]):
    """Finds a line and everything below it."""

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield the lines from the first boundary to the end; above it, those that become one when more goes."""
        for row in rows:
            if row == 0 or not view.fulfils(row, self.matcher) or not self.guards.allow(view, row, row):
                continue
            if (
                view.count - row - 1 <= self.rule.max_lines
                and (view.chars[row + 1 :] <= self.rule.longest).all()
            ):
                yield Hit(tuple(range(row, view.count)))
                return
            if self.guards.free:
                yield Hit((row,), limit=self.rule.max_lines + 1, longest=self.rule.longest)
