"""Run the batch function on this machine: in this process, or in worker processes."""

from __future__ import annotations

import sys
from collections import deque
from typing import TYPE_CHECKING

from cleaner.executors.contain import Contained, failed
from cleaner.executors.limits import DiedError, LateError, Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator

    import pyarrow as pa

    from cleaner.executors.pool import Task, Workers

__all__ = ["check_guard", "clean_batches", "mapped_batches"]

_AHEAD = 3  # batches a worker, so that none waits for work while a row group is written
_PIECES = 8  # into which a batch is cut that did not come back
_SHARE = 4  # of the deadline that a piece has; only a document that stands alone is blamed, with all of it


def check_guard() -> None:
    """In a worker that is importing the script of its parent, tell the parent and end (see `cleaner.executors.guard`)."""
    if "multiprocessing.spawn" in sys.modules:  # else this is no worker
        from cleaner.executors.guard import leave_if_imported

        leave_if_imported()


def clean_batches(
    batches: Iterable[pa.RecordBatch],
    clean: Callable[[pa.RecordBatch], pa.RecordBatch],
    workers: int,
    limits: Limits | None = None,
) -> Generator[tuple[pa.RecordBatch, pa.RecordBatch], None, None]:
    """Clean batches and yield each with its result, in the order of the input.

    A document that makes the batch function raise costs only itself. In worker processes that holds for
    one that runs for ever, takes all memory or kills its worker as well: its batch is cut in pieces until
    it stands alone, and then its row has `error` set.

    Args:
        batches: as `clean` takes them.
        clean: the batch function, picklable: `Cleaner(settings).attempt_batch`, whose tracebacks are kept.
        workers: processes; 0 works in this one, which has no limits.
        limits: what a document may take.

    Yields:
        A batch and its result, with the columns of `cleaner.executors.contain.OUTCOME`; those of worker
        processes know their counts (`cleaner.executors.contain.add_counts`).

    """
    if workers == 0:
        contained = Contained(clean)
        for batch in batches:
            yield batch, contained(batch)
        return
    from cleaner.executors.pool import Workers

    with Workers(clean, workers, limits or Limits()) as pool:
        running: deque[Task] = deque()
        for batch in batches:
            running.append(pool.submit(batch))
            if len(running) >= workers * _AHEAD:
                yield _outcome(pool, running.popleft())
        while running:
            yield _outcome(pool, running.popleft())


def mapped_batches(
    batches: Iterable[pa.RecordBatch],
    function: Callable[[pa.RecordBatch], pa.RecordBatch],
    workers: int,
    limits: Limits | None = None,
) -> Generator[pa.RecordBatch, None, None]:
    """Yield what a function makes of batches, in their order; documents that hang or crash in a worker are left out.

    Args:
        batches: as `function` takes them.
        function: picklable; it contains by itself what a document makes it raise.
        workers: processes; 0 works in this one, which has no limits.
        limits: what a document may take.

    """
    if workers == 0:
        yield from map(function, batches)
        return
    from cleaner.executors.pool import Workers

    with Workers(function, workers, limits or Limits(), plain=True) as pool:
        running: deque[Task] = deque()
        for batch in batches:
            running.append(pool.submit(batch))
            if len(running) >= workers * _AHEAD:
                yield from _survivors(pool, running.popleft())
        while running:
            yield from _survivors(pool, running.popleft())


def _survivors(pool: Workers, task: Task) -> Iterator[pa.RecordBatch]:
    """Yield the result of a task; of one that did not come back, those of the documents that do."""
    try:
        yield pool.result(task)
    except (DiedError, LateError):
        rows = task.batch.num_rows
        size = -(-rows // _PIECES)
        for start in range(0, rows if rows > 1 else 0, size):
            yield from _survivors(pool, pool.submit(task.batch.slice(start, size)))


def _outcome(pool: Workers, task: Task) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    import pyarrow as pa

    results = list(_results(pool, task, tries=2))
    if len(results) == 1:
        return task.batch, results[0]
    return task.batch, pa.concat_batches([each.replace_schema_metadata() for each in results])


def _results(pool: Workers, task: Task, tries: int) -> Iterator[pa.RecordBatch]:
    """Yield the results of a task; when it does not come back, of the pieces it is cut into."""
    try:
        yield pool.result(task)
    except DiedError as error:
        if tries > 1:  # something outside may have killed the worker
            yield from _results(pool, pool.submit(task.batch, task.deadline), tries - 1)
            return
        yield from _blamed(pool, task, str(error))
    except LateError as error:
        yield from _blamed(pool, task, str(error))


def _blamed(pool: Workers, task: Task, reason: str) -> Iterator[pa.RecordBatch]:
    rows = task.batch.num_rows
    if rows == 1:
        yield failed(task.batch, reason)
        return
    size = -(-rows // _PIECES)
    alone = size == 1
    pieces = [
        pool.submit(task.batch.slice(start, size), None if alone else pool.limits.seconds / _SHARE)
        for start in range(0, rows, size)
    ]
    for piece in pieces:
        yield from _results(pool, piece, 2 if piece.batch.num_rows == 1 else 1)
