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

__all__ = ["ACCENTED", "ACT", "ASTRAL", "COMPOSE", "END", "GREEK_OR_CYRILLIC", "LATIN", "LOOK", "bits"]

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
LATIN = 64
"""A to Z and a to z."""
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
    for first, last in ("AZ", "az"):
        table[ord(first) : ord(last) + 1] |= LATIN
    table[0xC0:0x100] |= ACCENTED
    table[[0xD7, 0xF7]] &= ~np.uint8(ACCENTED)
    return table


def _uncomposed() -> list[int]:
    """Return the units that can stand in text that is not in NFC (its quick check: "no" and "maybe")."""
    found = {*range(0x1161, 0x1176), *range(0x11A8, 0x11C3)}  # Jamo compose by arithmetic
    for code in (*range(0x80, 0x3400), *range(0xA000, 0xAC00), *range(0xF900, 0x10000)):
        char = chr(code)
        parts = unicodedata.decomposition(char).split()
        if len(parts) == 2 and not parts[0].startswith("<"):
            found.add(int(parts[1], 16))
        if unicodedata.combining(char) or unicodedata.normalize("NFC", char) != char:
            found.add(code)
    return sorted(code for code in found if code < 0x10000)
