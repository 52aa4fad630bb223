"""Codes of languages and scripts: what the detectors say, in one spelling."""

from __future__ import annotations

import regex

__all__ = ["CONFUSABLE", "LANGDETECT", "normalise", "script_of"]

_SPELLINGS: dict[str, str | None] = {
    # Old or private codes of the detectors.
    "iw": "he", "jw": "jv", "in": "id", "sh": "hr", "bh": "bho", "zh-cn": "zh", "zh-tw": "zh", "zh-Hant": "zh",
    "sr-ME": "sr", "hbo": "he", "uzs": "uz", "gug": "gn", "kik": "ki",
    # Members of a macrolanguage that detectors do not tell apart alike: named by the macrolanguage.
    "nb": "no", "nn": "no", "tw": "ak", "fil": "tl", "yue": "zh", "wuu": "zh", "arz": "ar", "ary": "ar",
    # Not a language.
    "un": None, "und": None, "xxx": None, "zxx": None, "unknown": None, "tlh": None,
}  # fmt: skip

LANGDETECT = frozenset(
    "af ar bg bn ca cs cy da de el en es et fa fi fr gu he hi hr hu id it ja kn ko lt lv mk ml mr ne nl no "  # noqa: SIM905 - reads best as a line
    "pa pl pt ro ru sk sl so sq sv sw ta te th tl tr uk ur vi zh".split()
)
"""The languages langdetect knows, in our codes."""

CONFUSABLE: tuple[frozenset[str], ...] = (
    frozenset({"bs", "hr", "sr"}),
    frozenset({"id", "ms"}),
    frozenset({"no", "da"}),
    frozenset({"cs", "sk"}),
    frozenset({"gl", "pt"}),
    frozenset({"xh", "zu", "ss", "nr"}),
    frozenset({"st", "tn", "nso"}),
    frozenset({"rw", "rn"}),
    frozenset({"mk", "bg"}),
    frozenset({"hi", "mr", "ne", "bho", "sa"}),
)
"""Groups within which a paragraph of one is often taken for another; never called a mixture."""

_SEVERAL_SCRIPTS = frozenset(
    [
        "az",
        "bs",
        "crh",
        "ha",
        "kk",
        "ks",
        "ku",
        "ky",
        "mn",
        "ms",
        "pa",
        "sd",
        "sr",
        "tg",
        "tk",
        "tt",
        "ug",
        "uz",
        "yi",
        "zh",
        "ber",
        "kab",
        "ban",
        "jv",
        "su",
        "ce",
        "cv",
        "ro",
    ]
)
_SCRIPTS: tuple[tuple[str, str], ...] = (
    ("Latn", r"\p{Latin}"),
    ("Cyrl", r"\p{Cyrillic}"),
    ("Arab", r"\p{Arabic}"),
    ("Deva", r"\p{Devanagari}"),
    ("Guru", r"\p{Gurmukhi}"),
    ("Mong", r"\p{Mongolian}"),
    ("Hebr", r"\p{Hebrew}"),
    ("Tfng", r"\p{Tifinagh}"),
    ("Java", r"\p{Javanese}"),
)
_LOOKED_AT = 150  # characters, from all over the text, are enough to tell a script
_PATTERNS = tuple((name, regex.compile(pattern)) for name, pattern in _SCRIPTS)
_SIMPLIFIED = regex.compile("[们这国时说为学发会对么还经车东门问见长书语读开关体单点实]")
_TRADITIONAL = regex.compile("[們這國時說為學發會對麼還經車東門問見長書語讀開關體單點實]")


def normalise(code: str | None) -> str | None:
    """Return a detector's code as ISO 639-1, else 639-3; None where it names no language."""
    if not code or code.startswith(("xx", "zz")):
        return None
    return _SPELLINGS.get(code, code)


def script_of(code: str | None, text: str) -> str | None:
    """Return the ISO 15924 script of `text` if the language is written in several, else None.

    Chinese is `Hans` or `Hant` by the characters in which the two differ most often.
    """
    if code not in _SEVERAL_SCRIPTS:
        return None
    if code == "zh":
        simplified, traditional = len(_SIMPLIFIED.findall(text)), len(_TRADITIONAL.findall(text))
        return None if simplified == traditional else "Hans" if simplified > traditional else "Hant"
    text = text[:: max(1, len(text) // _LOOKED_AT)]
    counts = [(len(pattern.findall(text)), name) for name, pattern in _PATTERNS]
    best, name = max(counts, key=lambda pair: pair[0])
    return name if best else None
