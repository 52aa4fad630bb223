"""What extraction returns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleaner.document import Place

__all__ = ["MODES", "Extracted", "Method", "Mode"]

Mode = Literal["fast", "balanced", "precision", "recall"]
"""How trafilatura weighs text against furniture; `fast` skips its second opinions."""

MODES: tuple[Mode, ...] = ("fast", "balanced", "precision", "recall")

Method = Literal["trafilatura", "flattened", "paragraphs"]
"""Which way a text was got: from the page as it is, from the page with its nesting and overlong tags
cut down, or as the page's own paragraphs, without a judgement of what is the article."""


class Extracted(NamedTuple):
    """The text of a page and what the page says of it.

    `text` is None where there is none; `error` then says why. `title` is the headline without the name
    of the site, `headlines` its folded forms in the page. `author` holds several names with `; ` between
    them, `date` is ISO (YYYY-MM-DD), `language` what the page declares, as a code of the record.
    `links` are those folded lines of the text that are links as a whole, `places` says for folded
    lines where they stand in the page. `encoding` and `encoding_method` are those of
    `cleaner.decoding`, None where the page was given as a string.
    """

    text: str | None = None
    title: str | None = None
    h1: str | None = None
    author: str | None = None
    date: str | None = None
    site: str | None = None
    description: str | None = None
    url: str | None = None
    language: str | None = None
    categories: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    headlines: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    places: Mapping[str, Place] = {}
    method: Method | None = None
    error: str | None = None
    encoding: str | None = None
    encoding_method: str | None = None
