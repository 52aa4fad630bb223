"""Run a batch function in a child process, so that a document can kill or stall nothing but itself.

Engines on many machines run a task again when its worker dies, for ever or until the job fails. So none
may die of a document: the batch function works in a child, with a deadline and a limit on its memory. A
batch that does not come back is cut in pieces until the document at fault stands alone; its row has
`error` set, every other row is what it would have been without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from cleaner.columns import KNOWN, as_recorded, passed_through
from cleaner.document import site_of
from cleaner.executors.child import LostError, ask
from cleaner.executors.pieces import Shipped
from cleaner.pipeline import Cleaner
from cleaner.record import Row, record_batch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    BatchFunction = Callable[[pa.RecordBatch], pa.RecordBatch]
    Failed = Callable[[pa.RecordBatch, str], pa.RecordBatch]

__all__ = ["Isolated", "Limits", "batch_function"]

_BYTES_PER_SECOND = 50_000  # that a batch has beside the deadline of a document
_PIECES = 8  # into which a batch is cut that did not come back
_SHARE = 0.25  # of the deadline that a piece has; only a document that stands alone is blamed, with all of it


class Limits(NamedTuple):
    """What a document may take.

    `seconds` of CPU, or five times that elapsed; and `memory` in bytes beside what the child has when it is ready; 0 is no limit, and
    none is kept but on Linux.
    """

    seconds: float = 60.0
    memory: int = 2 << 30


class Isolated(Shipped):
    """A batch function that runs in a child process of the process that calls it, and never raises.

    The child starts at the first call, is used again by all later ones, and ends with its parent. Needs a
    POSIX system. Picklable; the child belongs to the process, not to the object.

    Args:
        function: the batch function, picklable without the help of an engine, or its pickle.
        limits: what a document may take; a batch has a second more for each 50 kB.
        failed: returns for a document and the reason the row that the batch function would have returned;
            picklable. Without it, the record and what passes through.

    """

    def __init__(
        self, function: BatchFunction | bytes, limits: Limits | None = None, failed: Failed | None = None
    ) -> None:
        super().__init__(function)
        self.limits = limits or Limits()
        self._failed = failed or _failed

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.pickled, self.limits, self._failed)

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Clean a batch.

        Raises:
            RuntimeError: a child cannot be started here; no document is at fault then.

        """
        done = list(self._cleaned(batch, 1.0))
        return done[0] if len(done) == 1 else pa.concat_batches(done)

    def _cleaned(self, batch: pa.RecordBatch, share: float) -> Iterator[pa.RecordBatch]:
        try:
            yield self._ask(batch, share)
        except LostError as lost:
            if batch.num_rows > 1:
                size = -(-batch.num_rows // _PIECES)
                for start in range(0, batch.num_rows, size):
                    yield from self._cleaned(batch.slice(start, size), _SHARE)
            elif lost.deserved:
                yield self._failed(batch, str(lost))
            else:
                yield self._alone(batch)

    def _alone(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Give a document a second chance: the child may have died of something else."""
        try:
            return self._ask(batch, 1.0)
        except LostError as lost:
            return self._failed(batch, str(lost))

    def _ask(self, batch: pa.RecordBatch, share: float) -> pa.RecordBatch:
        seconds = self.limits.seconds * share + batch.nbytes / _BYTES_PER_SECOND
        return ask(self.pickled, self.limits.memory, batch, seconds)


def batch_function(
    cleaner: Cleaner | BatchFunction, isolate: bool | Limits = True, failed: Failed | None = None
) -> Shipped:
    """Return what engines map over their data: light to send, built once a process, isolated if wanted.

    Args:
        cleaner: a `Cleaner`, or another batch function.
        isolate: run it in a child process, with these limits for a document.
        failed: returns the row of a document that hung or crashed, where it is not the record.

    """
    function: BatchFunction = cleaner.clean_batch if isinstance(cleaner, Cleaner) else cleaner
    if isolate is False:
        return Shipped(function)
    return Isolated(function, Limits() if isolate is True else isolate, failed)


def _failed(batch: pa.RecordBatch, reason: str) -> pa.RecordBatch:
    """Return the record of documents that could not be cleaned: what is known of them, and why not."""
    names = [name for name in KNOWN if name in batch.schema.names and name in Row._fields]
    columns = {name: as_recorded(batch.column(name), name) for name in names}
    rows = []
    for index in range(batch.num_rows):
        known = {name: values[index] for name, values in columns.items()}
        rows.append(Row(**{"site": site_of(known.get("url"))} | known, error=reason))
    return passed_through(batch, record_batch(rows))
