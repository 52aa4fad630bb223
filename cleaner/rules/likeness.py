"""What a line shares with other lines of its document: all of it, its form, its beginning, its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner.native import loops

if TYPE_CHECKING:
    from cleaner.rules.table import Ints, LineTable

__all__ = ["REPEATS", "repeats"]

_compiled = loops("signs")

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
    if "likeness" not in known and _compiled:
        known["likeness"] = np.empty((3, len(keys)), np.int64)
        _compiled.likeness(keys.data, keys.bounds, *known["likeness"])
    elif "likeness" not in known:
        data = np.frombuffer(keys.data, np.uint8)
        figures = np.where((data >= ord("0")) & (data <= ord("9")), ord("0"), data).astype(np.uint8)
        low, high = keys.bounds[:-1], keys.bounds[1:] - 1
        known["likeness"] = (
            _numbered(figures, keys.bounds),
            _packed(data, low, high, 0),
            _packed(data, low, high, -1),
        )
    pattern, begin, end = known["likeness"]
    return pattern[table.key], begin[table.key], end[table.key]


def _numbered(data: np.ndarray, bounds: Ints) -> Ints:
    """Give equal stretches of `data` the same number."""
    import pyarrow as pa

    stretches = pa.LargeBinaryArray.from_buffers(
        pa.large_binary(), len(bounds) - 1, [None, pa.py_buffer(bounds.astype(np.int64)), pa.py_buffer(data)]
    )
    numbers: Ints = stretches.dictionary_encode().indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return numbers


def _packed(data: np.ndarray, low: Ints, high: Ints, side: int) -> Ints:
    """Return the first or the last seven bytes of each key as one number."""
    packed = np.zeros(len(low), np.int64)
    for step in range(7):
        place = low + step if side == 0 else high - 1 - step
        inside = (place >= low) & (place < high)
        packed = packed * 256 + np.where(inside, data[np.where(inside, place, 0)], 0)
    return packed


def _counted(table: LineTable, value: Ints) -> tuple[Ints, Ints]:
    """Return for each row how many rows of its document have its value, and how many of them stand above."""
    document, copies, nth = table.document, np.empty_like(value), np.empty_like(value)
    if _compiled:
        _compiled.Lines(table.first, len(table)).counted(value, copies, nth)
        return copies, nth
    if not len(value):
        return value, value
    order = np.lexsort((value, document))
    same = np.zeros(len(order), np.bool_)
    same[1:] = (np.diff(value[order]) == 0) & (np.diff(document[order]) == 0)
    begins = np.flatnonzero(~same)
    group = np.cumsum(~same) - 1
    size = np.diff(np.append(begins, len(order)))
    copies[order] = size[group]
    nth[order] = np.arange(len(order)) - begins[group]
    return copies, nth
