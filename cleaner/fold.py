"""The folded form in which lines are compared: case, width, quotes and spaces do not matter.

Folding keeps the line structure of a text: `fold(text)` has as many lines as `text`, so a whole batch
can be folded in one call.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["fingerprint", "fold", "fold_char"]

_FIRST = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼ´`", "'"),
        **dict.fromkeys("“”„‟«»", '"'),
        # Upper and lower case of the Turkish i's meet in one letter, whichever case mapping was used.
        **dict.fromkeys("ıİ", "i"),
    }
)
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_COMBINING = re.compile("[\u0300-\u036f]")
_FOREIGN_COMBINING = re.compile(r"[\x00-\x7f][^\x00-\x7f]*[\u0300-\u036f][^\x00-\x7f]*|[^\x00-\x7f]+")
_OTHER_SPACES = "\t\v\f\r\x1c\x1d\x1e\x1f\x85\u1680\u2028\u2029"  # those that normalisation leaves
_SPACES = re.compile("  +")
_SEVERAL = 0x110000  # above all code points
_MANY = 2000  # characters; below that the table costs more than it saves


def fold(text: str) -> str:
    """Return `text` NFKC-normalised, with straight quotes, caseless, with single spaces, line by line.

    The result is a fixed point: `fold(fold(x)) == fold(x)`.
    """
    if text.isascii():
        folded = text.lower().replace("`", "'")
    elif len(text) < _MANY:
        folded = _fold_foreign(text).casefold().replace("`", "'")
    else:
        return _fold_many(text)
    return _single_spaced(folded)


def _single_spaced(text: str) -> str:
    """Return `text` with every stretch of white space in a line as one space, and none at its ends."""
    if len(text) < _MANY and "\n" not in text:
        return " ".join(text.split())
    for space in _OTHER_SPACES:
        if space in text:
            text = text.replace(space, " ")
    if "  " in text:
        text = _SPACES.sub(" ", text)
    if "\n " in text or " \n" in text:
        text = text.replace("\n ", "\n").replace(" \n", "\n")
    return text.strip(" ")


def _fold_foreign(text: str) -> str:
    """Fold the non-ASCII runs of `text`, each distinct run once.

    Most runs are a quote, a dash or an accented letter, so this is several times faster than
    normalising the whole text, and equal to it: of the characters that change by what stands before
    them, only the combining diacritics can follow an ASCII letter, and their runs begin one letter
    earlier.
    """
    memo: dict[str, str] = {}

    def replace(match: re.Match[str]) -> str:
        run = match.group()
        folded = memo.get(run)
        if folded is None:
            folded = memo[run] = _fold_run(run)
        return folded

    runs = _FOREIGN_COMBINING if _COMBINING.search(text) else _FOREIGN
    return runs.sub(replace, text)


def _fold_many(text: str) -> str:
    """Fold a long text, such as a batch, by a table of code points.

    Most characters fold to one other, whatever stands beside them. Those that fold to several are replaced
    afterwards, and lines with characters that may join the one before them are folded on their own first.
    """
    points = _points(text)
    foreign = _distinct_foreign(points)
    joining = [point for point in foreign if fold_char(point) is None]
    if joining:
        text = _with_lines_folded(text, points, joining)
        points = _points(text)
        foreign = _distinct_foreign(points)
    several = [char for point in foreign if (char := fold_char(point)) is not None and len(char) != 1]
    points = _without_spaces(_table(int(points.max()) + 1, foreign, several)[points])
    folded = (_expanded(points, several) if several else points.tobytes()).decode(
        "utf-32-le", "surrogatepass"
    )
    return _single_spaced(folded) if any(" " in char for char in several) else folded


def _expanded(points: NDArray[np.uint32], several: Sequence[str]) -> bytes:
    """Return code points as UTF-32, with `_SEVERAL + n` as the characters `several[n]`."""
    whole = points.tobytes()
    places = np.flatnonzero(points >= _SEVERAL)
    spelled = [text.encode("utf-32-le") for text in several]
    view, done = memoryview(whole), 0
    parts: list[bytes | memoryview] = []
    for place, number in zip(places.tolist(), (points[places] - _SEVERAL).tolist(), strict=True):
        parts += (view[done : 4 * place], spelled[number])
        done = 4 * place + 4
    parts.append(view[done:])
    return b"".join(parts)


def _without_spaces(points: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Leave of each stretch of spaces the first, and none beside a line end or an end of the text."""
    edge = np.ones(len(points) + 2, np.bool_)
    space, edge[1:-1] = points == ord(" "), points == ord("\n")
    wrong = space & edge[:-2]
    wrong[1:] |= space[1:] & space[:-1]
    if not (wrong.any() or (space & edge[2:]).any()):
        return points
    points = points[~wrong]
    ends = np.ones(len(points), np.bool_)
    ends[:-1] = points[1:] == ord("\n")
    left: NDArray[np.uint32] = points[~(ends & (points == ord(" ")))]
    return left


def _points(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _distinct_foreign(points: NDArray[np.uint32]) -> list[int]:
    seen = np.zeros(0x110000, np.bool_)
    seen[points[points >= 0x80]] = True
    distinct: list[int] = np.flatnonzero(seen).tolist()
    return distinct


def _table(size: int, foreign: Sequence[int], several: Sequence[str]) -> NDArray[np.uint32]:
    """Return what each code point below `size` becomes; `_SEVERAL + n` is to become `several[n]`."""
    table = np.arange(max(size, 0x80), dtype=np.uint32)
    for point in range(ord("A"), ord("Z") + 1):
        table[point] = point + 32
    table[ord("`")] = ord("'")
    table[[ord(space) for space in _OTHER_SPACES if ord(space) < len(table)]] = ord(" ")
    for point in foreign:
        becomes = fold_char(point)
        if becomes is not None:
            table[point] = ord(becomes) if len(becomes) == 1 else _SEVERAL + several.index(becomes)
    return table


@cache
def fold_char(point: int) -> str | None:
    """Return what a character becomes, or None where that depends on the one before it."""
    char = chr(point)
    if char in _OTHER_SPACES:
        return " "
    folded = _fold_run(char).replace("`", "'")
    joins = any(
        unicodedata.category(each)[0] == "M" or "\u1160" <= each <= "\u11ff" for each in char + folded
    )
    return None if joins else folded


def _with_lines_folded(text: str, points: NDArray[np.uint32], joining: Sequence[int]) -> str:
    """Return `text` with the lines folded that hold one of the code points `joining`."""
    ends = np.concatenate(([-1], np.flatnonzero(points == ord("\n")), [len(points)]))
    wanted = np.zeros(0x110000, np.bool_)
    wanted[list(joining)] = True
    lines = np.unique(np.searchsorted(ends, np.flatnonzero(wanted[points])) - 1)
    parts: list[str] = []
    done = 0
    for start, end in zip((ends[lines] + 1).tolist(), ends[lines + 1].tolist(), strict=True):
        parts += (text[done:start], _fold_foreign(text[start:end]))
        done = end
    parts.append(text[done:])
    return "".join(parts)


def _fold_run(text: str) -> str:
    while True:
        folded = unicodedata.normalize("NFKC", text.translate(_FIRST)).casefold()
        if folded == text:
            return folded
        text = folded


def fingerprint(folded: bytes) -> int:
    """Return 64 bits of BLAKE2b of the folded lines of a text, blank ones left out, in UTF-8.

    Texts that differ in case, quotes, spaces and blank lines only have the same fingerprint.
    """
    return int.from_bytes(hashlib.blake2b(folded, digest_size=8).digest(), "little")
