"""The inside of a worker process: its limits, and the batch function it runs."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING

import pyarrow as pa

from cleaner.executors.contain import Contained

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["pack", "start", "unpack", "work"]

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
    _watch_parent()
    if memory:
        _limit(memory)
    _function = Contained(clean)


def work(packed: bytes) -> bytes:
    """Run the batch function on a packed batch."""
    assert _function is not None
    return pack(_function(unpack(packed)))


def pack(batch: pa.RecordBatch) -> bytes:
    """Return a batch as bytes; unlike pickling, this takes only the rows of a slice."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as stream:
        stream.write_batch(batch)
    packed: bytes = sink.getvalue().to_pybytes()
    return packed


def unpack(packed: bytes) -> pa.RecordBatch:
    """Return the batch that `pack` packed."""
    return pa.ipc.open_stream(packed).read_next_batch()


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


def _limit(memory: int) -> None:
    """Limit the writable memory of this process, where the system can (Linux counts what is mapped)."""
    if sys.platform != "linux":
        return
    import resource

    with open("/proc/self/status", "rb") as file:  # noqa: PTH123 - not a file on a disk
        held = next(int(line.split()[1]) << 10 for line in file if line.startswith(b"VmData:"))
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = held + memory
    resource.setrlimit(resource.RLIMIT_DATA, (wanted if most < 0 else min(wanted, most), most))
