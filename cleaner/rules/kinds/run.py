"""Lines in a row that all come from one closed list of words: menus and footers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

from cleaner.rules.conditions import compile_condition
from cleaner.rules.finder import Finder, Hit
from cleaner.rules.model import Condition, Count, Rule
from cleaner.rules.stretches import in_runs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cleaner.rules.finder import View
    from cleaner.rules.scan import Batch
    from cleaner.rules.table import Ints

__all__ = ["WordRun", "WordRunRule"]


class WordRunRule(
    Rule, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="word_run"
):
    """`at_least` lines in a row, each of them one of `words` and nothing else.

    One such word may be a heading, a verse or an answer; several in a row are a menu. A run below a
    line that ends in a colon is a list of the text and stays.
    """

    words: Annotated[tuple[str, ...], Meta(min_length=2)]
    at_least: Count = 4


class WordRun(Finder[WordRunRule]):
    """Finds runs of words."""

    gated = True

    def __init__(self, rule: WordRunRule) -> None:
        super().__init__(rule)
        self.matcher = compile_condition(Condition(exact=rule.words))
        self.matchers = (self.matcher,)

    def candidates(self, batch: Batch) -> Ints:
        """Return the rows that are one of the words, with enough of them in a row."""
        rows = batch.rows(self.matcher)
        return in_runs(rows, batch.table.document[rows], self.rule.at_least)

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield one hit a run."""
        for first, end in self._runs(view, rows):
            if (
                end - first >= self.rule.at_least
                and not (first and view.lines[first - 1].key.endswith(":"))
                and self.guards.allow(view, first, end - 1)
            ):
                yield Hit(tuple(range(first, end)))

    def _runs(self, view: View, rows: Sequence[int]) -> Iterator[tuple[int, int]]:
        first = end = -1
        for row in rows:
            if not view.fulfils(row, self.matcher):
                continue
            if row != end:
                if end > first:
                    yield first, end
                first = row
            end = row + 1
        if end > first:
            yield first, end
