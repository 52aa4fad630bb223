"""The engine against its reference, and its decisions one by one."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import restore_document
from cleaner.repair import repair
from cleaner.rules.engine import Context, Engine
from cleaner.rules.pack import built_in, load_pack
from tests.oracles.engine import reference
from tests.strategies import documents

PACK = """
[pack]
id = "test/pack"
summary = "Rules for tests"
source = "tests"
"""


@cache
def engine(level: str) -> Engine:
    return Engine(built_in(), level=level)


@given(documents, st.sampled_from(["safe", "balanced", "strict"]))
@settings(max_examples=400)
def test_the_fast_engine_does_what_the_reference_does(text: str, level: str) -> None:
    text = repair([text])[0].text
    fast, slow = engine(level).clean([text])[0], reference(engine(level), text)
    assert fast.text == slow.text
    assert fast.title == slow.title
    applied = Counter(edit.rule for edit in fast.edits if edit.applied)
    assert applied == Counter(name for name, _ in slow.removed)
    assert restore_document(fast.text, fast.edits) == text


def build(tmp_path: Path, rules: str, level: str = "safe", **options: object) -> Engine:
    path = tmp_path / "pack.toml"
    path.write_text(PACK + rules, "utf-8")
    return Engine(load_pack(path), level=level, **options)


LAST = """
[[rule]]
id = "last"
summary = "A line of stars at the end"
kind = "line"
exact = ["* * *", "fin"]
tail = 1
match = ["* * *"]
keep = ["stars"]
"""


def test_places_are_counted_among_the_lines_still_alive(tmp_path: Path) -> None:
    cleaned = build(tmp_path, LAST).clean(["text\nfin\nmore\nfin\n* * *\nfin"])[0]
    assert cleaned.text == "text\nfin\nmore"
    assert [edit.before for edit in cleaned.edits] == ["\nfin", "\n* * *", "\nfin"]


def test_blank_lines_part_what_is_left(tmp_path: Path) -> None:
    rule = LAST.replace("tail = 1\n", "")
    found = [
        each.text
        for each in build(tmp_path, rule).clean(
            ["a\nfin\n\nb", "a\n\nfin\nb", "fin\n\na", "a\n\nfin", "a\nfin\nb", "fin"]
        )
    ]
    assert found == ["a\n\nb", "a\n\nb", "a", "a", "a\nb", ""]


BALANCED = """
[[rule]]
id = "shout"
summary = "A line in the way"
kind = "line"
exact = "in the way of everything"
level = "balanced"
match = ["in the way of everything"]
keep = ["in the way"]
"""


def test_below_its_level_a_rule_flags(tmp_path: Path) -> None:
    text = "good text that stays where it is, and more of it to be sure\nin the way of everything"
    safe = build(tmp_path, BALANCED).clean([text])[0]
    assert (safe.text, safe.flags) == (text, ("test/pack/shout",))
    assert [edit.applied for edit in safe.edits] == [False]
    balanced = build(tmp_path, BALANCED, "balanced").clean([text])[0]
    assert (balanced.text, balanced.flags) == (text.split("\n", maxsplit=1)[0], ())


def test_over_the_budget_only_safe_rules_act(tmp_path: Path) -> None:
    text = "good\n" + "in the way of everything\n" * 3 + "fin"
    cleaned = build(tmp_path, LAST + BALANCED, "balanced").clean([text])[0]
    assert cleaned.text == text.removesuffix("\nfin")
    assert "over_budget" in cleaned.flags
    assert build(tmp_path, LAST + BALANCED, "balanced").clean([cleaned.text])[0].text == cleaned.text
    generous = build(tmp_path, LAST + BALANCED, "balanced", budget=1.0).clean([text])[0]
    assert generous.text == "good"


def test_of_two_copies_one_stays_whatever_else_wants_the_first(tmp_path: Path) -> None:
    rules = """
[[rule]]
id = "copy"
summary = "A block again"
kind = "repeated_block"
block_chars = 20
line_chars = 20
match = ["x"]
keep = ["y"]

[[rule]]
id = "first"
summary = "The first line"
kind = "line"
exact = "this line stands here twice"
head = 1
match = ["this line stands here twice"]
keep = ["z"]
"""
    cleaned = build(tmp_path, rules).clean(
        ["this line stands here twice\nother\nthis line stands here twice"]
    )[0]
    # The copy goes and protects the first line in that pass; in the next the first line goes on its own account.
    assert cleaned.text == "other"
    assert {edit.rule for edit in cleaned.edits} == {"test/pack/copy", "test/pack/first"}


@pytest.mark.parametrize("site", ["example.com", "news.example.com"])
def test_rules_for_sites_act_there_only(tmp_path: Path, site: str) -> None:
    rules = BALANCED.replace('level = "balanced"', 'sites = ["example.com"]')
    text = "kept\nin the way of everything"
    there = build(tmp_path, rules).clean([text], [Context(site=site)])[0]
    elsewhere = build(tmp_path, rules).clean([text], [Context(site="other-example.com")])[0]
    assert (there.text, elsewhere.text) == ("kept", text)


def test_rules_for_languages_ask_for_the_language_once_they_must(tmp_path: Path) -> None:
    asked: list[str] = []

    def identify(text: str) -> str:
        asked.append(text)
        return "de"

    rules = BALANCED.replace('level = "balanced"', 'languages = ["de"]')
    build(tmp_path, rules, identify=identify).clean(["nothing here"])
    assert not asked
    cleaned = build(tmp_path, rules, identify=identify).clean(["bleibt\nin the way of everything"])[0]
    assert cleaned.text == "bleibt"
    assert asked
    assert build(tmp_path, rules, identify=lambda _: "en").clean(["in the way of everything"])[0].edits == ()
