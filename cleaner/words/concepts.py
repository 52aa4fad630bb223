"""The concepts: what a word of an interface says, whatever its language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["BITS", "CONCEPTS", "FUNCTION", "Concept", "bits"]

Concept = Literal[
    "subscribe", "share", "follow", "network", "comment", "reply", "related", "more", "continue", "previous",
    "next", "menu", "search", "login", "legal", "cookie", "advert", "tag", "category", "posted", "updated",
    "byline", "caption", "player", "print", "loading", "error", "contact", "about", "paywall", "donate",
    "newsletter", "app", "account", "form", "rate", "popular", "email", "page", "read", "function", "month",
    "weekday", "unit",
]  # fmt: skip
"""What a word of an interface may say."""

CONCEPTS: tuple[str, ...] = get_args(Concept)
"""Every concept; its place is its bit, so new ones are appended."""

BITS: dict[str, int] = {name: 1 << place for place, name in enumerate(CONCEPTS)}
FUNCTION = BITS["function"]


def bits(names: Iterable[str]) -> int:
    """Return concepts as one number, a bit for each."""
    return sum({BITS[name] for name in names})
