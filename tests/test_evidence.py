"""Observations, word classes, cards, and the evidence kind through the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.rules.budget import Budget, is_page_dump
from cleaner.rules.engine import Engine
from cleaner.rules.kinds.evidence import read_terms
from cleaner.rules.observe import Observations
from cleaner.rules.pack import PackError, built_in, load_paths
from cleaner.rules.table import LineTable
from cleaner.rules.vocabulary import Vocabulary

if TYPE_CHECKING:
    from pathlib import Path

NAMES = [
    "chars",
    "words",
    "finished",
    "dots",
    "bullet",
    "copies",
    "later_copy",
    "patterns",
    "begins_as_above",
    "from_tail",
    "place",
    "all.label",
    "near2.chars",
    "before3.label",
    "after3.prose",
    "above.chars",
    "below2.finished",
    "past.label",
    "rest.label",
    "run.label",
    "since.prose",
    "until.finished",
]
LINES = st.lists(
    st.sampled_from(
        ["Home", ".", "...", "-", "| a |", "A sentence that ends here.", "12:30", "你好。", "Home", "x" * 120]
    ),
    min_size=1,
    max_size=12,
)


def seen(*texts: str) -> Observations:
    return Observations(LineTable.of(texts), {})


@settings(deadline=None)
@given(st.lists(LINES, min_size=1, max_size=5))
def test_what_is_observed_of_a_document_does_not_depend_on_its_company(documents: list[list[str]]) -> None:
    texts = ["\n".join(lines) for lines in documents]
    together = seen(*texts)
    first = together.table.first
    for number, text in enumerate(texts):
        alone = seen(text)
        for name in NAMES:
            assert np.array_equal(alone[name], together[name][first[number] : first[number + 1]]), name


def test_observations_of_a_selection_are_those_of_the_lines_that_are_left() -> None:
    table = LineTable.of(["Home\nNews\nA sentence that ends here.\nHome"])
    left = Observations(table.select(np.array([False, True, True, True])), {})
    fresh = seen("News\nA sentence that ends here.\nHome")
    for name in NAMES:
        assert np.array_equal(left[name], fresh[name]), name


def test_neighbours_end_at_the_document() -> None:
    assert seen("a\nbb", "ccc")["above.chars"].tolist() == [-1, 1, -1]
    assert seen("a\nbb", "ccc")["near5.chars"].tolist() == [200, 100, 0]


def test_words_count_between_boundaries_and_in_short_lines_only() -> None:
    vocabulary = Vocabulary({"site": ("home", "log in", "ホーム"), "more": ("home",)})
    table = LineTable.of(["Home\nHomes\nLog in now\nホームへ\n" + "home " * 60])
    shares = vocabulary.of(table)
    assert shares["site"].tolist() == [100, 0, 60, 75, 0]
    assert shares["more"].tolist() == [100, 0, 0, 0, 0]


def test_terms_are_read_or_refused_with_a_sentence() -> None:
    term = read_terms(["-12 chars < 20 & words:site >= 80"], ["site"])[0]
    assert term.points == -12
    assert term.asked == (("chars", False, 20), ("words:site", True, 80))
    for wrong in ("chars < 20", "+3 length < 20", "+3 chars = 20", "+3 words:shop >= 1"):
        with pytest.raises(ValueError, match=r"term|condition"):
            read_terms([wrong], ["site"])


def pack(folder: Path, terms: str, where: str = "[]") -> Engine:
    (folder / "cards").mkdir()
    (folder / "cards/mine.toml").write_text(
        f'summary = "Mine"\nsource = "invented"\nterms = {terms}\n', "utf-8"
    )
    (folder / "own.toml").write_text(
        f"""
[pack]
id = "own"
summary = "Own rules"
source = "invented"
[[rule]]
id = "points"
summary = "Points"
kind = "evidence"
card = "mine"
at_least = 50
where = {where}
match = ["x"]
keep = ["y"]
""",
        "utf-8",
    )
    return Engine(load_paths([folder]))


def test_points_add_up_and_the_note_shows_them(tmp_path: Path) -> None:
    engine = pack(tmp_path, '["+10 always", "+30 chars < 10", "+20 finished < 1", "-15 bullet >= 1"]')
    result = engine.clean(["Short\n- Short\nShort.\n" + "Long enough to stay here, whatever comes."])[0]
    assert result.text == "- Short\nShort.\nLong enough to stay here, whatever comes."
    assert result.edits[0].note.startswith("60 points of 50: +30 chars < 10; +20 finished < 1")


def test_conditions_of_a_rule_hold_whatever_the_points_are(tmp_path: Path) -> None:
    engine = pack(tmp_path, '["+90 always"]', '["chars < 6", "lines >= 2"]')
    assert engine.clean(["Short\nLonger line", "Short"])[0].text == "Longer line"
    assert engine.clean(["Short"])[0].text == "Short"


def test_the_headline_stays(tmp_path: Path) -> None:
    engine = pack(tmp_path, '["+90 finished < 1"]')
    prose = "The ferry that has linked both banks since the spring will stop for repairs in the week that comes, it is said."
    text = f"Home\nFerry stops for repairs\nBy Ida\n{prose}"
    assert engine.clean([text])[0].text == f"Ferry stops for repairs\n{prose}"


def test_a_card_that_is_not_there_or_says_nonsense_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="no observation is called 'length'"):
        pack(tmp_path, '["+90 length < 3"]')
    (tmp_path / "cards/mine.toml").unlink()
    with pytest.raises(PackError, match="card: there is no"):
        load_paths([tmp_path])


def test_a_page_dump_is_excepted_from_the_budget() -> None:
    dump = "\n".join(["Home", "News", "Sports"] * 10 + ["A sentence that ends here."])
    assert is_page_dump(dump)
    assert not is_page_dump("\n".join(["A sentence that ends here."] * 40))
    assert not is_page_dump("Home\nNews")
    assert Budget(0.5).allows(dump, "")
    assert not Budget(0.5).allows("A sentence that ends here.", "")
    assert Budget(0.5).allows("aaaa", "aa")


def test_the_shipped_rules_of_the_levels_share_one_card() -> None:
    rules = [one.rule for one in built_in() if one.pack.id == "any/evidence"]
    assert [rule.level for rule in rules] == ["safe", "balanced", "strict"]
    assert len({rule.terms for rule in rules}) == 1  # type: ignore[attr-defined]
    points = [rule.at_least for rule in rules]  # type: ignore[attr-defined]
    assert points == sorted(points, reverse=True)
