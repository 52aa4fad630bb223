"""Observations: named whole-number columns over lines, their neighbours, their place and the document.

A name is a column, or a column seen through a view:

| name | value for a line |
|---|---|
| `chars`, `finished`, `words:site` ... | of the line itself: a column of `shape_of`, of the place, of the repetition, or a word class |
| `above.X`, `below.X`, `above2.X`, `below2.X` | X of the line one or two above or below; -1 where there is none |
| `near5.X`, `before5.X`, `after5.X` | a hundred times the mean of X in up to 5 lines on both sides, above, below |
| `all.X` | a hundred times the mean of X in the document |
| `past.X`, `rest.X` | how many lines above or below have X |
| `run.X` | length of the run of lines with X that this line stands in; 0 without X |
| `since.X`, `until.X` | lines to the next one with X above or below; 99 where there is none |

Everything is computed for the batch at once, from whole numbers, and never across documents.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from cleaner.rules.shape import COLUMNS, shape_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from cleaner.rules.table import Ints, LineTable

__all__ = ["Observations", "is_observation"]

_FAR = 99
_VIEW = re.compile(
    r"(above2?|below2?|near[0-9]{1,2}|before[0-9]{1,2}|after[0-9]{1,2}|all|past|rest|run|since|until)\.(.+)"
)
_PLACES = ("from_head", "from_tail", "lines", "place")
_REPEATS = (
    "copies",
    "later_copy",
    "patterns",
    "begins_alike",
    "ends_alike",
    "begins_as_above",
    "ends_as_above",
)


def is_observation(name: str, words: Collection[str]) -> bool:
    """Tell whether `name` names an observation; `words` are the word classes that the rule defines."""
    view = _VIEW.fullmatch(name)
    column = view[2] if view else name
    if column.startswith("words:"):
        return column.removeprefix("words:") in words
    return column in COLUMNS or column in _PLACES or column in _REPEATS or column == "score"


class Observations:
    """The observations of one table.

    Args:
        table: the lines.
        words: for each word class how many of its words each line holds.
        score: the points of a first round, where there was one.

    """

    def __init__(self, table: LineTable, words: Mapping[str, Ints], score: Ints | None = None) -> None:
        self.table, self.words, self.score = table, words, score
        self.low, self.high = table.first[table.document], table.first[table.document + 1]
        self.rows = np.arange(len(table))
        self.known: dict[str, Ints] = {}
        self.sums: dict[str, Ints] = {}

    def __getitem__(self, name: str) -> Ints:
        """Return the column `name`, one value for each line."""
        column = self.known.get(name)
        if column is None:
            column = self.known[name] = self._make(name)
        return column

    def _make(self, name: str) -> Ints:
        view = _VIEW.fullmatch(name)
        if view is not None:
            kind, figure = re.fullmatch(r"([a-z]+)([0-9]*)", view[1]).groups()  # type: ignore[union-attr]
            return _VIEWS[kind](self, view[2], int(figure or 1))
        if name.startswith("words:"):
            return self.words[name.removeprefix("words:")]
        if name in _REPEATS:
            self.known.update(_repeats(self.table))
            return self.known[name]
        if name in _PLACES:
            self.known.update(self._places())
            return self.known[name]
        if name == "score" and self.score is not None:
            return self.score
        return shape_of(self.table)[name]

    def _places(self) -> dict[str, Ints]:
        lines = self.high - self.low
        return {
            "from_head": self.rows - self.low,
            "from_tail": self.high - 1 - self.rows,
            "lines": lines,
            "place": 100 * (self.rows - self.low) // np.maximum(lines - 1, 1),
        }

    def between(self, name: str, low: Ints, high: Ints) -> Ints:
        """Return the sum of a column over the rows from `low` to `high`."""
        sums = self.sums.get(name)
        if sums is None:
            sums = self.sums[name] = np.concatenate((np.zeros(1, np.int64), np.cumsum(self[name])))
        return sums[high] - sums[low]

    def neighbour(self, name: str, shift: int) -> Ints:
        """Return a column as it is `shift` lines further down; -1 where no line is."""
        rows = self.rows + shift
        there = (rows >= self.low) & (rows < self.high)
        return np.where(there, self[name][np.where(there, rows, 0)], -1) if len(rows) else rows

    def window(self, name: str, above: int, below: int) -> Ints:
        """Return a hundred times the mean of a column over up to so many lines around, without the line."""
        low = np.maximum(self.rows - above, self.low)
        high = np.minimum(self.rows + 1 + below, self.high)
        others = high - low - 1
        total = self.between(name, low, high) - self[name]
        mean: Ints = 100 * total // np.maximum(others, 1)
        return mean

    def mean(self, name: str) -> Ints:
        """Return a hundred times the mean of a column over the document."""
        mean: Ints = 100 * self.between(name, self.low, self.high) // np.maximum(self.high - self.low, 1)
        return mean

    def run(self, name: str) -> Ints:
        """Return the length of the run of lines with a positive value that each line stands in."""
        flag = self[name] > 0
        starts = np.ones(len(flag), np.bool_)
        starts[1:] = (flag[1:] != flag[:-1]) | (self.low[1:] != self.low[:-1])
        run = np.cumsum(starts) - 1
        return np.where(flag, np.bincount(run)[run], 0) if len(flag) else self.rows

    def distance(self, name: str, *, down: bool) -> Ints:
        """Return how many lines further the next positive value stands."""
        flag = self[name] > 0
        places = np.flatnonzero(flag)
        if not len(places):
            return np.full(len(flag), _FAR)
        if down:
            index = np.searchsorted(places, self.rows, side="right")
            found = places[np.minimum(index, len(places) - 1)]
            valid = (index < len(places)) & (found < self.high)
        else:
            index = np.searchsorted(places, self.rows) - 1
            found = places[np.maximum(index, 0)]
            valid = (index >= 0) & (found >= self.low)
        return np.where(valid, np.minimum(np.abs(found - self.rows), _FAR), _FAR)


_VIEWS: dict[str, Callable[[Observations, str, int], Ints]] = {
    "above": lambda seen, name, far: seen.neighbour(name, -far),
    "below": lambda seen, name, far: seen.neighbour(name, far),
    "near": lambda seen, name, far: seen.window(name, far, far),
    "before": lambda seen, name, far: seen.window(name, far, 0),
    "after": lambda seen, name, far: seen.window(name, 0, far),
    "all": lambda seen, name, _: seen.mean(name),
    "past": lambda seen, name, _: seen.between(name, seen.low, seen.rows),
    "rest": lambda seen, name, _: seen.between(name, seen.rows + 1, seen.high),
    "run": lambda seen, name, _: seen.run(name),
    "since": lambda seen, name, _: seen.distance(name, down=False),
    "until": lambda seen, name, _: seen.distance(name, down=True),
}


def _repeats(table: LineTable) -> dict[str, Ints]:
    """Return what each line shares with other lines of its document."""
    pattern, begin, end = _likeness(table)
    copies, nth = _counted(table.document, table.key)
    above = np.zeros(len(table), np.bool_)
    above[1:] = table.document[1:] == table.document[:-1]

    def as_above(column: Ints) -> Ints:
        same: Ints = (above & (column == np.roll(column, 1))).astype(np.int64)
        return same

    return {
        "copies": copies,
        "later_copy": (nth > 0).astype(np.int64),
        "patterns": _counted(table.document, pattern)[0],
        "begins_alike": _counted(table.document, begin)[0],
        "ends_alike": _counted(table.document, end)[0],
        "begins_as_above": as_above(begin),
        "ends_as_above": as_above(end),
    }


def _likeness(table: LineTable) -> tuple[Ints, Ints, Ints]:
    """Return for each line what it looks like without its figures, its first and its last bytes, as numbers."""
    keys = table.keys
    known = table.memo if table.root is None else table.root.memo
    if "likeness" not in known:
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


def _counted(document: Ints, value: Ints) -> tuple[Ints, Ints]:
    """Return for each row how many rows of its document have its value, and how many of them stand above."""
    if not len(value):
        return value, value
    order = np.lexsort((value, document))
    same = np.zeros(len(order), np.bool_)
    same[1:] = (np.diff(value[order]) == 0) & (np.diff(document[order]) == 0)
    begins = np.flatnonzero(~same)
    group = np.cumsum(~same) - 1
    size = np.diff(np.append(begins, len(order)))
    copies, nth = np.empty_like(value), np.empty_like(value)
    copies[order] = size[group]
    nth[order] = np.arange(len(order)) - begins[group]
    return copies, nth
