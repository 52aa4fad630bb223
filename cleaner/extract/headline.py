"""Which of the titles of a page is its headline, and where in it the name of the site begins."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleaner.fold import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["headline_of", "without_site"]

_SEPARATOR = re.compile(r"\s+[|·•—–»›‹«⋆~:-]+\s+|\s*[|]\s*|\s+::\s+")
_SHORTEST = 10  # characters; what is left of a title must be one
_LETTERS = re.compile(r"[^\w]+")
_NEAR = 0.5


def headline_of(h1s: Sequence[str], titles: Sequence[str], sites: Sequence[str]) -> str | None:
    """Return the headline of a page.

    The `h1` that stands in one of the other titles, or holds one of them; else the first title; else
    the first `h1`.

    Args:
        h1s: the texts of the h1 elements.
        titles: those of JSON-LD, the meta elements and the title element, the best first.
        sites: names of the site, and its host.

    """
    bare = [without_site(title, sites) for title in titles]
    known = [key for key in map(_bare, sites) if key]
    for h1 in h1s:
        key = fold(h1)
        if _names_site(h1, known):  # many pages have their own name in an h1 of its own
            continue
        if len(key) >= _SHORTEST and any(
            key in fold(each) or fold(each) in key for each in (*titles, *bare) if len(each) >= _SHORTEST
        ):
            return without_site(h1, sites)
    if bare:
        return bare[0]
    return h1s[0] if h1s else None


def without_site(title: str, sites: Sequence[str]) -> str:
    """Return a title without the name of the site before or behind a separator.

    A name is known as such when it is, or is the most of, one of `sites`; a part of a headline that
    only looks like one stays.
    """
    pieces = list(_SEPARATOR.finditer(title))
    known = [key for key in map(_bare, sites) if key]
    for cut in reversed(pieces):
        if title[: cut.start()].strip() and _names_site(title[cut.end() :], known):
            return title[: cut.start()].strip()
    for cut in pieces:
        if title[cut.end() :].strip() and _names_site(title[: cut.start()], known):
            return title[cut.end() :].strip()
    return title.strip()


def _names_site(part: str, known: Sequence[str]) -> bool:
    """Tell whether `part` is a name of the site, give or take a word or the ending of a host."""
    key = _bare(part)
    if len(key) < 2:
        return False
    return any(
        key == name
        or (key in name and len(key) > _NEAR * len(name))
        or (name in key and len(name) > _NEAR * len(key))
        for name in known
    )


def _bare(name: str) -> str:
    """Return a name as hosts write it: letters and digits alone, without the last label of a host."""
    key = fold(name)
    if re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", key):
        key = key.rsplit(".", 1)[0]
    return _LETTERS.sub("", key)
