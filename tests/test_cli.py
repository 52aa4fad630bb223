"""The command `clean` as a user meets it: outputs, exit codes, messages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cleaner import SCHEMA, Cleaner, Edit, restore_document
from cleaner.cli import main
from cleaner.rules.engine import Engine

ARTICLE = "The ferry will stop for repairs.\nSubscribe to get the latest posts sent to your email."


def clean(*arguments: object, capsys: pytest.CaptureFixture[str] | None = None) -> tuple[int, str]:
    with pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    return stop.value.code, capsys.readouterr().err if capsys else ""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "texts"
    (folder / "deep").mkdir(parents=True)
    (folder / "b.txt").write_text(ARTICLE, "utf-8")
    (folder / "deep" / "a.txt").write_text("Nothing to remove here.", "utf-8")
    (folder / "notes.md").write_text("not an input", "utf-8")
    return folder


def test_a_folder_becomes_one_file(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, errors = clean(folder, "-o", tmp_path / "out.parquet", capsys=capsys)
    table = pq.read_table(tmp_path / "out.parquet")
    assert code == 0
    assert table.schema.equals(SCHEMA)
    assert table["id"].to_pylist() == ["b.txt", "deep/a.txt"]
    assert table["text"].to_pylist() == ["The ferry will stop for repairs.", "Nothing to remove here."]
    assert "2 documents" in errors
    assert "en/jetpack/subscribe-line" in errors


PAGE = """<html><head><title>Harbour opens again | The Example</title><meta name="author" content="A. Writer">
<meta property="article:published_time" content="2024-01-05T10:00:00Z"></head><body><nav><a href="/">Home</a></nav>
<article><h1>Harbour opens again</h1><p>The harbour was closed on Monday because of the storm, said the master, and
all ships had to wait outside.</p><p>It opened again on Tuesday, when the wind had gone.</p></article></body></html>"""


def test_pages_texts_and_tables_in_one_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.html").write_text(PAGE, "utf-8")
    (folder / "b.txt").write_text(ARTICLE, "utf-8")
    (folder / "c.jsonl").write_text(
        '{"body": "One line.", "byline": "B. Writer", "published": "5 Jan 2024"}\n{"body": "Another."}\n'
    )
    (folder / "d.csv").write_text("content,lang\nA cell.,en\n")
    (folder / "e.png").write_bytes(b"\x89PNG")
    code, errors = clean(folder, "-o", tmp_path / "out.parquet", capsys=capsys)
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert code == 0
    assert [row["id"] for row in rows] == ["a.html", "b.txt", "c.jsonl#1", "c.jsonl#2", "d.csv#1"]
    assert rows[0]["text"].splitlines()[0] == "Harbour opens again"
    assert "The harbour was closed" in rows[0]["text"]
    assert "Home" not in rows[0]["text"]
    assert [row["text"] for row in rows[1:]] == [
        "The ferry will stop for repairs.",
        "One line.",
        "Another.",
        "A cell.",
    ]
    assert [row["author"] for row in rows] == ["A. Writer", None, "B. Writer", None, None]
    assert [row["date"] for row in rows] == ["2024-01-05", None, "2024-01-05", None, None]
    assert [row["extract_method"] is None for row in rows] == [False, True, True, True, True]
    assert "5 documents" in errors
    assert "not read: 1 .png" in errors


def test_unusual_names(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "dir.txt").mkdir(parents=True)
    names = ["-dash.txt", "X.TXT", "a [1].txt", "a%20#?.txt", "dir.txt/in.txt", "new\nline.txt", "ünï.txt"]
    for name in names:
        (folder / name).write_text(f"Text of {name!r}.", "utf-8")
    os.mkfifo(folder / "pipe.txt")  # reading it would never end
    (folder / "loop").symlink_to(folder)
    assert clean(folder, "-o", tmp_path / "out.parquet", "-q")[0] == 0
    assert pq.read_table(tmp_path / "out.parquet")["id"].to_pylist() == names
    assert clean(folder / "a [1].txt", "-o", tmp_path / "one.parquet", "-q")[0] == 0
    assert pq.read_table(tmp_path / "one.parquet")["id"].to_pylist() == ["a [1].txt"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_set_aside(folder: Path, tmp_path: Path) -> None:
    (folder / "b.txt").chmod(0)
    assert clean(folder, "-o", tmp_path / "out.parquet", "-q")[0] == 1
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert [row["error"] for row in rows] == ["cannot be read: Permission denied", None]


def test_a_file_says_how_it_was_made_and_can_be_undone(folder: Path, tmp_path: Path) -> None:
    clean(folder, "-o", tmp_path / "out.parquet", "--level", "balanced", "-q")
    table = pq.read_table(tmp_path / "out.parquet")
    metadata = {key.decode(): value.decode() for key, value in table.schema.metadata.items()}
    assert metadata["cleaner.level"] == "balanced"
    assert len(metadata["cleaner.rules"]) == 16
    row = table.to_pylist()[0]
    assert restore_document(row["text"], [Edit(**edit) for edit in row["edits"]]) == ARTICLE


def test_workers_and_hash_seeds_change_no_byte(folder: Path, tmp_path: Path, root: Path) -> None:
    outputs = []
    for seed, workers in (("0", 1), ("1", 2)):
        output = tmp_path / f"{seed}.parquet"
        subprocess.run(
            [
                sys.executable,
                "-m",
                "cleaner",
                str(root / "samples"),
                str(folder),
                "-o",
                str(output),
                "--workers",
                str(workers),
                "-q",
            ],
            check=True,
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        outputs.append(output.read_bytes())
    assert outputs[0] == outputs[1]


def test_the_counts_of_a_run_are_written_as_json(folder: Path, tmp_path: Path) -> None:
    clean(folder, "-o", tmp_path / "out.parquet", "--summary", tmp_path / "summary.json", "-q")
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert (summary["documents"], summary["output"]) == (2, str(tmp_path / "out.parquet"))
    assert summary["rules"]["en/jetpack/subscribe-line"] == {
        "edits": 1,
        "characters": 54,
        "documents_flagged": 0,
    }
    assert clean(folder, "-o", tmp_path / "b.parquet", "--summary", tmp_path / "no" / "s.json", "-q")[0] == 2


def test_standard_input(folder: Path, tmp_path: Path, root: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "cleaner", "-", "-o", str(tmp_path / "out.parquet"), "-q"],
        check=True,
        cwd=root,
        input=ARTICLE.encode(),
    )
    assert pq.read_table(tmp_path / "out.parquet")["chars_in"].to_pylist() == [len(ARTICLE)]


def test_what_cannot_be_cleaned_is_a_row_with_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "good.txt").write_text("Good text.", "utf-8")
    (folder / "gone.txt").symlink_to(tmp_path / "nowhere")
    (folder / "nul.txt").write_bytes(
        b"one\x00two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    )
    code, _ = clean(folder, "-o", tmp_path / "out.parquet", "-q")
    rows = {row["id"]: row for row in pq.read_table(tmp_path / "out.parquet").to_pylist()}
    assert code == 1
    assert rows["good.txt"]["text"] == "Good text."
    assert rows["empty.txt"]["text"] == ""
    assert "binary" in rows["binary.txt"]["error"]
    assert rows["binary.txt"]["text"] is None
    assert "cannot be read" in rows["gone.txt"]["error"]
    assert rows["nul.txt"]["error"] is None
    assert "\x00" not in rows["nul.txt"]["text"]


def test_the_quarantine_holds_what_raised_and_where(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clean_nothing(*_: object) -> None:
        raise LookupError("a rule broke")

    monkeypatch.setattr(Engine, "clean", clean_nothing)
    code, _ = clean(folder / "b.txt", "-o", tmp_path / "out.parquet", "-q")
    (row,) = pq.read_table(tmp_path / "out.quarantine.parquet").to_pylist()
    assert code == 1
    assert row["data"] == ARTICLE.encode()
    assert row["reason"] == "raised LookupError: a rule broke"
    assert "in clean_nothing" in row["traceback"]


def test_a_line_of_a_hundred_megabytes(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_bytes(b"word " * 20_000_000)
    (tmp_path / "cleaner.toml").write_text("signals = false\nlanguage = false\nedits = false\n")
    options = ("-q", "--config", tmp_path / "cleaner.toml")
    code, _ = clean(tmp_path / "long.txt", "-o", tmp_path / "out.parquet", *options)
    assert code == 0
    assert pq.read_table(tmp_path / "out.parquet")["chars_out"].to_pylist() == [99_999_999]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing", "-o", "out.parquet"], "no file or folder at missing"),
        (
            ["hollow", "-o", "out.parquet"],
            "hollow holds no file to read; files are known by these suffixes: .txt",
        ),
        (
            ["filled/mine.md", "-o", "out.parquet"],
            "mine.md: the name says nothing about the format: give --format",
        ),
        (
            ["notes", "-o", "out.parquet"],
            "notes holds no file to read, only 1 .md: give --format to read these",
        ),
        (["no*thing", "-o", "out.parquet"], "no file fits the pattern no*thing"),
        (["pipe", "-o", "out.parquet"], "pipe is a pipe or a device: read it from standard input"),
        (["taken.jsonl", "-o", "taken.jsonl", "--overwrite"], "taken.jsonl is the output too"),
        (
            ["taken.jsonl", "-o", "out.parquet", "--text-column", "txet"],
            "no column 'txet' for the text; the columns are: mine",
        ),
        (["taken.jsonl", "-o", "out.parquet"], "name it with --text-column; the columns are: mine"),
        (["texts", "-o", "out.xml"], "the suffix names no format of output: use .parquet"),
        (["texts", "-o", "out.parquet", "--workres", "2"], "--workers"),
        (["texts", "-o", "out.parquet", "--batch-size", "5X"], "'5X' is no size: write it as 500MB or 2GB"),
        (["texts", "-o", "out.parquet", "--quarantine", "nowhere/q.parquet"], "there is no folder nowhere"),
        (["texts", "-o", "nowhere/out.parquet"], "there is no folder nowhere"),
        (["texts", "-o", "taken.parquet"], "give --overwrite"),
        (["texts", "-o", "filled"], "filled is not empty"),
        (["texts"], "Missing option"),
        (["-o", "out.parquet"], "Missing argument"),
        (["texts", "-o", "out.parquet", "--level", "fierce"], "'fierce' is not one of"),
        (["texts", "-o", "out.parquet", "--rules", "nothing.toml"], "no rule pack at nothing.toml"),
        (
            ["texts", "-o", "out.parquet", "--rules", "bad.toml"],
            "rule shout: levell: is unknown; did you mean level?",
        ),
        (["texts", "-o", "out.parquet", "--select", "en/jetpak"], "did you mean en/jetpack"),
        (
            ["texts", "-o", "out.parquet", "--ignore", "bloggers-like"],
            "did you mean ",
        ),
        (
            ["texts", "-o", "out.parquet", "--config", "bad-config.toml"],
            "levle is unknown; did you mean level?",
        ),
        (["texts", "-o", "out.parquet", "--config", "absent.toml"], "cannot be read"),
        (["texts", "-o", "out.parquet", "--workers", "0"], "0 is not in the range"),
        (["texts", "-o", "out.parquet", "--language", "psychic"], "psychic"),
    ],
)
def test_errors_say_what_to_do(
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hollow").mkdir()
    (tmp_path / "filled").mkdir()
    (tmp_path / "filled" / "mine.txt").write_text("mine")
    (tmp_path / "filled" / "mine.md").write_text("mine")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "a.md").write_text("mine")
    (tmp_path / "taken.parquet").write_text("mine")
    (tmp_path / "taken.jsonl").write_text('{"mine": 1}')
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "bad.toml").write_text(
        '[pack]\nid = "bad"\nsummary = "Bad pack"\nsource = "x"\n[[rule]]\nid = "shout"\nkind = "line"\nsummary = "Bad"\nlevell = 1\n'
    )
    (tmp_path / "bad-config.toml").write_text("levle = 'safe'")
    code, errors = clean(*arguments, capsys=capsys)
    assert code == 2
    assert message in errors
    assert "Traceback" not in errors
    assert (tmp_path / "taken.parquet").read_text() == "mine"
    assert not list(tmp_path.glob(".*.partial"))


def test_an_output_is_replaced_only_when_asked(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.parquet"
    output.write_text("old")
    assert clean(folder, "-o", output, "-q", "--overwrite")[0] == 0
    assert pq.read_table(output).num_rows == 2


def test_options_from_a_file_and_from_the_one_it_extends(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text('level = "strict"\nignore = ["en/share"]\n')
    (tmp_path / "cleaner.toml").write_text(
        'extend = "base.toml"\nlevel = "balanced"\nignore = ["en/jetpack"]\nlanguage = false\n'
    )
    clean(folder, "-o", tmp_path / "out.parquet", "-q", "--config", tmp_path / "cleaner.toml")
    table = pq.read_table(tmp_path / "out.parquet")
    assert table["text"].to_pylist()[0] == ARTICLE
    assert table.schema.metadata[b"cleaner.level"] == b"balanced"
    assert table["language"].null_count == 2


def test_without_edits_the_column_is_null(folder: Path, tmp_path: Path) -> None:
    clean(folder, "-o", tmp_path / "out.parquet", "-q", "--no-edits")
    assert pq.read_table(tmp_path / "out.parquet")["edits"].null_count == 2


def test_the_headline_may_leave_the_text(tmp_path: Path, root: Path) -> None:
    sample = root / "samples" / "repeated-headline.txt"
    headline = "Ormsby Lighthouse to Shine Again After Council Vote"
    for option, copies in (("--title-in-text", 1), ("--no-title-in-text", 0)):
        clean(sample, "-o", tmp_path / f"{copies}.parquet", "-q", option)
        row = pq.read_table(tmp_path / f"{copies}.parquet").to_pylist()[0]
        assert row["title"] == headline
        assert row["text"].count(headline) == copies


def test_the_library_and_the_command_agree(root: Path, tmp_path: Path) -> None:
    clean(root / "samples", "-o", tmp_path / "out.parquet", "-q", "--no-language")
    cleaner = Cleaner(language=None)
    for row in pq.read_table(tmp_path / "out.parquet").to_pylist():
        decoded = restore_document(row["text"], [Edit(**edit) for edit in row["edits"]])
        assert cleaner.clean(decoded).text == row["text"]


def test_a_report_beside_the_output(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _ = clean(folder, "-o", tmp_path / "out.parquet", "-q", "--report", tmp_path / "report.html")
    assert code == 0
    assert "en/jetpack/subscribe-line" in (tmp_path / "report.html").read_text("utf-8")
    code, errors = clean(folder, "-o", tmp_path / "out.jsonl", "--report", tmp_path / "r.html", capsys=capsys)
    assert code == 2
    assert "--report reads Parquet" in errors
