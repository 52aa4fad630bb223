"""A pool of worker processes that outlives the death of any of them."""

from __future__ import annotations

import multiprocessing
import signal
import time
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any, Self

from pebble import ProcessExpired, ProcessPool

from cleaner.executors.guard import Watch, leave_if_imported
from cleaner.executors.limits import DiedError, LateError, Limits
from cleaner.executors.wire import pack, unpack
from cleaner.executors.worker import start, work
from cleaner.logs import logger
from cleaner.record import reason_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

__all__ = ["Task", "Workers"]

_LOG = logger(__name__)

_STALL = 90.0  # seconds beside the deadline without any sign of life, after which the pool is started anew
_MOST_RENEWALS = 3  # in a row without a result
_BYTES_PER_SECOND = 50_000  # that a batch has beside the deadline of a document


class Task:
    """A batch on its way through the pool."""

    def __init__(self, batch: pa.RecordBatch, deadline: float) -> None:
        self.batch = batch
        self.deadline = deadline
        self.future: Any = None


class Workers:
    """Worker processes (spawn) that run a batch function; a context manager.

    A worker that dies or is killed costs its task alone. Where the pool itself breaks, which a kill at
    the wrong moment can do, it is started anew and unfinished tasks are given to it again. `plain` functions return
    something else than a record (see `cleaner.executors.worker.start`).
    """

    def __init__(
        self,
        clean: Callable[[pa.RecordBatch], pa.RecordBatch],
        count: int,
        limits: Limits,
        *,
        plain: bool = False,
    ) -> None:
        self.count = count
        self.limits = limits
        self._clean, self._plain = clean, plain
        self._open: dict[int, Task] = {}
        self._renewals = 0
        self._alive = time.monotonic()
        leave_if_imported()

    def __enter__(self) -> Self:
        self._watch = Watch()
        self._start()
        return self

    def __exit__(self, *error: object) -> None:
        self._stop()
        self._watch.end()

    def submit(self, batch: pa.RecordBatch, deadline: float | None = None) -> Task:
        """Give a batch to the pool; `deadline` in seconds, else that of the limits and a share for its size."""
        task = Task(batch, deadline or self.limits.seconds + batch.nbytes / _BYTES_PER_SECOND)
        self._open[id(task)] = task
        self._schedule(task)
        return task

    def result(self, task: Task) -> pa.RecordBatch:
        """Wait for a task and return what the batch function made of its batch.

        Raises:
            LateError: it ran past its deadline.
            DiedError: its worker died.
            RuntimeError: workers cannot be started.

        """
        while True:
            self._watch.check()
            try:
                packed = task.future.result(timeout=1)
            except TimeoutError as error:
                if not task.future.done():
                    self._check_alive()
                    continue
                del self._open[id(task)]
                raise LateError(f"ran longer than {task.deadline:.0f} s") from error
            except ProcessExpired as error:
                self._watch.check()
                _LOG.warning("a worker died: it %s", _cause(error.exitcode))
                del self._open[id(task)]
                raise DiedError(_cause(error.exitcode)) from error
            except BrokenProcessPool as error:
                self._renew(error)
                continue
            except Exception as error:  # out of memory beside the batch function
                del self._open[id(task)]
                short = isinstance(error, MemoryError)
                reason = reason_of(error) if short else f"raised {type(error).__name__} in its worker"
                raise DiedError(reason) from error
            del self._open[id(task)]
            self._renewals = 0
            return unpack(packed)

    def _schedule(self, task: Task) -> None:
        try:
            task.future = self._pool.schedule(work, args=[pack(task.batch)], timeout=task.deadline)
        except RuntimeError as error:  # the pool broke in the meantime
            self._renew(error)
            return
        task.future.add_done_callback(self._seen)

    def _seen(self, _: object) -> None:
        self._alive = time.monotonic()

    def _check_alive(self) -> None:
        longest = max((task.deadline for task in self._open.values()), default=0.0)
        if time.monotonic() - self._alive > longest + _STALL:
            self._renew(RuntimeError("no worker gave a sign of life"))

    def _renew(self, error: BaseException) -> None:
        self._watch.check()
        _LOG.warning("workers are started anew: %s", error)
        self._renewals += 1
        if self._renewals > _MOST_RENEWALS:
            raise RuntimeError(f"workers cannot be started, or die as soon as they are: {error}") from error
        self._stop()
        self._start()
        for task in self._open.values():
            if task.future is None or not task.future.done() or task.future.exception() is not None:
                self._schedule(task)

    def _stop(self) -> None:
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()

    def _start(self) -> None:
        self._alive = time.monotonic()
        self._pool = ProcessPool(
            max_workers=self.count,
            context=multiprocessing.get_context("spawn"),
            initializer=start,
            initargs=[self._clean, self.limits.memory, self._plain],
        )
        with _deaf():
            _ = self._pool.active  # starts it


@contextmanager
def _deaf() -> Iterator[None]:
    """Keep Ctrl-C from processes and threads that are started inside; this process hears it afterwards."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    resource_tracker.ensure_running()  # starting it inside would make this thread hear again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _cause(code: int | None) -> str:
    if code is not None and code < 0:
        try:
            return f"killed its worker with {signal.Signals(-code).name}"
        except ValueError:
            return f"killed its worker with signal {-code}"
    return f"ended its worker with exit code {code}"
