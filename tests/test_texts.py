"""The texts of our own are what their READMEs say: counts, languages, notation, intent that fits the bytes."""

from __future__ import annotations

import codecs
from collections import Counter

import pytest

from tests.texts import SAMPLES, load_expected, load_labelled, load_negative

EXPECTED = load_expected()


def test_every_sample_has_an_intent_and_a_row_in_the_readme() -> None:
    names = [sample["file"] for sample in EXPECTED]
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    assert sorted(names) == sorted(path.name for path in SAMPLES.glob("*.txt"))
    assert [name for name in names if f"| `{name}` |" not in readme] == []
    assert len({sample["language"] for sample in EXPECTED}) >= 6


@pytest.mark.parametrize("sample", EXPECTED, ids=lambda sample: sample["file"])
def test_the_intent_fits_the_bytes(sample: dict) -> None:
    text = (SAMPLES / sample["file"]).read_bytes().decode(codecs.lookup(sample["encoding"]).name)
    lines = text.removesuffix("\n").removesuffix("\r").split("\n")
    assert len(lines) == sample["lines"]
    changed = {change["line"] for change in sample.get("change", [])}
    dropped = set(sample["drop"]["balanced"])
    named = changed | dropped | set(sample.get("flag", [])) | {n for g in sample.get("one_of", []) for n in g}
    assert all(1 <= number <= len(lines) and lines[number - 1].strip() for number in named)
    assert set(sample["drop"]["safe"]) <= dropped
    assert not changed & dropped
    assert all(change["after"] != lines[change["line"] - 1] for change in sample.get("change", []))


def test_the_negative_set_is_wide_and_its_repeats_are_short() -> None:
    texts = load_negative()
    assert len(texts) >= 160
    assert len({name.split("-")[0] for name in texts}) >= 20
    for name, text in texts.items():
        counts = Counter(line for line in text.split("\n") if line.strip())
        assert 4 <= counts.total() <= 25, name
        assert [line for line, count in counts.items() if count > 1 and len(line) >= 60] == [], name


def test_the_labelled_pages_cover_both_regimes() -> None:
    pages = load_labelled()
    shares = {}
    for regime in ("light", "full"):
        chosen = [page for page in pages if page.regime == regime]
        size = Counter[str]()
        for page in chosen:
            for line, label in zip(page.lines, page.labels, strict=True):
                assert line.strip(), page.name
                size[label] += len(line)
        shares[regime] = size["drop"] / (size["drop"] + size["keep"])
        assert len(chosen) >= 50
        assert len({page.language for page in chosen}) >= 10
    assert shares["light"] < 0.2
    assert 0.4 <= shares["full"] <= 0.55
