"""The parts of an output: Parquet files of whole row groups, one after the other or divided by a column."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, unquote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cleaner.io.durable import parquet_file, whole_file
from cleaner.io.footer import join_row_groups
from cleaner.io.groups import QUARANTINE
from cleaner.io.journal import Part
from cleaner.schema import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from types import TracebackType

    from cleaner.io.groups import Group
    from cleaner.io.journal import Journal

__all__ = ["ParquetOutput", "PartWriter", "join", "record_schema", "rows_of"]

ROWS_PER_GROUP = 20_000

_NULL = "__HIVE_DEFAULT_PARTITION__"  # what engines call the folder of rows without a value


def record_schema(metadata: Mapping[str, str]) -> pa.Schema:
    """Return the schema of the record with metadata that say how a file was made, under `cleaner.`."""
    return SCHEMA.with_metadata(
        {f"cleaner.{name}".encode(): value.encode() for name, value in metadata.items()}
    )


class ParquetOutput:
    """One file of records under a temporary name until it is whole; a context manager.

    Rows are gathered into row groups of a fixed number of rows, so the bytes of the file do not depend
    on how the rows were batched on their way here.
    """

    def __init__(self, path: str | Path, metadata: Mapping[str, str]) -> None:
        self._schema = record_schema(metadata)
        self._file = parquet_file(Path(path), self._schema)
        self._waiting: list[pa.RecordBatch] = []
        self._rows = 0

    def __enter__(self) -> Self:
        self._writer = self._file.__enter__()
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
        if kind is None and self._rows:
            self._flush(self._rows)
        self._file.__exit__(kind, error, trace)

    def _flush(self, count: int) -> None:
        table = pa.Table.from_batches(self._waiting).combine_chunks()
        self._writer.write_table(table.slice(0, count).cast(self._schema), row_group_size=count)
        rest = table.slice(count)
        self._waiting, self._rows = rest.to_batches(), rest.num_rows


class PartWriter:
    """Writes row groups to the files of parts and notes each part in the journal when it is on the disk.

    Args:
        folder: where the parts go.
        schema: of the files.
        journal: gets a line for each part; its folder takes what is quarantined or rejected.
        by: a column after whose values the rows are divided, in folders named as Hive does.
        number: of the first part.

    """

    def __init__(
        self, folder: Path, schema: pa.Schema, journal: Journal, by: str | None = None, number: int = 0
    ) -> None:
        self._folder = folder
        self._by = by
        self._record_schema = schema
        self._schema = schema if by is None else schema.remove(schema.get_field_index(by))
        self._journal = journal
        self._number = number
        self._quarantine: str | None = None
        self._rejected: str | None = None
        self._begin()

    def add(self, group: Group) -> None:
        """Write a row group, and finish the part when the group ends it.

        Raises:
            OSError: the disk is full, or the like.

        """
        rejected = pc.is_valid(group.record["rejected"])
        kept = group.record.filter(pc.invert(rejected)) if pc.any(rejected).as_py() else group.record
        for name, table in self._divided(kept):
            self._writer(name).write_table(table.cast(self._schema), row_group_size=max(table.num_rows, 1))
        if group.quarantine.num_rows:
            self._quarantine = f"quarantine-{self._number:05}.parquet"
            self._writer(self._quarantine).write_table(group.quarantine)
        if kept.num_rows < group.record.num_rows:
            self._rejected = f"rejected-{self._number:05}.parquet"
            self._writer(self._rejected).write_table(
                group.record.filter(rejected).combine_chunks().cast(self._record_schema)
            )
        self._rows += group.record.num_rows
        if group.ends_part:
            self._files.close()
            for name in self._writers:
                self._send(name)
            files = [name for name in self._writers if name not in (self._quarantine, self._rejected)]
            part = Part(self._number, files, self._rows, group.next, self._quarantine, self._rejected)
            self._journal.add(part)
            self._number += 1
            self._begin()

    def abort(self) -> None:
        """Give up the part in the making."""
        error = KeyboardInterrupt()
        self._files.__exit__(KeyboardInterrupt, error, None)

    def _begin(self) -> None:
        self._files = ExitStack()
        self._writers: dict[str, Any] = {}
        self._quarantine = self._rejected = None
        self._rows = 0

    def _writer(self, name: str) -> Any:
        if name not in self._writers:
            beside = {self._quarantine: QUARANTINE, self._rejected: self._record_schema}
            path = (self._journal.folder if name in beside else self._folder) / name
            path.parent.mkdir(exist_ok=True)
            schema = beside.get(name, self._schema)
            self._writers[name] = self._files.enter_context(parquet_file(path, schema))
        return self._writers[name]

    def _send(self, name: str) -> None:
        """Put a finished file where it belongs; what is not needed to join files in the end leaves the disk."""
        if name in (self._quarantine, self._rejected):
            self._journal.store.send(self._journal.folder / name)
            return
        self._journal.store.send(self._folder / name)
        if self._folder != self._journal.folder:
            self._journal.store.drop(self._folder / name)

    def _divided(self, table: pa.Table) -> Iterator[tuple[str, pa.Table]]:
        """Yield names of files and the rows that go there, in their order."""
        name = f"part-{self._number:05}.parquet"
        if self._by is None:
            yield name, table
            return
        values = table[self._by]
        rest = table.drop_columns([self._by])
        for value in sorted(pc.unique(values).to_pylist(), key=lambda value: (value is None, value)):
            chosen = pc.is_null(values) if value is None else pc.fill_null(pc.equal(values, value), False)
            folder = f"{self._by}={_NULL if value is None else quote(value, safe='')}"
            yield f"{folder}/{name}", rest.filter(chosen).combine_chunks()


def rows_of(path: Path, name: str) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a finished part with all columns of the record, also the one it is divided by."""
    folder = name.split("/", 1)[0] if "/" in name else None
    with pq.ParquetFile(path / name) as file:
        for batch in file.iter_batches(1_000, use_threads=False):
            yield batch if folder is None else _with_column(batch, folder)


def _with_column(batch: pa.RecordBatch, folder: str) -> pa.RecordBatch:
    column, _, written = folder.partition("=")
    value = None if written == _NULL else unquote(written)
    values = pa.array([value] * batch.num_rows, SCHEMA.field(column).type)
    named = dict(zip(batch.schema.names, batch.columns, strict=True)) | {column: values}
    return pa.RecordBatch.from_arrays([named[name] for name in SCHEMA.names], schema=SCHEMA)


def join(parts: Sequence[Path], output: Path, schema: pa.Schema) -> None:
    """Write the row groups of all parts, which have this schema, to one file, which appears when it is whole.

    The bytes are those that writing all groups to one file at once would have made.

    Raises:
        OSError: a part is damaged, or the file cannot be written.

    """
    if not parts:
        with parquet_file(output, schema):
            return
    with whole_file(output) as file:
        join_row_groups(parts, file)
