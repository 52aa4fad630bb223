"""What each character can mean to repair, as bits: one look at a table instead of many searches."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from cleaner.repair.beyond import ACTED_ON, MARKS

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "ACCENTED",
    "ACT",
    "ASTRAL",
    "COMPOSE",
    "END",
    "GREEK_OR_CYRILLIC",
    "LOOK",
    "MARK",
    "bits",
    "cluster",
    "composed",
    "is_composed",
]

_RUN = 32  # marks on one letter; text of any language has far fewer

ACT = 1
"""Some step may change this character."""
END = 2
"""It ends a line and is no line feed."""
COMPOSE = 4
"""Text that holds it may not be in NFC."""
ASTRAL = 8
"""Half of a character beyond U+FFFF."""
LOOK = 16
"""It may have to be reported."""
GREEK_OR_CYRILLIC = 32
MARK = 64
"""Its canonical combining class is not 0: beside another such mark the order matters."""
ACCENTED = 128
"""A letter of the upper half of Latin-1."""


@cache
def bits() -> NDArray[np.uint8]:
    """Return the bits of each UTF-16 unit (65536 bytes); made once, at the first text that is not ASCII."""
    from ftfy import chardata

    table = np.zeros(0x10000, np.uint8)
    units = "".join(map(chr, range(0x10000)))
    acted = [match.start() for match in re.finditer(f"[{ACTED_ON}\x80-\x9f]", units)]
    acted += [code for code in (*chardata.LIGATURES, *chardata.CONTROL_CHARS) if code >= 0x80]
    table[acted] |= ACT
    table[[0x2028, 0x2029]] |= END
    table[_uncomposed()] |= COMPOSE
    table[0xD800:0xE000] |= ASTRAL
    # The replacement character, private use, marks that can be stacked, overrides, mathematical letters.
    table[[0xFFFD, 0x202D, 0x202E, 0xD835]] |= LOOK
    table[[match.start() for match in re.finditer(f"[{MARKS}\x80-\x9f\ue000-\uf8ff]", units)]] |= LOOK
    table[0x370:0x530] |= GREEK_OR_CYRILLIC
    table[[code for code in range(0x300, 0x10000) if unicodedata.combining(chr(code))]] |= MARK
    table[0xC0:0x100] |= ACCENTED
    table[[0xD7, 0xF7]] &= ~np.uint8(ACCENTED)
    return table


def cluster(text: str, offset: int) -> tuple[int, int]:
    """Return where the character at `offset` with all before and behind that may compose with it begins and ends.

    It begins with a character that composes with nothing before it, so whether it is in NFC does not
    depend on the rest of the text.
    """
    table = _joining()
    start, end = offset, offset + 1
    while start and ord(text[start]) < 0x10000 and table[ord(text[start])]:
        start -= 1
    while end < len(text) and ord(text[end]) < 0x10000 and table[ord(text[end])]:
        end += 1
    return start, end


def is_composed(text: str) -> bool:
    """Tell whether a text is in NFC."""
    return _ordered(text) == text and unicodedata.is_normalized("NFC", text)


def composed(text: str) -> str:
    """Return a text in NFC."""
    return unicodedata.normalize("NFC", _ordered(text))


def _ordered(text: str) -> str:
    """Put long runs of marks into canonical order; `unicodedata` takes the square of their length for it."""
    if len(text) < _RUN:
        return text
    return _runs().sub(lambda run: "".join(sorted(run.group(), key=unicodedata.combining)), text)


@cache
def _runs() -> re.Pattern[str]:
    marks = "".join(map(chr, np.flatnonzero(bits() & np.uint8(MARK)).tolist()))
    return re.compile(f"[{re.escape(marks)}]{{{_RUN},}}")


@cache
def _joining() -> bytes:
    return (bits() & np.uint8(COMPOSE | MARK)).tobytes()


def _uncomposed() -> list[int]:
    """Return the units that can stand in text that is not in NFC (its quick check: "no" and "maybe")."""
    found = {*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)}  # Jamo compose by arithmetic
    for code in (*range(0x80, 0x3400), *range(0xA000, 0xAC00), *range(0xF900, 0x10000)):
        char = chr(code)
        parts = unicodedata.decomposition(char).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            found.add(int(parts[1], 16))
        if unicodedata.normalize("NFC", char) != char:
            found.add(code)
    return sorted(code for code in found if code < 0x10000)
