"""A batch function as engines need it: shipped as bytes, built once a process, given batches of bounded size."""

from __future__ import annotations

import pickle
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    BatchFunction = Callable[[pa.RecordBatch], pa.RecordBatch]

__all__ = ["BATCH_BYTES", "Shipped", "cleaned_batches", "pieces"]

BATCH_BYTES = 1 << 20
"""Bytes of text that are cleaned at once: what engines hand over is larger, and would take memory in step."""

_ROW_COST = 200  # bytes a document takes beside its text
_MOST_ROWS = 2_000


class Shipped:
    """A picklable batch function that is rebuilt once in each process, however often it is sent there.

    Engines send the function with every task; a `Cleaner` compiles its rules whenever it is unpickled.
    """

    def __init__(self, function: BatchFunction | bytes) -> None:
        self.pickled = function if isinstance(function, bytes) else pickle.dumps(function)

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.pickled,)

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Clean a batch; as the batch function does."""
        return _built(self.pickled)(batch)


@lru_cache(maxsize=4)
def _built(pickled: bytes) -> BatchFunction:
    function: BatchFunction = pickle.loads(pickled)  # noqa: S301 - our own function, sent by the engine
    return function


def cleaned_batches(
    function: BatchFunction, data: pa.Table | pa.RecordBatch, batch_bytes: int = BATCH_BYTES
) -> Iterator[pa.RecordBatch]:
    """Yield the cleaned rows of a table or batch in their order; one batch, without rows, if it has none."""
    batches = data.to_batches() if isinstance(data, pa.Table) else [data]
    full = [batch for batch in batches if batch.num_rows]
    if not full:
        yield function(pa.RecordBatch.from_pylist([], schema=data.schema))
    for batch in full:
        yield from map(function, pieces(batch, batch_bytes))


def pieces(batch: pa.RecordBatch, batch_bytes: int) -> Iterator[pa.RecordBatch]:
    """Yield slices of about `batch_bytes` of text each; a document is never cut in two."""
    ends = np.cumsum(_costs(batch))
    start = 0
    while start < batch.num_rows:
        before = ends[start - 1] if start else 0
        stop = int(np.searchsorted(ends, before + batch_bytes, side="right"))
        stop = min(max(stop, start + 1), start + _MOST_ROWS, batch.num_rows)
        yield batch.slice(start, stop - start)
        start = stop


def _costs(batch: pa.RecordBatch) -> np.ndarray[Any, np.dtype[np.int64]]:
    costs = np.full(batch.num_rows, _ROW_COST, np.int64)
    for name in ("data", "text"):
        if name in batch.schema.names and not pa.types.is_null(batch.schema.field(name).type):
            lengths = pc.binary_length(batch.column(name).cast(pa.large_binary()))
            costs += pc.fill_null(lengths, 0).to_numpy(zero_copy_only=False).astype(np.int64)
    return costs
