r"""Which strings must stand in every match of a regular expression, and what is wrong with one.

Patterns are read with the parser of the standard library, whose tree is stable and simple; properties
such as `\p{Lu}`, which it does not know, are read as `\w` for this purpose.
"""

from __future__ import annotations

import re
import re._constants as sre  # type: ignore[import-not-found]
from functools import cache, lru_cache
from re import _parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.fold import fold
from cleaner.shipped import prebuilt

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Edges", "Facts", "facts_found", "facts_of", "lint", "pattern_edges", "required_literals"]

_PROPERTY = re.compile(r"\\[pP]\{[^}]*\}")
_MOST_ALTERNATIVES = 64
_SHORTEST = 3
_ENDLESS = 1 << 40
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)

_ANY_BYTE = frozenset(range(256))
_FOREIGN_BYTES = frozenset(range(0x80, 0x100))

Tree = list[tuple[Any, Any]]


class Edges(NamedTuple):
    """The bytes of UTF-8 with which a match may begin, and those with which it may end."""

    first: frozenset[int]
    last: frozenset[int]


class Facts(NamedTuple):
    """What is known of a pattern without looking at a line; see the functions of this module."""

    literals: frozenset[str] | None
    width: tuple[int, int]
    reach: int | None
    edges: Edges


@cache
def facts_of(pattern: str) -> Facts:
    """Return the facts about a pattern; those of packs that ship lie in the wheel."""
    known = prebuilt()
    if known is None or pattern not in known.patterns:
        return facts_found(pattern)
    literals, width, reach, edges = known.patterns[pattern]
    return Facts(literals and frozenset(literals), tuple(width), reach, Edges(*map(frozenset, edges)))


def facts_found(pattern: str) -> Facts:
    """Find out the facts about a pattern."""
    width, reach = pattern_width(pattern), reach_from_end(pattern)
    return Facts(required_literals(pattern), width, reach, pattern_edges(pattern))


def required_literals(pattern: str) -> frozenset[str] | None:
    """Return strings of which one at least stands in every match of `pattern`, or None if none is known.

    The longest choice is taken: of `share (?:this|it) on` it is {"share ", ...} or {" on"}, whichever
    is longer in its shortest member. Strings are folded.
    """
    choices = _choices(_parse(pattern))
    folded = [frozenset(fold(text) for text in choice) for choice in choices]
    folded = [choice for choice in folded if choice and min(map(len, choice)) >= 1]
    if not folded:
        return None
    best = max(folded, key=lambda choice: (min(map(len, choice)), -len(choice), sorted(choice)))
    return best if min(map(len, best)) >= _SHORTEST or not all(map(str.isascii, best)) else None


def pattern_width(pattern: str) -> tuple[int, int]:
    """Return how many characters a match of `pattern` has at least and at most."""
    least, most = _tree(pattern).getwidth()
    return int(least), min(int(most), _ENDLESS)


def reach_from_end(pattern: str) -> int | None:
    """Return how many characters before the end of a line a match of `pattern` begins at most.

    None where matches may end before the end of the line, or are of any length.
    """
    ends = _parse(pattern)[-1:] in ([(sre.AT, sre.AT_END)], [(sre.AT, sre.AT_END_STRING)])
    most = pattern_width(pattern)[1]
    return most if ends and most < int(sre.MAXREPEAT) else None


def pattern_edges(pattern: str) -> Edges:
    """Return the bytes with which a match of `pattern` may begin and end; too many rather than too few."""
    tree = _tree(pattern)
    if tree.state.flags & re.IGNORECASE:
        return Edges(_ANY_BYTE, _ANY_BYTE)
    (first, _), (last, _) = _edge(list(tree), 0), _edge(list(tree), -1)
    return Edges(frozenset(first), frozenset(last))


def _edge(tree: Tree, side: int) -> tuple[set[int], bool]:
    """Return the bytes at one side (0 or -1) of what `tree` matches, and whether it may match nothing."""
    found: set[int] = set()
    for op, value in tree if side == 0 else reversed(tree):
        held, empty = _edge_of(op, value, side)
        found |= held
        if not empty:
            return found, False
    return found, True


def _edge_of(op: Any, value: Any, side: int) -> tuple[set[int], bool]:
    if op is sre.LITERAL:
        return {chr(value).encode("utf-8", "surrogatepass")[side]}, False
    if op is sre.IN:
        return _edge_of_class(value, side), False
    if op in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
        return set(), True
    if op is sre.BRANCH:
        sides = [_edge(branch, side) for branch in _children(op, value)]
        return set().union(*(held for held, _ in sides)), any(empty for _, empty in sides)
    if op in _REPEATS or op is sre.ATOMIC_GROUP or (op is sre.SUBPATTERN and not (value[1] or value[2])):
        held, empty = _edge(_children(op, value)[0], side)
        return held, empty or (op in _REPEATS and value[0] == 0)
    return set(_ANY_BYTE), op is sre.SUBPATTERN or op not in (sre.ANY, sre.NOT_LITERAL)


def _edge_of_class(items: Any, side: int) -> set[int]:
    found: set[int] = set()
    for kind, value in items:
        if kind is sre.LITERAL:
            found.add(chr(value).encode("utf-8", "surrogatepass")[side])
        elif kind is sre.RANGE:
            found |= set(range(value[0], min(value[1], 0x7F) + 1))
            found |= _FOREIGN_BYTES if value[1] > 0x7F else frozenset()
        elif kind is sre.CATEGORY and value is sre.CATEGORY_DIGIT:
            found |= _FOREIGN_BYTES | set(range(ord("0"), ord("9") + 1))
        else:  # a negation, or a category of many
            return set(_ANY_BYTE)
    return found


