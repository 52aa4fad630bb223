"""What readers hand on: documents as they lay there, gathered into record batches."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from cleaner.record import storable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["RAW", "Place", "Raw", "gathered"]

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


def gathered(rows: Iterable[tuple[Place, Raw]], batch_bytes: int) -> Iterator[pa.RecordBatch]:
    """Yield batches of documents of about `batch_bytes`; a document is never cut in two.

    Where batches end depends on their content alone, never on time, and changes no result.
    """
    held: list[tuple[Place, Raw]] = []
    size = 0
    for place, row in rows:
        cost = len(row.data or row.text or "") + len(row.metadata or "") + _ROW_COST
        if held and (size + cost > batch_bytes or len(held) == _MOST_ROWS):
            yield _batch(held)
            held, size = [], 0
        held.append((place, row))
        size += cost
    if held:
        yield _batch(held)


def _batch(rows: Sequence[tuple[Place, Raw]]) -> pa.RecordBatch:
    columns = zip(*((*row, *place) for place, row in rows), strict=True)
    arrays = [_array(list(values), field.type) for field, values in zip(RAW, columns, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=RAW)


def _array(values: list[object], kind: pa.DataType) -> pa.Array:
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:  # lone surrogates: of a file name, or of an escape in JSON
        if pa.types.is_list(kind):
            return pa.array([value and [storable(each) for each in value] for value in values], kind)  # type: ignore[attr-defined]
        return pa.array([value and storable(str(value)) for value in values], kind)
