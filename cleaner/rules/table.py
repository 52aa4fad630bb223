"""The lines of a batch of documents as columns.

A batch of texts becomes one table with a row for each non-blank line. Everything is computed for the
whole batch at once, in one pass over the texts (`cleaner.native.lines`). A per-document loop over lines costs
several times as much (see docs/performance.md).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.document import Line
from cleaner.fold import fold, fold_char
from cleaner.native import lines
from cleaner.rules.stretches import begins

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cleaner.rules.conditions import Matcher

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["Keys", "LineTable"]


@dataclass(frozen=True)
class Keys:
    """The distinct folded lines of a batch.

    `data` holds them one behind the other, each ended by a newline; `bounds[i]` is where key `i`
    begins, in bytes, and `bounds[-1]` the length of `data`; `chars` is the length of each in code points.
    """

    data: bytes
    bounds: Ints
    chars: Ints

    def __len__(self) -> int:
        return len(self.bounds) - 1

    def __getitem__(self, index: int) -> str:
        return self.data[self.bounds[index] : self.bounds[index + 1] - 1].decode("utf-8", "surrogatepass")

    @cached_property
    def _texts(self) -> dict[int, str]:
        return {}

    def text(self, index: int) -> str:
        """Return a key as `keys[index]` does, and remember it."""
        text = self._texts.get(index)
        if text is None:
            text = self._texts[index] = self[index]
        return text

    @cached_property
    def sizes(self) -> Ints:
        """Length of each key in bytes, without its newline."""
        return np.diff(self.bounds) - 1

    def joined(self, keys: Ints) -> tuple[bytes, Ints]:
        """Return some of the keys as `data` and `bounds` hold all of them."""
        sizes = self.sizes[keys] + 1
        bounds = np.concatenate((np.zeros(1, np.int64), np.cumsum(sizes)))
        taken = np.repeat(self.bounds[keys] - bounds[:-1], sizes) + np.arange(int(bounds[-1]))
        return np.frombuffer(self.data, np.uint8)[taken].tobytes(), bounds

    def beginnings(self, keys: Ints) -> Ints:
        """Return the first 15 bytes of `keys` as numbers; keys that begin alike have the same."""
        data = np.frombuffer(self.data + bytes(15), np.uint8)
        first, second = (
            data[(self.bounds[keys] + skipped)[:, None] + np.arange(8)].view(np.int64).reshape(-1)
            for skipped in (0, 7)
        )
        mixed: Ints = first * 0x9E3779B97F4A7C1 + second
        return mixed

    def containing(self, offsets: Ints) -> Ints:
        """Return for byte offsets into `data` the keys that hold them."""
        return np.searchsorted(self.bounds, offsets, side="right") - 1


@dataclass(frozen=True)
class LineTable:
    """One row for each non-blank line of a batch of texts, in order.

    Columns, all of the same length: `document` (index into `texts`), `start` and `end` (half-open
    code-point offsets into that text), `key` (index into `keys`: equal folded lines have equal
    indexes) and `after_blank` (a blank line stands directly above). `first[d]:first[d + 1]` are the
    rows of document `d`. A table made by `select` knows the table it was first made of, `root`, and
    which of its rows it holds, so that what depends on a line alone is computed once.
    """

    texts: Sequence[str]
    keys: Keys
    document: Ints
    start: Ints
    end: Ints
    key: Ints
    after_blank: Mask
    first: Ints
    root: LineTable | None = None
    rows: Ints | None = None

    def __len__(self) -> int:
        return len(self.document)

    @classmethod
    def of(cls, texts: Sequence[str]) -> LineTable:
        """Build the table of `texts`. Lines end at a newline and nothing else."""
        data, *found = lines.table(texts, fold_char, fold)
        columns = [np.frombuffer(each, np.int64) for each in found]
        document, start, end, key, after_blank, bounds, chars = columns
        keys = Keys(data, bounds, chars)
        first = np.searchsorted(document, np.arange(len(texts) + 1))
        return cls(texts, keys, document, start, end, key, after_blank.astype(np.bool_), first)

    def select(self, alive: Mask) -> LineTable:
        """Return the table of the rows that are alive, as if the others had never stood there.

        A blank line that stood above one of the others still parts the lines that are left.
        """
        document = self.document[alive]
        rows = np.flatnonzero(alive)
        parted = _parted(self.after_blank, rows)
        parted[begins(document)] = False
        return replace(
            self,
            document=document,
            start=self.start[alive],
            end=self.end[alive],
            key=self.key[alive],
            after_blank=parted,
            first=np.searchsorted(document, np.arange(len(self.texts) + 1)),
            root=self.whole,
            rows=rows if self.rows is None else self.rows[rows],
        )

    @property
    def whole(self) -> LineTable:
        """The table that this one was first selected from; itself, where it holds all rows."""
        return self if self.root is None else self.root

    def folded(self) -> list[bytes]:
        """Return for each document its folded lines in UTF-8, each ended by a newline."""
        return lines.joined(self.keys.data, self.keys.bounds, self.key, self.first)

    @cached_property
    def memo(self) -> dict[object, Any]:
        """What finders worked out about this table as a whole, by what it is."""
        return {}

    @cached_property
    def verdicts(self) -> dict[tuple[Matcher, int], bool]:
        """Whether a key fulfils a condition, as far as it was asked."""
        return {}

    def line(self, row: int) -> Line:
        """Return one row as a `Line`."""
        start, end = int(self.start[row]), int(self.end[row])
        return Line(start, end, self.texts[self.document[row]][start:end], self.keys.text(int(self.key[row])))

    @cached_property
    def chars(self) -> Ints:
        """Length of each line in code points."""
        return self.end - self.start

    @cached_property
    def from_head(self) -> Ints:
        """How many lines of the same document stand above each row."""
        return np.arange(len(self)) - self.first[self.document]

    @cached_property
    def from_tail(self) -> Ints:
        """How many lines of the same document stand below each row."""
        return self.first[self.document + 1] - 1 - np.arange(len(self))

    @cached_property
    def by_key(self) -> tuple[Ints, Ints]:
        """Rows in the order of their keys, and where each key's rows begin in that order."""
        order = np.argsort(self.key, kind="stable")
        return order, np.searchsorted(self.key[order], np.arange(len(self.keys) + 1))

    def rows_of(self, keys: Sequence[int] | Ints) -> Ints:
        """Return the rows, in order, whose key is one of `keys`."""
        order, begin = self.by_key
        parts = [order[begin[key] : begin[key + 1]] for key in keys]
        return np.sort(np.concatenate(parts)) if parts else np.empty(0, np.int64)


def _parted(after_blank: Mask, rows: Ints) -> Mask:
    """Tell for each of `rows` whether a blank line stands between it and the one before it."""
    if not len(rows):
        return np.empty(0, np.bool_)
    begins = np.concatenate((np.zeros(1, np.int64), rows[:-1] + 1))
    return np.logical_or.reduceat(after_blank[: rows[-1] + 1], begins)
