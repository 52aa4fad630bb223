"""Texts made to break character repair: mojibake, entities, controls, line ends and scripts mixed at random."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

from ftfy import badness

if TYPE_CHECKING:
    from collections.abc import Iterator

_BEYOND_ASCII = "".join(map(chr, range(0x80, 0x10000)))
MOJIBAKE_CHARACTERS = [
    char
    for members in badness.MOJIBAKE_CATEGORIES.values()
    for char in re.findall(f"[{members}]", _BEYOND_ASCII)
]
SINGLES = [
    *"\r\n\n\n\n  \t\v\f\x85\u2028\u2029\xa0\xad\u200b\u200c\u200d\u200e\u200f\u202a\u202e\u2060\u2066\u3000\u3164",
    *"\ufeff\x00\x1b\x7f\x80\x92\x9d\ud83d\ude00\u0301\u0336\u0323\u1161\u11a8\uf0b7\ufffd\U000e0067\U000e007f",
    *"가กखéüœŒÃÂß“”’…ﬁĳŉµ&<;?א┬├┐⌐\U0001f600\U0001f3f4\U0001d400",
]
TOKENS = [
    "&amp;", "&lt;", "&eacute;", "&#10;", "&#13;", "&#x85;", "&#8232;", "&nbsp;", "&amp;amp;", "amp;", "#38;", "&#38;",
    "&shy;", "&#xD83D;", "&#xDE00;", "\x1b[0m", "\x1b[", "0m", "\r\n", "Ã ", "Â ", "â€", "â€™", "Ã©", "ã\x81", "Ã la",
    "ГўВЂВ.a", "Ð\x9fÑ", "Ã\xad", "ÃƒÂ©", "œ\n", "a Â “", " Ã€", "ØªØ§", "β€™", "вЂ™", "вЂ”", "à²", "Ñƒ", ".\nÃ ", "Z\nÂ ",
    "abc", "z.", "the", "┬┐q", "e├⌐", "a\u0336b\u0336c\u0336d\u0336e\u0336",
]  # fmt: skip
CLEAN = [
    "Größe und Öl “nicht” – ja", "Завтра будет дождь", "jaźń i gęś", "青い空と海", "l’été déjà venu", "الكتاب على الطاولة",
    "ขนมปังสดใหม่", "바다와 산", "👨\u200d👩\u200d👧", "नदी के किनारे", "می\u200cخواهم",
]  # fmt: skip
ENCODINGS = ["latin-1", "cp1252", "cp1251", "cp1250", "cp437", "mac_roman", "cp1253", "cp1257", "iso8859_2"]


def texts(seed: int, count: int) -> Iterator[str]:
    chance = random.Random(seed)
    for _ in range(count):
        yield "".join(_piece(chance) for _ in range(chance.randint(1, 25)))


def _piece(chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.3:
        return chance.choice(MOJIBAKE_CHARACTERS)
    if kind < 0.55:
        return chance.choice(SINGLES)
    if kind < 0.75:
        return chance.choice(TOKENS)
    if kind < 0.85:
        return chance.choice("abcXYZ .,")
    return mojibake(chance) if kind < 0.93 else chance.choice(CLEAN)


def mojibake(chance: random.Random) -> str:
    text = chance.choice(CLEAN)
    for _ in range(chance.randint(1, 2)):
        text = text.encode().decode(chance.choice(ENCODINGS), chance.choice(["replace", "ignore"]))
    return text
