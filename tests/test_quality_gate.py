"""The rules against the labelled pages and the negative set: floors that a change may raise, never lower.

The figures of the line benchmark (real pages, not part of the project) are in benchmarks/lines.json.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from typing import TYPE_CHECKING

import pytest

from cleaner.rules.engine import Cleaned, Engine
from cleaner.rules.pack import built_in
from tests.texts import load_labelled, load_negative

if TYPE_CHECKING:
    from tests.texts import Page

LEVELS = ("safe", "balanced", "strict")
FLOORS = {  # (level, regime): share of good characters lost at most, F1 of what went at least
    ("safe", "light"): (0.001, 0.58),
    ("safe", "full"): (0.015, 0.86),
    ("balanced", "light"): (0.004, 0.82),
    ("balanced", "full"): (0.025, 0.91),
    ("strict", "light"): (0.05, 0.85),
    ("strict", "full"): (0.07, 0.93),
}

NEGATIVE = {"safe": 0.0, "balanced": 0.004, "strict": 0.022}
"""Share of the characters of the negative set lost at most."""


@cache
def engine(level: str) -> Engine:
    return Engine(built_in(), level=level)


@cache
def outcome(level: str) -> tuple[tuple[Page, Cleaned], ...]:
    pages = load_labelled()
    return tuple(zip(pages, engine(level).clean([page.text for page in pages]), strict=True))


def counted(page: Page, result: Cleaned) -> Counter[str]:
    """Count what went of a page; of equal lines with different labels any may survive."""
    label_count: dict[str, Counter[str]] = defaultdict(Counter)
    for line, label in zip(page.lines, page.labels, strict=True):
        if line.strip():
            label_count[" ".join(line.split())][label] += 1
    left = Counter(" ".join(line.split()) for line in result.text.split("\n"))
    glued = " ".join(result.text.split())
    sums: Counter[str] = Counter()
    for line, labels in label_count.items():
        kept = left[line] or int(line in glued)  # a line may be trimmed or stand in another
        lost = max(0, labels["keep"] - kept)
        sums["keep"] += labels["keep"] * len(line)
        sums["lost"] += lost * len(line)
        sums["wrong"] += lost
        sums["drop"] += labels["drop"]
        sums["hit"] += labels["drop"] - min(
            labels["drop"], max(0, left[line] - labels["keep"] - labels["free"])
        )
    return sums


def figures(level: str, regime: str) -> tuple[float, float]:
    sums: Counter[str] = Counter()
    for page, result in outcome(level):
        if page.regime == regime:
            sums += counted(page, result)
    precision = sums["hit"] / max(1, sums["hit"] + sums["wrong"])
    recall = sums["hit"] / max(1, sums["drop"])
    return sums["lost"] / sums["keep"], 2 * precision * recall / max(1e-9, precision + recall)


@pytest.mark.parametrize(("level", "regime"), FLOORS)
def test_floors_hold_on_the_labelled_pages(level: str, regime: str) -> None:
    lost, score = figures(level, regime)
    most, least = FLOORS[level, regime]
    assert lost <= most, f"{level} loses {lost:.4f} of the good characters of {regime} pages"
    assert score >= least, f"{level} reaches F1 {score:.3f} on {regime} pages"


@pytest.mark.parametrize("level", LEVELS)
def test_cleaning_twice_changes_nothing(level: str) -> None:
    once = [result.text for _, result in outcome(level)]
    assert [result.text for result in engine(level).clean(once)] == once


@pytest.mark.parametrize("level", LEVELS)
def test_the_negative_set_stays(level: str) -> None:
    texts = load_negative()
    results = engine(level).clean(list(texts.values()))
    touched = {
        name: [edit.before for edit in result.edits if edit.applied]
        for name, result in zip(texts, results, strict=True)
        if any(edit.applied for edit in result.edits)
    }
    lost = sum(len(before) for edits in touched.values() for before in edits)
    assert lost <= NEGATIVE[level] * sum(map(len, texts.values())), touched


def test_a_document_is_cleaned_the_same_in_every_company() -> None:
    pages = outcome("strict")
    for page, result in pages[::9]:
        assert engine("strict").clean([page.text])[0] == result
