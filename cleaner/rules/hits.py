"""What the finders found in one pass over a batch, as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleaner.rules.finder import Hit
    from cleaner.rules.table import Ints, Mask

__all__ = ["Hits"]

_WIDTH = 7


class Hits:
    """Hits on lines of a batch, in the order of their rules; lines are rows of its table.

    `columns` has a row for each hit: its rule, the lines from and to which it reaches, where its witnesses stand in
    `witnesses` from and to, its limit and its `longest` (see `cleaner.rules.finder.Hit`). `titles` and `notes`
    are of hits by their place. Finders' hits are added in any order, and `sort` puts them in order.
    """

    def __init__(self) -> None:
        self._parts: list[Ints] = []
        self._loose: list[tuple[int, ...]] = []
        self._size = 0
        self.columns = np.empty((0, _WIDTH), np.int64)
        self.witnesses: list[int] = []
        self.titles: dict[int, str] = {}
        self.notes: dict[int, Callable[[], str]] = {}

    def add(self, rule: int, first: int, hit: Hit) -> None:
        """Add what one rule found in a document whose lines begin at row `first`."""
        seen = len(self.witnesses)
        self.witnesses += [first + row for row in hit.witness]
        if hit.title:
            self.titles[self._size] = hit.title
        if hit.note:
            self.notes[self._size] = hit.note
        low, high = first + hit.rows[0], first + hit.rows[-1] + 1
        self._loose.append((rule, low, high, seen, len(self.witnesses), hit.limit, hit.longest))
        self._size += 1

    def add_lines(
        self,
        rules: Ints | int,
        rows: Ints,
        limits: Ints | int = 0,
        note: Callable[[int], Callable[[], str]] | None = None,
    ) -> None:
        """Add single lines, each for the rule beside it."""
        if not len(rows):
            return
        self._gather()
        part = np.zeros((len(rows), _WIDTH), np.int64)
        part[:, 0], part[:, 1], part[:, 2], part[:, 5], part[:, 6] = rules, rows, rows + 1, limits, -1
        self._parts.append(part)
        if note is not None:
            self.notes.update((self._size + place, note(row)) for place, row in enumerate(rows.tolist()))
        self._size += len(rows)

    def _gather(self) -> None:
        if self._loose:
            self._parts.append(np.array(self._loose, np.int64))
            self._loose = []

    def wanted(self, acts: Mask, count: int, behind: Ints) -> Mask:
        """Tell for each of `count` rows whether a rule that acts would take it; `behind` is where its document ends."""
        self._gather()
        wanted = np.zeros(count, np.bool_)
        for part in self._parts:
            acting = part[acts[part[:, 0]]]
            wanted[acting[:, 1]] = True
            several = (acting[:, 2] - acting[:, 1] > 1) | (acting[:, 6] >= 0)
            for low, high, longest in acting[several][:, [1, 2, 6]].tolist():
                wanted[low : behind[low] if longest >= 0 else high] = True
        return wanted

    def sort(self) -> Hits:
        """Put the hits in the order of their rules; those of one rule stay as its finder gave them."""
        self._gather()
        if len(self._parts) == 1 and not self.titles and not self.notes:
            found = self._parts[0]
            self.columns = found[np.argsort(found[:, 0], kind="stable")]
        elif self._parts:
            found = np.concatenate(self._parts)
            order = np.argsort(found[:, 0], kind="stable")
            self.columns = found[order]
            if self.titles or self.notes:
                place = np.empty(len(order), np.int64)
                place[order] = np.arange(len(order))
                self.titles = {int(place[hit]): title for hit, title in self.titles.items()}
                self.notes = {int(place[hit]): note for hit, note in self.notes.items()}
        return self

    def __len__(self) -> int:
        return self._size
