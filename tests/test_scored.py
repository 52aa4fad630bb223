"""Observations, word classes, the line model and its file, and the kind `scored` through the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner.document import LEVELS
from cleaner.native import score
from cleaner.rules.asked import read_condition, vocabulary_of
from cleaner.rules.budget import Budget, is_page_dump
from cleaner.rules.charclass import classes
from cleaner.rules.engine import Engine
from cleaner.rules.kinds.scored import line_scores, seen_by
from cleaner.rules.notation import before, parse
from cleaner.rules.observe import Observations
from cleaner.rules.pack import PackError, built_in, load_paths
from cleaner.rules.table import LineTable
from cleaner.rules.vocabulary import Vocabulary
from cleaner.scoring.model import LineModel, ModelError, load_model
from cleaner.scoring.reasons import reasons
from cleaner.shipped import models_root

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


def test_conditions_are_read_or_refused_with_a_sentence() -> None:
    assert read_condition("chars < 20") == ("chars", False, 20)
    assert read_condition("near5.words:site >= 80", ["site"]) == ("near5.words:site", True, 80)
    for wrong in ("length < 20", "chars = 20", "words:shop >= 1", "concept:shoes >= 1"):
        with pytest.raises(ValueError, match="condition"):
            read_condition(wrong, ["site"])


def test_a_page_dump_is_excepted_from_the_budget() -> None:
    dump = "\n".join(["Home", "News", "Sports"] * 10 + ["A sentence that ends here."])
    assert is_page_dump(dump)
    assert not is_page_dump("\n".join(["A sentence that ends here."] * 40))
    assert not is_page_dump("Home\nNews")
    assert Budget(0.5).allows(dump, "")
    assert not Budget(0.5).allows("A sentence that ends here.", "")
    assert Budget(0.5).allows("aaaa", "aa")


def model(**changes: object) -> LineModel:
    """A model of one tree that asks two questions: is a line shorter than ten characters, does it say `home`?"""
    reader = score.Reader(classes(), 16)
    checks, weights = bytearray(256), bytearray(256)
    (home,) = (hashed for kind, _, _, hashed in reader.parts(b"home") if kind == score.KINDS["word"])
    checks[home >> 8], weights[home >> 8] = home & 0xFF, 100
    known: dict[str, object] = {
        "about": "invented",
        "bits": 16,
        "checks": bytes(checks),
        "weights": bytes(weights),
        "scale": 2,
        "base": 0,
        "observations": (("score", "says"), ("chars", "looks")),
        "column": np.array([0, 1], np.int32).tobytes(),
        "least": np.array([10, 10], np.int16).tobytes(),
        "asked": np.array([0, 1], np.int32).tobytes(),
        "leaves": np.array([0, 90, -50, 60], np.int32).tobytes(),
        "means": np.array([10, -30, 80], np.int32).tobytes(),
        "depth": 2,
    }
    return LineModel(**known | changes)  # type: ignore[arg-type]


def pack(folder: Path, where: str = "[]", model_name: str = "mine") -> Engine:
    (folder / "models").mkdir(exist_ok=True)
    (folder / "models/mine.model").write_bytes(model().written())
    (folder / "own.toml").write_text(
        f"""
