"""Text that stands again later in the same document."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner.rules.finder import Finder, Hit
from cleaner.rules.kinds.headline import repeated
from cleaner.rules.model import Count, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleaner.rules.finder import View
    from cleaner.rules.scan import Batch
    from cleaner.rules.table import Ints

__all__ = ["RepeatedBlock", "RepeatedBlockRule"]

_LABEL = 60  # characters


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
            if row < free or len(view.lines[row].text) < self.rule.line_chars:
                continue
            places = view.positions[view.lines[row].key]
            if places[0] == row or len(places) > self.rule.copies:
                continue
            first, start, end = self._extend(view, places[0], row, free)
            lengths = [len(line.text) for line in view.lines[start:end]]
            if sum(lengths) < self.rule.block_chars or _mostly_short(
                lengths, min(_LABEL, self.rule.line_chars)
            ):
                continue
            if self.guards.allow(view, start, end - 1):
                yield Hit(tuple(range(start, end)), witness=tuple(range(first, first + end - start)))
            free = end

    def _extend(self, view: View, first: int, second: int, free: int) -> tuple[int, int, int]:
        """Widen a pair of equal lines to the longest equal stretches that do not touch each other."""
        lines = view.lines
        above = 0
        while (
            first - above > 0
            and second - above > max(free, first + 1)
            and lines[first - above - 1].key == lines[second - above - 1].key
        ):
            above += 1
        below = 1
        while (
            second + below < len(lines)
            and first + below < second - above
            and lines[first + below].key == lines[second + below].key
        ):
            below += 1
        return first - above, second - above, second + below


def _mostly_short(lengths: Sequence[int], label: int) -> bool:
    """Tell whether more lines are labels than paragraphs."""
    return 2 * sum(length < label for length in lengths) > len(lengths)
