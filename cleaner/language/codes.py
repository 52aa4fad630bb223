"""Codes of languages and scripts: what the detectors say, in one spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["CONFUSABLE", "KNOWN", "LANGDETECT", "check_codes", "normalise", "script_of"]

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

KNOWN = frozenset(
    (  # noqa: SIM905 - reads best as lines
        "aa ab ace af ak am an ar as ay az ba bcl be bg bho bi bn bo br bs ca ceb chr co crh crs cs cy da de "
        "dv dz ee el en eo es et eu ext fa fi fj fo fr fuv fy ga gaa gcf gcr gd gl gn gom grc gu guw gv ha "
        "haw he hi hmn hr ht hu hy ia id ie ig ik is it iu ja jv ka kab kha ki kk kl km kn ko kri ks ku ky la "
        "lb lg lif lij ln lo loz lt ltg lua luo lv mfe mg mi mk ml mn mr ms mt my na ne new nl no nr nso ny "
        "oc om or os pa pam pcm pl ps pt qu raj rm rn ro ru rw sa sco sd sdh se sg si sk sl sm sn so sq sr ss "
        "st su sv sw syr ta te tg th ti tk tl tn to tr ts tt tum ug uk ur uz ve vec vi vo wa war wo xh yi yo "
        "za zh zu "
    ).split()
)
"""The languages that one of the detectors knows, in our codes."""

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


def check_codes(codes: Iterable[str]) -> None:
    """Make sure that codes are such as the record holds; `zh-Hant` asks for a script too.

    Raises:
        ValueError: one is not, with the code that may be meant.

    """
    for code in codes:
        if regex.fullmatch(r"([a-z]{2,3})(-[A-Z][a-z]{3})?", code) and code.split("-")[0] in KNOWN:
            continue
        meant = _meant(code)
        hint = (
            f"use {meant!r}" if meant else "use ISO 639-1 codes as in the record, such as 'en' or 'zh-Hant'"
        )
        raise ValueError(f"{code!r} is no language code: {hint}")


def _meant(code: str) -> str | None:
    """Return the code of a language that is called by its English name, or by a code in another spelling."""
    import pycld2

    names = {name.lower(): each for name, each in pycld2.LANGUAGES}
    meant = normalise(names.get(code.lower()) or code.replace("_", "-").split("-")[0].lower())
    return meant if meant in KNOWN else None


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