def lint(pattern: str, *, folded: bool) -> str | None:
    """Return what is wrong with a pattern of a rule, or None.

    Refused are patterns whose time may grow faster than the line: an unbounded repeat inside another
    repeat, two unbounded repeats next to each other that share characters, back references; with
    `folded`, also literal characters that never stand in a folded line, since they could never match.
    """
    try:
        tree = _parse(pattern)
    except re.error as error:
        return f"is not a regular expression: {error}"
    return _nested(tree, inside=False) or _doubled(tree) or (_unfolded(tree) if folded else None)


@lru_cache(maxsize=8)  # several questions are asked of a pattern, one after the other
def _tree(pattern: str) -> Any:
    return _parser.parse(_PROPERTY.sub(r"\\w", pattern))


def _parse(pattern: str) -> Tree:
    return list(_tree(pattern))


def _children(op: Any, value: Any) -> list[Tree]:
    if op is sre.BRANCH:
        return [list(branch) for branch in value[1]]
    if op is sre.SUBPATTERN:
        return [list(value[3])]
    if op in _REPEATS:
        return [list(value[2])]
    if op in (sre.ASSERT, sre.ASSERT_NOT):
        return [list(value[1])]
    if op is sre.ATOMIC_GROUP:
        return [list(value)]
    return []


def _choices(tree: Tree) -> list[list[str]]:
    """Return lists of strings; of each list one string at least stands in every match."""
    found: list[list[str]] = []
    runs: list[str] = [""]  # the strings that may stand at this place, all of them ending here
    for op, value in tree:
        options = _exact(op, value)
        if options is not None and len(runs) * len(options) <= _MOST_ALTERNATIVES:
            runs = [run + option for run in runs for option in options]
            continue
        found.append(runs)
        runs = options if options is not None else [""]
        if options is None:
            if op is sre.BRANCH:
                found.extend(_branch(value[1]))
            elif op in (sre.SUBPATTERN, sre.ATOMIC_GROUP) or (op in _REPEATS and value[0] > 0):
                found.extend(_choices(_children(op, value)[0]))
    found.append(runs)
    return found


def _exact(op: Any, value: Any) -> list[str] | None:
    """Return the few strings an element stands for, or None where they are many or unknown."""
    if op is sre.LITERAL:
        return [chr(value)]
    if op is sre.AT:
        return [""]
    if op in (sre.SUBPATTERN, sre.ATOMIC_GROUP):
        return _sequence(_children(op, value)[0])
    if op is sre.BRANCH:
        parts = [_sequence(branch) for branch in _children(op, value)]
        return (
            None if any(part is None for part in parts) else [text for part in parts for text in part or ()]
        )
    if op in _REPEATS and (value[0], value[1]) == (0, 1):
        inner = _sequence(list(value[2]))
        return None if inner is None else ["", *inner]
    if op is sre.IN and all(kind is sre.LITERAL for kind, _ in value) and len(value) <= 4:
        return [chr(char) for _, char in value]
    return None


def _sequence(tree: Tree) -> list[str] | None:
    texts = [""]
    for op, value in tree:
        options = _exact(op, value)
        if options is None or len(texts) * len(options) > _MOST_ALTERNATIVES:
            return None
        texts = [text + option for text in texts for option in options]
    return texts


def _branch(branches: list[Any]) -> list[list[str]]:
    """Join the best choice of every branch: one of them stands in each match."""
    best: list[str] = []
    for branch in branches:
        choices = [choice for choice in _choices(list(branch)) if choice and all(choice)]
        if not choices:
            return []
        best += max(choices, key=_shortest)
    return [best]


def _shortest(choice: Iterable[str]) -> int:
    return min(len(text) for text in choice)


def _nested(tree: Tree, *, inside: bool) -> str | None:
    for op, value in tree:
        if op is sre.GROUPREF:
            return "has a back reference, which may take exponential time"
        unbounded = op in _REPEATS and value[1] is sre.MAXREPEAT
        if unbounded and inside:
            return "has an unbounded repeat inside another repeat; give one of them a limit, as in {0,80}"
        repeats = op in _REPEATS and value[1] is not None and (unbounded or value[1] > 1)
        for child in _children(op, value):
            wrong = _nested(child, inside=inside or repeats)
            if wrong:
                return wrong
    return None


def _doubled(tree: Tree) -> str | None:
    unbounded = 0
    for op, value in tree:
        if op in _REPEATS and value[1] is sre.MAXREPEAT and op is not sre.POSSESSIVE_REPEAT:
            unbounded += 1
        for child in _children(op, value):
            wrong = _doubled(child)
            if wrong:
                return wrong
    if unbounded > 1:
        return "has several unbounded repeats in a row; give all but one a limit, as in {0,80}"
    return None


def _unfolded(tree: Tree) -> str | None:
    for op, value in tree:
        chars = (
            [value]
            if op is sre.LITERAL
            else [c for kind, c in value if kind is sre.LITERAL]
            if op is sre.IN
            else []
        )
        for char in map(chr, chars):
            if char not in " \n" and fold(char) != char:
                return (
                    f"asks for {char!r}, which never stands in a folded line "
                    f"(lines are compared as {fold(char)!r}); write it folded"
                )
        for child in _children(op, value):
            wrong = _unfolded(child)
            if wrong:
                return wrong
    return None
