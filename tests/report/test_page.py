"""The page as a file: complete, the same in every run, and shut to what the documents hold."""

from __future__ import annotations

import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cleaner.report.page import write_report
from cleaner.report.records import RecordError
from cleaner.toolbox import main
from tests.report.pages import FURNITURE, corpus, write_record


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_record(tmp_path_factory.mktemp("record") / "corpus.parquet", corpus())


def test_the_page_shows_the_totals_of_all_rows(record: Path, tmp_path: Path) -> None:
    totals = write_report([record], tmp_path / "r.html", documents=3)
    rows = pq.read_table(record).to_pylist()
    assert totals.documents == len(rows)
    assert totals.chars_in == sum(row["chars_in"] for row in rows)
    assert totals.chars_out == sum(row["chars_out"] for row in rows)
    assert totals.unchanged == sum(not any(edit["applied"] for edit in row["edits"]) for row in rows)
    assert totals.repaired == sum(
        any(e["applied"] and e["stage"] == "repair" for e in row["edits"]) for row in rows
    )
    assert totals.shares.sum() == len(rows)
    page = (tmp_path / "r.html").read_text("utf-8")
    assert f"{totals.chars_out:,}" in page
    assert page.count('<details class="doc"') == 3


def test_each_rule_is_counted_as_in_the_rows(record: Path, tmp_path: Path) -> None:
    totals = write_report([record], tmp_path / "r.html")
    edits = [
        (row["id"], e) for row in pq.read_table(record).to_pylist() for e in row["edits"] if e["applied"]
    ]
    for rule, total in totals.rules.items():
        mine = [(document, edit) for document, edit in edits if edit["rule"] == rule]
        assert total.edits == len(mine)
        assert total.documents == len({document for document, _ in mine})
        assert total.characters == sum(len(edit["before"]) - len(edit["after"]) for _, edit in mine)


def test_lines_that_recur_are_told_from_those_that_do_not(record: Path, tmp_path: Path) -> None:
    totals = write_report([record], tmp_path / "r.html")
    assert totals.recurrence.share("en/jetpack/subscribe-box") == 1.0
    (rule, site, line), pages = totals.lines.most()[0]
    assert (rule.split("/")[0], line) == ("en", "2 bloggers like this.")
    assert (site, pages) == ("marsh.example", 7)


def test_the_same_record_gives_the_same_page(record: Path, tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        write_report([record], tmp_path / name, title="one")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_several_files_are_one_corpus(record: Path, tmp_path: Path) -> None:
    totals = write_report([record, record], tmp_path / "r.html")
    assert totals.documents == 2 * len(corpus())


def test_the_page_fetches_nothing_and_its_policy_names_what_it_holds(record: Path, tmp_path: Path) -> None:
    write_report([record], tmp_path / "r.html")
    page = (tmp_path / "r.html").read_text("utf-8")
    assert not re.search(r'\b(?:src|srcset|xlink:href|poster|data)="', page)
    assert not re.search(r"\sstyle=|\son[a-z]+=|url\(|@import", page)
    assert page.count("<script") == page.count("<style") == 1
    assert "default-src &#39;none&#39;" in page


def test_errors_and_records_without_edits_are_told(tmp_path: Path) -> None:
    path = write_record(tmp_path / "bare.parquet", [{"id": "a", "text": "Some text."}], edits=False)
    totals = write_report([path], tmp_path / "r.html")
    assert totals.without_edits == 1
    page = (tmp_path / "r.html").read_text("utf-8")
    assert "written without edits" in page
    broken = write_record(
        tmp_path / "error.parquet", [{"id": "lost.txt", "text": None}, {"id": "b", "text": "Fine."}]
    )
    assert write_report([broken], tmp_path / "e.html").errors == 1
    assert "lost.txt" in (tmp_path / "e.html").read_text("utf-8")


def test_an_empty_record_has_a_page(tmp_path: Path) -> None:
    path = write_record(tmp_path / "none.parquet", [])
    assert write_report([path], tmp_path / "r.html").documents == 0


def test_the_sample_holds_every_rule_when_there_is_room(record: Path, tmp_path: Path) -> None:
    totals = write_report([record], tmp_path / "r.html", documents=12)
    page = (tmp_path / "r.html").read_text("utf-8")
    shown = page[page.index('id="documents"') :]
    assert all(f">{rule}</button>" in shown for rule in totals.rules)


def test_what_is_no_record_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pq.write_table(
        pq.read_table(write_record(tmp_path / "x.parquet", [])).select(["id"]), tmp_path / "y.parquet"
    )
    with pytest.raises(RecordError, match="no column"):
        write_report([tmp_path / "y.parquet"], tmp_path / "r.html")
    (tmp_path / "z.parquet").write_text("not parquet")
    for name, message in (("z.parquet", "no Parquet file"), ("gone.parquet", "there is no file")):
        with pytest.raises(SystemExit) as stop:
            main(["report", str(tmp_path / name), "-o", str(tmp_path / "r.html")])
        assert stop.value.code == 2
        assert message in capsys.readouterr().err
    assert not (tmp_path / "r.html").exists()


def test_the_command_replaces_a_page_only_when_asked(record: Path, tmp_path: Path) -> None:
    page = tmp_path / "r.html"
    page.write_text("mine")
    for options, code in (((), 2), (("--overwrite",), 0)):
        with pytest.raises(SystemExit) as stop:
            main(["report", str(record), "-o", str(page), *options])
        assert stop.value.code == code
        assert (page.read_text() == "mine") is (code == 2)


def test_a_page_holds_no_character_that_no_page_may_hold(tmp_path: Path) -> None:
    row = {
        "id": "n\0ul\x07.txt",
        "url": None,
        "title": "N\0UL",
        "text": "A\0 line\x1b with\x07 bells.\x85\n" + FURNITURE,
    }
    write_report([write_record(tmp_path / "a.parquet", [row])], tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text("utf-8")
    assert not {character for character in page if ord(character) < 32} - {"\n", "\t"}
    assert not set(page) & {chr(code) for code in (*range(127, 160), 0xFFFE, 0xFFFF)}
    assert 'data-c="0"' in page
    assert "n\u2400ul\u2407.txt" in page


def test_the_configuration_stands_in_a_table(tmp_path: Path) -> None:
    write_report([write_record(tmp_path / "a.parquet", corpus(), level="balanced")], tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text("utf-8")
    assert '<th scope="row"><code>level</code></th><td><code>&#34;balanced&#34;</code></td>' in page


def test_what_a_higher_level_would_take_is_counted(tmp_path: Path) -> None:
    rule = (
        '[[rule]]\nid = "bees"\nsummary = "Bees"\nkind = "line"\nlevel = "balanced"\nartifact = "debris"\n'
        'exact = "the clerk heard them first, behind the portrait of the founder."\n'
    )
    record = write_record(tmp_path / "a.parquet", corpus(), rules=rule, select=("own",))
    write_report([record], tmp_path / "a.html")
    page = (tmp_path / "a.html").read_text("utf-8")
    assert "<b>balanced</b>: at least 4 more places" in page
