"""Write record batches to one Parquet file that appears when it is whole."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pyarrow as pa
import pyarrow.parquet as pq

from cleaner.schema import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

__all__ = ["ParquetOutput"]

ROWS_PER_GROUP = 20_000


class ParquetOutput:
    """A Parquet file in the making: written under a temporary name, renamed when it is complete.

    Rows are gathered into row groups of a fixed number of rows, so the bytes of the file do not depend
    on how the rows were batched on their way here.
    """

    def __init__(self, path: str | Path, metadata: Mapping[str, str]) -> None:
        self.path = Path(path)
        self.partial = self.path.with_name(f".{self.path.name}.{os.getpid()}.partial")
        encoded = {f"cleaner.{name}".encode(): value.encode() for name, value in metadata.items()}
        self._schema = SCHEMA.with_metadata(encoded)
        self._waiting: list[pa.RecordBatch] = []
        self._rows = 0

    def __enter__(self) -> Self:
        self._writer = pq.ParquetWriter(self.partial, self._schema, compression="zstd")
        return self

    def write(self, batch: pa.RecordBatch) -> None:
        """Add rows; columns that are not in the schema are left out."""
        self._waiting.append(batch.select(SCHEMA.names))
        self._rows += batch.num_rows
        while self._rows >= ROWS_PER_GROUP:
            self._flush(ROWS_PER_GROUP)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and self._rows:
                self._flush(self._rows)
            self._writer.close()
            if kind is None:
                with self.partial.open("rb") as file:
                    os.fsync(file.fileno())
                self.partial.replace(self.path)
        finally:
            self.partial.unlink(missing_ok=True)

    def _flush(self, count: int) -> None:
        table = pa.Table.from_batches(self._waiting).combine_chunks()
        self._writer.write_table(table.slice(0, count).cast(self._schema), row_group_size=count)
        rest = table.slice(count)
        self._waiting, self._rows = rest.to_batches(), rest.num_rows
