"""Every rule of every pack: its examples, the changes its examples must notice, and what it must not touch."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaner import Cleaner
from cleaner.fold import fold
from cleaner.rules.conditions import compile_pattern
from cleaner.rules.pack import LoadedRule, built_in, load_paths, packs_root
from cleaner.rules.testing import check_rule, surviving_mutants
from cleaner.rules.validate import conditions

RULES = built_in()
NEGATIVE = sorted((Path(__file__).parent / "negative").glob("*.txt"))


@pytest.mark.parametrize("loaded", RULES, ids=lambda loaded: loaded.name)
def test_examples_hold_and_notice_every_mutant(loaded: LoadedRule) -> None:
    assert not [str(failure) for failure in check_rule(loaded)]
    assert not surviving_mutants(loaded)


def test_safe_removes_nothing_from_the_negative_set() -> None:
    cleaner = Cleaner(language=None)
    removed = [
        (path.name, edit.rule, edit.before)
        for path in NEGATIVE
        for edit in cleaner.clean(path.read_text("utf-8")).edits
        if edit.applied and edit.stage == "rules"
    ]
    assert len(NEGATIVE) >= 150
    assert not removed


def test_packs_are_small_files_named_by_their_path() -> None:
    for path in packs_root().rglob("*.toml"):
        assert len(path.read_text("utf-8").splitlines()) <= 300, f"{path} has over 300 lines"


def test_every_rule_says_where_it_was_seen() -> None:
    assert all(loaded.source for loaded in RULES)


@pytest.mark.parametrize("loaded", RULES, ids=lambda loaded: loaded.name)
def test_no_pattern_backtracks_on_long_near_misses(loaded: LoadedRule) -> None:
    for _, condition, folded in conditions(loaded.rule):
        pattern = getattr(condition, "regex", None)
        if pattern:
            compiled = compile_pattern(pattern)
            search = compiled.fullmatch if folded else compiled.search
            for text in [*loaded.rule.match, *loaded.rule.keep, "a b ", "share this "]:
                search((fold(text) + " ") * 2000 + "\0", timeout=5)  # raises TimeoutError


def test_packs_that_ship_are_in_order() -> None:
    assert [loaded.name for loaded in load_paths([packs_root()])] == [loaded.name for loaded in RULES]
