"""Pure decisions on what was identified: which rows a choice of languages keeps, and why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from cleaner.language.cascade import Language

__all__ = ["MINIMUM_SCORE", "MIXED_SHARE", "mixed", "select_languages"]

MINIMUM_SCORE = 0.5
"""Score from which a language is believed when rows are kept by it."""

MIXED_SHARE = 0.10
"""Share of a second language from which a document is called mixed."""


def select_languages(
    found: Sequence[Language], wanted: Collection[str], *, minimum: float = MINIMUM_SCORE
) -> list[str | None]:
    """Return for each row None if it is kept, else the reason it is rejected.

    A row is kept if its code is one of `wanted` (ISO codes; `zh-Hant` asks for the script too) and its
    score at least `minimum`. Reasons: `language_unknown`, `language:<code>`, `language_score:<code>`.
    """
    reasons: list[str | None] = []
    for language in found:
        code, score = language.code, language.score
        if code is None or score is None:
            reasons.append("language_unknown")
        elif code not in wanted and f"{code}-{language.script}" not in wanted:
            reasons.append(f"language:{code}")
        elif score < minimum:
            reasons.append(f"language_score:{code}")
        else:
            reasons.append(None)
    return reasons


def mixed(share: Sequence[tuple[str, float]], *, least: float = MIXED_SHARE) -> bool:
    """Tell whether a second language has at least `least` of the characters (flag `mixed_language`)."""
    return len(share) > 1 and share[1][1] >= least
