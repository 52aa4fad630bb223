"""Kinds of furniture: every rule names one, every edit carries it, and the user decides what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cleaner import Cleaner
from cleaner.artifacts import ARTIFACTS, FLAGGED, Policy
from cleaner.config import load_config
from cleaner.rules.pack import built_in
from cleaner.schema import EDIT

if TYPE_CHECKING:
    from pathlib import Path

STORY = "The ferry has stood still since the spring.\n{}\nNobody knows when it will run again.\n"
POSTED = "Posted by Ida Berg at 9:31 PM"
SHARED = "Click to share on Facebook (Opens in new window)"


def test_every_rule_that_takes_something_says_what() -> None:
    assert not [
        loaded.name
        for loaded in built_in()
        if (loaded.artifact not in ARTIFACTS) != (loaded.rule.action == "keep")
    ]


def test_an_edit_carries_the_kind_of_what_it_took() -> None:
    result = Cleaner(language=None).clean(STORY.format(SHARED) + "caf\u00c3\u00a9\n")
    kinds = {edit.stage: edit.artifact for edit in result.edits}
    assert kinds == {"repair": "", "rules": "share"}
    assert "artifact" in {field.name for field in EDIT}


@pytest.mark.parametrize(
    ("options", "stays", "flagged"),
    [
        ({}, False, False),
        ({"flag": ["share"]}, True, True),
        ({"keep": ["share"]}, True, False),
        ({"drop": ["share"]}, False, False),
    ],
)
def test_the_user_decides_by_kind(options: dict[str, list[str]], stays: bool, flagged: bool) -> None:
    result = Cleaner(language=None, **options).clean(STORY.format(SHARED))
    assert (SHARED in result.text) == stays
    assert bool(result.flags) == flagged


def test_bylines_are_flagged_unless_they_are_to_go() -> None:
    text = STORY.format(POSTED)
    default = Cleaner(language=None).clean(text)
    assert default.text == text
    assert [edit.artifact for edit in default.edits] == ["byline"]
    assert POSTED not in Cleaner(language=None, drop="byline").clean(text).text


def test_a_page_says_what_a_byline_is_so_it_goes() -> None:
    assert [Policy().treatment(name, of_pages=True) for name in sorted(FLAGGED)] == ["drop"] * len(FLAGGED)
    assert Policy.of(flag=["byline"]).treatment("byline", of_pages=True) == "flag"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"drop": ["bylin"]}, "did you mean byline"),
        ({"keep": ["zebra"]}, "there are: navigation, share"),
        ({"keep": ["tags"], "flag": ["tags"]}, "keep and flag both name tags"),
    ],
)
def test_a_name_that_means_nothing_is_refused(options: dict[str, list[str]], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Cleaner(**options)


def test_a_configuration_names_kinds_too(tmp_path: Path) -> None:
    path = tmp_path / "cleaner.toml"
    path.write_text('drop = ["byline"]\nkeep = ["comment"]\nflag = ["tags"]\n', "utf-8")
    config = load_config(path)
    assert (config.drop, config.keep, config.flag) == (("byline",), ("comment",), ("tags",))
