"""Keep a document that makes the batch function raise from taking its neighbours with it.

For every engine: a task that fails is tried again by most of them, for ever, so none may fail.
"""

from __future__ import annotations

import gc
import traceback
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from cleaner.columns import KNOWN
from cleaner.record import Row, reason_of, record_batch
from cleaner.report.summary import Summary
from cleaner.schema import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable

    BatchFunction = Callable[[pa.RecordBatch], pa.RecordBatch]

__all__ = ["OUTCOME", "Contained", "add_counts", "counted", "failed"]

OUTCOME = SCHEMA.append(pa.field("traceback", pa.string()))
"""The record, and for a document that made the batch function raise, the traceback."""

_COUNTS = b"cleaner.counts"
_MOST_TRACE = 20_000  # characters


class Contained:
    """A batch function around another that never raises.

    When a batch raises it is cut in two, until the document that raises stands alone; its row then has
    `error` and `traceback` set. Returns the columns of `OUTCOME`, one row for every row it is given.
    """

    def __init__(self, clean: BatchFunction) -> None:
        self.clean = clean

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return what became of a batch."""
        cleaned = self._tried(batch)
        if isinstance(cleaned, pa.RecordBatch):
            columns = [*cleaned.select(SCHEMA.names).columns, pa.nulls(batch.num_rows, pa.string())]
            return pa.RecordBatch.from_arrays(columns, schema=OUTCOME)
        short, reason, trace = isinstance(cleaned, MemoryError), reason_of(cleaned), _trace(cleaned)
        del cleaned  # its frames hold the memory that what follows may need
        if short:
            gc.collect()
            pa.default_memory_pool().release_unused()
        if batch.num_rows == 1:
            return failed(batch, reason, trace)
        half = batch.num_rows // 2
        return pa.concat_batches([self(batch.slice(0, half)), self(batch.slice(half))])

    def _tried(self, batch: pa.RecordBatch) -> pa.RecordBatch | BaseException:
        try:
            cleaned = self.clean(batch)
        except (KeyboardInterrupt, GeneratorExit):
            raise
        except BaseException as error:  # noqa: BLE001 - a document may raise anything; libraries in Rust panic
            return error
        if cleaned.num_rows != batch.num_rows:
            return ValueError(f"the batch function returned {cleaned.num_rows} rows for {batch.num_rows}")
        return cleaned


def failed(batch: pa.RecordBatch, reason: str, trace: str | None = None) -> pa.RecordBatch:
    """Return the record of documents that could not be cleaned: what is known of them, and why not."""
    known = [name for name in KNOWN if name in batch.schema.names]
    rows = []
    for values in batch.select(known).to_pylist():
        given: dict[str, Any] = values
        rows.append(Row(**given, error=reason))
    columns = record_batch(rows).columns
    return pa.RecordBatch.from_arrays([*columns, pa.array([trace] * len(rows), pa.string())], schema=OUTCOME)


def counted(outcome: pa.RecordBatch) -> pa.RecordBatch:
    """Return rows with the counts of them among the metadata: where they are cleaned, counting is shared work."""
    summary = Summary()
    summary.add(outcome)
    return outcome.replace_schema_metadata({_COUNTS: summary.packed()})


def add_counts(summary: Summary, outcome: pa.RecordBatch) -> None:
    """Add rows to a summary; those whose counts came with them, of all but duplicates, are not counted again."""
    known = (outcome.schema.metadata or {}).get(_COUNTS)
    if known is None:
        summary.add(outcome)
        return
    summary.merge(Summary.unpacked(known))
    summary.duplicates += outcome.num_rows - outcome.column("duplicate_of").null_count


def _trace(error: BaseException) -> str:
    """Return the traceback from the batch function on: the same however often the batch was cut."""
    frames = error.__traceback__ and error.__traceback__.tb_next
    return "".join(traceback.format_exception(type(error), error, frames))[-_MOST_TRACE:]
