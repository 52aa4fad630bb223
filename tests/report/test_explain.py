"""`cleaner explain`: of a file and of a row of a record, in the terminal and as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleaner.toolbox import main
from tests.report.pages import FURNITURE, corpus, write_record

PACK = """
[pack]
id = "mine"
summary = "Mine"
source = "here"
[[rule]]
id = "likes"
summary = "A line only a strict reader takes"
kind = "line"
exact = "A line in doubt."
level = "strict"
match = ["A line in doubt."]
keep = ["three"]
"""


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return stop.value.code, out, err


@pytest.fixture
def doubt(tmp_path: Path) -> tuple[Path, Path]:
    (tmp_path / "mine.toml").write_text(PACK)
    (tmp_path / "a.txt").write_text("The ferry stops.\nA line in doubt.\nIt sails again on Friday.\n")
    return tmp_path / "a.txt", tmp_path / "mine.toml"


def test_it_says_why_and_what_other_levels_would_do(
    doubt: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    file, pack = doubt
    _, out, _ = run(capsys, "explain", file, "--rules", pack)
    assert "~ A line in doubt.    [mine/likes]" in out
    assert "mine/likes: A line only a strict reader takes" in out
    assert "balanced: the same" in out
    assert "strict: 1 line differs\n#     line 2 removed: A line in doubt.    [mine/likes]" in out
    _, out, _ = run(capsys, "explain", file, "--rules", pack, "--level", "strict")
    assert "- A line in doubt.    [mine/likes]" in out
    assert "line 2 flagged: A line in doubt." in out


def test_json_gives_each_line_its_fate_at_each_level(
    doubt: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    file, pack = doubt
    _, out, _ = run(capsys, "explain", file, "--rules", pack, "--json")
    line = json.loads(out)["lines"][1]
    assert (line["number"], line["fate"], line["rules"]) == (2, "flagged", ["mine/likes"])
    assert line["levels"] == {"strict": {"fate": "removed", "rules": ["mine/likes"]}}
    assert json.loads(out)["rules"]["mine/likes"]["level"] == "strict"


def test_colour_is_there_when_asked_for(doubt: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "explain", doubt[0], "--rules", doubt[1], "--colour", "always")
    assert "\x1b[33m~ A line in doubt." in out
    _, out, _ = run(capsys, "explain", doubt[0], "--rules", doubt[1])
    assert "\x1b" not in out


def test_a_page_is_explained_by_its_text(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    story = (
        "<p>The ferry to Gull Island stops on Monday, and nobody knows for how long it will stay away.</p>"
        * 3
    )
    page = f"<html><head><title>Ferry</title></head><body><article><h1>The ferry stops</h1>{story}</article></body></html>"
    (tmp_path / "a.html").write_text(page, "utf-8")
    code, out, _ = run(capsys, "explain", tmp_path / "a.html")
    assert code == 0
    assert "The ferry to Gull Island" in out
    assert "<p>" not in out


def test_a_document_cannot_steer_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.txt").write_text("Read \x1b[2J\x1b]0;owned\x07 on.\n\u202eSeen\u202c.\n", "utf-8")
    _, out, _ = run(capsys, "explain", tmp_path / "a.txt", "--colour", "never")
    assert not set(out) & {"\x1b", "\x07", "\u202e"}
    assert "<U+001B>[2J" in out


def test_a_document_is_looked_up_in_a_record(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = write_record(tmp_path / "r.parquet", corpus())
    code, out, _ = run(capsys, "explain", "harbour/00.txt", "--parquet", record)
    assert code == 0
    for line in FURNITURE.split("\n"):
        assert f"\n- {line}    [en/jetpack/subscribe-box]" in out
    assert "The ferry stops for repairs" in out
    assert "strict: " in out
    code, _, err = run(capsys, "explain", "nowhere.txt", "--parquet", record)
    assert (code, "holds no document 'nowhere.txt'" in err) == (2, True)
    bare = write_record(tmp_path / "bare.parquet", corpus(), edits=False)
    code, _, err = run(capsys, "explain", "harbour/00.txt", "--parquet", bare)
    assert (code, "--no-edits" in err) == (2, True)
