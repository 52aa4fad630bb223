"""What is known of a pattern without looking at a line, found out once: for packs that ship, by the build of the wheel."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from cleaner.rules.edges import Edges, pattern_edges
from cleaner.rules.literals import pattern_width, reach_from_end, required_literals
from cleaner.shipped import prebuilt

__all__ = ["Facts", "facts_found", "facts_of"]

_ENDLESS = 1 << 40


class Facts(NamedTuple):
    """See the functions of `cleaner.rules.literals` and `cleaner.rules.edges`; a width may be at most 2 ** 40."""

    literals: frozenset[str] | None
    width: tuple[int, int]
    reach: int | None
    edges: Edges


@cache
def facts_of(pattern: str) -> Facts:
    """Return the facts about a pattern."""
    known = prebuilt()
    if known is None or pattern not in known.patterns:
        return facts_found(pattern)
    literals, width, reach, edges = known.patterns[pattern]
    return Facts(literals and frozenset(literals), tuple(width), reach, Edges(*map(frozenset, edges)))


def facts_found(pattern: str) -> Facts:
    """Find out the facts about a pattern."""
    least, most = pattern_width(pattern)
    width = (least, min(most, _ENDLESS))
    return Facts(required_literals(pattern), width, reach_from_end(pattern), pattern_edges(pattern))
