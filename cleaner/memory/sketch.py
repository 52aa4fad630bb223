"""A memory in the making: what was observed so far. Sketches add up in any order to that of all their documents."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from cleaner.memory.counts import COUNTS, counted
from cleaner.memory.observe import OBSERVED, observe

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

__all__ = ["BUCKETS", "Sketch", "SketchError", "bucket_of", "read_sketch"]

BUCKETS = 64
"""The parts into which observations are divided by their line, to be counted one after the other."""

_KEPT = 256 << 20  # bytes in memory; what is more goes to the disk
_ROWS = 1 << 20  # of a row group
_FORMAT = b"cleaner.sketch"
_VERSION = b"1"


class SketchError(ValueError):
    """A file that is no sketch; the message names it and says why."""


class Sketch:
    """Observations of documents, in memory as long as they fit, else in a folder that goes with the sketch.

    Args:
        kept: bytes that stay in memory.
        folder: where the rest goes; a temporary folder, if none is named.

    """

    def __init__(self, kept: int = _KEPT, folder: Path | None = None) -> None:
        self._kept, self._folder = kept, folder
        self._tables: list[pa.Table] = []
        self._bytes = 0
        self._spill: _Spill | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Remove what lies on the disk."""
        if self._spill:
            self._spill.close()

    def learn(self, texts: Sequence[str], sites: Sequence[str | None]) -> None:
        """Add documents with their sites; see `cleaner.memory.observe.observe`."""
        self.add(observe(texts, sites))

    def add(self, observed: pa.Table) -> None:
        """Add observations."""
        self._tables.append(observed)
        self._bytes += observed.nbytes
        if self._bytes > self._kept:
            self._spill = self._spill or _Spill(self._folder)
            self._spill.write(pa.concat_tables(self._tables))
            self._tables, self._bytes = [], 0

    def merge(self, other: Sketch) -> None:
        """Add what another sketch holds."""
        for table in other.tables():
            self.add(table)

    def tables(self) -> Iterator[pa.Table]:
        """Yield all observations, in no order that means anything."""
        if self._spill:
            for bucket in range(BUCKETS):
                yield from self._spill.read(bucket)
        yield from self._tables

    def counts(self) -> pa.Table:
        """Return the counts of all lines that several documents of a site hold (`cleaner.memory.counts.COUNTS`)."""
        if self._spill is None:
            return counted(_joined(self._tables))
        rest = _joined(self._tables)
        number = bucket_of(rest)
        parts = [
            counted(_joined([*self._spill.read(bucket), rest.filter(pa.array(number == bucket))]))
            for bucket in range(BUCKETS)
        ]
        return pa.concat_tables(parts) if parts else COUNTS.empty_table()

    def save(self, path: Path | str) -> None:
        """Write the sketch as a Parquet file, to be read with `read_sketch` and merged elsewhere."""
        schema = OBSERVED.with_metadata({_FORMAT: _VERSION})
        with pq.ParquetWriter(path, schema, compression="zstd") as writer:
            for table in self.tables():
                writer.write_table(table.cast(schema), row_group_size=_ROWS)


def read_sketch(path: Path | str, into: Sketch) -> None:
    """Add the observations of a file that `Sketch.save` wrote to a sketch.

    Raises:
        SketchError: the file cannot be read, or is no sketch.

    """
    try:
        file = pq.ParquetFile(path)
        if (file.schema_arrow.metadata or {}).get(_FORMAT) != _VERSION:
            raise SketchError(
                f"{path} is no part of a memory: write one with `cleaner learn INPUT -o {path} --part`"
            )
        for batch in file.iter_batches():
            into.add(pa.Table.from_batches([batch]).cast(OBSERVED))
    except OSError as error:
        raise SketchError(f"{path}: cannot be read: {error.strerror or error}") from error
    except pa.ArrowException as error:
        raise SketchError(f"{path}: is no Parquet file of a memory: {error}") from error


def bucket_of(observed: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
    """Return the bucket of each row; all of a line stand in the same."""
    bits: np.ndarray[tuple[int], np.dtype[np.uint64]] = observed.column("line").to_numpy()
    return (bits >> np.uint64(1)) % np.uint64(BUCKETS)


def _joined(tables: Sequence[pa.Table]) -> pa.Table:
    return pa.concat_tables(tables) if tables else OBSERVED.empty_table()


class _Spill:
    """Observations on the disk, by bucket."""

    def __init__(self, folder: Path | None) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="cleaner-learn-", dir=folder)
        self._rounds = 0

    def write(self, table: pa.Table) -> None:
        """Write rows, each to its bucket."""
        number = bucket_of(table)
        order = np.argsort(number, kind="stable")
        sorted_ = table.take(pa.array(order))
        edges = np.searchsorted(number[order], np.arange(BUCKETS + 1)).tolist()
        options = pa.ipc.IpcWriteOptions(compression="lz4")
        for bucket in range(BUCKETS):
            with pa.ipc.new_file(str(self._path(self._rounds, bucket)), OBSERVED, options=options) as writer:
                writer.write_table(sorted_.slice(edges[bucket], edges[bucket + 1] - edges[bucket]))
        self._rounds += 1

    def read(self, bucket: int) -> Iterator[pa.Table]:
        """Yield the rows of a bucket."""
        for number in range(self._rounds):
            with pa.OSFile(str(self._path(number, bucket))) as file:
                yield pa.ipc.open_file(file).read_all()

    def close(self) -> None:
        self._temporary.cleanup()

    def _path(self, number: int, bucket: int) -> Path:
        return Path(self._temporary.name) / f"{number}-{bucket}.arrow"
