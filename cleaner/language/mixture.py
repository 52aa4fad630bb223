"""Languages over the paragraphs of one document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.language.codes import CONFUSABLE
from cleaner.language.detectors import ask_cld2
from cleaner.language.sample import letters, tidy

if TYPE_CHECKING:
    from cleaner.language.detectors import Chunks

__all__ = ["mixture_of"]

_PARAGRAPHS = 24
_CHARACTERS = 200
_LETTERS = 40
_SCORE = 300.0
_HINT_PERCENT = 3
_SURE_PERCENT = 80


def mixture_of(lines: list[str], code: str | None, chunks: Chunks | None) -> list[tuple[str, float]]:
    """Return the languages of `lines` with their shares of characters, largest first.

    `code` is the document's language and `chunks` what CLD2 said of its sample: a sample drawn from
    all over the document that shows one language only is answer enough. Otherwise up to 24 evenly
    spaced paragraphs are asked one by one; those too short or too doubtful to tell are left out.
    """
    if code is None:
        return []
    if chunks is not None and chunks.code == code and _is_plain(chunks):
        return [(code, 1.0)]
    step = max(1, -(-len(lines) // _PARAGRAPHS))
    totals: dict[str, int] = {}
    for start in range(0, len(lines), step):
        line = tidy(lines[start][:_CHARACTERS])
        found = _language(line, code)
        if found is not None:
            totals[found] = totals.get(found, 0) + sum(map(len, lines[start : start + step]))
    if not totals:
        return [(code, 1.0)]
    whole = sum(totals.values())
    ranked = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    return [(found, round(total / whole, 4)) for found, total in ranked]


def _is_plain(chunks: Chunks) -> bool:
    return chunks.second is None and chunks.percent >= 100 - _HINT_PERCENT


def _language(line: str, code: str) -> str | None:
    if letters(line) < _LETTERS:
        return None
    answer = ask_cld2(line)
    if answer.code is None or not answer.reliable or answer.score < _SCORE or answer.percent < _SURE_PERCENT:
        return None
    if any(code in group and answer.code in group for group in CONFUSABLE):
        return code
    return answer.code
