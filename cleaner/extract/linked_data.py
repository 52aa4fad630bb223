"""The facts about an article in the JSON-LD of its page (schema.org)."""

from __future__ import annotations

import json
from html import unescape
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Facts", "facts_of"]

_LARGEST = 500_000  # characters of one script
_DEEPEST = 6
_ARTICLES = ("article", "posting", "report", "recipe", "review", "howto")


class Facts(NamedTuple):
    """What was found; empty where nothing was."""

    headline: str | None = None
    authors: Sequence[str] = ()
    date: str | None = None
    site: str | None = None
    description: str | None = None
    language: str | None = None
    sections: Sequence[str] = ()
    keywords: Sequence[str] = ()


def facts_of(scripts: Iterable[str]) -> Facts:
    """Return the facts of the first article that the scripts describe."""
    found = Facts()
    for script in scripts:
        for node in _nodes(_loaded(script), 0):
            if any(kind in str(node.get("@type", "")).lower() for kind in _ARTICLES) and node.get("headline"):
                return _facts(node)
            if not found.site and str(node.get("@type")) in ("WebSite", "NewsMediaOrganization"):
                found = found._replace(site=_text(node.get("name")))
    return found


def _facts(node: dict[str, Any]) -> Facts:
    keywords = node.get("keywords")
    return Facts(
        headline=_text(node.get("headline")),
        authors=_names(node.get("author")) or _names(node.get("creator")),
        date=_text(node.get("datePublished")) or _text(node.get("dateCreated")),
        site=next(iter(_names(node.get("publisher"))), None),
        description=_text(node.get("description")),
        language=_text(node.get("inLanguage")),
        sections=_names(node.get("articleSection")),
        keywords=keywords.split(",") if isinstance(keywords, str) else _names(keywords),
    )


def _loaded(script: str) -> Any:
    if len(script) > _LARGEST:
        return None
    try:
        return json.loads(script.strip().removeprefix("<!--").removesuffix("-->"), strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if isinstance(value, list):
        for each in value:
            yield from _nodes(each, depth + 1) if depth < _DEEPEST else ()
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _nodes(value.get(key), depth + 1) if depth < _DEEPEST else ()


def _names(value: Any) -> list[str]:
    """Return the names in a value that may be a name, a thing with a name, or a list of such."""
    values = value if isinstance(value, list) else [value]
    found = (_text(each.get("name")) if isinstance(each, dict) else _text(each) for each in values)
    return [name for name in found if name and "://" not in name]


def _text(value: Any) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    return " ".join(unescape(value).split()) or None if isinstance(value, str) else None
