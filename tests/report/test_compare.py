"""`cleaner diff`: what is gained and lost, by rule, whatever the order of the rows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleaner.report import compare as module
from cleaner.report.compare import compare
from cleaner.toolbox import main
from tests.report.pages import FURNITURE, corpus, write_record


def test_equal_records_differ_in_nothing(tmp_path: Path) -> None:
    paths = [write_record(tmp_path / name, rows) for name, rows in (("a", corpus()), ("b", corpus()[::-1]))]
    found = compare(*paths)
    assert (found.documents, found.changed, found.other_text, found.rules) == (len(corpus()), 0, 0, {})


def test_a_rule_left_out_loses_its_edits(tmp_path: Path) -> None:
    old = write_record(tmp_path / "old", corpus())
    new = write_record(tmp_path / "new", corpus(), ignore=("en/jetpack/bloggers-like",))
    found = compare(old, new, examples=1)
    change = found.rules["en/jetpack/bloggers-like"]
    assert (change.gained, change.lost, change.moved, change.documents) == (0, 7, 0, 7)
    assert [line for line, _ in change.lost_lines] == ["2 bloggers like this."]
    assert found.chars_new > found.chars_old
    assert [name for name, _, _ in found.settings()] == ["ignore"]
    assert compare(new, old).rules["en/jetpack/bloggers-like"].gained == 7


def test_a_line_that_another_rule_takes_now_has_moved(tmp_path: Path) -> None:
    pack = tmp_path / "mine.toml"
    pack.write_text(
        '[pack]\nid = "mine"\nsummary = "Mine"\nsource = "here"\n[[rule]]\nid = "likes"\nsummary = "Likes"\nkind = "line"\nexact = "2 bloggers like this."\nmatch = ["2 bloggers like this."]\nkeep = ["three"]\n'
    )
    old = write_record(tmp_path / "old", corpus())
    new = write_record(
        tmp_path / "new",
        corpus(),
        ignore=("en/jetpack/bloggers-like",),
        rules=(str(pack),),
        select=("en/jetpack", "mine"),
    )
    found = compare(old, new)
    assert found.rules["mine/likes"].moved == 7
    assert (found.rules["mine/likes"].gained, found.rules["en/jetpack/bloggers-like"].lost) == (0, 0)
    assert found.other_text == 0


def test_documents_of_one_record_only_are_counted(tmp_path: Path) -> None:
    old, new = write_record(tmp_path / "old", corpus()), write_record(tmp_path / "new", corpus()[3:])
    found = compare(old, new)
    assert (found.only_old, found.only_new, found.changed) == (3, 0, 0)


def test_parts_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = write_record(tmp_path / "old", corpus())
    new = write_record(tmp_path / "new", corpus()[::-1], ignore=("en/jetpack",))
    whole = compare(old, new).described()
    monkeypatch.setattr(module, "_PART", 4)
    assert compare(old, new).described() == whole


def test_the_command_prints_rules_with_lines_or_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = (
        write_record(tmp_path / "old", corpus()),
        write_record(tmp_path / "new", corpus(), ignore=("en/jetpack/subscribe-box",)),
    )
    for options in ((), ("--json",)):
        with pytest.raises(SystemExit) as stop:
            main(["diff", str(old), str(new), *options])
        out = capsys.readouterr().out
        assert stop.value.code == 0
        assert FURNITURE.split("\n")[0] in out
    lost = json.loads(out)["rules"]["en/jetpack/subscribe-box"]
    assert lost["lost"] > 0
