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

_plain = False
_function: Callable[[pa.RecordBatch], pa.RecordBatch] | None = None


def start(clean: Callable[[pa.RecordBatch], pa.RecordBatch], memory: int, plain: bool = False) -> None:
    """Make ready to work; runs once in each worker.

    Args:
        clean: the batch function; unpickling it has built what it needs.
        memory: bytes that documents may take beside what the process has now; 0 for no limit.
        plain: what the function returns is no record; it contains by itself what a document makes it raise.

    """
    global _function, _plain
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # so that a worker stuck in C code ends at once
    pa.set_cpu_count(1)
    pa.set_memory_pool(pa.system_memory_pool())  # as in the command itself
    _watch_parent()
    limit_memory(memory)
    _plain, _function = plain, clean if plain else Contained(clean)
    gc.collect()
    gc.freeze()  # the rules stay; looking through them at each collection costs a tenth of the time


def work(packed: bytes) -> bytes:
    """Run the batch function on a packed batch, and count what came of it."""
    assert _function is not None
    made = _function(unpack(packed))
    return pack(made if _plain else counted(made))


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
