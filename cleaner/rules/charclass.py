"""Classes of characters, as bits: what the shape of a line is made of."""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import repeat
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Marks = NDArray[np.uint16]

LETTER, UPPER, LOWER, DIGIT, SPACE, END, COMMA, COLON = (1 << bit for bit in range(8))
BAR, CLOSE, QUOTE, CODE, WIDE, BULLET, MONEY, OPEN = (1 << bit for bit in range(8, 16))
_BY_CATEGORY = {
    **dict.fromkeys(("Mn", "Mc", "Me"), LETTER),
    **dict.fromkeys(("Lo", "Lm"), LETTER | WIDE),
    **dict.fromkeys(("Lu", "Lt"), LETTER | WIDE | UPPER),
    "Ll": LETTER | WIDE | LOWER,
    "Nd": DIGIT,
}
_BY_TEXT = {
    END: ".!?。！？…؟।۔",
    COMMA: ",;，；、،؛",
    COLON: ":：",
    BAR: "|»›>·•▪●■►▸→«‹<←¦/",
    CLOSE: ")]}）】」』\"'”’»",
    OPEN: "([{（【「『",
    QUOTE: "\"'“”„«»‘’「」『』",
    CODE: "{}<>=_\\[]#@~^+*%&",
    BULLET: "-–—•*·▪●■►▸",
    MONEY: "$€£¥₹₩₽zł",
}
TOP = 0xFFFF
LAST_CONTROL = 0xA0
_WIDE_FROM, _WIDE_TO = 0x2E80, 0xD7B0


@cache
def classes() -> Marks:
    """Return for each code point up to 0xFFFF its classes; what lies above is a symbol."""
    categories = map(unicodedata.category, map(chr, range(TOP + 1)))
    table = np.fromiter(map(_BY_CATEGORY.get, categories, repeat(0)), np.uint16, TOP + 1)
    table[:_WIDE_FROM] &= ~np.uint16(WIDE)
    table[_WIDE_TO:] &= ~np.uint16(WIDE)
    table[[point for point in range(TOP + 1) if chr(point).isspace()]] = SPACE
    for mark, chars in _BY_TEXT.items():
        for char in chars:
            if not char.isalpha():
                table[ord(char)] |= mark
    table[TOP] = 0
    return table
