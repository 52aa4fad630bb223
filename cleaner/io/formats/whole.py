"""Files that are one document each: plain text and HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.io.opening import BombError, Pieces
from cleaner.io.raw import Raw
from cleaner.io.reading import said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from cleaner.io.reading import ReadOptions
    from cleaner.io.sources import Source

__all__ = ["read"]

_BLOCK = 1 << 20


def read(stream: BinaryIO, source: Source, options: ReadOptions) -> Iterator[Raw]:
    """Yield the one document of a file; what was read before an error is handed on with it."""
    raw = Raw(source.id, source.path, format="html" if source.format == "html" else None)
    pieces = Pieces(stream)
    parts: list[bytes] = []
    size = 0
    try:
        while part := pieces.read(_BLOCK):
            parts.append(part)
            size += len(part)
            if size > options.most_bytes:
                yield raw._replace(
                    data=parts[0],
                    error=f"larger than {options.most_bytes:,} bytes: split it, or raise --max-document",
                    place=f"the first {len(parts[0]):,} bytes",
                )
                return
    except BombError as error:
        yield raw._replace(data=parts[0], error=said(error), place=f"the first {len(parts[0]):,} bytes")
        return
    except Exception as error:  # noqa: BLE001 - whatever a damaged archive makes a library raise
        yield raw._replace(data=b"".join(parts), error=said(error), place=f"after byte {size}")
        return
    yield raw._replace(data=b"".join(parts))
