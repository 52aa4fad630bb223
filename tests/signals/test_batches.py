"""Whatever the text and whatever it is computed with: the formulas hold, nothing raises."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import cleaner.signals
from cleaner.signals import SIGNALS, VARIANTS, compute
from tests.oracles import signals as oracle

PIECES = [
    "a ", "b ", "a b c d e f ", "the ", "of", "be.", "\n", "\n\n", "...", "…\n", "- x", "•", "\r\n", "\r", "\x0b",
    "\u2028", "\x85", "\x1c", " ", "\t", "\u00a0", "é", "É ", "e\u0301 ", "\u0323\u0301", "\U0001f600", "_", "#", "{",
    "BC ", "12 ", "½", "lorem ipsum ", "Lorem, Ipsum", "JavaScript ", "javascript\n", "!?", "”", "ﬁ", "ß", "ǅ", "Ⅷ ",
    "İ", "Σ ", "ΑΣ", "ς", "Å", "\u212b", "\u2126", "가", "\u1112\u1161\u11ab", "ো", "\ud800", "\0", "[1]", "terms of use",
]  # fmt: skip
made_texts = st.lists(st.sampled_from(PIECES), max_size=60).map("".join)
any_texts = st.text(st.characters(exclude_categories=()), max_size=200)


@settings(max_examples=400, deadline=None)
@given(st.lists(made_texts, min_size=1, max_size=5))
@example(["", "\n", " ", "\n\n", "a"])
@example(["a\r", "\nb", "\r\n", "\r"])
def test_the_arrays_agree_with_the_formulas(texts: list[str]) -> None:
    for text, row in zip(texts, compute(texts).to_pylist(), strict=True):
        for name, value in {**oracle.gopher_and_fineweb(text), **oracle.redpajama(text)}.items():
            assert row[name] == (pytest.approx(value, abs=1e-12) if value is not None else None), name


@settings(max_examples=300, deadline=None)
@given(st.lists(st.lists(st.sampled_from(["a", "b", "c", "d", "\n"]), max_size=150), min_size=1, max_size=4))
@example(["ababababab", "aaaaaaaaaaaaaaaaaaaaa", "abcdabcdbcdabcd"])
@example([list("abcdeabcdexabcdexaabcdexa")])
def test_runs_of_few_words_are_counted_as_one_by_one(words: list[list[str]]) -> None:
    texts = [" ".join(each) for each in words]
    for text, row in zip(texts, compute(texts).to_pylist(), strict=True):
        for name, value in {**oracle.gopher_and_fineweb(text), **oracle.redpajama(text)}.items():
            assert row[name] == (pytest.approx(value, abs=1e-12) if value is not None else None), name


@settings(max_examples=200, deadline=None)
@given(st.lists(any_texts, max_size=6))
def test_no_text_raises_and_none_depends_on_its_neighbours(texts: list[str]) -> None:
    together = compute(texts)
    assert together.type == SIGNALS
    assert together.to_pylist() == [compute([text])[0].as_py() for text in texts]


@settings(max_examples=50, deadline=None)
@given(st.lists(made_texts, min_size=2, max_size=8))
def test_the_size_of_the_stretches_does_not_matter(texts: list[str]) -> None:
    whole = compute(texts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cleaner.signals, "_CHARACTERS", 10)
        assert compute(texts).equals(whole)


def test_a_text_longer_than_the_tables_is_computed_alike() -> None:
    line = "some words that are said once more and then again\n"
    row = compute([line * 30_000])[0].as_py()
    assert row["ccnet_nlines"] == 30_000
    assert row["gopher.dup_line_frac"] == pytest.approx(29_999 / 30_001)
    assert row["rps_doc_frac_chars_dupe_10grams"] == 1


def test_fractions_lie_between_nought_and_one() -> None:  # overlapping top runs may exceed it
    rows = compute(["a b c " * 50, "- x\n" * 20, "{}" * 9, "A.\nB!\n\nC"]).to_pylist()
    for row in rows:
        assert all(
            0 <= value <= 1
            for name, value in row.items()
            if value is not None and "_frac" in name and "top_" not in name
        )


def test_no_rows_are_an_empty_array_of_the_same_type() -> None:
    assert compute([]).type == SIGNALS
    assert len(compute([])) == 0


def test_threads_and_processes_give_the_same_numbers() -> None:
    texts = ["the same words are said and the same words are said\n" * 3, "é İ Σ ΑΣ. Two!"]
    expected = compute(texts)
    with ThreadPoolExecutor(4) as threads:
        assert all(found.equals(expected) for found in threads.map(compute, [texts] * 8))
    program = "import sys; from cleaner.signals import compute; print(compute(eval(sys.argv[1])).to_pylist())"
    for seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-X", "utf8", "-c", program, repr(texts)],
            check=True, capture_output=True, text=True, encoding="utf-8", env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
        )  # fmt: skip
        assert done.stdout.strip() == str(expected.to_pylist())


def test_each_family_names_its_variant() -> None:
    assert set(VARIANTS) == {"gopher", "c4", "fineweb", "refinedweb", "redpajama", "listed"}
    assert all(VARIANTS.values())
