"""Headlines that stand twice at the head of a text, and what stands above them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner.rules.finder import Finder, Hit
from cleaner.rules.model import Count, Rule
from cleaner.rules.stretches import repeated

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleaner.document import Line
    from cleaner.rules.finder import View
    from cleaner.rules.scan import Batch
    from cleaner.rules.table import Ints

__all__ = ["Headline", "HeadlineRule", "RepeatedHeadline", "RepeatedHeadlineRule", "Teaser", "TeaserRule"]

_SEPARATORS = (" | ", " - ", " – ", " — ", " · ", " :: ", " » ", " / ")
_SENTENCE_ENDS = ".。।؟"
_TWICE = 2
_BYTES = 15
_WIDE = "\u1100"  # from here on a character is about a word's worth: Hangul, kana, ideographs


class RepeatedHeadlineRule(
    Rule, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="repeated_headline"
):
    """A headline that stands twice among the first `window` lines.

    With `suffix` the second copy may carry the name of the site behind a separator, of at most
    `suffix` characters. A headline has at least `shortest` characters (an ideograph counts for three),
    ends in no full stop, stands no third time in the text, as fields of records do, and stands above a line of prose: one of `prose` characters or more, which
    verse and lists lack.
    """

    window: Count = 8
    shortest: Count = 15
    prose: Count = 100
    suffix: Count | None = None


class RepeatedHeadline(Finder[RepeatedHeadlineRule]):
    """Finds the later copy of a headline; the one with the site's name where only one has it."""

    def candidates(self, batch: Batch) -> Ints:
        """Return the rows of the head window in documents that could hold two copies."""
        table, rule = batch.table, self.rule
        rows = np.flatnonzero((table.from_head < rule.window) & (table.chars >= rule.shortest // 3))
        if rule.suffix is None:
            return rows[repeated(table.document[rows], table.key[rows])]
        # The copies begin alike; a headline has 15 bytes at least (see `is_headline`).
        rows = rows[table.keys.sizes[table.key[rows]] >= _BYTES]
        return rows[repeated(table.document[rows], table.keys.beginnings(table.key[rows]))]

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield at most one hit: the copy to drop, with the one that stays as its witness."""
        found = self._pair(view, [row for row in rows if row < self.rule.window])
        if found is not None and self.guards.allow(view, found[1], found[1]):
            kept, dropped = found
            yield Hit((dropped,), witness=(kept,), title=view.lines[kept].text.strip())

    def _pair(self, view: View, rows: Sequence[int]) -> tuple[int, int] | None:
        """Return the copy to keep and the one to drop, of the first of `rows` that is one."""
        for second in rows:
            for first in rows[: rows.index(second)]:
                copies = self._copies(view.lines[first], view.lines[second])
                if copies is None or len(view.positions(first)) > _TWICE:
                    continue
                kept, dropped = (first, second)[copies[0]], (first, second)[copies[1]]
                if is_headline(view.lines[kept], self.rule.shortest) and self._prose_below(view, second):
                    return kept, dropped
        return None

    def _copies(self, earlier: Line, later: Line) -> tuple[int, int] | None:
        """Return which of two lines stays and which goes (0 the earlier), if they are copies."""
        if self.rule.suffix is None:
            return (0, 1) if earlier.key == later.key else None
        if has_suffix(later.key, earlier.key, self.rule.suffix):
            return 0, 1
        return (1, 0) if has_suffix(earlier.key, later.key, self.rule.suffix) else None

    def _prose_below(self, view: View, row: int) -> bool:
        return bool((view.chars[row + 1 :] >= self.rule.prose).any())


class TeaserRule(
    Rule, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="teaser_above_headline"
):
    """A summary of at least `shortest` characters right above a headline that stands twice."""

    window: Count = 8
    shortest: Count = 60


class Teaser(Finder[TeaserRule]):
    """Finds the summary above the first of two equal headlines."""

    def candidates(self, batch: Batch) -> Ints:
        """Return the rows of the head window whose line stands there more than once."""
        table = batch.table
        rows = np.flatnonzero(table.from_head < self.rule.window)
        return rows[repeated(table.document[rows], table.key[rows])]

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield the line above the first copy."""
        for row in rows:
            if not 0 < row < self.rule.window or view.positions(row)[0] != row:
                continue
            copies = [place for place in view.positions(row) if place < self.rule.window]
            if (
                len(copies) > 1
                and view.chars[row - 1] >= self.rule.shortest
                and is_headline(view.lines[row], 15)
            ):
                if self.guards.allow(view, row - 1, row - 1):
                    yield Hit((row - 1,), witness=tuple(copies[:2]))
                return


class HeadlineRule(
    Rule, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="headline"
):
    """The headline itself, among the first `window` lines, where the record holds it in `title`.

    In a page, that is also the line of an `h1` element.

    Rules of this kind act only where the title is not wanted in the text.
    """

    window: Count = 8


class Headline(Finder[HeadlineRule]):
    """Finds the line that equals the title."""

    def candidates(self, batch: Batch) -> Ints:
        """Return the rows of the head window."""
        return np.flatnonzero(batch.table.from_head < self.rule.window)

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield the first line that equals the title, if there is a title."""
        wanted = view.context.titles
        for row in rows:
            if row < self.rule.window and (
                view.lines[row].key.removeprefix("- ") in wanted or _in_h1(view, row)
            ):
                if self.guards.allow(view, row, row):
                    yield Hit((row,))
                return


def _in_h1(view: View, row: int) -> bool:
    place = view.place(row)
    return place is not None and "h1" in place.tags


def is_headline(line: Line, shortest: int) -> bool:
    """Tell whether a line can be a headline by its form."""
    text = line.key
    length = sum(3 if char >= _WIDE else 1 for char in text[:300])
    return length >= shortest and len(text) <= 300 and text[-1] not in _SENTENCE_ENDS


def has_suffix(longer: str, shorter: str, most: int) -> bool:
    """Tell whether `longer` is `shorter` with a separator and at most `most` characters behind it."""
    if len(longer) <= len(shorter) or not longer.startswith(shorter):
        return False
    rest = longer[len(shorter) :]
    return any(rest.startswith(mark) and 0 < len(rest) - len(mark) <= most for mark in _SEPARATORS)
