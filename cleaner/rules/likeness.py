"""What a line shares with other lines of its document: all of it, its form, its beginning, its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner.native import signs

if TYPE_CHECKING:
    from cleaner.rules.table import Ints, LineTable

__all__ = ["REPEATS", "repeats"]

REPEATS = (
    "copies",
    "later_copy",
    "patterns",
    "begins_alike",
    "ends_alike",
    "begins_as_above",
    "ends_as_above",
)


def repeats(table: LineTable) -> dict[str, Ints]:
    """Return what each line shares with other lines of its document."""
    pattern, begin, end = _likeness(table)
    copies, nth = _counted(table, table.key)
    above = table.document[1:] == table.document[:-1]

    def as_above(column: Ints) -> Ints:
        same = np.zeros(len(column), np.int64)
        same[1:] = above & (column[1:] == column[:-1])
        return same

    return {
        "copies": copies,
        "later_copy": (nth > 0).astype(np.int64),
        "patterns": _counted(table, pattern)[0],
        "begins_alike": _counted(table, begin)[0],
        "ends_alike": _counted(table, end)[0],
        "begins_as_above": as_above(begin),
        "ends_as_above": as_above(end),
    }


def _likeness(table: LineTable) -> tuple[Ints, Ints, Ints]:
    """Return for each line what it looks like without its figures, its first and its last bytes, as numbers."""
    keys = table.keys
    known = table.whole.memo
    if "likeness" not in known:
        known["likeness"] = np.empty((3, len(keys)), np.int64)
        signs.likeness(keys.data, keys.bounds, *known["likeness"])
    pattern, begin, end = known["likeness"]
    return pattern[table.key], begin[table.key], end[table.key]


def _counted(table: LineTable, value: Ints) -> tuple[Ints, Ints]:
    """Return for each row how many rows of its document have its value, and how many of them stand above."""
    copies, nth = np.empty_like(value), np.empty_like(value)
    signs.Lines(table.first, len(table)).counted(value, copies, nth)
    return copies, nth
