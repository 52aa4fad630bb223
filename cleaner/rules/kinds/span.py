"""Furniture glued into a line that is kept: a part of the line is trimmed."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import regex

from cleaner.fold import fold
from cleaner.rules.conditions import Form, Matcher, compile_pattern, spans
from cleaner.rules.edges import ANY_BYTE, pattern_edges
from cleaner.rules.facts import facts_of
from cleaner.rules.finder import Finder, Hit
from cleaner.rules.model import Count, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleaner.rules.finder import View
    from cleaner.rules.scan import Batch
    from cleaner.rules.table import Ints

__all__ = ["Span", "SpanRule"]


class SpanRule(Rule, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="span"):
    """A part of a line that `regex` finds in it, compared without case on the text as it stands.

    Only lines that keep at least `keep_chars` characters are touched. A span sees one line and
    nothing else, so it takes no guards of place, neighbours or language.
    """

    regex: str
    keep_chars: Count = 20


class Span(Finder[SpanRule]):
    """Finds parts of lines."""

    gated = True

    def __init__(self, rule: SpanRule) -> None:
        super().__init__(rule)
        literals = facts_of(rule.regex).literals
        form: Form = "test" if literals is None else "contains"
        self._reach = facts_of(rule.regex).reach
        edges = None if self._reach is None else pattern_edges(rule.regex, folded=False)
        ends = edges and edges._replace(first=ANY_BYTE)
        self.gate = Matcher(_Holds(literals), literals, rule.keep_chars, 1 << 40, form, ends)
        self.matchers = (self.gate,)

    @cached_property
    def pattern(self) -> regex.Pattern[str]:
        """The pattern, compiled for the first line that holds one of its literals."""
        return compile_pattern(self.rule.regex, regex.IGNORECASE)

    def candidates(self, batch: Batch) -> Ints:
        """Return the rows that hold a literal of the pattern, and a match."""
        table, rows = batch.table, batch.rows(self.gate)
        places = (rows, table.document[rows], table.start[rows], table.end[rows])
        held = [
            row
            for row, document, start, end in zip(*(each.tolist() for each in places), strict=True)
            if self._spans(table.texts[document][start:end])
        ]
        return np.array(held, np.int64)

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield one hit a match, with the white space that would be left over."""
        for row in rows:
            line = view.lines[row]
            spans = self._spans(line.text)
            kept = len(line.text) - sum(end - start for start, end in spans)
            if not spans or kept < self.rule.keep_chars or not self.guards.allow(view, row, row):
                continue
            for start, end in spans:
                yield Hit((row,), span=(start, end))

    def _spans(self, text: str) -> list[tuple[int, int]]:
        # A long paragraph need not be searched for what stands at its end.
        start = 0 if self._reach is None else max(0, len(text) - self._reach)
        found = spans(self.pattern, text, start)
        return [_with_space(text, start, end) for start, end in found if start < end]


def _with_space(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a span so that its removal leaves neither a space at an end of the line nor two in it."""
    if not text[end:].strip():
        return len(text[:start].rstrip()), len(text)
    if not text[:start].strip():
        return 0, len(text) - len(text[end:].lstrip())
    if text[start - 1].isspace() and text[end].isspace():
        return start, end + 1
    return start, end


class _Holds:
    """Tells whether a folded line holds one of the literals; picklable, and equal by them."""

    def __init__(self, literals: frozenset[str] | None) -> None:
        self.literals = None if literals is None else frozenset(map(fold, literals))

    def __call__(self, key: str) -> bool:
        return self.literals is None or any(literal in key for literal in self.literals)
