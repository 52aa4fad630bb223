"""Documents that raise, hang, eat memory or kill their worker cost themselves and nobody else."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from cleaner.executors.limits import Limits
from cleaner.executors.local import clean_batches
from cleaner.io.raw import Place, Raw, gathered
from cleaner.run import RunOptions, run
from cleaner.settings import Settings
from tests.executors.faults import Faulty, KilledOnce, Short, Unloadable

USUAL = Limits(memory=256 << 20)
SHORT = Limits(seconds=5.0, memory=256 << 20)  # long for a good document even where cores are scarce


def batches(texts, size=6):
    rows = [(Place(0, number), Raw(str(number), "s", text=text)) for number, text in enumerate(texts)]
    return [
        batch
        for start in range(0, len(rows), size)
        for batch in gathered(rows[start : start + size], 1 << 20)
    ]


def outcomes(texts, clean, workers=2, limits=USUAL):
    rows = []
    for batch, result in clean_batches(batches(texts), clean, workers, limits):
        assert batch.num_rows == result.num_rows
        assert batch["id"].to_pylist() == result["id"].to_pylist()
        rows += result.to_pylist()
    return rows


def check(texts, rows, reasons):
    assert [row["id"] for row in rows] == [str(number) for number in range(len(texts))]
    for text, row in zip(texts, rows, strict=True):
        reason = next((said for fault, said in reasons.items() if text.startswith(fault)), None)
        if reason is None:
            assert (row["text"], row["error"], row["traceback"]) == (text.upper(), None, None)
        else:
            assert row["text"] is None
            assert reason in row["error"]


RAISED = {
    "Raise": "raised ValueError: no such thing",
    "Leave": "raised SystemExit",
    "Deep": "raised RecursionError",
}


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_what_raises_is_found_in_its_batch(workers: int) -> None:
    texts = [f"good {number}" for number in range(20)]
    texts[0], texts[7], texts[8], texts[19] = "Raise", "Raise again", "Leave", "Deep"
    rows = outcomes(texts, Faulty(), workers)
    check(texts, rows, RAISED)
    assert "no such thing" in rows[7]["traceback"]
    assert "Faulty" in rows[7]["traceback"] or "raise_" in rows[7]["traceback"]


def test_what_hangs_or_kills_or_eats_memory_is_found_in_its_batch() -> None:
    texts = [f"good {number}" for number in range(40)]
    texts[3], texts[13], texts[14], texts[22], texts[31] = "Hang", "Kill", "Memory", "Die", "Raise"
    rows = outcomes(texts, Faulty(), limits=SHORT)
    reasons = {
        "Hang": "ran longer than 5 s",
        "Kill": "SIGKILL",
        "Memory": "more memory",
        "Die": "exit code 7",
        **RAISED,
    }
    check(texts, rows, reasons)


def test_a_kill_from_outside_blames_nobody(tmp_path) -> None:
    texts = [f"good {number}" for number in range(20)]
    check(texts, outcomes(texts, KilledOnce(tmp_path / "mark")), {})
    assert (tmp_path / "mark").exists()


def test_a_function_that_loses_rows_is_found_out() -> None:
    texts = [f"good {number}" for number in range(7)]
    check(texts, outcomes(texts, Short(), workers=0), {})


def test_workers_that_cannot_start_end_the_run() -> None:
    with pytest.raises(RuntimeError, match="workers cannot be started"):
        outcomes(["good"], Unloadable())


def test_nothing_in_nothing_out() -> None:
    assert outcomes([], Faulty()) == []


SCRIPT = """
from cleaner.run import RunOptions, run
from cleaner.settings import Settings
run(["texts"], "out.parquet", settings=Settings(language=None, signals=False), options=RunOptions(workers=1, quiet=True))
"""


def test_a_script_without_a_main_guard_is_told_so_in_one_sentence(tmp_path, root) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.txt").write_text("A calm day.")
    (tmp_path / "job.py").write_text(SCRIPT)
    done = subprocess.run(
        [sys.executable, "job.py"], capture_output=True, text=True, cwd=tmp_path, check=False,
        env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.count("Traceback") == 1
    assert 'put the call below `if __name__ == "__main__":`' in done.stderr.splitlines()[-1]


def test_the_package_speaks_through_logging_and_by_default_says_nothing(
    tmp_path, root, caplog, capfd
) -> None:
    (tmp_path / "a.txt").write_bytes(bytes(range(256)) * 20)
    options = RunOptions(quiet=True, overwrite=True)
    with caplog.at_level("INFO", "cleaner"):
        run([str(tmp_path / "a.txt")], str(tmp_path / "out.parquet"), settings=Settings(), options=options)
    assert "set aside: a.txt" in caplog.text
    code = f"from tests.executors.test_local import *; run([{str(tmp_path / 'a.txt')!r}], {str(tmp_path / 'o.parquet')!r}, settings=Settings(), options=RunOptions(quiet=True))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert (done.stdout, done.stderr) == ("", "")
