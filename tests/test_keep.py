"""Rules that keep: what they hold off, what they do not, and how it shows."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from cleaner.document import Place
from cleaner.fold import fold
from cleaner.rules.engine import Context, Engine
from cleaner.rules.pack import PackError, built_in, load_pack
from tests.oracles.engine import reference

if TYPE_CHECKING:
    from pathlib import Path

PACK = """
[pack]
id = "test/pack"
summary = "Rules for tests"
source = "tests"
"""
STARS = """
[[rule]]
id = "stars-{level}"
summary = "A line of stars"
kind = "line"
regex = '[* ]{{3,9}}'
level = "{level}"
match = ["* * *"]
keep = ["stars"]
"""
KEEPER = """
[[rule]]
id = "three-stars"
summary = "Three stars part two chapters"
kind = "line"
exact = "* * *"
action = "keep"
level = "balanced"
match = ["* * *"]
keep = ["* * * *"]
"""
TEXT = "One\n* * *\nTwo\n* * * *\nThree\n"


def build(tmp_path: Path, rules: str, level: str = "balanced") -> Engine:
    path = tmp_path / "pack.toml"
    path.write_text(PACK + rules, "utf-8")
    return Engine(load_pack(path), level=level, budget=1.0)


def test_a_kept_line_stays_and_says_which_rule_was_held_off(tmp_path: Path) -> None:
    result = build(tmp_path, STARS.format(level="balanced") + KEEPER).clean([TEXT])[0]
    assert result.text == "One\n* * *\nTwo\nThree\n"
    assert result.flags == ("test/pack/three-stars",)
    (flag,) = [edit for edit in result.edits if not edit.applied]
    assert flag.before == "* * *"
    assert flag.note == "keeps it from test/pack/stars-balanced"


def test_rules_below_its_level_are_not_held_off(tmp_path: Path) -> None:
    result = build(tmp_path, STARS.format(level="safe") + KEEPER).clean([TEXT])[0]
    assert result.text == "One\nTwo\nThree\n"
    assert result.flags == ()


def test_below_its_level_it_does_nothing(tmp_path: Path) -> None:
    result = build(tmp_path, STARS.format(level="balanced") + KEEPER, "safe").clean([TEXT])[0]
    assert result.text == TEXT
    assert result.flags == ("test/pack/stars-balanced",)


def test_it_may_hold_off_some_rules_only(tmp_path: Path) -> None:
    against = KEEPER.replace('action = "keep"', 'action = "keep"\nagainst = ["*/stars-strict"]')
    rules = STARS.format(level="balanced") + STARS.format(level="strict") + against
    assert build(tmp_path, rules, "strict").clean([TEXT])[0].text == "One\nTwo\nThree\n"
    alone = STARS.format(level="strict") + against
    assert build(tmp_path, alone, "strict").clean([TEXT])[0].text == "One\n* * *\nTwo\nThree\n"


def test_a_hit_of_several_lines_is_void_when_one_of_them_is_kept(tmp_path: Path) -> None:
    pair = """
[[rule]]
id = "pair"
summary = "Stars and what follows"
kind = "sequence"
lines = [{ exact = "* * *" }, { exact = "Two" }]
level = "balanced"
match = ["* * *\\nTwo"]
keep = ["Two"]
"""
    assert build(tmp_path, pair).clean([TEXT])[0].text == "One\n* * * *\nThree\n"
    assert build(tmp_path, pair + KEEPER).clean([TEXT])[0].text == TEXT


def test_only_rules_that_keep_speak_against_others(tmp_path: Path) -> None:
    path = tmp_path / "pack.toml"
    path.write_text(PACK + STARS.format(level="safe").replace("kind", 'against = ["x"]\nkind'), "utf-8")
    with pytest.raises(PackError, match="against"):
        load_pack(path)


LINES = [
    "| Club | Won |",
    "| Upper Mill | 9 | 6 |",
    "| Home | News | Contact |",
    "Home",
    "News",
    "Contact",
    "Reply",
    "Share on Facebook",
    "What to bring:",
    "- a warm coat",
    "- the ticket",
    "- something to read",
    "It left an hour ago.",
    "The ferry that has linked both banks since the spring will stop for repairs.",
    "- ↑ Berg, Ida: The Ferries of the Lower River, p. 40",
]


@cache
def shipped(level: str) -> Engine:
    return Engine(built_in(), level=level)


@given(st.lists(st.sampled_from(LINES), max_size=25), st.sampled_from(["balanced", "strict"]))
@settings(max_examples=150, deadline=None)
def test_what_is_kept_is_kept_again(lines: list[str], level: str) -> None:
    engine = shipped(level)
    text = "\n".join(lines)
    once = engine.clean([text])[0]
    assert engine.clean([once.text])[0].text == once.text
    assert reference(engine, text).text == once.text
    held = [edit for edit in once.edits if edit.rule.startswith("any/content/")]
    assert all(not edit.applied and "keeps it from " in edit.note for edit in held)


def test_rules_by_observation_are_not_asked_about_pages(tmp_path: Path) -> None:
    path = tmp_path / "pack.toml"
    path.write_text(PACK + STARS.format(level="balanced").replace("[* ]{3,9}", ".*mill.*"), "utf-8")
    keeper = next(rule for rule in built_in() if rule.name == "any/content/table-row")
    keeper = replace(keeper, rule=structs.replace(keeper.rule, against=()))
    engine = Engine([*load_pack(path, checked=False), keeper], level="balanced", budget=1.0)
    row = "| Upper Mill | 9 | 6 |"
    page = Context(places={fold(row): Place(0.0, frozenset({"p"}), frozenset())})
    assert [each.text for each in engine.clean([row, row], [Context(), page])] == [row, ""]


def test_what_a_rule_knows_by_its_words_is_not_kept_by_its_shape(tmp_path: Path) -> None:
    path = tmp_path / "pack.toml"
    path.write_text(PACK + STARS.format(level="strict").replace("[* ]{3,9}", "it left .*"), "utf-8")
    engine = Engine([*load_pack(path, checked=False), *built_in()], level="strict")
    text = "The ferry will not run.\nIt left an hour ago.\nThe bus will.\n"
    assert engine.clean([text])[0].text == "The ferry will not run.\nThe bus will.\n"
