"""Where ftfy could see mojibake, as tables for a scan of whole batches.

ftfy calls a line bad when `ftfy.badness.BADNESS_RE` matches it, which takes 180-380 ns a character.
Every alternative of that expression but one holds two neighbouring characters of known sets, one of
them never ASCII; the one is a single C1 control. The tables are derived from the expression itself,
so that they hold for whichever ftfy is installed: where no such pair stands, nothing matches.
"""

from __future__ import annotations

import importlib
import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Set = NDArray[np.bool_]
    """A set of characters below U+10000: 65536 booleans."""

__all__ = ["REACH", "Tables", "is_bad", "tables"]

REACH = 7
"""Characters around a suspect one that any alternative can look at (the longest has seven)."""

_UNITS = 0x10000
_SURROGATES = slice(0xD800, 0xE000)
_LINE_START = r"(?:^|(?<=[\r\v\f\u2028\u2029\x85]))"


class Tables(NamedTuple):
    """Suspect neighbours.

    `classes` (65536 small numbers) gives each UTF-16 unit its class, `pairs` (classes x classes)
    whether two classes side by side are suspect, `decisive` (classes) which of them is never ASCII
    and rare enough to begin with. `suspect` finds such places in a string, more generously; `bad` is
    ftfy's expression with `^` at the start of each line of a document.
    """

    classes: NDArray[np.uint8]
    pairs: NDArray[np.bool_]
    decisive: NDArray[np.bool_]
    suspect: re.Pattern[str]
    bad: re.Pattern[str]


class _Key(NamedTuple):
    """The sets of two neighbours that every match of an alternative holds."""

    first: Set
    second: Set

    @property
    def decisive(self) -> Set:
        """The side that is never ASCII; of two such sides the smaller."""
        return min(self, key=_frequency)


def is_bad(text: str) -> bool:
    """Tell whether ftfy finds mojibake in any line of `text`, as `ftfy.badness.is_bad` does, but sooner."""
    table = tables()
    bad = table.bad.search
    return any(
        bad(text, max(0, match.start() - REACH), match.start() + REACH + 1)
        for match in table.suspect.finditer(text)
    )


@cache
def tables() -> Tables:
    """Derive the tables from the installed ftfy; done once, at the first text that is not ASCII."""
    from ftfy.badness import BADNESS_RE

    return derive(BADNESS_RE.pattern)


def derive(pattern: str) -> Tables:
    """Derive the tables from an expression written as ftfy's is: alternatives of single characters."""
    branches = [[_characters(item) for item in branch] for branch in _branches(pattern)]
    singles = [branch[0] for branch in branches if len(branch) == 1]
    keys = [_key(branch) for branch in branches if len(branch) > 1]
    sides = np.array([side for key in keys for side in (*key, key.decisive)])
    classes = np.zeros(_UNITS, np.int64)
    for rows in range(0, len(sides), 32):  # units that no set tells apart are one class
        weights = 1 << np.arange(len(sides[rows : rows + 32]), dtype=np.int64)
        _, part = np.unique(weights @ sides[rows : rows + 32], return_inverse=True)
        _, classes = np.unique(classes * _UNITS + part, return_inverse=True)
    _, examples = np.unique(classes, return_index=True)
    assert len(examples) < 256
    members = sides[:, examples]
    pairs = np.zeros((len(examples), len(examples)), bool)
    for first, second in zip(members[0::3], members[1::3], strict=True):
        pairs |= np.outer(first, second)
    anchored = re.sub(r"(?<!\[)\^", lambda _: _LINE_START, pattern)
    return Tables(
        classes.astype(np.uint8),
        pairs,
        np.asarray(members[2::3].any(axis=0)),
        _suspect(keys, [single for single in singles if single is not None]),
        re.compile(anchored, re.VERBOSE | re.MULTILINE),
    )


def _suspect(keys: list[_Key], singles: list[Set]) -> re.Pattern[str]:
    """Return an expression for the decisive character of each suspect pair, and for suspect singles."""
    known = np.zeros(_UNITS, bool)  # next to another character beyond ASCII
    alone = np.zeros(_UNITS, bool)  # next to anything
    for key in keys:
        target = alone if key.first[:128].any() or key.second[:128].any() else known
        target |= key.decisive
    for single in singles:
        alone |= single
    assert not (known | alone)[:128].any()
    one, either = _written(alone), _written(alone | known)
    return re.compile(rf"{either}(?:(?<={one})|(?=[^\x00-\x7f])|(?<=[^\x00-\x7f].))", re.DOTALL)


def _written(members: Set) -> str:
    """Write a set as a character class."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], members, [False])).astype(np.int8)))
    return "[" + "".join(f"\\u{a:04x}-\\u{z - 1:04x}" for a, z in edges.reshape(-1, 2).tolist()) + "]"


def _branches(pattern: str) -> list[list[Any]]:
    # The parser of `re` is the one reading of the expression that cannot differ from its matching.
    parsed = importlib.import_module("re._parser").parse(pattern, re.VERBOSE)
    ((_, (_, branches)),) = parsed.data
    return [list(branch) for branch in branches]


def _key(branch: list[Set | None]) -> _Key:
    """Return the rarest two neighbours of an alternative."""
    neighbours = [
        _Key(first, second) for first, second in pairwise(branch) if first is not None and second is not None
    ]
    return min(neighbours, key=lambda key: _frequency(key.first) * _frequency(key.second))


def _frequency(members: Set) -> int:
    return int(members.sum()) + 10_000 * int(members[:128].sum())


def _characters(item: tuple[Any, Any]) -> Set | None:
    """Return what one item of a parsed expression can match; None when that may be nothing."""
    kind, value = str(item[0]), item[1]
    if kind in ("AT", "MAX_REPEAT"):
        return None
    members = np.zeros(_UNITS, bool)
    if kind == "LITERAL":
        members[value] = True
    elif kind == "ANY":
        members[:] = True
    elif kind == "IN":
        for part in value:
            members |= _part(part)
        if str(value[0][0]) == "NEGATE":
            members = ~members
            members[_SURROGATES] = True
    else:
        raise ValueError(f"ftfy's expression has an item this scan does not know: {kind}")
    return members


def _part(part: tuple[Any, Any]) -> Set:
    kind, value = str(part[0]), part[1]
    members = np.zeros(_UNITS, bool)
    if kind == "LITERAL":
        members[value] = True
    elif kind == "RANGE":
        members[value[0] : value[1] + 1] = True
    elif kind == "CATEGORY":
        members[:] = True  # \w or \s, never the rarer pair of an alternative
    elif kind != "NEGATE":
        raise ValueError(f"ftfy's expression has a set this scan does not know: {kind}")
    return members
