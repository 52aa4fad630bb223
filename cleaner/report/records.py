"""Finished record files, read as a stream: a few thousand rows in memory, however long the files are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["RecordError", "Records"]

ROWS = 2048
_BUFFER = 1 << 20  # bytes read at a time from a column; without it a whole row group is held
_NEEDED = ("id", "chars_in", "chars_out", "flags", "edits", "error")


class RecordError(ValueError):
    """A file that is no record of this package, or cannot be read."""


class Records:
    """One or more Parquet files with the columns of `cleaner.SCHEMA`, as one list of rows.

    `names` are the columns all files have, `metadata` what the first file says about how it was made
    (keys without `cleaner.`), `count` the number of rows.

    Raises:
        RecordError: a file cannot be read, or lacks a column that every record has.

    """

    def __init__(self, paths: Iterable[str | Path]) -> None:
        self.paths = [Path(path) for path in paths]
        if not self.paths:
            raise RecordError("give at least one Parquet file that `clean` wrote")
        self._files = [_open(path) for path in self.paths]
        schemas = [file.schema_arrow for file in self._files]
        self.names = [name for name in schemas[0].names if all(name in other.names for other in schemas)]
        self.count = sum(file.metadata.num_rows for file in self._files)
        found = schemas[0].metadata or {}
        self.metadata = {
            key.decode().removeprefix("cleaner."): value.decode("utf-8", "replace")
            for key, value in sorted(found.items())
            if key.startswith(b"cleaner.")
        }

    def batches(self, columns: Sequence[str]) -> Iterator[tuple[int, pa.RecordBatch]]:
        """Yield (number of the first row, batch) with those of `columns` that are there."""
        wanted = [name for name in columns if name in self.names]
        first = 0
        for path, file in zip(self.paths, self._files, strict=True):
            try:
                for batch in file.iter_batches(batch_size=ROWS, columns=wanted):
                    yield first, batch
                    first += batch.num_rows
            except (OSError, pa.ArrowException) as error:
                raise RecordError(f"{path}: cannot be read: {error}") from error


def _open(path: Path) -> pq.ParquetFile:
    try:
        file = pq.ParquetFile(path, buffer_size=_BUFFER, pre_buffer=False)
    except FileNotFoundError as error:
        raise RecordError(f"there is no file {path}: check the path") from error
    except (OSError, pa.ArrowException) as error:
        raise RecordError(f"{path}: is no Parquet file that can be read: {error}") from error
    missing = [name for name in _NEEDED if name not in file.schema_arrow.names]
    if missing:
        raise RecordError(f"{path}: is no record that `clean` wrote: it has no column {', '.join(missing)}")
    return file
