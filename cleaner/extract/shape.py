"""How big, how deep and how wide a page is, by scans of its source: what parsing it may cost.

Parsers and extractors have inputs on which they take minutes or lose the page: elements nested deeper
than libxml2 allows (the rest of the page is lost without a word), tens of thousands of attributes on one
tag (half a minute inside C, where no alarm can stop it), huge tables and link lists. All are seen here
before anything is parsed, in time linear in the size of the page.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.extract.markup import WEIGHTS, deepest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]

__all__ = ["COMPRESSED", "Shape", "compression_of", "shape_of"]

DEPTH = 120
"""Elements; libxml2 gives up at 256, and those that HTML closes by itself are not counted here."""
ATTRIBUTES = 1000
"""Attributes of one tag; the cost grows with their square, a thousand take a millisecond."""
CELLS = 30_000
ELEMENTS = 40_000
"""Of a page; trafilatura takes up to a second for so many, and twenty for three times as many."""

COMPRESSED = {
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"PK\x03\x04": "zip",
    b"\x04\x22\x4d\x18": "lz4",
}

# Possessive throughout: one attribute can be read in one way only, so the scan is linear.
_ATTRIBUTE = r"""[\s/]*+[^\s"'>=/]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'>]*+))?+"""
_WIDE = re.compile(rf"<[a-zA-Z][^\s/>]*+(?:{_ATTRIBUTE}){{{ATTRIBUTES}}}")
_CELL = re.compile(r"<t[dh][\s/>]", re.IGNORECASE)
# Elements that have no content, and those that HTML closes by itself, do not nest.
_FLAT = (
    "br",
    "img",
    "meta",
    "link",
    "input",
    "hr",
    "wbr",
    "source",
    "p",
    "li",
    "td",
    "th",
    "tr",
    "dt",
    "dd",
    "option",
    "path",
)


class Shape(NamedTuple):
    """What was counted; `depth` is exact above `DEPTH`, and an upper bound below."""

    depth: int
    wide: bool
    cells: int
    elements: int

    @property
    def to_flatten(self) -> bool:
        """Tell whether the source must be cut down before it is parsed."""
        return self.wide or self.depth > DEPTH

    @property
    def too_many(self) -> str | None:
        """Say what there is too much of to look for an article in it; None if nothing."""
        if self.cells > CELLS:
            return f"{self.cells} table cells"
        return f"{self.elements} elements" if self.elements > ELEMENTS else None


def compression_of(data: bytes) -> str | None:
    """Return the name of the format when `data` is compressed, by its first bytes."""
    return next((name for magic, name in COMPRESSED.items() if data.startswith(magic)), None)


def shape_of(html: str) -> Shape:
    """Measure the source of a page."""
    data = np.frombuffer(html.encode("utf-8", "replace") + b"\0" * 8, np.uint8)
    marks = np.flatnonzero(data[:-8] == ord("<"))
    closing = data[marks + 1] == ord("/")
    letters = data[marks + 1 + closing] | 0x20
    named = (letters >= ord("a")) & (letters <= ord("z"))
    marks, closing = marks[named], closing[named]
    opening = int((~closing).sum())
    cells = sum(1 for _ in _CELL.finditer(html)) if opening > CELLS else 0
    wide = opening > 0 and _WIDE.search(html) is not None
    depth = _depth(_names(data, marks + 1 + closing), closing) if opening else 0
    return Shape(deepest(html) if depth > DEPTH else depth, wide, cells, opening)


def _names(data: Bytes, starts: Ints) -> Ints:
    """Return a number for the first eight letters of each tag's name."""
    code = np.zeros(len(starts), np.int64)
    going = np.ones(len(starts), np.bool_)
    for index in range(7):
        byte = data[starts + index]
        going &= ((byte | 0x20) >= ord("a")) & ((byte | 0x20) <= ord("z")) | (byte >= ord("0")) & (
            byte <= ord("9")
        )
        code = np.where(going, (code << 8) | (byte | 0x20), code)
    return code


def _code(name: str) -> int:
    code = 0
    for char in name[:7]:
        code = (code << 8) | ord(char) | 0x20
    return code


_WEIGHTS = {_code(name): weight for name, weight in {**WEIGHTS, **dict.fromkeys(_FLAT, 0)}.items()}


def _depth(names: Ints, closing: Mask) -> int:
    """Return a bound of the nesting: for each name the most that were open at once, added up.

    A tag closes none of another name, so this is never less than what a parser builds.
    """
    order = np.argsort(names, kind="stable")
    ordered = names[order]
    begins = np.flatnonzero(np.diff(ordered, prepend=-1))
    counts = np.diff(begins, append=len(ordered))
    weights = np.array([_WEIGHTS.get(code, 1) for code in ordered[begins].tolist()], np.int64)
    group = np.repeat(np.arange(len(begins)), counts)
    total = np.cumsum(np.where(closing[order], -1, 1))
    # Each group lies below all before it, so that the lowest level so far is always one of its own.
    level = total - np.concatenate(([0], total[begins[1:] - 1]))[group] - group * (2 * len(order) + 2)
    floor = np.minimum.accumulate(np.minimum(level, -group * (2 * len(order) + 2)))
    most = np.maximum.reduceat(level - floor, begins)
    return int((most * weights).sum())
