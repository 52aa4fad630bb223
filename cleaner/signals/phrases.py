"""The phrases that families of signals look for: all are found in one scan over the words of a vocabulary."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.native.literals import Literals

if TYPE_CHECKING:
    from cleaner.signals.spans import Ints

__all__ = ["COUNTED", "CUT", "PHRASES", "POLICIES", "piece_of", "scanned"]

POLICIES = (
    "terms of use",
    "privacy policy",
    "cookie policy",
    "uses cookies",
    "use of cookies",
    "use cookies",
)
"""C4's."""

COUNTED = (
    "likes", "shares", "comments", "retweets", "reposts", "quotes", "bookmarks", "upvotes", "downvotes",
    "downloads", "views", "followers",
)  # fmt: skip
"""What RefinedWeb's counters count."""

CUT = ("items in cart", "read more...", "sign-in")
"""What RefinedWeb cuts out of lines."""

PHRASES = (*POLICIES, *COUNTED, *CUT, "javascript", "lorem ipsum", "[")
"""All that are looked for; fewer than a number has bits."""


def piece_of(phrase: str, index: int) -> str:
    """Return the word of a phrase at an index, with a line feed where the word it is sought in must begin or end.

    A phrase may begin inside a word and end inside another.
    """
    words = phrase.split(" ")
    return ("\n" if index else "") + words[index] + ("\n" if index < len(words) - 1 else "")


class _Scan(NamedTuple):
    literals: Literals
    pieces: tuple[str, ...]
    heads: Ints
    """1 for pieces that begin with a line feed, else 0."""


@cache
def _scan() -> _Scan:
    pieces = sorted({piece_of(phrase, index) for phrase in PHRASES for index in range(phrase.count(" ") + 1)})
    heads = np.array([piece.startswith("\n") for piece in pieces], dtype=np.int64)
    return _Scan(Literals([piece.encode() for piece in pieces]), tuple(pieces), heads)


def scanned(lowered: bytes) -> tuple[Ints, dict[str, slice]]:
    """Return where the pieces of all phrases stand in words, and which of these places are whose.

    A place is that of the first character; the line feed that a piece may begin with is not counted.

    Args:
        lowered: words in lower case, one byte a character, with a line feed before and behind each.

    """
    literals, pieces, heads = _scan()
    found = np.frombuffer(literals.find(lowered), np.int64).reshape(-1, 3)
    found = found[np.argsort(found[:, 0], kind="stable")]
    places = found[:, 1] + heads[found[:, 0]]
    bounds = np.searchsorted(found[:, 0], np.arange(len(pieces) + 1))
    slices = map(slice, bounds[:-1].tolist(), bounds[1:].tolist())
    return places, dict(zip(pieces, slices, strict=True))
