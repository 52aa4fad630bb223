"""Classes of characters as the lexicon sees them: what belongs to a word, and what is one by itself."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["letters"]

_LETTER, _DIGIT, _UPPER, _ALONE, _LOWER = 1, 2, 4, 8, 16
_CLASSES = {
    **dict.fromkeys(("Lo", "Lm", "Mn", "Mc", "Me"), _LETTER),
    "Ll": _LETTER | _LOWER,
    **dict.fromkeys(("Lu", "Lt"), _LETTER | _UPPER),
    "Nd": _DIGIT,
}
_UNSPACED = (
    (0x0E00, 0x0F00), (0x1000, 0x10A0), (0x1780, 0x1800), (0x3005, 0x3008), (0x3041, 0x3100),
    (0x31F0, 0x3200), (0x3400, 0xA000), (0xF900, 0xFB00), (0xFF66, 0xFF9E),
)  # fmt: skip
"""Thai, Lao, Myanmar, Khmer, kana and ideographs: scripts that part no words by spaces."""


@cache
def letters() -> NDArray[np.uint8]:
    """Return for each code point up to 0xFFFF whether it is a letter (1), a figure (2), a capital (4), a token by itself (8), in lower case (16)."""
    points = range(0x10000)
    table = np.array([_CLASSES.get(unicodedata.category(chr(point)), 0) for point in points], np.uint8)
    for first, end in _UNSPACED:
        table[first:end][table[first:end] & _LETTER != 0] |= _ALONE
    table[[ord(sign) for sign in "©®™℗"]] = _LETTER | _ALONE
    return table
