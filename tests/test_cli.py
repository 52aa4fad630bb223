"""The command `clean` as a user meets it: outputs, exit codes, messages."""

from __future__ import annotations

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
        (["hollow", "-o", "out.parquet"], "holds no"),
        (["texts", "-o", "nowhere/out.parquet"], "there is no folder nowhere"),
        (["texts", "-o", "taken.parquet"], "give --overwrite"),
        (["texts", "-o", "filled"], "filled is not empty"),
        (["texts"], "Missing option"),
        (["-o", "out.parquet"], "Missing argument"),
        (["texts", "-o", "out.parquet", "--level", "fierce"], "'fierce' is not one of"),
        (["texts", "-o", "out.parquet", "--rules", "nothing.toml"], "no rule pack at nothing.toml"),
        (
            ["texts", "-o", "out.parquet", "--rules", "bad.toml"],
            "rule shout: Object contains unknown field `levell`",
        ),
        (["texts", "-o", "out.parquet", "--select", "en/jetpak"], "cleaner rules list"),
        (
            ["texts", "-o", "out.parquet", "--ignore", "bloggers-like"],
            "did you mean ",
        ),
        (["texts", "-o", "out.parquet", "--config", "bad-config.toml"], "known fields are"),
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
    (tmp_path / "taken.parquet").write_text("mine")
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
