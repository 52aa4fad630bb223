"""What passes between a process and the ones it starts to clean, and the memory those may take."""

from __future__ import annotations

import sys

import pyarrow as pa

__all__ = ["limit_memory", "pack", "unpack"]


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


def limit_memory(memory: int) -> None:
    """Limit the writable memory of this process to what it has and `memory` bytes more; 0 is no limit.

    Only Linux counts what is mapped, so elsewhere there is no limit.
    """
    if not memory or sys.platform != "linux":
        return
    import resource

    with open("/proc/self/status", "rb") as file:  # noqa: PTH123 - not a file on a disk
        held = next(int(line.split()[1]) << 10 for line in file if line.startswith(b"VmData:"))
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = held + memory
    resource.setrlimit(resource.RLIMIT_DATA, (wanted if most < 0 else min(wanted, most), most))
