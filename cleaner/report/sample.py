"""Which documents the page shows: few, the same in every run, and some for every rule."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

import pyarrow.compute as pc

from cleaner.report.tally import hash64

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

__all__ = ["Sample"]

_MOST = 24  # documents that changed most
_EACH = 3  # documents of each rule, flag and language
_SHORT = 200  # characters; below, a share removed says little


class Sample:
    """Rows chosen while the totals are counted, by what they hold and by a hash of their id.

    Of each rule, flag and language some documents are taken, of those that changed most some more, of
    the others as many as there is room for. Memory: a few numbers for each of these groups.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self.most = _Smallest(min(_MOST, max(size // 4, 1)))
        self.changed = _Smallest(size)
        self.untouched = _Smallest(max(size // 10, 1))
        self.errors = _Smallest(20)
        self.groups: dict[tuple[str, str], _Smallest] = {}

    def add(self, first: int, batch: pa.RecordBatch, edits: pa.Table) -> None:
        """Look at the rows of a batch; `first` is the number of its first row, `edits` its edits."""
        order = [hash64(*pair) for pair in zip(_strings(batch, "id"), _strings(batch, "source"), strict=True)]
        errors = pc.is_valid(batch["error"]).to_pylist()
        touched = set(edits.filter(edits["applied"])["row"].unique().to_pylist())
        before = pc.fill_null(batch["chars_in"], 0).to_pylist()
        after = pc.fill_null(batch["chars_out"], 0).to_pylist()
        for row, (failed, start, end) in enumerate(zip(errors, before, after, strict=True)):
            if failed:
                self.errors.add((order[row],), first + row)
                continue
            (self.changed if row in touched else self.untouched).add((order[row],), first + row)
            if start >= _SHORT and row in touched:
                self.most.add((-(start - end) / start, order[row]), first + row)
        pairs = edits.group_by(["rule", "row"]).aggregate([])
        self._group(
            "rule", zip(*(pairs[name].to_pylist() for name in ("rule", "row")), strict=True), first, order
        )
        flags = pc.list_flatten(batch["flags"]).to_pylist()
        rows = pc.list_parent_indices(batch["flags"]).to_pylist()
        self._group("flag", zip(flags, rows, strict=True), first, order)
        languages = _strings(batch, "language")
        good = ((name, row) for row, name in enumerate(languages) if not errors[row])
        self._group("language", good, first, order)

    def _group(self, kind: str, pairs: Iterable[tuple[str, int]], first: int, order: list[int]) -> None:
        for name, row in pairs:
            group = self.groups.setdefault((kind, name), _Smallest(_EACH))
            group.add((order[row],), first + row)

    def chosen(self) -> list[int]:
        """Return the numbers of the rows to show: first those that changed most, then in turn of each group."""
        groups = [self.groups[name].items() for name in sorted(self.groups, key=_rules_first)]
        turns = [group[turn] for turn in range(_EACH) for group in groups if turn < len(group)]
        spare = self.untouched.items()
        room = max(self.size - min(len(spare), self.size // 20), 1)
        rows = list(dict.fromkeys([*self.most.items(), *turns, *self.changed.items()]))[:room]
        return list(dict.fromkeys([*rows, *spare]))[: self.size]


class _Smallest:
    """The rows with the smallest keys of all that were added."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._heap: list[tuple[tuple[Any, ...], int]] = []

    def add(self, key: tuple[float, ...], row: int) -> None:
        item = (tuple(-part for part in key), -row)
        if len(self._heap) < self.size:
            heapq.heappush(self._heap, item)
        elif item > self._heap[0]:
            heapq.heapreplace(self._heap, item)

    def items(self) -> list[int]:
        return [-row for _, row in sorted(self._heap, reverse=True)]


def _rules_first(group: tuple[str, str]) -> tuple[int, str]:
    return ("rule", "flag", "language").index(group[0]), group[1]


def _strings(batch: pa.RecordBatch, name: str) -> list[str]:
    if name not in batch.schema.names:
        return [""] * batch.num_rows
    return list(pc.fill_null(batch[name], "").to_pylist())
