"""Turn outcomes into rows of the record, and edits back into what they undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa

from cleaner.edited import columns_of
from cleaner.schema import EDIT, SCHEMA, SHARE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cleaner.document import Edit
    from cleaner.rules.engine import Cleaned, Context
    from cleaner.settings import Settings

__all__ = ["Row", "reason_of", "record_batch", "spread", "storable", "titled"]


_NAMES = ("flags", "reasons", "categories", "tags")


class Row(NamedTuple):
    """What is known of one document in the end; the fields are columns of the record."""

    id: str | None = None
    source: str | None = None
    url: str | None = None
    site: str | None = None
    title: str | None = None
    author: str | None = None
    date: str | None = None
    description: str | None = None
    site_name: str | None = None
    categories: Sequence[str] | None = None
    tags: Sequence[str] | None = None
    page_language: str | None = None
    extract_method: str | None = None
    text: str | None = None
    language: str | None = None
    language_score: float | None = None
    languages: Sequence[tuple[str, float]] | None = None
    encoding: str | None = None
    encoding_method: str | None = None
    chars_in: int | None = None
    chars_out: int | None = None
    flags: Sequence[str] = ()
    edits: Sequence[Edit] | None = ()
    duplicate_of: str | None = None
    metadata: str | None = None
    reasons: Sequence[str] | None = None
    rejected: str | None = None
    fingerprint: int | None = None
    error: str | None = None


def record_batch(
    rows: Sequence[Row],
    signals_before: pa.Array | None = None,
    signals_after: pa.Array | None = None,
    passes: pa.Array | None = None,
) -> pa.RecordBatch:
    """Return rows as a batch of the record's schema."""
    columns: dict[str, pa.Array] = {
        name: _column([getattr(row, name) for row in rows], SCHEMA.field(name).type)
        for name in Row._fields
        if name not in ("languages", "edits", *_NAMES)
    }
    columns["languages"] = _lists([row.languages for row in rows], _shares)
    for name in _NAMES:
        columns[name] = _lists(
            [getattr(row, name) for row in rows], lambda names: _column(names, pa.string())
        )
    columns["edits"] = _listed([row.edits for row in rows], _edits([row.edits for row in rows if row.edits]))
    for name, signals in (
        ("signals_before", signals_before),
        ("signals_after", signals_after),
        ("passes", passes),
    ):
        columns[name] = pa.nulls(len(rows), SCHEMA.field(name).type) if signals is None else signals
    for field in SCHEMA:  # what a look at the whole corpus fills
        if field.name not in columns:
            columns[field.name] = pa.nulls(len(rows), field.type)
    return pa.RecordBatch.from_arrays([columns[field.name] for field in SCHEMA], schema=SCHEMA)


def _column(values: list[object], kind: pa.DataType) -> pa.Array:
    try:
        return pa.array(values, kind)
    except UnicodeEncodeError:
        return pa.array([value and storable(str(value)) for value in values], kind)


def spread(values: pa.Array | None, places: Sequence[int], count: int) -> pa.Array | None:
    """Return an array of `count` values with `values` at `places` and null elsewhere."""
    if values is None or len(places) == count:
        return values
    index: list[int | None] = [None] * count
    for position, place in enumerate(places):
        index[place] = position
    return values.take(pa.array(index, pa.int64()))


def storable(text: str) -> str:
    r"""Return `text` with lone surrogates, which UTF-8 cannot hold, written as `\udXXX`."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def titled(cleaned: Sequence[Cleaned], contexts: Sequence[Context], settings: Settings) -> Sequence[Cleaned]:
    """Leave out titles that were found in a text whose copy of them was furniture to another rule after all."""
    if not settings.title_in_text:
        return cleaned
    return [
        each
        if each.title is None or context.title or _holds(each.text, each.title)
        else each._replace(title=None)
        for each, context in zip(cleaned, contexts, strict=True)
    ]


def _holds(text: str, title: str) -> bool:
    """Tell whether a line of a text is its headline, or what a rule left of it."""
    return any(line and line in title for line in map(str.strip, text.splitlines()))


def reason_of(error: BaseException) -> str:
    """Return what the column `error` says of a document that made code raise."""
    if isinstance(error, MemoryError):
        return "needed more memory than a worker may have"
    text = " ".join(str(error).split())[:500]
    return f"raised {type(error).__name__}: {text}" if text else f"raised {type(error).__name__}"


def _lists(
    values: Sequence[Sequence[object] | None], build: Callable[[list[object]], pa.Array]
) -> pa.ListArray:
    return _listed(values, build([item for value in values for item in value or ()]))


def _listed(values: Sequence[Sequence[object] | None], flat: pa.Array) -> pa.ListArray:
    """Return lists of the lengths of `values`, null where there is none, over the items of all of them."""
    lengths = np.fromiter((len(value or ()) for value in values), np.int64, len(values))
    offsets = np.concatenate((np.zeros(1, np.int32), np.cumsum(lengths).astype(np.int32)))
    mask = pa.array([value is None for value in values], pa.bool_())
    return pa.ListArray.from_arrays(pa.array(offsets), flat, mask=mask)


def _shares(shares: Iterable[object]) -> pa.Array:
    return pa.array([dict(zip(("code", "share"), pair, strict=True)) for pair in shares], SHARE)  # type: ignore[call-overload]


def _edits(documents: Sequence[Sequence[Edit]]) -> pa.Array:
    arrays = [_column(values, field.type) for field, values in zip(EDIT, columns_of(documents), strict=True)]
    return pa.StructArray.from_arrays(arrays, fields=list(EDIT))
