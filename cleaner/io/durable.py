"""Files that are whole or not there: a temporary name, fsync, then the rename."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["parquet_file", "partial", "settle", "sync_folder", "whole_file"]

_FREE = frozenset(
    {
        "text",
        "title",
        "description",
        "before",
        "after",
        "note",
        "id",
        "url",
        "error",
        "data",
        "traceback",
        "reason",
    }
)
"""Columns whose values seldom recur."""


def partial(path: Path) -> Path:
    """Return the temporary name of a file in the making."""
    return path.with_name(f".{path.name}.partial")


def settle(path: Path) -> None:
    """Give a finished file, that lies under its temporary name, its own; it survives a power cut from here on.

    Raises:
        OSError: it cannot be written out or renamed.

    """
    making = partial(path)
    with making.open("rb+") as file:
        os.fsync(file.fileno())
    making.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Write the names in a folder out to the disk, where the system knows how."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def parquet_file(path: Path, schema: pa.Schema) -> Iterator[Any]:
    """Open a Parquet file under its temporary name, and settle it when nothing went wrong.

    The bytes depend on nothing but the schema and the tables, one a row group, that are written. Only names that
    recur get a dictionary: numbers, of which most columns are signals, and texts would take longer to write and to read.
    """
    with _settled(path) as making, pa.OSFile(str(making), "wb") as sink:
        texts = [path for field in schema for path in _texts(field.name, field.type)]
        writer = pq.ParquetWriter(sink, schema, compression="zstd", use_dictionary=texts)
        try:
            yield writer
            writer.close()
        except BaseException:
            with suppress(Exception):  # a full disk makes closing fail as well
                writer.close()
            raise


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing under its temporary name, and settle it when nothing went wrong."""
    with _settled(path) as making, making.open("wb") as file:
        yield file


@contextmanager
def _settled(path: Path) -> Iterator[Path]:
    making = partial(path)
    try:
        yield making
        settle(path)
    except BaseException:
        with suppress(OSError):
            making.unlink(missing_ok=True)
        raise


def _texts(path: str, kind: pa.DataType) -> Iterator[str]:
    """Yield the paths of the columns of a type that hold names, as Parquet says them."""
    if pa.types.is_struct(kind):
        for field in kind:
            yield from _texts(f"{path}.{field.name}", field.type)
    elif pa.types.is_list(kind):
        yield from _texts(f"{path}.list.element", kind.value_type)
    elif not pa.types.is_primitive(kind) and path.rpartition(".")[2] not in _FREE:
        yield path
