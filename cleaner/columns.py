"""Read the columns of a batch that cleaning needs, and hand the others through."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow as pa

from cleaner.dates import iso_date
from cleaner.decoding import decode, describe_binary
from cleaner.document import site_of
from cleaner.extract import Extracted, extract
from cleaner.rules.engine import Context
from cleaner.schema import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleaner.extract import Mode
    from cleaner.record import Row

__all__ = [
    "KNOWN",
    "Inputs",
    "as_recorded",
    "context_of",
    "passed_through",
    "read_columns",
    "word_of",
    "words_of",
]

KNOWN = (
    "id", "source", "url", "site", "title", "language", "author", "date", "description", "site_name", "categories", "tags",
    "page_language", "metadata",
)  # fmt: skip
"""The columns of an input that fill those of the record with the same names."""

_BETWEEN = re.compile("[,;|]")
_CONSUMED = ("data", "html", "format", "charset")


_Read = tuple[str, str | None, tuple[str | None, str | None]]  # text, error, (encoding, method)
_UNREAD: _Read = ("", None, (None, None))


class Inputs(NamedTuple):
    """Documents of a batch: decoded texts, or the reason why there is none."""

    texts: Sequence[str]
    errors: Sequence[str | None]
    contexts: Sequence[Context]
    columns: dict[str, list[Any]]
    encodings: Sequence[tuple[str | None, str | None]]
    pages: Sequence[Extracted | None]

    def known(self, rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
        """Yield for each row what the input said of it; a title that was found stands over a given one."""
        for index, row in enumerate(rows):
            given = {
                name: values[index] for name, values in self.columns.items() if values[index] is not None
            }
            page = self.pages[index]
            if page is not None:
                given = {**_said(page), **given}
            given.setdefault("site", site_of(given.get("url")))
            if row.title is not None:
                given.pop("title", None)
            if row.language is not None:
                given.pop("language", None)
            encoding, method = self.encodings[index]
            yield {**given, "encoding": encoding, "encoding_method": method}


def read_columns(batch: pa.RecordBatch, mode: Mode = "balanced") -> Inputs:
    """Take from a batch what cleaning needs, decoding bytes and extracting the text of pages.

    A row is a page when its `format` is `html`, or when it has a value in a column `html`.

    Raises:
        ValueError: none of `text`, `data` and `html` is among the columns, or two columns have one name.

    """
    names = batch.schema.names
    if len(names) != len(set(names)):
        twice = sorted({name for name in names if names.count(name) > 1})
        raise ValueError(f"the batch has several columns called {', '.join(map(repr, twice))}: rename them")
    if not {"text", "data", "html"}.intersection(names):
        raise ValueError(
            "the batch has none of the columns 'text', 'data' and 'html'; "
            f"its columns are: {', '.join(names) or 'none'}"
        )
    columns = {name: as_recorded(batch.column(name), name) for name in KNOWN if name in names}
    texts: list[str] = []
    errors: list[str | None] = []
    encodings: list[tuple[str | None, str | None]] = []
    encoding: tuple[str | None, str | None]
    pages: list[Extracted | None] = []
    blank: list[None] = [None] * batch.num_rows
    urls = columns.get("url", blank)
    charsets = _words(batch, "charset")
    given = _words(batch, "error")
    for index, (value, is_page) in enumerate(_values(batch)):
        page = None
        if given[index]:
            text, wrong, encoding = _UNREAD
        elif is_page and isinstance(value, (bytes, str)):
            page = extract(value, url=urls[index], declared=charsets[index], mode=mode)
            text, wrong, encoding = page.text or "", page.error, (page.encoding, page.encoding_method)
        else:
            text, wrong, encoding = _decoded(value, charsets[index])
        pages.append(page)
        texts.append(text)
        errors.append(given[index] or wrong)
        encodings.append(encoding)
    known = zip(*(columns.get(name, blank) for name in ("title", "site", "url", "language")), strict=True)
    contexts = [
        context_of(page, title=title, site=site, url=url, language=language)
        for page, (title, site, url, language) in zip(pages, known, strict=True)
    ]
    return Inputs(texts, errors, contexts, columns, encodings, pages)


def as_recorded(column: pa.Array, name: str) -> list[Any]:
    """Return a column that is known by its name, in the type that the record has for it."""
    wanted = SCHEMA.field(name).type
    try:
        values = column.cast(wanted).to_pylist()
    except (
        pa.ArrowException,
        ValueError,
    ):  # a list where the record has a word, bytes that are no UTF-8, and the like
        convert = words_of if pa.types.is_list(wanted) else word_of
        values = [convert(value) for value in values_of(column)]
    return [value and iso_date(value) for value in values] if name == "date" else values


def values_of(column: pa.Array) -> list[Any]:
    """Return the values of a column of any type and with any content; nothing in it raises.

    Strings that are no UTF-8 become bytes. A value that Python has no type for, such as a date after the year 9999, or a
    time in a zone that is not known, becomes text; null where Arrow cannot write it either.
    """
    if (
        pa.types.is_timestamp(column.type) and column.type.unit == "ns"
    ):  # pandas, where it is there, has a type
        column = column.cast(pa.timestamp("us", column.type.tz), safe=False)
    try:
        return column.to_pylist()  # type: ignore[no-any-return]
    except Exception:  # noqa: BLE001 - there are as many errors as types
        return [_value_of(value) for value in column]


def _value_of(value: pa.Scalar) -> Any:
    for told in (value.as_py, lambda: value.as_buffer().to_pybytes(), lambda: value.cast(pa.string()).as_py(), lambda: str(value.value)):  # fmt: skip
        try:
            return told()
        except Exception:  # noqa: BLE001, S112 - as above
            continue
    return None


def _words(batch: pa.RecordBatch, name: str) -> list[str | None]:
    """Return a column as words; null in every row where there is none of that name."""
    if name not in batch.schema.names:
        return [None] * batch.num_rows
    return [word_of(value) for value in values_of(batch.column(name))]


def word_of(value: object) -> str | None:
    """Return a value as one word or sentence; several, such as authors, with `; ` between them."""
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, (list, tuple)):
        return "; ".join(filter(None, map(word_of, value))) or None
    if isinstance(value, dict):  # of authors and publishers the name is wanted, as feeds have it
        return word_of(value["name"]) if "name" in value else json.dumps(value, default=str)
    return str(value)


def words_of(value: object) -> list[str] | None:
    """Return a value as a list of words; a string has commas, semicolons or bars between them."""
    if isinstance(value, str):
        value = _BETWEEN.split(value)
    several = value if isinstance(value, (list, tuple)) else [value]
    return [word for each in several if (word := (word_of(each) or "").strip())] or None


def context_of(
    page: Extracted | None,
    *,
    title: str | None = None,
    site: str | None = None,
    url: str | None = None,
    language: str | None = None,
) -> Context:
    """Return what the rules may know of a document; what the caller says stands over what its page says."""
    if page is None:
        return Context(title=title, site=site or site_of(url), url=url, language=language)
    address = url or page.url
    return Context(
        title=title or page.title,
        site=site or site_of(address),
        url=address,
        author=page.author,
        date=page.date,
        language=language,
        links=page.links,
        headlines=page.headlines,
        description=page.description,
        places=page.places,
    )


def _values(batch: pa.RecordBatch) -> Iterator[tuple[Any, bool]]:
    """Yield the value of each row, and whether it is a page."""
    names = batch.schema.names
    blank: list[None] = [None] * batch.num_rows
    given = [values_of(batch.column(name)) if name in names else blank for name in ("html", "data", "text")]
    formats = _words(batch, "format")
    for page, data, text, kind in zip(*given, formats, strict=True):
        value = text if data is None else data
        yield (value, kind == "html") if page is None else (page, True)


def _said(page: Extracted) -> dict[str, Any]:
    """Return the columns of the record that a page fills."""
    said = {
        "url": page.url,
        "author": page.author,
        "date": page.date,
        "description": page.description,
        "site_name": page.site,
        "page_language": page.language,
        "extract_method": page.method,
    }
    return {
        "categories": page.categories,
        "tags": page.tags,
        **{key: value for key, value in said.items() if value},
    }


def passed_through(batch: pa.RecordBatch, record: pa.RecordBatch) -> pa.RecordBatch:
    """Return the record with the columns of the input that it does not have itself."""
    extra = [name for name in batch.schema.names if name not in SCHEMA.names and name not in _CONSUMED]
    if not extra:
        return record
    fields = [*record.schema, *(batch.schema.field(name) for name in extra)]
    arrays = [*record.columns, *(batch.column(name) for name in extra)]
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))


def _decoded(
    value: object, charset: str | None = None
) -> tuple[str, str | None, tuple[str | None, str | None]]:
    """Return the text, the error and (encoding, method) of one value."""
    if value is None:
        return "", "no text: the value is null", (None, None)
    if isinstance(value, str):
        return value, None, (None, None)
    if not isinstance(value, bytes):
        return "", f"no text: the value is of type {type(value).__name__}", (None, None)
    decoded = decode(value, declared=charset)
    if decoded.method == "binary":
        return "", f"not text but binary: {describe_binary(value)}", (None, "binary")
    return decoded.text, None, (decoded.encoding, decoded.method)
