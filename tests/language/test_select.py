"""Which rows a choice of languages keeps, and the reason it gives for the others."""

from __future__ import annotations

from cleaner.language import Language, mixed, select_languages


def test_rows_are_kept_by_language_and_score_and_rejected_with_a_reason() -> None:
    found = [
        Language("en", 0.9),
        Language("en", 0.3),
        Language("fr", 0.99),
        Language(None, None),
        Language("zh", 0.9, script="Hant"),
    ]
    assert select_languages(found, {"en", "zh-Hant"}) == [
        None,
        "language_score:en",
        "language:fr",
        "language_unknown",
        None,
    ]
    assert select_languages(found[:2], {"en"}, minimum=0.2) == [None, None]


def test_a_document_is_mixed_from_a_tenth() -> None:
    assert mixed([("en", 0.9), ("de", 0.1)])
    assert not mixed([("en", 0.91), ("de", 0.09)])
    assert not mixed([("en", 1.0)])
    assert not mixed([])
