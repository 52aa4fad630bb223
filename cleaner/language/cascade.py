"""Ask the cheap detector; ask another where it is unsure, and a third where those two differ.

Measured on 6,492 texts of 153 languages (`benchmarks/language.py`, `docs/language.md`): CLD2 answers a
paragraph fifty times faster than langdetect and is right where it is sure. Where it is not, py3langid
settles most cases at a tenth of langdetect's price; langdetect breaks the tie when both of the others
name a language it knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cleaner.language.codes import CONFUSABLE, LANGDETECT, script_of
from cleaner.language.detectors import ask_cld2, ask_langdetect, ask_py3langid
from cleaner.language.mixture import mixture_of
from cleaner.language.sample import MINIMUM_LETTERS, letters, prose_lines, sample

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TypeAlias

    from cleaner.language.detectors import Chunks

    _Answer: TypeAlias = tuple[str | None, float, bool | None, Chunks | None]
    _Decide: TypeAlias = Callable[[Sequence[str]], list[_Answer]]

__all__ = ["DETECTORS", "Language", "identify", "identify_shares", "shares"]

_SURE_SCORE = 500.0
_SURE_SCORE_SHORT = 700.0
_SHORT = 200
_GLANCE = 100
_SURE_PERCENT = 80
_SECOND_PERCENT = 20
_TRUSTED = 0.7
_ALWAYS_ASK = CONFUSABLE[0] | CONFUSABLE[1]


class Language(NamedTuple):
    """The language of a text.

    `code` is ISO 639-1 where it exists, else 639-3, and None where there is too little text or nobody
    knows. `score` estimates the probability that `code` is right (0 to 1). `agree` is None if one
    detector was sure and no other was asked, True if the first answer was confirmed, False if the
    detectors differed: then expect a coin toss. `script` (ISO 15924) is set for languages written in
    several.
    """

    code: str | None
    score: float | None
    agree: bool | None = None
    script: str | None = None


_NONE = Language(None, None)


def identify(texts: Sequence[str], *, detector: str = "default") -> list[Language]:
    """Return the language of each text; see `DETECTORS` for the names.

    Never raises on any text. The same text always gets the same answer.

    Raises:
        ValueError: no detector has that name.

    """
    decide = _decision(detector)
    return [language for language, _ in _identified([prose_lines(text) for text in texts], decide)]


def shares(texts: Sequence[str], *, detector: str = "default") -> list[list[tuple[str, float]]]:
    """Return the languages of each text with their shares of its characters, largest first.

    Shares are over paragraphs that could be told, and sum to 1; empty where there was none.
    """
    return [found for _, found in identify_shares(texts, detector=detector)]


def identify_shares(
    texts: Sequence[str], *, detector: str = "default"
) -> list[tuple[Language, list[tuple[str, float]]]]:
    """Return `identify` and `shares` together, for little more than the price of the first."""
    decide = _decision(detector)
    prose = [prose_lines(text) for text in texts]
    return [
        (language, mixture_of(lines, language.code, chunks))
        for lines, (language, chunks) in zip(prose, _identified(prose, decide), strict=True)
    ]


def _identified(prose: Sequence[list[str]], decide: _Decide) -> list[tuple[Language, Chunks | None]]:
    """Return the language of each text, given its lines of prose, and what CLD2 said of it, if it was asked."""
    rows: list[tuple[Language, Chunks | None]] = [(_NONE, None)] * len(prose)
    samples = [sample(lines) for lines in prose]
    enough = [index for index, shown in enumerate(samples) if _is_enough(shown)]
    for index, (code, score, agree, chunks) in zip(
        enough, decide([samples[index] for index in enough]), strict=True
    ):
        if code is None:
            rows[index] = Language(None, None, agree), chunks
        else:
            rows[index] = Language(code, score, agree, script_of(code, samples[index])), chunks
    return rows


def _is_enough(shown: str) -> bool:
    return letters(shown[:_GLANCE]) >= MINIMUM_LETTERS or letters(shown) >= MINIMUM_LETTERS


def _default(texts: Sequence[str]) -> list[_Answer]:
    # One detector after the other: each has tables of some megabytes, which the caches hold one at a time.
    firsts = [ask_cld2(text) for text in texts]
    return [_settled(text, first) for text, first in zip(texts, firsts, strict=True)]


def _settled(text: str, first: Chunks) -> _Answer:
    """Return the first answer if it is sure, else what the other detectors make of it."""
    if _is_sure(first, _SURE_SCORE if len(text) > _SHORT else _SURE_SCORE_SHORT):
        # At a score of 700 CLD2 is right 97 times in 100 on short lines, at 1000 99 times.
        return first.code, min(0.99, 0.85 + (first.score - _SURE_SCORE) / 4000), None, first
    second, probability = ask_py3langid(text)
    if second == first.code:
        return second, 0.6 + 0.35 * probability, True, first
    if second == first.second and second is not None and first.reliable:
        return second, 0.5, False, first  # two languages side by side: a third opinion settles nothing
    if {first.code, second} == {"bs", "hr"}:
        return "hr", 0.5, False, first  # nobody tells them apart; Croatian is the more common on the web
    if second in LANGDETECT and first.code in LANGDETECT:
        third, _ = ask_langdetect(text)
        if third in (first.code, second):
            return third, 0.6, False, first
    code = second if probability >= _TRUSTED or first.code is None else first.code
    return code, 0.25 + 0.5 * probability if code == second else 0.4, False, first


def _is_sure(first: Chunks, least: float) -> bool:
    return (
        first.reliable
        and first.code is not None
        and first.code not in _ALWAYS_ASK
        and first.score >= least
        and first.percent >= _SURE_PERCENT
        and first.second_percent <= _SECOND_PERCENT
    )


def _cld2(texts: Sequence[str]) -> list[_Answer]:
    firsts = [ask_cld2(text) for text in texts]
    return [(each.code, each.percent / 100 if each.reliable else 0.5, None, each) for each in firsts]


def _langdetect(texts: Sequence[str]) -> list[_Answer]:
    return [(*ask_langdetect(text), None, None) for text in texts]


def _py3langid(texts: Sequence[str]) -> list[_Answer]:
    return [(*ask_py3langid(text), None, None) for text in texts]


def _decision(detector: str) -> _Decide:
    if detector not in DETECTORS:
        raise ValueError(f"no detector named {detector!r}; choose one of {', '.join(DETECTORS)}")
    return DETECTORS[detector]


DETECTORS: dict[str, _Decide] = {
    "default": _default,
    "cld2": _cld2,
    "py3langid": _py3langid,
    "langdetect": _langdetect,
}
"""The detectors by name. All but `default` ask one library only."""
