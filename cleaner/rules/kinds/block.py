"""Text that stands again later in the same document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner.rules.finder import Finder, Hit
from cleaner.rules.model import Count, Rule
from cleaner.rules.stretches import in_runs, repeated

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleaner.rules.finder import View
    from cleaner.rules.scan import Batch
    from cleaner.rules.table import Ints

__all__ = ["RepeatedBlock", "RepeatedBlockRule", "RepeatedList", "RepeatedListRule"]

_LABEL = 60  # characters
_PUNCTUATION = frozenset(".,;:!?…。，；：！？、؟،۔।")


class RepeatedBlockRule(
    Rule, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="repeated_block"
):
    """Lines that stand again, word for word, later in the text: the later copy.

    The block has `block_chars` characters or more in all, and one of its lines at least
    `line_chars`; dialogue, refrains and tables, whose lines are short, may repeat. So may what recurs:
    a plan names its items, and a thread quotes its posts, again and again. A long line that stands
    more than `copies` times begins no block, and a block is mostly long lines.
    """

    block_chars: Count = 80
    line_chars: Count = 60
    copies: Count = 2


class RepeatedBlock(Finder[RepeatedBlockRule]):
    """Finds the later copies of blocks."""

    def candidates(self, batch: Batch) -> Ints:
        """Return the long rows that stand more than once in their document."""
        table = batch.table
        rows = np.flatnonzero(table.chars >= self.rule.line_chars)
        return rows[repeated(table.document[rows], table.key[rows])]

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield one hit a block; a line belongs to the first block that covers it."""
        free = 0
        for row in rows:
            if row < free or view.chars[row] < self.rule.line_chars:
                continue
            places = view.positions(row)
            if places[0] == row or len(places) > self.rule.copies:
                continue
            first, start, end = self._extend(view, places[0], row, free)
            lengths = view.chars[start:end].tolist()
            if sum(lengths) < self.rule.block_chars or _mostly_short(
                lengths, min(_LABEL, self.rule.line_chars)
            ):
                continue
            if self.guards.allow(view, start, end - 1):
                yield Hit(tuple(range(start, end)), witness=tuple(range(first, first + end - start)))
            free = end

    def _extend(self, view: View, first: int, second: int, free: int) -> tuple[int, int, int]:
        """Widen a pair of equal lines to the longest equal stretches that do not touch each other."""
        keys = view.keys
        above = 0
        while (
            first - above > 0
            and second - above > max(free, first + 1)
            and keys[first - above - 1] == keys[second - above - 1]
        ):
            above += 1
        below = 1
        while (
            second + below < len(keys)
            and first + below < second - above
            and keys[first + below] == keys[second + below]
        ):
            below += 1
        return first - above, second - above, second + below


class RepeatedListRule(
    Rule, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="repeated_list"
):
    """A run of `lines` labels or more that stands again later in the text: the later copy, such as a menu in the footer.

    A label has at most `longest` characters and `words` words and ends in no punctuation, which verse and
    dialogue seldom lack. A line that stands more than `copies` times is one of a form that recurs, and ends the run.
    """

    lines: Count = 6
    longest: Count = 40
    words: Count = 4
    copies: Count = 2


class RepeatedList(Finder[RepeatedListRule]):
    """Finds the later copies of runs of labels."""

    def candidates(self, batch: Batch) -> Ints:
        """Return the short rows that stand more than once in their document, where enough of them follow each other."""
        table = batch.table
        rows = np.flatnonzero(table.chars <= self.rule.longest)
        rows = rows[repeated(table.document[rows], table.key[rows])]
        return self.guards.place(batch, in_runs(rows, table.document[rows], self.rule.lines))

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield one hit a run, as long as it goes."""
        free = 0
        for row in rows:
            if row < free:
                continue
            first = view.positions(row)[0]
            size = self._size(view, first, row)
            keys = set(view.keys[row : row + size])
            if len(keys) >= self.rule.lines and self.guards.allow(view, row, row + size - 1):
                free = row + size
                yield Hit(tuple(range(row, free)), witness=tuple(range(first, first + size)))

    def _size(self, view: View, first: int, second: int) -> int:
        """Return how many labels from `second` on equal those from `first` on."""
        keys, size = view.keys, 0
        while (
            second + size < len(keys)
            and first + size < second
            and keys[first + size] == keys[second + size]
            and self._is_label(view.lines[second + size].text)
            and len(view.positions(second + size)) <= self.rule.copies
        ):
            size += 1
        return size

    def _is_label(self, text: str) -> bool:
        text = text.strip()
        return (
            len(text) <= self.rule.longest
            and len(text.split()) <= self.rule.words
            and text[-1] not in _PUNCTUATION
        )


def _mostly_short(lengths: Sequence[int], label: int) -> bool:
    """Tell whether more lines are labels than paragraphs."""
    return 2 * sum(length < label for length in lengths) > len(lengths)
