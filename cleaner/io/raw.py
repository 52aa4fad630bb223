"""What readers hand on: documents as they lay there, gathered into record batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cleaner.record import storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["RAW", "Place", "Raw", "column_of", "gathered", "placed"]

_MOST_ROWS = 2_000  # in a batch, so that one of many tiny documents is no larger in memory than others
_ROW_COST = 200  # bytes a document takes beside its text


class Raw(NamedTuple):
    """One document before cleaning.

    `data` are undecoded bytes; where the source holds text, `text` is set instead. `format` is `html`
    for pages. `charset` is what a server declared. `place` says where in its file the document stood. A
    document that could not be read has `error` set and in `data` what was there instead.
    """

    id: str
    source: str
    data: bytes | None = None
    text: str | None = None
    url: str | None = None
    site: str | None = None
    title: str | None = None
    language: str | None = None
    author: str | None = None
    date: str | None = None
    description: str | None = None
    site_name: str | None = None
    categories: Sequence[str] | None = None
    tags: Sequence[str] | None = None
    page_language: str | None = None
    metadata: str | None = None
    format: str | None = None
    charset: str | None = None
    error: str | None = None
    place: str | None = None


class Place(NamedTuple):
    """A position in the input: a file by its number in the list, and a row by its number in the file."""

    file: int = 0
    row: int = 0


_KINDS = {
    "data": pa.large_binary(),
    "text": pa.large_string(),
    "categories": pa.list_(pa.string()),
    "tags": pa.list_(pa.string()),
}

RAW = pa.schema(
    [
        *(pa.field(name, _KINDS.get(name, pa.string())) for name in Raw._fields),
        pa.field("file", pa.int64()),
        pa.field("row", pa.int64()),
    ]
)
"""The columns of a batch of undecoded documents; `file` and `row` are its `Place`."""


def placed(block: pa.RecordBatch, place: Place) -> pa.RecordBatch:
    """Return a batch with the columns of `Raw` as one of `RAW`; `place` is that of its first row."""
    rows = np.arange(place.row, place.row + block.num_rows)
    files = np.full(block.num_rows, place.file)
    return pa.RecordBatch.from_arrays([*block.columns, pa.array(files), pa.array(rows)], schema=RAW)


def gathered(
    documents: Iterable[tuple[Place, Raw] | pa.RecordBatch], batch_bytes: int
) -> Iterator[pa.RecordBatch]:
    """Yield batches of documents of about `batch_bytes`; a document is never cut in two.

    Where batches end depends on their content alone, never on time, and changes no result.
    """
    held = _Held()
    for each in documents:
        if isinstance(each, pa.RecordBatch):
            start, costs = 0, np.cumsum(_costs(each))
            while start < each.num_rows:
                before = int(costs[start - 1]) if start else 0
                room = min(start + _MOST_ROWS - held.count, each.num_rows)
                stop = int(np.searchsorted(costs[:room], before + batch_bytes - held.size, side="right"))
                half = held.size * 2 >= batch_bytes and stop < each.num_rows  # then it is not worth a copy
                if held.count and (stop <= start or half):
                    yield held.taken()
                    continue
                stop = max(stop, start + 1)
                held.add(each.slice(start, stop - start), int(costs[stop - 1]) - before)
                start = stop
            continue
        place, row = each
        cost = len(row.data or row.text or "") + len(row.metadata or "") + _ROW_COST
        if held.count and (held.size + cost > batch_bytes or held.count >= _MOST_ROWS):
            yield held.taken()
        held.add((place, row), cost)
    if held.count:
        yield held.taken()


class _Held:
    """Documents on their way into a batch: rows, and batches of rows that are finished."""

    def __init__(self) -> None:
        self.count = self.size = 0
        self._rows: list[tuple[Place, Raw]] = []
        self._batches: list[pa.RecordBatch] = []

    def add(self, documents: tuple[Place, Raw] | pa.RecordBatch, cost: int) -> None:
        self.size += cost
        if isinstance(documents, pa.RecordBatch):
            self._settle()
            self._batches.append(documents)
            self.count += documents.num_rows
        else:
            self._rows.append(documents)
            self.count += 1

    def taken(self) -> pa.RecordBatch:
        """Return all of them, and hold none any more."""
        self._settle()
        batches, self._batches, self.count, self.size = self._batches, [], 0, 0
        return batches[0] if len(batches) == 1 else pa.concat_batches(batches)

    def _settle(self) -> None:
        if self._rows:
            self._batches.append(_batch(self._rows))
            self._rows = []


def _costs(batch: pa.RecordBatch) -> np.ndarray[Any, np.dtype[np.int64]]:
    costs = np.full(batch.num_rows, _ROW_COST, np.int64)
    for name in ("data", "text", "metadata"):
        column = batch.column(name)
        if column.null_count < len(column):
            lengths = pc.fill_null(pc.binary_length(column), 0)
            costs += lengths.to_numpy(zero_copy_only=False).astype(np.int64)
    return costs


def _batch(rows: Sequence[tuple[Place, Raw]]) -> pa.RecordBatch:
    columns = zip(*((*row, *place) for place, row in rows), strict=True)
    arrays = [column_of(list(values), field.type) for field, values in zip(RAW, columns, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=RAW)


def column_of(values: Sequence[object], kind: pa.DataType) -> pa.Array:
    """Return values as a column; surrogates, which it cannot hold, are written as escapes."""
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:  # lone surrogates: of a file name, or of an escape in JSON
        if pa.types.is_list(kind):
            return pa.array([value and [storable(each) for each in value] for value in values], kind)  # type: ignore[attr-defined]
        return pa.array([value and storable(str(value)) for value in values], kind)
