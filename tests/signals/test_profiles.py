"""Published thresholds: which texts pass, and why the others do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from cleaner.signals import DEFINITIONS, SIGNALS, compute
from cleaner.signals.profiles import evaluate, load, names

if TYPE_CHECKING:
    from pathlib import Path

STORY = [
    "The harbour master wrote down the name of every boat that came in before the storm.",
    "By noon there were forty of them, and the ink had begun to freeze in the well on his desk.",
    "Nobody in the village would have said that the winter was a mild one, but they had seen worse.",
    "He closed the book, put on his coat, and went out to count the boats that were still missing.",
    "Two of them he knew by their lamps, and the third he knew because it had none and never did.",
]
TEXT = "\n".join(STORY)
HEADLINE = "Forty boats reach the harbour before the storm"


def verdict(text: str, profile: str, language: str | None = "en") -> tuple[bool, list[str]]:
    passes, reasons = evaluate(compute([text]), [language], load(profile))
    return passes[0].as_py(), reasons[0].as_py()


def test_the_published_profiles_are_there() -> None:
    assert {"gopher", "c4-code", "c4-paper", "fineweb", "refinedweb"} <= set(names())


@pytest.mark.parametrize("profile", names())
def test_each_profile_is_valid_and_passes_plain_prose(profile: str) -> None:
    assert all(test.signal in DEFINITIONS for test in load(profile).tests)
    assert verdict(TEXT, profile) == (True, [])


def test_one_repeated_headline_fails_fineweb_until_it_is_removed() -> None:
    dirty = f"{HEADLINE}\n{TEXT}\n{HEADLINE}"
    assert verdict(dirty, "fineweb") == (False, ["fineweb.char_dup_frac > 0.01"])
    assert verdict(f"{HEADLINE}\n{TEXT}", "fineweb") == (True, [])
    assert verdict(dirty, "fineweb-2")[0]


def test_all_reasons_are_given_with_their_bounds() -> None:
    passes, reasons = verdict("A b\n" * 30, "gopher")
    assert not passes
    assert "gopher.mean_word_length < 3" in reasons
    assert "gopher.dup_line_frac > 0.3" in reasons


def test_code_and_paper_of_c4_differ() -> None:
    text = " ".join(STORY[:2]) + " He slept. "
    assert verdict(text, "c4-code")[0]
    assert verdict(text, "c4-paper") == (False, ["c4_paper.num_sentences < 5"])


def test_a_test_may_hold_for_some_languages_only() -> None:
    german = "Wenn dann jedoch niemand mehr kommt, bleibt alles so, wie es vorher gewesen ist. " * 8
    assert "gopher.stop_words < 2" in verdict(german, "gopher", "en")[1]
    assert "gopher.stop_words < 2" not in verdict(german, "gopher", "de")[1]
    assert "gopher.stop_words < 2" not in verdict(german, "gopher", None)[1]


def test_a_language_may_have_its_own_bounds(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        'title = "own"\nsource = "here"\n[[tests]]\nsignal = "gopher.word_count"\nmin = 3\nlanguage.de = { min = 9 }\n'
    )
    signals = compute(["one two three four"] * 3)
    passes, reasons = evaluate(signals, ["en", "de", None], load(str(path)))
    assert passes.to_pylist() == [True, False, True]
    assert reasons.to_pylist() == [[], ["gopher.word_count < 9"], []]


def test_a_signal_that_is_null_is_not_passed() -> None:
    assert "fineweb.line_punct_frac is null" in verdict("", "fineweb")[1]


def test_rows_without_signals_have_no_verdict_and_slices_are_their_own() -> None:
    whole = pa.concat_arrays([compute([TEXT]), pa.nulls(1, SIGNALS), compute(["too short"])])
    passes, reasons = evaluate(whole, ["en"] * 3, load("gopher"))
    assert passes.to_pylist() == [True, None, False]
    assert reasons.to_pylist()[1] is None
    assert evaluate(whole[2:], ["en"], load("gopher"))[1].to_pylist() == [reasons.to_pylist()[2]]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ('title = "x"\nsource = "y"\n[[tests]]\nsignal = "no.such"\nmin = 1', "no.such"),
        ('title = "x"\nsource = "y"\n[[tests]]\nsignal = "gopher.word_count"', "neither min nor max"),
        ('title = "x"\nsource = "y"\ntests = []\nextra = 1', "extra"),
        ("title = ", "own.toml"),
    ],
)
def test_a_broken_profile_is_refused_with_its_place(tmp_path: Path, body: str, message: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(body)
    with pytest.raises(ValueError, match=message):
        load(str(path))


def test_an_unknown_profile_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(ValueError, match="fineweb"):
        load("no-such-profile")
