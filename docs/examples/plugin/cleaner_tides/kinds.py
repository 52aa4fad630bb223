"""A kind of rules: lines that begin and end with the same mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner.rules.finder import Finder, Hit
from cleaner.rules.model import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleaner.rules.finder import View
    from cleaner.rules.scan import Batch
    from cleaner.rules.table import Ints


class SameEndsRule(
    Rule, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="same_ends"
):
    """A line that begins and ends with `mark`."""

    mark: str


class SameEnds(Finder[SameEndsRule]):
    """Finds lines between two marks."""

    def candidates(self, batch: Batch) -> Ints:
        """Return rows of the batch that may be hits; all of them is right, and slow."""
        return np.arange(len(batch.table.document))

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield the hits in one document."""
        for row in rows:
            key, mark = view.lines[row].key, self.rule.mark
            both = key.startswith(mark) and key.endswith(mark) and len(key) > 2 * len(mark)
            if both and self.guards.allow(view, row, row):
                yield Hit((row,))
