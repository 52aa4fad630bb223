"""The three ways of use, as a new user would try them: `clean --learn`, `cleaner learn`, `cleaner memory`."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cleaner import Cleaner
from cleaner.cli import main as clean
from cleaner.toolbox import main as cleaner
from tests.memory.corpus import HARBOUR, MILL, article, corpus

PLAIN = ["--no-language", "--no-signals", "-q"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    documents = [*corpus(30), *corpus(30, MILL)]
    for name, part in (("a", documents[::2]), ("b", documents[1::2])):
        rows = [
            {"text": text, "url": f"https://www.{site}/{name}{at}"} for at, (text, site) in enumerate(part)
        ]
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return tmp_path


def run(command, *arguments: str) -> int:
    with pytest.raises(SystemExit) as stop:
        command([*arguments])
    return int(stop.value.code or 0)


def texts(file: Path) -> list[str]:
    return pq.read_table(file).column("text").to_pylist()


def test_one_command_or_two_write_the_same_bytes(folder: Path) -> None:
    assert run(clean, "a.jsonl", "b.jsonl", "-o", "one.parquet", "--learn", *PLAIN) == 0
    assert run(cleaner, "learn", "b.jsonl", "a.jsonl", "-o", "memory.parquet") == 0
    assert (
        run(
            clean,
            "a.jsonl",
            "b.jsonl",
            "-o",
            "two.parquet",
            "--memory",
            "memory.parquet",
            "--workers",
            "2",
            *PLAIN,
        )
        == 0
    )
    assert (folder / "one.memory.parquet").read_bytes() == (folder / "memory.parquet").read_bytes()
    assert (folder / "one.parquet").read_bytes() == (folder / "two.parquet").read_bytes()
    assert not any(
        "Advertisement" in text or "Mill Gazette" in text for text in texts(folder / "one.parquet")
    )
    library = Cleaner(memory="memory.parquet", language=None, signals=False)
    assert library.clean(article(0), url=f"https://{HARBOUR}/0").text == texts(folder / "two.parquet")[0]


def test_parts_add_up_to_the_memory_of_all(folder: Path) -> None:
    for name in "ab":
        assert run(cleaner, "learn", f"{name}.jsonl", "-o", f"{name}.part.parquet", "--part") == 0
    assert run(cleaner, "memory", "merge", "b.part.parquet", "a.part.parquet", "-o", "sum.parquet") == 0
    assert run(cleaner, "learn", "a.jsonl", "b.jsonl", "-o", "whole.parquet") == 0
    assert (folder / "sum.parquet").read_bytes() == (folder / "whole.parquet").read_bytes()


def test_a_memory_is_shown_compared_and_made_into_packs(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(cleaner, "learn", "a.jsonl", "b.jsonl", "-o", "memory.parquet")
    run(cleaner, "learn", "a.jsonl", "-o", "half.parquet")
    capsys.readouterr()
    assert run(cleaner, "memory", "show", "memory.parquet", "--site", HARBOUR) == 0
    shown = capsys.readouterr().out
    assert "drop advertisement  30/30  Advertisement    [interface words and nothing else]" in shown
    assert run(cleaner, "memory", "diff", "half.parquet", "memory.parquet") == 0
    assert "lines in the old" in capsys.readouterr().out
    assert run(cleaner, "memory", "rules", "memory.parquet", "-o", "packs") == 0
    assert run(cleaner, "rules", "check", "--no-mutants", "packs") == 0
    assert run(clean, "a.jsonl", "-o", "packed.parquet", "--rules", "packs", *PLAIN) == 0
    assert not any("Advertisement" in text for text in texts(folder / "packed.parquet"))


def test_a_run_that_goes_on_uses_the_memory_it_began_with(folder: Path) -> None:
    assert run(clean, "a.jsonl", "-o", "out.parquet", "--learn", *PLAIN) == 0
    memory = (folder / "out.memory.parquet").read_bytes()
    assert run(clean, "a.jsonl", "-o", "out.parquet", "--learn", "--resume", *PLAIN) == 0
    assert (folder / "out.memory.parquet").read_bytes() == memory


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["-", "-o", "-", "--learn"], "a stream cannot be learned from"),
        (["a.jsonl", "-o", "o.parquet", "--memory", "none.parquet"], "memory none.parquet: cannot be read"),
        (["a.jsonl", "-o", "o.parquet", "--memory", "2GiB"], "--worker-memory"),
        (["a.jsonl", "-o", "o.parquet", "--memory", "a.jsonl"], "is no Parquet file of a memory"),
    ],
)
def test_what_cannot_be_done_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert run(clean, *arguments) == 2
    assert said in capsys.readouterr().err


def test_what_cannot_be_learned_is_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(cleaner, "learn", "a.jsonl", "-o", "memory.parquet")
    for arguments, said in (
        (["learn", "a.jsonl", "-o", "memory.parquet"], "memory.parquet exists: give --overwrite"),
        (["learn", "a.jsonl", "-o", "no/memory.parquet"], "there is no folder no"),
        (["learn", "-", "-o", "m.parquet"], "a stream cannot be learned from"),
        (["memory", "merge", "memory.parquet", "-o", "m.parquet"], "is no part of a memory"),
        (["memory", "show", "memory.parquet", "--site", "x.example"], "knows no site 'x.example'"),
    ):
        capsys.readouterr()
        assert run(cleaner, *arguments) == 2
        assert said in capsys.readouterr().err


def test_a_record_tells_how_much_went_of_each_site(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(clean, "a.jsonl", "b.jsonl", "-o", "out.parquet", "--learn", *PLAIN)
    capsys.readouterr()
    assert (
        run(cleaner, "memory", "show", "out.memory.parquet", "--site", MILL, "--record", "out.parquet") == 0
    )
    assert "went from 30 of 30 documents" in capsys.readouterr().out


def test_workers_learn_the_same(folder: Path) -> None:
    assert run(cleaner, "learn", "a.jsonl", "b.jsonl", "-o", "one.parquet", "--workers", "0") == 0
    assert run(cleaner, "learn", "a.jsonl", "b.jsonl", "-o", "two.parquet", "--workers", "2") == 0
    assert (folder / "one.parquet").read_bytes() == (folder / "two.parquet").read_bytes()


def test_a_document_is_explained_with_a_memory(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(cleaner, "learn", "a.jsonl", "b.jsonl", "-o", "memory.parquet")
    (folder / "page.txt").write_text(article(0))
    capsys.readouterr()
    run(cleaner, "explain", "page.txt", "--memory", "memory.parquet", "--url", f"https://{HARBOUR}/0")
    said = capsys.readouterr().out
    assert "- Kindly share this story:" in said
    assert f"in 30 of 30 documents of {HARBOUR}" in said


def test_a_document_that_cannot_be_read_teaches_nothing_and_costs_only_itself(folder: Path) -> None:
    rows = [{"html": 5, "url": f"https://{HARBOUR}/x"}, {"text": None}]
    with (folder / "a.jsonl").open("a") as file:
        file.write("\n" + "\n".join(map(json.dumps, rows)) + "\n{broken")
    assert run(clean, "a.jsonl", "b.jsonl", "-o", "out.parquet", "--learn", *PLAIN) == 1
    assert not any("Advertisement" in (text or "") for text in texts(folder / "out.parquet")[:60])
