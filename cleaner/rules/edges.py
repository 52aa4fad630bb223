"""With which bytes a folded line may begin and end that a pattern matches: most lines are told apart by these."""

from __future__ import annotations

import re
import re._constants as sre  # type: ignore[import-not-found]
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.fold import fold, fold_char
from cleaner.rules.literals import REPEATS, children, tree_of

if TYPE_CHECKING:
    from cleaner.rules.literals import Tree

__all__ = ["ANY_BYTE", "Edges", "pattern_edges"]

ANY_BYTE = frozenset(range(256))
_FOREIGN_BYTES = frozenset(range(0x80, 0x100))


class Edges(NamedTuple):
    """The bytes of UTF-8 with which a match may begin, and those with which it may end."""

    first: frozenset[int]
    last: frozenset[int]


def pattern_edges(pattern: str, *, folded: bool = True) -> Edges:
    """Return the bytes with which a folded line that matches may begin and end; too many rather than too few.

    Args:
        pattern: the pattern.
        folded: it is matched against the folded line; else, without case, against the line as it stands.

    """
    tree = tree_of(pattern)
    if tree.state.flags & re.IGNORECASE:
        return Edges(ANY_BYTE, ANY_BYTE)
    (first, _), (last, _) = _edge(list(tree), 0, folded), _edge(list(tree), -1, folded)
    return Edges(frozenset(first), frozenset(last))


def _edge(tree: Tree, side: int, folded: bool) -> tuple[set[int], bool]:
    """Return the bytes at one side (0 or -1) of what `tree` matches, and whether it may match nothing but spaces."""
    found: set[int] = set()
    for op, value in tree if side == 0 else reversed(tree):
        held, empty = _edge_of(op, value, side, folded)
        found |= held
        if not empty:
            return found, False
    return found, True


def _edge_of(op: Any, value: Any, side: int, folded: bool) -> tuple[set[int], bool]:
    if op is sre.LITERAL:
        return _edge_of_char(chr(value), side)
    if op is sre.IN:
        return _edge_of_class(value, side, folded)
    if op in (sre.AT, sre.ASSERT, sre.ASSERT_NOT):
        return set(), True
    if op is sre.BRANCH:
        sides = [_edge(branch, side, folded) for branch in children(op, value)]
        return set().union(*(held for held, _ in sides)), any(empty for _, empty in sides)
    if op in REPEATS or op is sre.ATOMIC_GROUP or (op is sre.SUBPATTERN and not (value[1] or value[2])):
        held, empty = _edge(children(op, value)[0], side, folded)
        return held, empty or (op in REPEATS and value[0] == 0)
    return set(ANY_BYTE), op is sre.SUBPATTERN or op not in (sre.ANY, sre.NOT_LITERAL)


def _edge_of_char(char: str, side: int) -> tuple[set[int], bool]:
    # A folded line has no spaces at its ends; a mark may join the letter before it.
    becomes = fold(char)
    joins = becomes and fold_char(ord(char)) is None
    return (set(ANY_BYTE) if joins else {*becomes.encode("utf-8", "surrogatepass")[side:][:1]}), not becomes


def _edge_of_class(items: Any, side: int, folded: bool) -> tuple[set[int], bool]:
    found: set[int] = set()
    spaces = False
    for kind, value in items:
        if kind is sre.LITERAL:
            held, empty = _edge_of_char(chr(value), side)
            found |= held
            spaces |= empty
        elif kind is sre.RANGE and (folded or value[1] <= 0x7F):
            found |= {
                byte
                for point in range(value[0], min(value[1], 0x7F) + 1)
                for byte in fold(chr(point)).encode()
            }
            found |= _FOREIGN_BYTES if value[1] > 0x7F else frozenset()
            spaces |= value[0] <= ord(" ")
        elif kind is sre.CATEGORY and value is sre.CATEGORY_DIGIT:
            found |= _FOREIGN_BYTES | set(range(ord("0"), ord("9") + 1))
        elif kind is sre.CATEGORY and value is sre.CATEGORY_SPACE:
            spaces = True
        else:  # a negation, or a category of many
            return set(ANY_BYTE), True
    return found, spaces
