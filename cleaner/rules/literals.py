r"""Which strings must stand in every match of a regular expression, and what is wrong with one.

Patterns are read with the parser of the standard library, whose tree is stable and simple; properties
such as `\p{Lu}`, which it does not know, are read as `\w` for this purpose.
"""

from __future__ import annotations

import re
import re._constants as sre  # type: ignore[import-not-found]
from functools import lru_cache
from re import _parser  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

from cleaner.fold import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "REPEATS",
    "Tree",
    "children",
    "lint",
    "pattern_width",
    "reach_from_end",
    "required_literals",
    "tree_of",
]

_PROPERTY = re.compile(r"\\[pP]\{[^}]*\}")
_MOST_ALTERNATIVES = 64
_SHORTEST = 3
REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)

Tree = list[tuple[Any, Any]]


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
    least, most = tree_of(pattern).getwidth()
    return int(least), int(most)


def reach_from_end(pattern: str) -> int | None:
    """Return how many characters before the end of a line a match of `pattern` begins at most.

    None where matches may end before the end of the line, or are of any length.
    """
    ends = _parse(pattern)[-1:] in ([(sre.AT, sre.AT_END)], [(sre.AT, sre.AT_END_STRING)])
    most = pattern_width(pattern)[1]
    return most if ends and most < int(sre.MAXREPEAT) else None


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
def tree_of(pattern: str) -> Any:
    """Return a pattern as the parser of the standard library reads it."""
    return _parser.parse(_PROPERTY.sub(r"\\w", pattern))


def _parse(pattern: str) -> Tree:
    return list(tree_of(pattern))


def children(op: Any, value: Any) -> list[Tree]:
    """Return what stands inside an element of a pattern."""
    if op is sre.BRANCH:
        return [list(branch) for branch in value[1]]
    if op is sre.SUBPATTERN:
        return [list(value[3])]
    if op in REPEATS:
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
            elif op in (sre.SUBPATTERN, sre.ATOMIC_GROUP) or (op in REPEATS and value[0] > 0):
                found.extend(_choices(children(op, value)[0]))
    found.append(runs)
    return found


def _exact(op: Any, value: Any) -> list[str] | None:
    """Return the few strings an element stands for, or None where they are many or unknown."""
    if op is sre.LITERAL:
        return [chr(value)]
    if op is sre.AT:
        return [""]
    if op in (sre.SUBPATTERN, sre.ATOMIC_GROUP):
        return _sequence(children(op, value)[0])
    if op is sre.BRANCH:
        parts = [_sequence(branch) for branch in children(op, value)]
        return (
            None if any(part is None for part in parts) else [text for part in parts for text in part or ()]
        )
    if op in REPEATS and (value[0], value[1]) == (0, 1):
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
        unbounded = op in REPEATS and value[1] is sre.MAXREPEAT
        if unbounded and inside:
            return "has an unbounded repeat inside another repeat; give one of them a limit, as in {0,80}"
        repeats = op in REPEATS and value[1] is not None and (unbounded or value[1] > 1)
        for child in children(op, value):
            wrong = _nested(child, inside=inside or repeats)
            if wrong:
                return wrong
    return None


def _doubled(tree: Tree) -> str | None:
    unbounded = 0
    for op, value in tree:
        if op in REPEATS and value[1] is sre.MAXREPEAT and op is not sre.POSSESSIVE_REPEAT:
            unbounded += 1
        for child in children(op, value):
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
        for child in children(op, value):
            wrong = _unfolded(child)
            if wrong:
                return wrong
    return None
