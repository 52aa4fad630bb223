"""What each line looks like, as columns: counts of characters by class, words, first and last character.

The joined texts are looked at as one array of code points, and eight counts are added up at a time.
Of long lines only the two ends are looked at. All columns are whole numbers, so a line's values do not
depend on what else is in the batch.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.native import loops
from cleaner.rules.charclass import (
    BAR,
    BULLET,
    CLOSE,
    CODE,
    COLON,
    COMMA,
    DIGIT,
    END,
    LAST_CONTROL,
    LETTER,
    LOWER,
    MONEY,
    OPEN,
    QUOTE,
    SPACE,
    TOP,
    UPPER,
    WIDE,
    classes,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from cleaner.rules.charclass import Marks
    from cleaner.rules.table import Ints, LineTable, Mask

    Packed = NDArray[np.uint64]

__all__ = ["COLUMNS", "shape_of"]

_PARTICLE = 4  # characters of an article or a preposition, at most
_WHOLE, _SAMPLE = 240, 160  # characters of a line that is looked at as a whole; of a longer one
_compiled = loops("shape")


_FIELDS = (
    ("letters", "uppers", "digits", "ends", "commas", "colons", "bars", "brackets"),
    ("quotes", "code", "money", "wide", "pipes", "rights", "mails", "symbols"),
)
_BY_CLASS = {
    "letters": LETTER, "uppers": UPPER, "digits": DIGIT, "ends": END, "commas": COMMA, "colons": COLON,
    "bars": BAR, "brackets": CLOSE | OPEN, "quotes": QUOTE, "code": CODE, "money": MONEY, "wide": WIDE,
}  # fmt: skip


@cache
def _packed() -> tuple[Packed, ...]:
    """Return for each code point up to 0xFFFF what it counts for, eight counts to a number."""
    marks, points = classes(), np.arange(TOP + 1)
    held = {name: (marks & mark) != 0 for name, mark in _BY_CLASS.items()}
    held |= {name: points == ord(char) for name, char in (("pipes", "|"), ("rights", "©"), ("mails", "@"))}
    held["symbols"] = (marks == 0) & (points > LAST_CONTROL)
    return tuple(_joined([held[name] for name in names]) for names in _FIELDS)


def _joined(flags: Sequence[Mask]) -> Packed:
    """Return up to eight columns of flags as one: the first in the lowest eight bits, and so on."""
    packed = np.zeros(len(flags[0]), np.uint64)
    for place, flag in enumerate(flags):
        packed |= flag.astype(np.uint64) << np.uint64(8 * place)
    return packed


def _counted(packed: Packed, starts: Ints, names: Sequence[str]) -> dict[str, Ints]:
    """Add up packed counts line by line. No count passes 255, since no line has more characters to look at."""
    sums = np.add.reduceat(packed, starts)
    return {
        name: ((sums >> np.uint64(8 * place)) & np.uint64(0xFF)).astype(np.int64)
        for place, name in enumerate(names)
    }


def shape_of(table: LineTable) -> dict[str, Ints]:
    """Return the columns of the lines of a whole table, not a selection, by name; computed once for a batch."""
    columns: dict[str, Ints] | None = table.memo.get("shape")
    if columns is None:
        columns = table.memo["shape"] = _of_compiled(table) if _compiled else _of_arrays(table)
    return columns


@cache
def _shapes() -> Any:
    return _compiled.Shapes(classes())


def _of_compiled(table: LineTable) -> dict[str, Ints]:
    found = np.empty((len(_compiled.NAMES), len(table)), np.int64)
    _shapes().columns(table.texts, table.document, table.start, table.end, found)
    return dict(zip(_compiled.NAMES, found, strict=True))


def _of_arrays(table: LineTable) -> dict[str, Ints]:
    if not len(table):
        return dict.fromkeys(COLUMNS, np.empty(0, np.int64))
    points, starts = _sample(table)
    known = np.minimum(points, TOP).astype(np.intp)
    marks = classes()[known]
    columns: dict[str, Ints] = {}
    for packed, names in zip(_packed(), _FIELDS, strict=True):
        columns |= _counted(packed[known], starts, names)
    words = _Words(marks, starts)
    columns |= words.columns
    columns |= _edges(points, marks, starts, words)
    columns |= _patterns(points, marks, starts)
    # An ideograph says about three letters.
    seen = np.diff(starts, append=len(points)) - 1 + 2 * columns.pop("wide")
    chars = table.end - table.start
    columns["chars"] = np.where(chars > _WHOLE, seen * chars // _SAMPLE, seen)
    columns |= _judged(columns, np.maximum(seen, 1))
    return columns


def _sample(table: LineTable) -> tuple[NDArray[np.uint32], Ints]:
    """Return the code points that are looked at, each line ended by a newline, and where each line begins.

    Of a line of more than 240 characters these are the first 80 and the last 80: nothing that is asked of a
    paragraph needs more, and most of a text stands in paragraphs.
    """
    joined = "\n".join([*table.texts, ""])
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    sizes = np.fromiter((len(text) + 1 for text in table.texts), np.int64, len(table.texts))
    offset = (np.cumsum(sizes) - sizes)[table.document]
    start, end = offset + table.start, offset + table.end
    size = end + 1 - start  # with the newline
    left_out = np.where(size > _WHOLE + 1, size - 1 - _SAMPLE, 0)
    head = np.where(left_out > 0, _SAMPLE // 2, size)
    gap = start - np.concatenate((np.zeros(1, np.int64), end[:-1] + 1))
    stretches = np.column_stack((gap, head, left_out, size - head - left_out)).ravel()
    rest = len(points) - int(end[-1]) - 1
    looked_at = np.repeat(
        np.append(np.tile([False, True], 2 * len(start)), False), np.append(stretches, rest)
    )
    sizes = size - left_out
    return points[looked_at], np.cumsum(sizes) - sizes


class _Words:
    """Where words begin and end, and which of them are whose."""

    def __init__(self, marks: Marks, starts: Ints) -> None:
        space = np.ones(len(marks) + 1, np.bool_)
        np.not_equal(marks & SPACE, 0, out=space[1:])
        edges = np.flatnonzero(space[1:] != space[:-1])  # the last is that of the newline at the end
        self.begins, self.ends = edges[::2], edges[1::2]
        if not len(self.begins):
            self.begins, self.ends = starts[:1], starts[:1] + 1
        lengths, first = self.ends - self.begins, marks[self.begins]
        lower = (first & LOWER) != 0
        flags = [np.ones(len(first), np.bool_), (first & UPPER) != 0, lower, lower & (lengths <= _PARTICLE)]
        packed = np.zeros(len(marks), np.uint64)
        packed[self.begins] = _joined(flags)
        self.columns = _counted(packed, starts, ("words", "capitals", "lowers", "particles"))
        self.count = self.columns["words"]
        self.first = np.cumsum(self.count) - self.count  # of each line its first word
        self.columns["longest"] = self._longest(lengths)

    def _longest(self, lengths: Ints) -> Ints:
        longest = np.zeros(len(self.count), np.int64)
        some = self.count > 0
        if some.any():
            longest[some] = np.maximum.reduceat(lengths, self.first[some])
        return longest


def _edges(points: NDArray[np.uint32], marks: Marks, starts: Ints, words: _Words) -> dict[str, Ints]:
    """Look at the first and the last characters of each line that are no spaces."""
    last_word = len(words.begins) - 1
    blank = words.count == 0  # of a long line nothing but the spaces around its text was looked at
    low = np.where(blank, starts, words.begins[np.minimum(words.first, last_word)])
    high = words.ends[np.minimum(words.first + np.maximum(words.count, 1) - 1, last_word)] - 1
    high = np.where(blank, starts, high)
    head, last = marks[low], marks[high]
    inner = marks[np.maximum(high - 1, low)]
    ellipsis = (points[high] == ord(".")) & (points[np.maximum(high - 1, low)] == ord(".")) & (high > low)
    finished = ((last & END) != 0) | (((last & CLOSE) != 0) & ((inner & END) != 0))
    dots = (points[high] == ord("…")) | ellipsis
    bullet = ((head & BULLET) != 0) & ((marks[low + 1] & SPACE) != 0)
    # Behind a bullet it is the first word that tells how the line begins.
    second = words.begins[np.minimum(words.first + 1, last_word)]
    opening = np.where(bullet & (words.count > 1), marks[second], head)
    flags = {
        "finished": finished & ~dots,
        "dots": dots,
        "asks": (points[high] == ord("?")) | (points[high] == 0xFF1F) | (points[high] == 0x61F),
        "exclaims": (points[high] == ord("!")) | (points[high] == 0xFF01),
        "ends_colon": (last & COLON) != 0,
        "ends_comma": (last & COMMA) != 0,
        "ends_bar": ((last & BAR) != 0) & ((last & CLOSE) == 0),
        "ends_digit": (last & DIGIT) != 0,
        "ends_bracket": (last & (CLOSE | OPEN)) != 0,
        "bullet": bullet,
        "starts_lower": (opening & LOWER) != 0,
        "starts_upper": (opening & UPPER) != 0,
        "starts_digit": (opening & DIGIT) != 0,
        "starts_quote": (opening & QUOTE) != 0,
        "starts_bar": (head & BAR) != 0,
        "starts_comma": (opening & (COMMA | END | CLOSE)) != 0,
        "starts_odd": (opening & (LETTER | DIGIT | QUOTE)) == 0,
    }
    return {name: flag.astype(np.int64) for name, flag in flags.items()}


def _patterns(points: NDArray[np.uint32], marks: Marks, starts: Ints) -> dict[str, Ints]:
    """Find years, times and dates in figures, addresses, sentence ends inside a line, and odd signs."""
    padded = np.concatenate((marks, np.full(5, SPACE, np.uint16)))
    chars = np.concatenate((points, np.full(5, ord("\n"), np.uint32)))
    figure = np.flatnonzero((marks & DIGIT) != 0)

    def digit(shift: int) -> Mask:
        held: Mask = (padded[figure + shift] & DIGIT) != 0
        return held

    first = (padded[figure - 1] & DIGIT) == 0
    year = first & digit(1) & digit(2) & digit(3) & ~digit(4)
    century = chars[figure] * 256 + chars[figure + 1]
    year &= (century == ord("1") * 256 + ord("9")) | (century == ord("2") * 256 + ord("0"))
    time = digit(2) & (chars[figure + 1] == ord(":"))
    date = (
        digit(2) & np.isin(chars[figure + 1], [ord("."), ord("/"), ord("-")]) & ~(first & digit(3) & digit(4))
    )
    stop = np.flatnonzero((marks & END) != 0)
    slash = np.flatnonzero(points == ord("/"))
    between = ((padded[stop + 1] & LOWER) != 0) & ((padded[stop - 1] & LOWER) != 0)
    packed = np.zeros(len(marks), np.uint64)
    packed[figure] = _joined([year, time, date, first])
    packed[stop] += _joined([(padded[stop + 1] & SPACE) != 0, between]) << np.uint64(32)
    packed[slash] += (chars[slash + 1] == ord("/")).astype(np.uint64) << np.uint64(48)
    names = ("years", "times", "dates", "numbers", "inner_ends", "dotted", "urls")
    return _counted(packed, starts, names)


def _judged(columns: dict[str, Ints], chars: Ints) -> dict[str, Ints]:
    """Return what follows from the counts: shares in per cent of the `chars` seen, and what kind of line it may be."""
    words = np.maximum(columns["words"], 1)
    letters = np.maximum(columns["letters"], 1)
    finished = columns["finished"] == 1
    prose = (columns["chars"] >= 100) & (finished | (columns["inner_ends"] >= 2))
    prose |= (columns["chars"] >= 60) & finished & (columns["particles"] >= 3)
    flags = {
        "prose": prose,
        "long": columns["chars"] >= 200,
        "short": columns["chars"] < 40,
        "tiny": columns["chars"] < 15,
        "open": ~finished & (columns["ends_colon"] == 0),
        "label": ~finished & (columns["chars"] < 60),
        "figures": columns["digits"] * 4 >= chars,
        "dated": ((columns["years"] > 0) | (columns["times"] > 0) | (columns["dates"] > 0))
        & (columns["chars"] < 60),
        "voiceless": columns["letters"] == 0,
    }
    shares = {
        "upper_share": 100 * columns["uppers"] // letters,
        "digit_share": 100 * columns["digits"] // chars,
        "letter_share": 100 * columns["letters"] // chars,
        "capital_share": 100 * columns["capitals"] // words,
        "particle_share": 100 * columns["particles"] // words,
        "word_chars": columns["letters"] // words,
    }
    return {name: flag.astype(np.int64) for name, flag in flags.items()} | shares


_NAMES = """
    chars letters uppers digits ends commas colons bars brackets quotes code money
    words capitals lowers particles longest
    finished dots asks exclaims ends_colon ends_comma ends_bar ends_digit ends_bracket bullet
    starts_lower starts_upper starts_digit starts_quote starts_bar starts_comma starts_odd
    years times dates numbers inner_ends urls mails dotted rights pipes symbols
    prose long short tiny open label figures dated voiceless
    upper_share digit_share letter_share capital_share particle_share word_chars
"""
COLUMNS = frozenset(_NAMES.split())
"""The names of all columns."""