[pack]
id = "own"
summary = "Own rules"
source = "invented"
artifact = "navigation"
[[rule]]
id = "points"
summary = "Points"
kind = "scored"
model = "{model_name}"
at_least = 70
where = {where}
match = ["x"]
keep = ["y"]
""",
        "utf-8",
    )
    return Engine(load_paths([folder]))


PROSE = "The ferry that has linked both banks since the spring will stop for repairs in the week that comes, it is said."


def test_a_line_with_enough_points_goes_and_the_note_says_why(tmp_path: Path) -> None:
    result = pack(tmp_path).clean([f"Home\n{PROSE}\nHome again and again\nQuay"])[0]
    assert result.text == f"{PROSE}\nHome again and again\nQuay"
    note = result.edits[0].note
    assert note.startswith("90 points: says +70, looks +10, stands +0, around +0, repeats +0, every line +10")
    assert note.endswith("'home' +100")


def test_conditions_of_a_rule_hold_whatever_the_points_are(tmp_path: Path) -> None:
    engine = pack(tmp_path, '["lines >= 2"]')
    assert engine.clean(["Home\nLonger line", "Home"])[0].text == "Longer line"
    assert engine.clean(["Home"])[0].text == "Home"


def test_a_model_that_is_not_there_or_changed_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackError, match="no observation is called 'length'"):
        pack(tmp_path, '["length < 3"]')
    with pytest.raises(PackError, match=r"other\.model: cannot be read"):
        pack(tmp_path, model_name="other")
    engine = pack(tmp_path)
    (tmp_path / "models/mine.model").write_bytes(model(about="another").written())
    with pytest.raises(ModelError, match="is not the model that the rules were loaded with"):
        engine.clean(["Home\nQuay"])


def test_a_model_survives_its_file() -> None:
    assert LineModel.of(model().written()) == model()


@settings(deadline=None)
@given(st.data())
def test_a_damaged_file_is_refused(data: st.DataObject) -> None:
    written = bytearray(model().written())
    place = data.draw(st.integers(0, len(written) - 1))
    written[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ModelError):
        LineModel.of(bytes(written))


@pytest.mark.parametrize(
    "changes",
    [
        {"bits": 17},
        {"depth": 9},
        {"observations": (("score", "says"),)},
        {"observations": (("score", "tastes"), ("chars", "looks"))},
        {"asked": np.array([0, 2], np.int32).tobytes()},
        {"column": np.array([0, -1], np.int32).tobytes()},
        {"leaves": b""},
        {"means": b"123"},
    ],
)
def test_a_forged_model_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        model(**changes)


@settings(deadline=None)
@given(st.lists(LINES, min_size=1, max_size=5))
def test_points_do_not_depend_on_the_company_of_a_document(documents: list[list[str]]) -> None:
    shipped, words = shipped_model()
    texts = ["\n".join(lines) for lines in documents]
    together = LineTable.of(texts)
    points = line_scores(together, shipped, words)
    for number, text in enumerate(texts):
        own = points[together.first[number] : together.first[number + 1]]
        assert np.array_equal(line_scores(LineTable.of([text]), shipped, words), own)


@settings(deadline=None, max_examples=30)
@given(LINES)
def test_the_parts_of_a_reason_add_up(lines: list[str]) -> None:
    shipped, words = shipped_model()
    table = LineTable.of(["\n".join(lines)])
    points = line_scores(table, shipped, words).tolist()
    for reason, own in zip(reasons(shipped, seen_by(shipped, table, words)), points, strict=True):
        assert reason.points == own == reason.base + sum(reason.groups.values())


def test_the_shipped_rules_of_the_levels_share_one_model() -> None:
    rules = [one.rule for one in built_in() if one.pack.id == "any/model"]
    assert [rule.level for rule in rules] == ["safe", "balanced", "strict"]
    assert len({rule.digest for rule in rules}) == 1  # type: ignore[attr-defined]
    points = [rule.at_least for rule in rules]  # type: ignore[attr-defined]
    assert points == sorted(points, reverse=True)
    assert (models_root() / "lines.model").stat().st_size <= 2_000_000


def shipped_model() -> tuple[LineModel, Vocabulary]:
    rule = next(one.rule for one in built_in() if one.pack.id == "any/model")
    words = vocabulary_of(tuple(rule.words.items()))  # type: ignore[attr-defined]
    return load_model(models_root() / "lines.model"), words


def test_cleaning_twice_changes_nothing_where_the_model_decides() -> None:
    texts = [
        before(parse(example.diff))
        for rule in built_in()
        if rule.pack.id == "any/model"
        for example in rule.rule.example
    ]
    for level in LEVELS:
        engine = Engine(built_in(), level=level)
        once = [cleaned.text for cleaned in engine.clean(texts)]
        assert [cleaned.text for cleaned in engine.clean(once)] == once
