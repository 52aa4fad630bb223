"""What each character is, as one byte of flags: looked up for a whole batch at once.

The sets of punctuation are datatrove's (`datatrove/utils/text.py`, Apache-2.0), because FineWeb's
published numbers were made with them.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "ALPHA", "ASCII_ALPHA", "BULLETS", "CLOSERS", "LINE_BREAK", "LINE_FEED", "LOWER", "NOT_PUNCTUATION", "NUMERIC",
    "SENTENCE_TERMINAL", "SPACE", "TERMINAL_PUNCTUATION", "UPPER", "WORD", "codes_of", "flags_table",
    "one_of",
]  # fmt: skip

SPACE, ALPHA, NOT_PUNCTUATION, UPPER = 1, 2, 4, 8
LINE_FEED, LINE_BREAK = SPACE | 2, SPACE | 4
"""The flags of the line feed, and of the other spaces at which `str.splitlines` breaks."""
LOWER = 16
"""Lower or title case: one such character and a word is not in capitals."""
WORD, NUMERIC, ASCII_ALPHA = 32, 64, 128

_PUNCTUATION = (
    "!/—”:％１〈&(、━\\【#%「」，】；+^]~“《„';’{|∶´[=-`*．（–？！：$～«〉,><》)?）。…@_.\"}►»"
    + "".join(chr(code) for code in (*range(9), *range(11, 13), *range(13, 32), *range(127, 160)))
)
TERMINAL_PUNCTUATION = (
    "᪩？⁈𑩂．꩞𑅃﹗𑂾\u1b7d፧𑅂꡶꘎⁉࠾᪨𑊩𑱂᱿𖩮᥅\U00011f43\U00011f44﹒𑈹𑈸።܂؞꛳\U00010f88𑗍𐩖𑙂\u061d꩟᠉\u1b7e𑗗᰼𑻸؟𑪜"
    "꧉𑗉𐽙𖫵𖬷܀꓿᜵𑗏𑁇𑗓𑥄៖𑥆𑗑𑗒꯫۔𐩗\U00010f86꡷\u2e54｡៕߹⸮.𑇅࠹𛲟꫰꤯𐽗᭞𑜼፨𑃁꣏𑇟𖬸𑪛𑜾࠷𝪈?𑃀𑗃！։꣎॥𑗖᭛᠃!၊𖺘⁇𑗌𑑋𖭄᭟"
    "𑅁𑙁⸼꩝𑗋。꧈꫱𑜽𐽖𑂿᙮።꛷\U00010f89៚᥄𑗕𑗎᪪᭚࠽𑇞𑗊𐽘\u2e53𑗔𖩯𑇍𑻷𐽕𑩃।𑗂𑇆𑁈။᱾𑱁꘏܁᜶‼𑈻‽᪫﹖𑑌𑈼\U00010f87𑗐៙᰻"
)
"""Characters that end a sentence in any script, as datatrove lists them; no quotes, no ellipsis."""

SENTENCE_TERMINAL = TERMINAL_PUNCTUATION + "…"
"""Ours: with the ellipsis, after closing quotes and brackets have been skipped."""

CLOSERS = "\"'”’»)]}」』）】›“‘"
"""Closing quotes and brackets, which may stand behind the end of a sentence ("“" and "‘" close in German)."""

_LINE_BREAKS = "\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
"""Where `str.splitlines` breaks, beside the line feed."""

BULLETS = "•‣▶◀◦■□▪▫–"
"""Bullets of RedPajama-v2."""


def codes_of(characters: str) -> NDArray[np.uint32]:
    """Return the code points of a string, one an element; lone surrogates included."""
    return np.frombuffer(characters.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def one_of(characters: str, codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Tell which codes are one of the characters."""
    return _membership(characters).take(codes)


@cache
def _membership(characters: str) -> NDArray[np.bool_]:
    table = np.zeros(0x110000, np.bool_)
    table[codes_of(characters)] = True
    return table


@cache
def flags_table() -> NDArray[np.uint8]:
    """Return the flags of every code point; built once per process, from Python's own Unicode tables."""
    punctuation = set(_PUNCTUATION) | set(TERMINAL_PUNCTUATION)
    table = np.full(0x110000, NOT_PUNCTUATION, dtype=np.uint8)
    for code in (*range(0x20000), *range(0x2F800, 0x2FA20)):
        table[code] = _flags(chr(code), punctuation)
    for start, end in ((0x20000, 0x2F800), (0x2FA20, 0x33480)):  # ideographs, and planes not yet used
        table[start:end] = np.fromiter(
            (
                ALPHA | WORD | NOT_PUNCTUATION if chr(code).isalpha() else NOT_PUNCTUATION
                for code in range(start, end)
            ),
            dtype=np.uint8,
            count=end - start,
        )
    return table


def _flags(character: str, punctuation: set[str]) -> int:
    if character.isspace():
        return LINE_FEED if character == "\n" else LINE_BREAK if character in _LINE_BREAKS else SPACE
    flags = 0 if character in punctuation else NOT_PUNCTUATION
    if character.isalpha():
        flags |= ALPHA | (ASCII_ALPHA if character.isascii() else 0)
    if character.isupper():
        flags |= UPPER
    elif character.islower() or character.istitle():
        flags |= LOWER
    if character.isnumeric():
        flags |= NUMERIC
    if character.isalnum() or character == "_":
        flags |= WORD
    return flags
