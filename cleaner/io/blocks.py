"""Documents of a table as a batch, made of whole columns: a Python object for each would cost more than reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cleaner.columns import values_of, word_of, words_of
from cleaner.io.fields import SEVERAL, encoded, picked
from cleaner.io.raw import RAW, Raw, column_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.io.fields import Columns
    from cleaner.io.sources import Source

__all__ = ["block_of"]

_WORDS = (pa.string(), pa.large_string())
_BYTES = (pa.binary(), pa.large_binary())


def block_of(
    piece: pa.RecordBatch, names: tuple[str, ...], columns: Columns, source: Source, before: int
) -> pa.RecordBatch | None:
    """Return the documents that `cleaner.io.fields.row` would make of the rows of a piece.

    Args:
        piece: rows of a table.
        names: of its columns, each different.
        columns: the names that were given.
        source: the file it is from.
        before: rows of the file before it.

    Returns:
        A batch with the columns of `cleaner.io.raw.Raw`; None where a row has no text, or one that is none,
        which is for `row` to explain.

    Raises:
        MissingColumnError: there is no column for the text, or one that was named is not there.

    """
    roles = picked(columns, names)
    given = dict(zip(names, piece.columns, strict=True))
    body = given[roles.get("text") or roles["html"]]
    is_text = body.type in _WORDS
    if body.null_count or not (is_text or body.type in _BYTES) or (is_text and not _is_valid(body)):
        return None
    count = piece.num_rows
    numbers = pa.array(np.arange(before + 1, before + 1 + count)).cast(pa.string())
    made: dict[str, pa.Array] = {
        role: _said(given[name], role) for role, name in roles.items() if role not in ("text", "html")
    }
    made["text" if is_text else "data"] = body.cast(RAW.field("text" if is_text else "data").type)
    made["id"] = _ids(made.get("id"), source.id, numbers)
    made["source"] = column_of([source.path] * count, pa.string())
    made["place"] = pc.binary_join_element_wise("row ", numbers, "")
    if "text" not in roles:
        made["format"] = pa.array(["html"] * count, pa.string())
    rest = [name for name in names if name not in roles.values()]
    if rest:
        made["metadata"] = _rest(rest, [values_of(given[name]) for name in rest])
    arrays = [made[name] if name in made else pa.nulls(count, RAW.field(name).type) for name in Raw._fields]
    return pa.RecordBatch.from_arrays(arrays, names=list(Raw._fields))


def _said(column: pa.Array, role: str) -> pa.Array:
    """Return what the rows say of one thing, as one word or several."""
    if role in SEVERAL:
        return column_of([words_of(value) for value in values_of(column)], RAW.field(role).type)
    if column.type not in _WORDS or not _is_valid(column):
        return column_of([word_of(value) for value in values_of(column)], pa.string())
    return _without_empty(column.cast(pa.string()))


def _without_empty(words: pa.Array) -> pa.Array:
    return pc.if_else(pc.equal(pc.binary_length(words), 0), pa.scalar(None, pa.string()), words)


def _ids(given: pa.Array | None, name: str, numbers: pa.Array) -> pa.Array:
    given = None if given is None else _without_empty(given)
    if given is not None and not given.null_count:
        return given
    (prefix,) = column_of([f"{name}#"], pa.string())
    made = pc.binary_join_element_wise(prefix, numbers, "")
    return made if given is None else pc.coalesce(given, made)


def _rest(names: Sequence[str], columns: Sequence[Sequence[Any]]) -> pa.Array:
    rows = (dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True))
    return column_of([encoded(row).decode() for row in rows], pa.string())


def _is_valid(column: pa.Array) -> bool:
    """Tell whether a column of strings is UTF-8, which a Parquet file may say of what is not."""
    wide = column.type == pa.large_string()
    try:
        column.cast(pa.large_binary() if wide else pa.binary()).cast(column.type)
    except pa.ArrowInvalid:
        return False
    return True
