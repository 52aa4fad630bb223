"""Observations: named whole-number columns over lines, their neighbours, their place and the document.

A name is a column, or a column seen through a view:

| name | value for a line |
|---|---|
| `chars`, `finished`, `words:site` ... | of the line itself: a column of `shape_of`, of the place, of the repetition, or a word class |
| `concept:comment`, `concept:any`, `concept:rest` | share of the line's words, in per cent, that say a concept (see `cleaner.words`), any of an interface, or nothing known |
| `above.X`, `below.X`, `above2.X`, `below3.X` ... | X of the line one to three above or below; -1 where there is none |
| `near5.X`, `before5.X`, `after5.X` | a hundred times the mean of X in up to 5 lines on both sides, above, below |
| `all.X` | a hundred times the mean of X in the document |
| `past.X`, `rest.X` | how many lines above or below have X |
| `run.X` | length of the run of lines with X that this line stands in; 0 without X |
| `since.X`, `until.X` | lines to the next one with X above or below; 99 where there is none |

Everything is computed for the batch at once, from whole numbers, and never across documents.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import numpy as np

from cleaner.native import signs
from cleaner.rules.likeness import REPEATS, repeats
from cleaner.rules.shape import COLUMNS, shape_of
from cleaner.words import CONCEPTS, Lexicon

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from cleaner.rules.table import Ints, LineTable

__all__ = ["Observations", "is_observation"]

_VIEW = re.compile(
    r"(above[23]?|below[23]?|near[0-9]{1,2}|before[0-9]{1,2}|after[0-9]{1,2}|all|past|rest|run|since|until)\.(.+)"
)
_SCORES = ("score", "hot", "cold")
_COLD = -40  # points of words below which a line speaks like a text
_JOINS = ("function", "month", "weekday", "unit", "page", "read")  # concepts that plain text is full of
_PLACES = ("from_head", "from_tail", "lines", "place")


def is_observation(name: str, words: Collection[str]) -> bool:
    """Tell whether `name` names an observation; `words` are the word classes that the rule defines."""
    view = _VIEW.fullmatch(name)
    column = view[2] if view else name
    if column.startswith("words:"):
        return column.removeprefix("words:") in words
    if column.startswith("concept:"):
        return column.removeprefix("concept:") in (*CONCEPTS, "any", "rest")
    return column in COLUMNS or column in _PLACES or column in REPEATS or column in _SCORES


class Observations:
    """The observations of one table.

    Args:
        table: the lines.
        words: for each word class how many of its words each line holds.
        score: the points of the words of each line, where a model gave some; `hot` and `cold` follow from it.

    """

    def __init__(self, table: LineTable, words: Mapping[str, Ints], score: Ints | None = None) -> None:
        self.table, self.words, self.score = table, words, score
        self._columns: dict[str, Ints] = {}
        self._seen: dict[tuple[str, ...], Ints] = {}

    def __getitem__(self, name: str) -> Ints:
        """Return the column `name`, one value for each line."""
        column: Ints = self.columns((name,))[0]
        return column

    def columns(self, names: tuple[str, ...]) -> Ints:
        """Return the columns `names`: a row for each name, a column for each line."""
        if names not in self._seen:
            columns, views = _plan(names)
            looked_at = np.array([self._column(column) for column in columns], np.int64)
            found = self._seen[names] = np.empty((len(names), len(self.table)), np.int64)
            signs.Lines(self.table.first, len(self.table)).see(
                looked_at.reshape(len(columns), len(self.table)), views.reshape(-1, 4), found
            )
        return self._seen[names]

    def forget(self, names: tuple[str, ...]) -> None:
        """Give back the memory that `columns(names)` took."""
        self._seen.pop(names, None)

    def _column(self, name: str) -> Ints:
        column = self._columns.get(name)
        if column is None:
            if name.startswith("words:"):
                column = self.words[name.removeprefix("words:")]
            elif name.startswith("concept:"):
                column = self._concept(name.removeprefix("concept:"))
            elif name in REPEATS:
                self._columns.update(repeats(self.table))
                column = self._columns[name]
            elif name in _PLACES:
                self._columns.update(self._places())
                column = self._columns[name]
            elif name in _SCORES and self.score is not None:
                column = self.score
                if name != "score":
                    column = (column > 0 if name == "hot" else column < _COLD).astype(np.int64)
            else:
                column = shape_of(self.table)[name]
            self._columns[name] = column
        return column

    def _concept(self, name: str) -> Ints:
        """Return the share of each line's words, in per cent, that say a concept, any of an interface, or none."""
        made = Lexicon.shipped().in_table(self.table)
        if name == "rest":
            count = made.rest.astype(np.int64)
        elif name == "any":
            held = [place for place, each in enumerate(CONCEPTS) if each not in _JOINS]
            count = made.counts[:, held].sum(axis=1, dtype=np.int64)
        else:
            count = made.counts[:, CONCEPTS.index(name)].astype(np.int64)
        share: Ints = (100 * count // np.maximum(made.words, 1))[self.table.key]
        return share

    def _places(self) -> dict[str, Ints]:
        table = self.table
        low, high = table.first[table.document], table.first[table.document + 1]
        lines, above = high - low, np.arange(len(table)) - low
        return {
            "from_head": above,
            "from_tail": lines - 1 - above,
            "lines": lines,
            "place": 100 * above // np.maximum(lines - 1, 1),
        }


@cache
def _view_of(name: str) -> tuple[str, int, str]:
    """Return the view of a name, its figure, and the column that is seen through it."""
    view = _VIEW.fullmatch(name)
    if view is None:
        return "", 0, name
    kind = view[1].rstrip("0123456789")
    return kind, int(view[1][len(kind) :] or 1), view[2]


_REACH = {
    "": ("own", 0, 0),
    "above": ("neighbour", 1, 0),
    "below": ("neighbour", 0, 1),
    "near": ("window", 1, 1),
    "before": ("window", 1, 0),
    "after": ("window", 0, 1),
    "all": ("mean", 0, 0),
    **{view: (view, 0, 0) for view in ("past", "rest", "run", "since", "until")},
}
"""The compiled view for each view, and how many lines it reaches up and down for each step."""


@lru_cache(maxsize=64)
def _plan(names: tuple[str, ...]) -> tuple[tuple[str, ...], Ints]:
    """Return the columns that `names` look at, and for each name its column, its view, and how far it reaches up and down."""
    parts = [_view_of(name) for name in names]
    columns = tuple(dict.fromkeys(column for _, _, column in parts))
    views = []
    for kind, far, column in parts:
        view, above, below = _REACH[kind]
        views.append((columns.index(column), signs.VIEWS[view], above * far, below * far))
    return columns, np.array(views, np.int64)
