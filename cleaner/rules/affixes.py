"""What stays of a line where a number, its end or its beginning changes, and which end of a document it stands at."""

from __future__ import annotations

import re

__all__ = ["AFFIXED", "HEAD", "TAIL", "begin_of", "digits_folded", "end_of", "is_head", "is_tail"]

AFFIXED = 120
"""Of longer lines, in characters, the first and last words are not looked at: what changes in furniture is short."""

HEAD, TAIL = 4, 10
"""How many lines at the ends of a document are its head, and at most its tail."""

_WORDS = 4  # of a beginning or an end
_LABEL = 40  # bytes, up to a colon
_ZEROS = bytes(ord("0") if chr(byte).isdigit() else byte for byte in range(0x80)) + bytes(range(0x80, 0x100))
_NUMBER = re.compile(rb"0[0.,:]*0")
# The digits of Arabic, Persian and the scripts of India in UTF-8, each by its first byte: these are found fast.
_FOREIGN = {
    b"\xd9": re.compile(rb"\xd9[\xa0-\xa9]"),
    b"\xdb": re.compile(rb"\xdb[\xb0-\xb9]"),
    b"\xe0": re.compile(rb"\xe0[\xa5\xa7\xa9\xab\xad\xaf\xb1\xb3\xb5][\xa6-\xaf]"),
}


def digits_folded(data: bytes) -> bytes:
    """Return folded lines with every number as 0, so that lines that differ in a number are one."""
    if not data.isascii():
        for lead, digits in _FOREIGN.items():
            if lead in data:
                data = digits.sub(b"0", data)
    return _NUMBER.sub(b"0", data.translate(_ZEROS))


def begin_of(line: bytes) -> bytes | None:
    """Return the part of a folded line that stays where its end changes: a label, or its first words."""
    colon = line.find(b":", 0, _LABEL)
    if 0 < colon < len(line) - 1 and line[colon + 1 : colon + 2] != b"/":
        return line[: colon + 1]
    words = line.split(b" ", _WORDS + 1)
    return b" ".join(words[:_WORDS]) if len(words) > _WORDS + 1 else None


def end_of(line: bytes) -> bytes | None:
    """Return the last words of a folded line, where it has more."""
    words = line.rsplit(b" ", _WORDS + 1)
    return b" ".join(words[-_WORDS:]) if len(words) > _WORDS + 1 else None


def is_head(above: int, below: int) -> bool:
    """Tell whether a line stands at the head of its document, by the number of lines above and below it."""
    del below
    return above < HEAD


def is_tail(above: int, below: int) -> bool:
    """Tell whether a line stands at the tail of its document; of a short one, that is not more than its second half."""
    return below < HEAD or (below < TAIL and below < above)
