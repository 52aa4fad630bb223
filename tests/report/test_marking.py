"""Marked lines: nothing of the text is lost between the record and the page."""

from __future__ import annotations

import pytest
from hypothesis import given

from cleaner import Cleaner
from cleaner.document import Edit
from cleaner.edits import apply
from cleaner.marking import marked_lines
from cleaner.report.shown import shown_document
from tests.report.pages import corpus
from tests.strategies import documents

CLEANER = Cleaner(level="strict", language=None, signals=False)


@given(documents)
def test_lines_before_are_the_repaired_text_and_lines_after_the_cleaned_one(text: str) -> None:
    result = CLEANER.clean(text)
    lines = marked_lines(text, result.edits)
    repaired = apply(text, [edit for edit in result.edits if edit.stage == "repair"])
    assert "\n".join(line.before for line in lines) == repaired
    left = [line.after for line in lines if line.after.strip()]
    assert left == [line for line in result.text.split("\n") if line.strip()]


def test_only_the_characters_that_were_repaired_are_marked() -> None:
    text = "El guardiÃ¡n, don FermÃ\xadn, vino."
    [line] = marked_lines(text, CLEANER.clean(text).edits)
    assert [run.text for run in line.runs if run.state == "former"] == ["Ã¡", "Ã\xad"]
    assert [run.text for run in line.runs if run.state == "repaired"] == ["á", "í"]
    assert line.fate == "changed"


def test_a_flag_of_repair_lies_where_its_text_went() -> None:
    edits = [
        Edit("repair", "repair/soft-hyphen", 1, 2, "\xad", ""),
        Edit("repair", "repair/lost-letter", 4, 6, "r?", "r?", applied=False),
    ]
    [line] = marked_lines("a\xadb r?x", edits)
    assert [run.text for run in line.runs if run.flags] == ["r?"]
    assert "".join(run.text for run in line.runs if run.state != "former") == "ab r?x"


def test_edits_of_another_text_are_an_error() -> None:
    with pytest.raises(ValueError, match="does not describe"):
        marked_lines("other", [Edit("repair", "repair/entity", 0, 3, "abc", "")])


def test_long_lines_are_cut_and_long_documents_end() -> None:
    row = {
        "id": "a",
        "text": "x" * 10_000 + "\n" + ("y" * 900 + "\n") * 200,
        "edits": [],
        "chars_in": 1,
        "chars_out": 1,
        "flags": [],
    }
    document = shown_document(row)
    lines = [line for stretch in document.stretches for line in stretch.lines]
    assert not lines[0].whole
    assert sum(len(text) for text, _ in lines[0].runs[0].pieces) == 2000
    assert document.hidden == 202 - len(lines)
    assert any(stretch.folded for stretch in document.stretches)


def test_characters_that_cannot_be_seen_are_named() -> None:
    row = {"id": "a", "text": "left \u202eright", "edits": [], "chars_in": 1, "chars_out": 1, "flags": []}
    [stretch] = shown_document(row).stretches
    assert [name for _, name in stretch.lines[0].runs[0].pieces] == [None, "U+202E", None]


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", " javascript:alert(1)", "data:text/html,x", "file:///x", ""]
)
def test_only_addresses_of_the_web_become_links(url: str) -> None:
    row = {"id": "a", "text": "t", "edits": [], "chars_in": 1, "chars_out": 1, "flags": [], "url": url}
    assert shown_document(row).href == ""
    assert shown_document({**row, "url": "https://x.example/"}).href


def test_the_corpus_of_the_tests_holds_all_fates() -> None:
    fates = {
        line.fate for row in corpus() for line in marked_lines(row["text"], CLEANER.clean(row["text"]).edits)
    }
    assert {"kept", "removed", "changed"} <= fates
