"""Parquet and Arrow IPC (Feather) files, read in pieces."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from cleaner.columns import values_of
from cleaner.io.blocks import block_of
from cleaner.io.fields import names_of, picked, row
from cleaner.io.opening import seekable
from cleaner.io.raw import Raw
from cleaner.io.reading import said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from cleaner.io.reading import ReadOptions
    from cleaner.io.sources import Source, Stretch

__all__ = ["read", "read_blocks"]

_ROWS = 256  # read at a time where their size is not known
_BYTES = 900_000  # and about as many where it is: a little less than a batch holds
_FEW, _MANY = 32, 512


def read(stream: BinaryIO, source: Source, options: ReadOptions) -> Iterator[Raw]:
    """Yield the documents of a table; a row group that is damaged is one error, the others are read on.

    Raises:
        MissingColumnError: there is no column for the text.

    """
    for item in _items(stream, source):
        if isinstance(item, Raw):
            yield item
        else:
            yield from _rows(*item, source, options)


def read_blocks(stream: BinaryIO, source: Source, options: ReadOptions) -> Iterator[Raw | pa.RecordBatch]:
    """Yield the same documents, those of a piece as one batch where every row of it has a text.

    Raises:
        MissingColumnError: there is no column for the text.

    """
    for item in _items(stream, source):
        if isinstance(item, Raw):
            yield item
            continue
        number, piece = item
        block = block_of(piece, names_of(piece.schema.names), options.columns, source, number)
        if block is None:
            yield from _rows(number, piece, source, options)
        else:
            yield block


def _items(stream: BinaryIO, source: Source) -> Iterator[Raw | tuple[int, pa.RecordBatch]]:
    """Yield pieces with the number of rows before each in the file, and an error for one that is damaged."""
    with seekable(stream) as file:
        pieces = _parquet(file, source.stretch) if source.format == "parquet" else _counted(_arrow(file))
        for number, piece in pieces:
            if isinstance(piece, str):
                yield Raw(f"{source.id}#{number + 1}!", source.path, error=piece, place=f"after row {number}")
            else:
                yield number, piece


def _rows(number: int, piece: pa.RecordBatch, source: Source, options: ReadOptions) -> Iterator[Raw]:
    names = names_of(piece.schema.names)
    picked(options.columns, names)
    columns = [values_of(column) for column in piece.columns]
    for place, values in enumerate(zip(*columns, strict=True), number + 1):
        yield row(dict(zip(names, values, strict=True)), options.columns, source, place, f"row {place}")


def _parquet(file: BinaryIO, stretch: Stretch | None) -> Iterator[tuple[int, pa.RecordBatch | str]]:
    """Yield pieces, or what is wrong with one, with the number of rows before each in the file."""
    import pyarrow.parquet as pq

    table = pq.ParquetFile(file)
    number = stretch.first if stretch else 0
    for group in range(*stretch[:2]) if stretch else range(table.num_row_groups):
        known = table.metadata.row_group(group)
        behind = number + known.num_rows
        rows = _BYTES * known.num_rows // max(known.total_byte_size, 1)
        rows = min(max(rows, _FEW), _MANY)
        try:
            for piece in table.iter_batches(rows, row_groups=[group], use_threads=False):
                yield number, piece
                number += piece.num_rows
        except (OSError, pa.ArrowException) as error:
            yield number, f"row group {group} {said(error)}"
        number = behind


def _counted(pieces: Iterator[pa.RecordBatch | str]) -> Iterator[tuple[int, pa.RecordBatch | str]]:
    number = 0
    for piece in pieces:
        yield number, piece
        number += 0 if isinstance(piece, str) else piece.num_rows


def _arrow(file: BinaryIO) -> Iterator[pa.RecordBatch | str]:
    try:
        blocks = pa.ipc.open_file(file)
    except pa.ArrowInvalid:
        file.seek(0)
        stream = pa.ipc.open_stream(file)
        index = 0
        while True:
            try:
                yield from _cut(stream.read_next_batch())
            except StopIteration:
                return
            except (OSError, pa.ArrowException) as error:
                yield f"record batch {index} {said(error)}; the rest of the file is lost to this run"
                return
            index += 1
    for index in range(blocks.num_record_batches):
        try:
            yield from _cut(blocks.get_batch(index))
        except (OSError, pa.ArrowException) as error:
            yield f"record batch {index} {said(error)}"


def _cut(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """Yield the rows of a batch in pieces.

    Raises:
        ArrowInvalid: its buffers do not hold what its offsets point at; Arrow itself trusts the file and would read
            memory that is not there.

    """
    for column in batch.columns:
        _checked(column)
    for start in range(0, batch.num_rows, _ROWS):
        yield batch.slice(start, _ROWS)


def _checked(column: pa.Array) -> None:
    """Check all of a column but whether its strings are UTF-8: those that are not are read as bytes."""
    column.validate()
    if column.type in (pa.string(), pa.large_string()):
        column = column.view(pa.binary() if column.type == pa.string() else pa.large_binary())
    column.validate(full=True)
