"""Near-duplicates in what the commands write: columns, rejected rows, resumed runs, words on the screen."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner import SCHEMA, Settings, near_duplicates
from cleaner.cli import main
from cleaner.duplicates import marking
from cleaner.duplicates.marking import NearDuplicates
from cleaner.io import placing
from cleaner.run import RunOptions, run
from cleaner.toolbox import main as toolbox
from tests.duplicates.made import corpus

MARKS = ["near_duplicate_of", "cluster_size", "similarity", "shared_paragraphs"]


def call(command: Any, *arguments: object) -> int:
    with pytest.raises(SystemExit) as stop:
        command([str(argument) for argument in arguments])
    return stop.value.code


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "in.jsonl"
    rows: list[dict[str, str]] = [*corpus(11, 30, 50), {"id": "empty", "text": ""}]
    for number, row in enumerate(rows):
        row["url"] = f"https://{'ab'[number % 2]}.example/{number}"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


FAST = ("--no-signals", "--no-language", "-q")


@pytest.fixture
def plain(lines: Path, tmp_path: Path) -> pa.Table:
    """What a run without a look for near-duplicates writes, marked by the library."""
    assert call(main, lines, "-o", tmp_path / "plain.parquet", *FAST) == 0
    table = pq.read_table(tmp_path / "plain.parquet")
    marks = near_duplicates(table.select(["id", "text", "date"]))
    for name in MARKS:
        assert table[name].null_count == table.num_rows
        table = table.set_column(table.column_names.index(name), SCHEMA.field(name), marks[name])
    return table


@pytest.mark.parametrize("output", ["out.parquet", "out/"])
@pytest.mark.parametrize("workers", [[], ["--workers", 2]])
def test_rows_are_marked(
    lines: Path, tmp_path: Path, plain: pa.Table, output: str, workers: list[object]
) -> None:
    more = ["--rows-per-file", "30"] if output == "out/" else []
    assert call(main, "--near-duplicates", lines, "-o", f"{tmp_path}/{output}", *FAST, *workers, *more) == 0
    written = pq.read_table(tmp_path / output)
    assert written.equals(plain)
    assert sum(name is not None for name in written["near_duplicate_of"].to_pylist()) > 20
    assert json.loads(written.schema.metadata[b"cleaner.near_duplicates"]) == {
        "jaccard": 0.8,
        "reject": False,
    }
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["in.jsonl", "plain.parquet", output.strip("/")]
    )


@pytest.mark.parametrize("output", ["out.parquet", "out/", "out.jsonl"])
def test_near_duplicates_are_put_aside_and_nothing_is_lost(
    lines: Path, tmp_path: Path, plain: pa.Table, output: str
) -> None:
    assert (
        call(
            main,
            lines,
            "-o",
            f"{tmp_path}/{output}",
            "--near-duplicates",
            ".8",
            "--reject",
            "near_duplicates",
            *FAST,
        )
        == 0
    )
    if output == "out.jsonl":
        kept = [json.loads(line)["id"] for line in (tmp_path / output).read_text("utf-8").splitlines()]
    else:
        kept = pq.read_table(tmp_path / output)["id"].to_pylist()
    aside = pq.read_table(tmp_path / "out.rejected.parquet")
    assert aside.schema.equals(SCHEMA)
    expected = [row["id"] for row in plain.to_pylist() if (row["similarity"] or 0) >= 0.8]
    assert aside["id"].to_pylist() == expected
    assert kept == [name for name in plain["id"].to_pylist() if name not in set(expected)]
    first = aside.to_pylist()[0]
    assert first["rejected"].startswith("near_duplicates: similarity ")
    assert first["rejected"].endswith(f" to {first['near_duplicate_of']}")


def test_a_folder_divided_by_a_column(lines: Path, tmp_path: Path, plain: pa.Table) -> None:
    given = ("--near-duplicates", "--partition-by", "site", "--rows-per-file", 20, *FAST)
    assert call(main, lines, "-o", f"{tmp_path}/out/", *given) == 0
    written = pq.read_table(tmp_path / "out").sort_by("id")
    assert written.select(["id", *MARKS]).equals(plain.select(["id", *MARKS]).sort_by("id"))


@pytest.mark.parametrize("output", ["out.parquet", "out/"])
@pytest.mark.parametrize("fails_after", [0, 1])
def test_a_look_that_is_interrupted_is_taken_again(
    lines: Path, tmp_path: Path, output: str, fails_after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = NearDuplicates(0.8, reject=True)
    options = RunOptions(
        near_duplicates=look, rows_per_file=20 if output == "out/" else None, quiet=True, workers=0
    )
    settings = Settings(signals=False, language=None)
    run([str(lines)], f"{tmp_path}/{'whole' + output[3:]}", settings=settings, options=options)
    marks, calls = marking.with_marks, []

    def fails(rows: pa.Table, found: pa.Table) -> pa.Table:
        calls.append(rows)
        if len(calls) > fails_after:
            raise KeyboardInterrupt
        return marks(rows, found)

    with monkeypatch.context() as patch:
        patch.setattr(marking, "with_marks", fails)
        assert run([str(lines)], f"{tmp_path}/{output}", settings=settings, options=options) == (
            130 if output == "out/" or not fails_after else 0
        )
    resumed = RunOptions(
        **{name: getattr(options, name) for name in options.__slots__ if name != "resume"}, resume=True
    )
    assert run([str(lines)], f"{tmp_path}/{output}", settings=settings, options=resumed) == 0
    names = [path.relative_to(tmp_path) for path in tmp_path.rglob("*.parquet") if "whole" not in str(path)]
    assert names
    for name in names:
        whole = Path(str(name).replace("out", "whole", 1))
        assert (tmp_path / name).read_bytes() == (tmp_path / whole).read_bytes()


def test_another_similarity_is_no_resumption(
    lines: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(placing, "_groups", _interrupted)
        assert call(main, lines, "-o", tmp_path / "out.parquet", "--near-duplicates", *FAST) == 130
    capsys.readouterr()
    assert (
        call(main, lines, "-o", tmp_path / "out.parquet", "--near-duplicates", ".7", "--resume", *FAST) == 2
    )
    assert '{"jaccard":0.8' in capsys.readouterr().err


def _interrupted(*_: object) -> object:
    raise KeyboardInterrupt


def test_what_is_found_is_said(lines: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        call(
            main, lines, "-o", tmp_path / "out.parquet", "--near-duplicates", "--no-signals", "--no-language"
        )
        == 0
    )
    assert "(column near_duplicate_of)" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["-o", "-", "--near-duplicates"], "write to a file or a folder"),
        (["-o", "out.parquet", "--near-duplicates", "0.1"], "give 0.3 to 1"),
        (["-o", "out.parquet", "--reject", "near_duplicates"], "needs --near-duplicates"),
        (["-o", "out.parquet", "--reject=everything"], "nothing called 'everything' can be rejected"),
    ],
)
def test_options_that_do_not_go_together(
    lines: Path,
    given: list[str],
    said: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(main, lines, *given) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out.parquet").exists()


@pytest.mark.parametrize("library", ["rensa", "duckdb"])
def test_a_missing_library_is_named_before_anything_is_read(
    lines: Path,
    tmp_path: Path,
    library: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    assert call(main, lines, "-o", tmp_path / "out.parquet", "--near-duplicates") == 2
    assert "[duplicates]" in capsys.readouterr().err
    assert not list(tmp_path.glob(".out*"))


def test_a_configuration_file(lines: Path, tmp_path: Path) -> None:
    config = tmp_path / "cleaner.toml"
    config.write_text('near-duplicates = true\nreject = ["near_duplicates"]\n', "utf-8")
    assert call(main, lines, "-o", tmp_path / "out.parquet", "--config", config, *FAST) == 0
    assert pq.read_table(tmp_path / "out.rejected.parquet").num_rows > 20


def test_files_that_are_there_are_marked_in_their_places(
    lines: Path, tmp_path: Path, plain: pa.Table, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(toolbox, "near-duplicates", tmp_path / "plain.parquet") == 0
    written = pq.read_table(tmp_path / "plain.parquet")
    assert written.equals(plain)
    assert b"cleaner.rules" in written.schema.metadata
    assert "near-duplicates of" in capsys.readouterr().err
    before = (tmp_path / "plain.parquet").read_bytes()
    assert call(toolbox, "near-duplicates", tmp_path / "plain.parquet") == 0
    assert (tmp_path / "plain.parquet").read_bytes() == before


def test_any_parquet_files_as_one_corpus(tmp_path: Path) -> None:
    rows = corpus(12, 20, 30)
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    schema = pa.schema([("name", pa.string()), ("body", pa.large_string()), ("stars", pa.int8())])
    table = pa.Table.from_pylist(
        [{"name": row["id"], "body": row["text"], "stars": 3} for row in rows], schema
    )
    pq.write_table(table.slice(0, 20), folder / "a.parquet")
    pq.write_table(table.slice(20), folder / "deep" / "b.parquet", row_group_size=7)
    names = ("--text-column", "body", "--id-column", "name")
    assert call(toolbox, "near-duplicates", folder, "-o", tmp_path / "out", *names) == 0
    found = pa.concat_tables(
        [pq.read_table(tmp_path / "out" / name) for name in ("a.parquet", "deep/b.parquet")]
    )
    assert found.column_names == ["name", "body", "stars", *MARKS]
    asked = pa.table({"id": [row["id"] for row in rows], "text": [row["text"] for row in rows]})
    assert found.select(MARKS).equals(near_duplicates(asked))
    kept = tmp_path / "kept"
    assert call(toolbox, "near-duplicates", folder, "-o", kept, "--reject", *names) == 0
    aside = pq.read_table(tmp_path / "kept.rejected.parquet")
    rest = pa.concat_tables([pq.read_table(path) for path in sorted(kept.rglob("*.parquet"))])
    assert sorted([*aside["name"].to_pylist(), *rest["name"].to_pylist()]) == sorted(
        row["id"] for row in rows
    )
    assert aside.num_rows > 5


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["none.parquet"], "there is no file none.parquet"),
        (["text.parquet"], "is no Parquet file"),
        (["other.parquet"], "there is no column 'text'; the columns are: body"),
        (["empty"], "holds no .parquet file"),
        (["whole.parquet", "--reject"], "name another output"),
        (["whole.parquet", "-o", "other.parquet"], "other.parquet exists"),
    ],
)
def test_files_that_cannot_be_marked(
    given: list[str],
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("text.parquet").write_text("no Parquet")
    Path("empty").mkdir()
    pq.write_table(pa.table({"body": ["x"]}), "other.parquet")
    pq.write_table(pa.table({"text": ["x"]}), "whole.parquet")
    before = {path.name: path.read_bytes() for path in tmp_path.glob("*.parquet")}
    assert call(toolbox, "near-duplicates", *given) == 2
    assert said in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in tmp_path.glob("*.parquet")} == before


def test_the_library_reads_files(lines: Path, tmp_path: Path, plain: pa.Table) -> None:
    assert near_duplicates(str(tmp_path / "plain.parquet")).equals(plain.select(MARKS))
