"""Cut the stream of cleaned batches into row groups by content, so that batches leave no trace in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cleaner.io.raw import Place
from cleaner.schema import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["QUARANTINE", "Cutter", "Group", "Sizes"]

QUARANTINE = pa.schema(
    [
        pa.field("row", pa.int64()),
        pa.field("id", pa.string()),
        pa.field("source", pa.string()),
        pa.field("place", pa.string()),
        pa.field("url", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("traceback", pa.string()),
        pa.field("data", pa.large_binary()),
    ]
)
"""One row a document that could not be cleaned; `row` is its number in the output, from 0, `data` what it was."""

_ROW_COST = 1_000  # bytes a row takes beside its texts


class Sizes(NamedTuple):
    """How much a row group and a part hold at most: rows, and bytes in memory, texts before and after together."""

    group_rows: int = 20_000
    group_bytes: int = 64 << 20
    part_rows: int | None = None
    part_bytes: int = 2 << 30


class Group(NamedTuple):
    """Rows that are written together; `next` is the first document behind them."""

    record: pa.Table
    quarantine: pa.Table
    next: Place
    ends_part: bool


class Cutter:
    """Takes batches with their results and yields row groups; `rows` documents were taken before them."""

    def __init__(self, sizes: Sizes, rows: int = 0) -> None:
        self._sizes = sizes
        self._rows = rows
        self._records: list[pa.RecordBatch] = []
        self._wrong: list[pa.RecordBatch] = []
        self._count = self._bytes = 0  # in the group so far
        self._part_count = self._part_bytes = 0  # in the part before the group
        self._next = Place()

    def add(self, batch: pa.RecordBatch, outcome: pa.RecordBatch) -> Iterator[Group]:
        """Add documents (`RAW`) and what became of them (`OUTCOME`); yield the groups that are full."""
        costs = _costs(outcome)
        start = 0
        while start < outcome.num_rows:
            stop, full = self._stop(costs, start)
            self._take(batch.slice(start, stop - start), outcome.slice(start, stop - start))
            self._bytes += int(costs[start:stop].sum())
            start = stop
            if full:
                yield self._group(last=False)

    def rest(self) -> Iterator[Group]:
        """Yield what is left as the last group."""
        if self._count or self._part_count:
            yield self._group(last=True)

    def _stop(self, costs: np.ndarray, start: int) -> tuple[int, bool]:
        """Return where the group ends in these rows, and whether it does."""
        room = self._sizes.group_rows - self._count
        if self._sizes.part_rows is not None:
            room = min(room, self._sizes.part_rows - self._part_count - self._count)
        reached = int(np.searchsorted(np.cumsum(costs[start:]), self._sizes.group_bytes - self._bytes)) + 1
        stop = start + min(room, reached)
        return min(stop, len(costs)), stop <= len(costs)

    def _take(self, batch: pa.RecordBatch, outcome: pa.RecordBatch) -> None:
        last = batch.num_rows - 1
        self._next = Place(batch.column("file")[last].as_py(), batch.column("row")[last].as_py() + 1)
        self._records.append(outcome.select(SCHEMA.names))
        wrong = pc.is_valid(outcome.column("error"))
        if outcome.column("error").null_count < outcome.num_rows:
            numbers = pa.array(range(self._rows, self._rows + outcome.num_rows), pa.int64())
            self._wrong.append(_quarantined(batch, outcome, numbers).filter(wrong))
        self._rows += outcome.num_rows
        self._count += outcome.num_rows

    def _group(self, *, last: bool) -> Group:
        self._part_count += self._count
        self._part_bytes += self._bytes
        ends = last or self._part_bytes >= self._sizes.part_bytes or self._part_count == self._sizes.part_rows
        group = Group(
            pa.Table.from_batches(self._records, SCHEMA).combine_chunks(),
            pa.Table.from_batches(self._wrong, QUARANTINE),
            self._next,
            ends,
        )
        self._records, self._wrong, self._count, self._bytes = [], [], 0, 0
        if ends:
            self._part_count = self._part_bytes = 0
        return group


def _costs(outcome: pa.RecordBatch) -> np.ndarray:
    """Return for each row about how many bytes it takes in memory."""
    costs = np.full(outcome.num_rows, _ROW_COST, np.int64)
    for lengths in (
        pc.binary_length(outcome.column("text")),
        outcome.column("chars_in"),  # what edits hold is no more
        pc.binary_length(outcome.column("metadata")),
    ):
        costs += pc.fill_null(lengths, 0).to_numpy(zero_copy_only=False).astype(np.int64)
    return costs


def _quarantined(batch: pa.RecordBatch, outcome: pa.RecordBatch, numbers: pa.Array) -> pa.RecordBatch:
    text = batch.column("text").cast(pa.large_binary())
    columns = [
        numbers,
        outcome.column("id"),
        outcome.column("source"),
        batch.column("place"),
        outcome.column("url"),
        outcome.column("error"),
        outcome.column("traceback"),
        pc.coalesce(batch.column("data"), text),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=QUARANTINE)
