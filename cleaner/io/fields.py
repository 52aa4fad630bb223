"""Which column of a table is the text, which the address, and so on: by name, or by a likely name."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from cleaner.columns import word_of, words_of
from cleaner.io.raw import Raw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cleaner.io.sources import Source

__all__ = ["ROLES", "SEVERAL", "Columns", "MissingColumnError", "encoded", "names_of", "picked", "row"]

ROLES: dict[str, tuple[str, ...]] = {
    "text": ("text", "content", "contents", "body", "raw_content", "raw_text", "plain_text", "article", "article_text",
             "article_body", "maintext", "main_text", "page_content", "document", "passage"),
    "html": ("html", "raw_html", "html_content", "page_html", "content_html", "body_html"),
    "id": ("id", "_id", "doc_id", "docid", "document_id", "uuid", "guid", "record_id", "warc_record_id"),
    "url": ("url", "uri", "link", "source_url", "page_url", "canonical_url", "href", "permalink"),
    "title": ("title", "headline", "page_title", "article_title"),
    "site": ("site", "domain", "host", "hostname", "source_domain", "website"),
    "language": ("language", "lang", "language_code", "lang_code"),
    "author": ("author", "authors", "byline", "author_name", "author_names", "creator", "dc_creator"),
    "date": ("date", "published", "published_at", "date_published", "datepublished", "date_publish", "published_date",
             "published_time", "publish_date", "publishdate", "publish_time", "publication_date", "pub_date", "pubdate",
             "date_time", "datetime", "created_at"),
    "description": ("description", "summary", "excerpt", "meta_description"),
    "site_name": ("site_name", "sitename", "publisher", "publisher_name"),
    "categories": ("categories", "category", "section", "sections"),
    "tags": ("tags", "keywords"),
    "page_language": ("page_language",),
}  # fmt: skip
"""For each role the names that are tried, in this order and in any case, where none was given."""

SEVERAL = ("categories", "tags")
"""The roles of which a row may have several."""

_KINDS = {"int": "number", "float": "number", "bool": "truth value", "dict": "nested object", "list": "list"}


class MissingColumnError(ValueError):
    """A table has no column for the text, or not the one that was named."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of columns that were given; those that are None are guessed from `ROLES`."""

    text: str | None = None
    html: str | None = None
    id: str | None = None
    url: str | None = None
    title: str | None = None
    site: str | None = None
    language: str | None = None
    author: str | None = None
    date: str | None = None
    description: str | None = None
    site_name: str | None = None
    categories: str | None = None
    tags: str | None = None
    page_language: str | None = None


@lru_cache(maxsize=256)
def picked(columns: Columns, names: tuple[str, ...]) -> dict[str, str]:
    """Return the column of each role that a table with these columns has; `text` goes before `html`.

    Raises:
        MissingColumnError: there is none for the text, or one that was named is not there.

    """
    folded = {name.lower().replace("-", "_"): name for name in reversed(names)}
    found: dict[str, str] = {}
    for role, likely in ROLES.items():
        given = getattr(columns, role)
        if given is not None and given not in names:
            raise MissingColumnError(
                f"no column {given!r} for the {role}; the columns are: {', '.join(names) or 'none'}"
            )
        name = given or next((folded[name] for name in likely if name in folded), None)
        if name is not None and name not in found.values():
            found[role] = name
    if columns.html is not None and columns.text is None:
        found.pop("text", None)
    elif "text" in found:
        found.pop("html", None)
    if "text" not in found and "html" not in found:
        raise MissingColumnError(
            f"no column for the text: none is called {', '.join(ROLES['text'][:4])} or the like; "
            f"name it with --text-column; the columns are: {', '.join(names) or 'none'}"
        )
    return found


def row(values: Mapping[str, Any], columns: Columns, source: Source, number: int, place: str) -> Raw:
    """Return the document of one row of a table.

    Args:
        values: the row, by name of column.
        columns: the names that were given.
        source: the file it is from.
        number: of the row in its file, from 1; part of the id where the row has none.
        place: where the row stands, in words.

    Returns:
        The document; columns that are used for nothing become the JSON object in `metadata`.

    Raises:
        MissingColumnError: there is no column for the text, or one that was named is not there.

    """
    roles = picked(columns, tuple(values))
    body = roles.get("text") or roles["html"]
    value = values[body]
    used = set(roles.values())
    rest = {name: value for name, value in values.items() if name not in used}
    given: dict[str, Any] = {
        role: words_of(values[name]) if role in SEVERAL else word_of(values[name])
        for role, name in roles.items()
        if role not in ("text", "html")
    }
    raw = Raw(
        id=given.pop("id", None) or f"{source.id}#{number}",
        source=source.path,
        metadata=encoded(rest).decode() if rest else None,
        format="html" if "text" not in roles else None,
        place=place,
        **given,
    )
    if isinstance(value, str):
        return raw._replace(text=value)
    if isinstance(value, bytes):
        return raw._replace(data=value)
    kind = _KINDS.get(type(value).__name__, f"value of type {type(value).__name__}")
    what = "is empty" if value is None else f"holds a {kind}, not a text"
    return raw._replace(error=f"no text: column {body!r} {what}", data=encoded(values))


def encoded(value: object) -> bytes:
    """Return `value` as JSON; what JSON has no type for becomes a string."""
    try:
        return msgspec.json.encode(value, enc_hook=str)
    except UnicodeEncodeError:  # a lone surrogate
        import json

        return json.dumps(value, default=str).encode()


def names_of(fields: Sequence[str]) -> tuple[str, ...]:
    """Return the names of columns, those that stand twice made different by a number."""
    seen: dict[str, int] = {}
    names = []
    for field in fields:
        seen[field] = seen.get(field, 0) + 1
        names.append(field if seen[field] == 1 else f"{field}_{seen[field]}")
    return tuple(names)
