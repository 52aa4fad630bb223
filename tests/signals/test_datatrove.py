"""Our numbers beside datatrove's own functions, where datatrove is installed.

It pins an old trafilatura, so it lives in an environment of its own: see docs/signals.md. Words are
split at whitespace on both sides; everything else is datatrove's code as it is.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from cleaner.signals import compute
from cleaner.signals.profiles import evaluate, load

pytest.importorskip("datatrove", reason="datatrove is not installed here")
pytestmark = pytest.mark.filterwarnings("ignore")

from datatrove.data import Document  # noqa: E402 - after the check that it is there
from datatrove.pipeline.filters import (  # noqa: E402
    FineWebQualityFilter,
    GopherQualityFilter,
    GopherRepetitionFilter,
    fineweb_quality_filter,
    gopher_quality_filter,
    gopher_repetition_filter,
)

SHARED = Path(os.environ.get("CLEANER_SHARED", Path(__file__).resolve().parents[3] / "shared"))


def generated(count: int) -> list[str]:
    draw = random.Random(20240229)
    words = "the be to of and that boat lamp storm winter • - # ... wait… “Yes.” No! naïve 42 x".split()  # noqa: SIM905 - reads best as a line
    texts = []
    for _ in range(count):
        lines = [" ".join(draw.choices(words, k=draw.randint(0, 14))) for _ in range(draw.randint(1, 8))]
        drawn = draw.choices(lines, k=draw.randint(1, 25))
        texts.append(
            "".join(line + draw.choice(["\n", "\n", "\n\n", "\n\n\n", "\r\n", " "]) for line in drawn)
        )
    return [text for text in texts if text.strip()]


def texts() -> list[str]:
    seeds = [path.read_text(encoding="utf-8") for path in sorted((SHARED / "seeds").glob("*.txt"))]
    return seeds + generated(500)


@pytest.fixture(autouse=True)
def _words_at_whitespace(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (fineweb_quality_filter, gopher_quality_filter, gopher_repetition_filter):
        monkeypatch.setattr(module, "split_into_words", lambda text, _language: text.split())


def test_values_equal_datatroves() -> None:
    filter_ = GopherRepetitionFilter()
    for text, row in zip(texts(), compute(texts()).to_pylist(), strict=True):
        expected = {}
        for kind, pieces in (
            ("para", filter_.paragraph_exp.split(text.strip())),
            ("line", filter_._line_splitter.split(text)),
        ):
            count, characters = gopher_repetition_filter.find_duplicates(pieces)
            expected[f"gopher.dup_{kind}_frac"] = count / len(pieces)
            expected[f"gopher.dup_{kind}_char_frac"] = characters / len(text)
        words = text.split()
        for n in (2, 3, 4):
            runs = gopher_repetition_filter.get_n_grams(words, n)
            found = gopher_repetition_filter.find_top_duplicate(runs) if runs else 0
            expected[f"gopher.top_{n}gram_char_frac"] = found / len(text)
        for n in range(5, 11):
            found = gopher_repetition_filter.find_all_duplicate(words, n)
            expected[f"gopher.dup_{n}gram_char_frac"] = found / len(text)
        lines = [line for line in text.split("\n") if line.strip() != ""]
        ended = sum(line.endswith(FineWebQualityFilter().stop_chars) for line in lines)
        expected["fineweb.line_punct_frac"] = ended / len(lines)
        expected["fineweb.char_dup_frac"] = gopher_repetition_filter.find_duplicates(lines)[1] / len(
            text.replace("\n", "")
        )
        assert {name: row[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("profile", "filters", "tests"),
    [
        ("gopher", (GopherQualityFilter, GopherRepetitionFilter), 21),
        ("fineweb", (FineWebQualityFilter,), 4),
    ],
)
def test_the_profile_keeps_what_datatroves_filters_keep(profile: str, filters: tuple, tests: int) -> None:
    assert len(load(profile).tests) == tests
    passes, _ = evaluate(compute(texts()), ["en"] * len(texts()), load(profile))
    kept = [all(each().filter(Document(text=text, id="0")) is True for each in filters) for text in texts()]
    assert passes.to_pylist() == kept
    assert 0 < sum(kept) < len(kept)
