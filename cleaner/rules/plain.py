"""Rules that ask for nothing but a line, its place and its neighbours, which most are, all at once over a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.rules.kinds.line import LineKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.rules.conditions import Matcher
    from cleaner.rules.finder import Finder
    from cleaner.rules.hits import Hits
    from cleaner.rules.scan import Batch
    from cleaner.rules.table import Ints, LineTable, Mask

__all__ = ["PlainLines"]

_ANYWHERE = 1 << 40


class PlainLines:
    """The line rules without guards but `head`, `tail`, `unless`, `prev` and `next`.

    They come to the hits to which their finders would come one by one, for all documents in a few steps:
    the scan has verified their conditions, and the guards ask each distinct line once.

    Args:
        finders: all finders of an engine; a rule is named by its place among them.

    """

    def __init__(self, finders: Sequence[Finder[Any]]) -> None:
        self.rules = frozenset(
            index
            for index, finder in enumerate(finders)
            if isinstance(finder, LineKind) and finder.guards.plain
        )
        guards = [finder.guards for finder in finders]
        self._unless = [guard.unless for guard in guards]
        self._neighbours = [[guard.prev for guard in guards], [guard.next for guard in guards]]
        self._asks = [np.array([each is not None for each in side], np.bool_) for side in self._neighbours]
        self._head = np.array([finder.rule.head or _ANYWHERE for finder in finders], np.int64)
        self._tail = np.array([finder.rule.tail or _ANYWHERE for finder in finders], np.int64)
        self._limit = np.array([guard.limit for guard in guards], np.int64)
        self._wanted: dict[Matcher, list[int]] = {}
        for index in sorted(self.rules):
            self._wanted.setdefault(finders[index].matchers[0], []).append(index)

    def find(self, batch: Batch, hits: Hits) -> None:
        """Add the hits, in the order of the rules and, of one rule, of the lines."""
        table = batch.table
        rules, rows = self._pairs(batch)
        if not len(rules):
            return
        near = (table.from_head[rows] < self._head[rules]) & (table.from_tail[rows] < self._tail[rules])
        limits = np.where(near, 0, self._limit[rules])
        held = near | (limits != 0)
        rules, rows, limits = rules[held], rows[held], limits[held]
        for side, shift in ((0, -1), (1, 1)):
            if self._asks[side][rules].any():
                held = self._beside(table, rules, rows, side, shift)
                rules, rows, limits = rules[held], rows[held], limits[held]
        order = np.lexsort((rows, rules))
        hits.add_lines(rules[order], rows[order], limits[order])

    def _beside(self, table: LineTable, rules: Ints, rows: Ints, side: int, shift: int) -> Mask:
        """Tell where the line above (side 0) or below (1) is as the rule asks."""
        held = ~self._asks[side][rules]
        asked = np.flatnonzero(~held)
        there = (table.from_head if side == 0 else table.from_tail)[rows[asked]] > 0
        asked = asked[there]
        if not len(asked):
            return held
        pairs, back = np.unique(
            rules[asked] * len(table.keys) + table.key[rows[asked] + shift], return_inverse=True
        )
        answers = np.zeros(len(pairs), np.bool_)
        for place, (rule, key) in enumerate(zip(*np.divmod(pairs, max(1, len(table.keys))), strict=True)):
            wanted = self._neighbours[side][rule]
            answers[place] = wanted is None or wanted(table.keys.text(int(key)))
        held[asked] = answers[back]
        return held

    def _pairs(self, batch: Batch) -> tuple[Ints, Ints]:
        """Return rule and row wherever the line of a row is what a rule asks for, whatever its place."""
        rules, keys = self._verdicts(batch)
        order, begin = batch.table.by_key
        count = begin[keys + 1] - begin[keys]
        first = np.repeat(begin[keys] - np.cumsum(count) + count, count)
        return np.repeat(rules, count), order[first + np.arange(int(count.sum()))]

    def _verdicts(self, batch: Batch) -> tuple[Ints, Ints]:
        """Return rule and key for every line of the root table; what a line looks like does not change with others."""
        memo = batch.table.whole.memo
        if self not in memo:
            rules: list[int] = []
            keys: list[int] = []
            for matcher, found in batch.found.items():
                for rule in self._wanted.get(matcher, ()):
                    unless = self._unless[rule]
                    mine = [
                        key
                        for key in found.tolist()
                        if unless is None or not unless(batch.table.keys.text(key))
                    ]
                    rules += [rule] * len(mine)
                    keys += mine
            memo[self] = np.array(rules, np.int64), np.array(keys, np.int64)
        verdicts: tuple[Ints, Ints] = memo[self]
        return verdicts
