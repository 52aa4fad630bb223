"""Lines known by what can be observed of them: their shape, their neighbours and their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import numpy as np
from msgspec import Meta, field

from cleaner.rules.asked import conditions_of, observations, vocabulary_of
from cleaner.rules.conditions import compile_condition
from cleaner.rules.finder import Finder, Hit, condition_of
from cleaner.rules.model import TextRule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleaner.rules.finder import View
    from cleaner.rules.scan import Batch
    from cleaner.rules.table import Ints, LineTable

__all__ = ["Observed", "ObservedRule"]


class ObservedRule(
    TextRule, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="observed"
):
    """A line of which everything in `where` is true, such as `bullet >= 1`.

    Where the rule says something of the text too, as a rule of the kind `line` does, that must hold besides. The
    word classes are those of the card; `words` are filled in from it. Pages are not asked about: their
    elements say more than the shape of a line.
    """

    card: str
    where: Annotated[tuple[str, ...], Meta(min_length=1)]
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)


class Observed(Finder[ObservedRule]):
    """Finds lines by observations."""

    def __init__(self, rule: ObservedRule) -> None:
        super().__init__(rule)
        self.where = conditions_of(rule.where, rule.words)
        self.vocabulary = vocabulary_of(tuple(rule.words.items()))
        self.matcher = compile_condition(condition_of(rule))

    def candidates(self, batch: Batch) -> Ints:
        """Return the rows of which everything is true that is asked for."""
        if len(batch.pages) == len(batch.table):
            return batch.pages[:0]
        rows = self._found(batch.table)
        return self.guards.place(batch, rows[~np.isin(rows, batch.pages)])

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield one hit a line."""
        if view.context.places:
            return
        asked = np.asarray(rows, np.int64)
        for row in asked[np.isin(asked + view.first, self._found(view.table))].tolist():
            if view.fulfils(row, self.matcher) and self.guards.allow(view, row, row):
                yield Hit((row,))

    def _found(self, table: LineTable) -> Ints:
        found: Ints | None = table.memo.get(self)
        if found is None:
            rows = np.arange(len(table))
            if len(rows):
                rows = rows[self.where.held(observations(table, self.vocabulary), rows).all(axis=0)]
            found = table.memo[self] = rows
        return found
