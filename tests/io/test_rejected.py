"""Rejected documents go to a file of their own, whole and with the reason."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cleaner.cli import main

ENGLISH = "The ferry that linked both banks since the spring will stop for repairs, and nobody can say for how long."
GERMAN = (
    "Die Fähre, die seit dem Frühjahr beide Ufer verband, wird repariert, und niemand kann sagen, wie lange."
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, text in (
        ("a", ENGLISH),
        ("b", GERMAN),
        ("c", ENGLISH + " Truly."),
        ("d", "no end\nnone\nhere"),
    ):
        (folder / f"{name}.txt").write_text(text, "utf-8")
    return folder


def clean(*arguments: object) -> int:
    with pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    return stop.value.code


@pytest.mark.parametrize("output", ["out.parquet", "out/"])
def test_other_languages_are_put_aside_and_nothing_is_lost(folder: Path, tmp_path: Path, output: str) -> None:
    assert clean(folder, "-o", f"{tmp_path}/{output}", "-q", "--languages", "en") == 0
    kept = pq.read_table(tmp_path / output)
    aside = pq.read_table(tmp_path / "out.rejected.parquet")
    assert kept["id"].to_pylist() == ["a.txt", "c.txt"]
    assert aside["id"].to_pylist() == ["b.txt", "d.txt"]
    assert aside["rejected"].to_pylist() == ["language:de", "language_unknown"]
    assert aside["text"].to_pylist()[0] == GERMAN
    assert aside.schema.equals(kept.schema)


def test_a_profile_rejects_only_when_asked_and_is_counted(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert clean(folder, "-o", tmp_path / "out.parquet", "--profile", "fineweb") == 0
    assert pq.read_table(tmp_path / "out.parquet").num_rows == 4
    assert not (tmp_path / "out.rejected.parquet").exists()
    assert "would have passed before cleaning" in capsys.readouterr().err
    again = clean(folder, "-o", tmp_path / "out.parquet", "--profile", "fineweb", "--reject", "--overwrite")
    assert again == 0
    assert "d.txt" in pq.read_table(tmp_path / "out.rejected.parquet")["id"].to_pylist()


def test_where_nothing_is_rejected_there_is_no_file(folder: Path, tmp_path: Path) -> None:
    clean(folder, "-o", tmp_path / "out.parquet", "-q", "--languages", "en")
    clean(folder, "-o", tmp_path / "out.parquet", "-q", "--overwrite")
    assert not (tmp_path / "out.rejected.parquet").exists()
