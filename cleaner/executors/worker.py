"""The inside of a worker process: its limits, and the batch function it runs."""

from __future__ import annotations

import gc
import os
import signal
from typing import TYPE_CHECKING

import pyarrow as pa

from cleaner.executors.contain import Contained, counted
from cleaner.executors.wire import limit_memory, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["start", "work"]

_function: Callable[[pa.RecordBatch], pa.RecordBatch] | None = None


def start(clean: Callable[[pa.RecordBatch], pa.RecordBatch], memory: int) -> None:
    """Make ready to work; runs once in each worker.

    Args:
        clean: the batch function; unpickling it has built what it needs.
        memory: bytes that documents may take beside what the process has now; 0 for no limit.

    """
    global _function  # noqa: PLW0603 - the state of a worker, built once in it
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # so that a worker stuck in C code ends at once
    pa.set_cpu_count(1)
    pa.set_memory_pool(pa.system_memory_pool())  # as in the command itself
    _watch_parent()
    limit_memory(memory)
    _function = Contained(clean)
    gc.collect()
    gc.freeze()  # the rules stay; looking through them at each collection costs a tenth of the time


def work(packed: bytes) -> bytes:
    """Run the batch function on a packed batch, and count what came of it."""
    assert _function is not None
    return pack(counted(_function(unpack(packed))))


def _watch_parent() -> None:
    """End this process when its parent is gone, even when the parent was killed."""
    from multiprocessing import connection, parent_process
    from threading import Thread

    parent = parent_process()
    if parent is None:
        return

    def wait() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    Thread(target=wait, daemon=True).start()
