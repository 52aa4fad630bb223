"""Hold cleaned documents against languages and quality profiles; say which fail, and why. Nothing is dropped here."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa

from cleaner.schema import PASSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.language import Language
    from cleaner.settings import Settings

__all__ = ["Verdicts", "judge"]


class Verdicts(NamedTuple):
    """For each document: which profiles it passes, why it fails others, and why it is rejected, if it is."""

    passes: pa.StructArray
    reasons: list[list[str]]
    rejected: list[str | None]


def judge(
    settings: Settings, languages: Sequence[Language | None], signals: pa.StructArray | None
) -> Verdicts | None:
    """Return the verdicts on documents, or None where none are asked for.

    A document is rejected when its language is not among `settings.languages`, or, with
    `settings.reject`, when it fails one of `settings.profiles`.

    Raises:
        ValueError: a profile does not exist.

    """
    if not settings.languages and not settings.profiles:
        return None
    count = len(languages)
    wrong_language = _by_language(settings, languages)
    columns: dict[str, pa.Array] = {}
    reasons: list[list[str]] = [[] for _ in range(count)]
    for name in settings.profiles if signals is not None else ():
        passes, failed = _by_profile(name, languages, signals)
        columns[name] = passes
        for row, each in enumerate(failed):
            reasons[row] += [f"{name}: {reason}" for reason in each]
    rejected = [
        wrong or ("; ".join(failed) if settings.reject and failed else None)
        for wrong, failed in zip(wrong_language, reasons, strict=True)
    ]
    fields = [columns.get(field.name, pa.nulls(count, pa.bool_())) for field in PASSES]
    return Verdicts(pa.StructArray.from_arrays(fields, fields=list(PASSES)), reasons, rejected)


def _by_language(settings: Settings, languages: Sequence[Language | None]) -> list[str | None]:
    from cleaner.language import Language, select_languages

    if not settings.languages:
        return [None] * len(languages)
    return select_languages([each or Language(None, None) for each in languages], settings.languages)


def _by_profile(
    name: str, languages: Sequence[Language | None], signals: pa.StructArray | None
) -> tuple[pa.BooleanArray, list[list[str]]]:
    from cleaner.signals.profiles import evaluate, load

    assert signals is not None
    codes = [each.code if each else None for each in languages]
    passes, reasons = evaluate(signals, codes, load(name))
    return passes, reasons.to_pylist()
