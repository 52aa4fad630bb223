"""JSON lines out: one object a document, the columns in the order of the schema."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec
import pyarrow as pa

from cleaner.io.durable import partial, settle
from cleaner.io.suffixes import COMPRESSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["jsonl_file", "write_lines"]


def write_lines(rows: pa.RecordBatch | pa.Table, stream: BinaryIO | Any) -> None:
    """Write rows as lines of JSON."""
    encode = msgspec.json.Encoder().encode_into
    buffer = bytearray()
    for row in rows.to_pylist():
        encode(row, buffer, -1)
        buffer += b"\n"
    stream.write(bytes(buffer))


@contextmanager
def jsonl_file(path: Path) -> Iterator[Any]:
    """Open a file of JSON lines under its temporary name, compressed by its suffix, and settle it in the end."""
    making = partial(path)
    compression = COMPRESSIONS.get(path.suffix.lower())
    try:
        with pa.OSFile(str(making), "wb") as file:
            if compression is None:
                yield file
            else:
                with pa.CompressedOutputStream(file, compression) as compressed:
                    yield compressed
        settle(path)
    except BaseException:
        with suppress(OSError):
            making.unlink(missing_ok=True)
        raise
