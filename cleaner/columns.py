"""Read the columns of a batch that cleaning needs, and hand the others through."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from cleaner.decoding import decode, describe_binary
from cleaner.document import site_of
from cleaner.rules.engine import Context
from cleaner.schema import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleaner.record import Row

__all__ = ["Inputs", "passed_through", "read_columns"]

_KNOWN = ("id", "source", "url", "site", "title", "language")


class Inputs(NamedTuple):
    """Documents of a batch: decoded texts, or the reason why there is none."""

    texts: Sequence[str]
    errors: Sequence[str | None]
    contexts: Sequence[Context]
    columns: dict[str, list[Any]]
    encodings: Sequence[tuple[str | None, str | None]]

    def known(self, rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
        """Yield for each row what the input said of it; a title that was found stands over a given one."""
        for index, row in enumerate(rows):
            given = {
                name: values[index] for name, values in self.columns.items() if values[index] is not None
            }
            given.setdefault("site", site_of(given.get("url")))
            if row.title is not None:
                given.pop("title", None)
            if row.language is not None:
                given.pop("language", None)
            encoding, method = self.encodings[index]
            yield {**given, "encoding": encoding, "encoding_method": method}


def read_columns(batch: pa.RecordBatch) -> Inputs:
    """Take from a batch what cleaning needs, decoding bytes.

    Raises:
        ValueError: neither `text` nor `data` is among the columns.

    """
    names = batch.schema.names
    if "text" not in names and "data" not in names:
        raise ValueError(
            f"the batch has neither a column 'text' nor a column 'data'; its columns are: {', '.join(names) or 'none'}"
        )
    columns = {name: batch.column(name).cast(pa.string()).to_pylist() for name in _KNOWN if name in names}
    texts: list[str] = []
    errors: list[str | None] = []
    encodings: list[tuple[str | None, str | None]] = []
    values = batch.column("data" if "data" in names else "text").to_pylist()
    given = batch.column("error").to_pylist() if "error" in names else [None] * len(values)
    for value, error in zip(values, given, strict=True):
        text, wrong, encoding = _decoded(value)
        texts.append(text)
        errors.append(error or wrong)
        encodings.append(encoding)
    blank: list[None] = [None] * len(values)
    contexts = [
        Context(title=title, site=site or site_of(url), url=url, language=language)
        for title, site, url, language in zip(
            columns.get("title", blank),
            columns.get("site", blank),
            columns.get("url", blank),
            columns.get("language", blank),
            strict=True,
        )
    ]
    return Inputs(texts, errors, contexts, columns, encodings)


def passed_through(batch: pa.RecordBatch, record: pa.RecordBatch) -> pa.RecordBatch:
    """Return the record with the columns of the input that it does not have itself."""
    extra = [name for name in batch.schema.names if name not in SCHEMA.names and name != "data"]
    if not extra:
        return record
    fields = [*record.schema, *(batch.schema.field(name) for name in extra)]
    arrays = [*record.columns, *(batch.column(name) for name in extra)]
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))


def _decoded(value: object) -> tuple[str, str | None, tuple[str | None, str | None]]:
    """Return the text, the error and (encoding, method) of one value."""
    if value is None:
        return "", "no text: the value is null", (None, None)
    if isinstance(value, str):
        return value, None, (None, None)
    if not isinstance(value, bytes):
        return "", f"no text: the value is of type {type(value).__name__}", (None, None)
    decoded = decode(value)
    if decoded.method == "binary":
        return "", f"not text but binary: {describe_binary(value)}", (None, "binary")
    return decoded.text, None, (decoded.encoding, decoded.method)
