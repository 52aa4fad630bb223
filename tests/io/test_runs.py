"""Whole runs: resumed after a kill, interrupted, on a full disk, with any number of workers."""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cleaner.cli import main
from cleaner.io.groups import Sizes
from cleaner.run import RunOptions, run
from cleaner.settings import Settings
from tests.io.corpus import cleaned

SMALL = Sizes(group_rows=40)
POINTS = int(os.environ.get("CLEANER_KILL_POINTS", "10"))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Make files of several formats, with damage, duplicates and a document that raises."""
    folder = tmp_path / "in"
    folder.mkdir()
    lines = [json.dumps({"id": f"j{n}", "text": f"line {n % 150} " + "x" * (n % 70)}) for n in range(200)]
    lines[60] = "{broken"
    lines[90] = json.dumps({"id": "bad", "text": "Raise"})
    (folder / "b.jsonl").write_text("\n".join(lines))
    (folder / "a.csv").write_text("id,text\n" + "".join(f"c{n},cell {n}\n" for n in range(70)) + "torn\n")
    for number in range(30):
        (folder / f"c{number:02}.txt").write_text(f"text {number}")
    return folder


def driven(root: Path, **given: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.executors.driver", json.dumps(given)],
        cwd=root, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def contents(output: Path) -> dict[str, bytes]:
    paths = sorted(output.rglob("*")) if output.is_dir() else [output]
    found = {path.relative_to(output).as_posix(): path.read_bytes() for path in paths if path.is_file()}
    beside = output.with_name(output.name.split(".")[0] + ".quarantine.parquet")
    return {**found, "quarantine": beside.read_bytes()}


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.name.startswith(".")]


@pytest.mark.parametrize(
    ("name", "options"),
    [("out.parquet", {}), ("out.jsonl.zst", {}), ("out", {"rows_per_file": 70}), ("out", {"rows_per_file": 90, "partition_by": "site"})],
)  # fmt: skip
def test_a_run_that_was_killed_ends_with_the_same_bytes(tmp_path, root, corpus, name, options) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "killed").mkdir()
    options = {"workers": 0, "quiet": True, **options}
    given = {"inputs": [str(corpus)], "options": options}
    whole = driven(root, output=str(tmp_path / "whole" / name), **given)
    assert whole.returncode == 1, whole.stderr
    expected = contents(tmp_path / "whole" / name)
    calls = int(whole.stdout)
    chance = random.Random(name + str(options))
    for _ in range(max(1, POINTS // 4)):
        shutil.rmtree(tmp_path / "killed")
        (tmp_path / "killed").mkdir()
        output = tmp_path / "killed" / name
        kill_at = chance.randrange(1, calls)
        killed = driven(root, output=str(output), kill_at=kill_at, **given)
        assert killed.returncode == -signal.SIGKILL
        again = driven(root, output=str(output), **{**given, "options": {**options, "resume": True}})
        if again.returncode == 0 and not leftovers(output.parent):  # it was complete when it was killed
            assert "complete already" in again.stderr or options["quiet"]
        else:
            assert again.returncode == 1, (kill_at, again.stderr)
        assert contents(output) == expected, kill_at
        assert leftovers(output.parent) == []


def test_finished_parts_are_not_done_again(tmp_path, root, corpus) -> None:
    given = {"inputs": [str(corpus)], "output": str(tmp_path / "out.parquet")}
    options = {"workers": 0, "quiet": True}
    calls = int(driven(root, **given, options=options).stdout)
    (tmp_path / "out.parquet").unlink()
    assert driven(root, **given, options=options, kill_at=calls * 8 // 10).returncode == -signal.SIGKILL
    parts = sorted((tmp_path / ".out.parquet.cleaner").glob("part-*.parquet"))
    assert parts
    before = [(path, path.stat().st_mtime_ns) for path in parts]
    rest = driven(root, **given, options={**options, "resume": True}, kill_at=calls * 7 // 10)
    if rest.returncode == -signal.SIGKILL:
        assert [(path, path.stat().st_mtime_ns) for path, _ in before] == before
    else:
        assert int(rest.stdout) < calls


def test_a_kill_with_workers_leaves_no_process_and_resumes(tmp_path, root, corpus) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    (corpus / "b2.jsonl").write_text('{"id": "w", "text": "Wait here"}\n')
    given = {"inputs": [str(corpus)], "output": str(tmp_path / "out.parquet"), "fifo": str(fifo)}
    options = {"workers": 2, "quiet": True}
    running = subprocess.Popen([sys.executable, "-m", "tests.executors.driver", json.dumps({**given, "options": options})], cwd=root)  # fmt: skip
    assert fifo.read_text() == "here"
    workers = _children(running.pid)
    assert len(workers) >= 2
    handles = [os.pidfd_open(pid) for pid in workers]
    running.kill()
    running.wait()
    for handle in handles:
        assert select.select([handle], [], [], 30)[0], "a worker outlived its parent"
        os.close(handle)
    fifo.unlink()
    rest = driven(root, **given, options={**options, "resume": True})
    assert rest.returncode == 1, rest.stderr
    whole = driven(root, inputs=[str(corpus)], output=str(tmp_path / "whole.parquet"), options={"workers": 0, "quiet": True}, fifo=str(fifo))  # fmt: skip
    assert whole.returncode == 1
    assert (tmp_path / "out.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()


@pytest.mark.parametrize("with_workers", [0, 2])
def test_ctrl_c_keeps_what_is_finished_and_says_how_to_go_on(tmp_path, root, corpus, with_workers) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    (corpus / "c20.txt").write_text("Wait here")
    given = {"inputs": [str(corpus)], "output": str(tmp_path / "out.parquet"), "fifo": str(fifo)}
    options = {"workers": with_workers}
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.executors.driver", json.dumps({**given, "options": options})],
        cwd=root, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    assert fifo.read_text() == "here"
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does
    _, errors = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "interrupted: " in errors
    assert "--resume" in errors
    assert "Traceback" not in errors
    if with_workers == 0:
        assert "interrupted: 280 finished documents are kept" in errors
        parts = sorted((tmp_path / ".out.parquet.cleaner").glob("part-*.parquet"))
        assert [pq.read_table(part).num_rows for part in parts] == [40] * 7
    fifo.unlink()
    rest = driven(root, **given, options={**options, "resume": True})
    assert rest.returncode == 1, rest.stderr
    ids = pq.read_table(tmp_path / "out.parquet")["id"].to_pylist()
    assert len(ids) == len(set(ids)) == 301


def test_workers_killed_from_outside_blame_nobody(tmp_path, root, corpus) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    (corpus / "c20.txt").write_text("Wait here")
    given = {"inputs": [str(corpus)], "output": str(tmp_path / "out.parquet"), "fifo": str(fifo)}
    running = subprocess.Popen(
        [sys.executable, "-m", "tests.executors.driver", json.dumps({**given, "options": {"workers": 2, "quiet": True}})], cwd=root
    )  # fmt: skip
    assert fifo.read_text() == "here"
    fifo.unlink()
    for pid in _children(running.pid):
        os.kill(pid, signal.SIGKILL)
    assert running.wait(timeout=60) == 1
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert len(rows) == 301
    assert [row["error"] is None for row in rows].count(False) == 3
    assert next(row for row in rows if row["id"] == "c20.txt")["text"] == "WAIT HERE"


def _children(pid: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                command = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if int(fields[1]) == pid and b"spawn_main" in command:
                found.append(int(entry.name))
    return found


def test_a_full_disk_keeps_what_is_finished(tmp_path, root, corpus) -> None:
    code = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv.pop(1)), -1));"
        "from tests.executors.driver import main; sys.exit(main())"
    )
    given = {
        "inputs": [str(corpus)],
        "output": str(tmp_path / "out.parquet"),
        "options": {"workers": 0, "quiet": True},
    }
    whole = driven(root, **given)
    assert whole.returncode == 1
    expected = contents(tmp_path / "out.parquet")
    (tmp_path / "out.parquet").unlink()
    part = len(expected["."]) // 2
    full = subprocess.run(
        [sys.executable, "-c", code, str(part), json.dumps(given)],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert full.returncode == 3, full.stderr
    assert "cannot be written: " in full.stderr
    assert "finished documents are kept" in full.stderr
    assert "--resume" in full.stderr
    assert "Traceback" not in full.stderr
    given["options"]["resume"] = True
    assert driven(root, **given).returncode == 1
    assert contents(tmp_path / "out.parquet") == expected


def _interrupted(tmp_path, root, corpus) -> dict[str, object]:
    given = {"inputs": [str(corpus)], "output": str(tmp_path / "out.parquet")}
    calls = int(driven(root, **given, options={"workers": 0, "quiet": True}).stdout)
    (tmp_path / "out.parquet").unlink()
    driven(root, **given, options={"workers": 0, "quiet": True}, kill_at=calls * 8 // 10)
    assert (tmp_path / ".out.parquet.cleaner").is_dir()
    return given


def test_what_changed_refuses_to_resume(tmp_path, root, corpus) -> None:
    given = _interrupted(tmp_path, root, corpus)
    once = driven(root, **given, options={"workers": 0})
    assert once.returncode == 2
    assert "give --resume to go on, or --overwrite" in once.stderr
    other = driven(root, **given, options={"resume": True, "partition_by": None, "format": "txt"})
    assert other.returncode == 2
    assert 'cannot resume: reading was {"format":null' in other.stderr
    (corpus / "c05.txt").write_text("something else")
    other = driven(root, **given, options={"resume": True})
    assert other.returncode == 2
    assert "c05.txt was changed" in other.stderr
    (corpus / "c05.txt").unlink()
    other = driven(root, **given, options={"resume": True})
    assert "c05.txt was added or removed" in other.stderr
    over = driven(root, **given, options={"overwrite": True})
    assert over.returncode == 1
    assert leftovers(tmp_path) == []


def test_an_output_has_one_writer(tmp_path, root, corpus) -> None:
    import fcntl

    given = _interrupted(tmp_path, root, corpus)
    with (tmp_path / ".out.parquet.cleaner" / "lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = driven(root, **given, options={"resume": True})
    assert second.returncode == 2
    assert "another run is writing this output" in second.stderr


def test_workers_and_batches_change_no_byte(tmp_path, corpus) -> None:
    outputs = []
    for workers, batch_bytes in ((0, 1 << 20), (0, 700), (1, 5000), (2, 2000)):
        output = tmp_path / f"{workers}-{batch_bytes}"
        output.mkdir()
        cleaned(
            corpus,
            output=output / "out.parquet",
            code=1,
            workers=workers,
            batch_bytes=batch_bytes,
            sizes=SMALL,
        )
        outputs.append(contents(output / "out.parquet"))
    assert all(output == outputs[0] for output in outputs)


def test_the_order_of_files_on_the_disk_changes_no_byte(tmp_path, corpus) -> None:
    names = [path.name for path in corpus.iterdir()]
    random.Random(1).shuffle(names)
    cleaned(corpus, output=tmp_path / "a.parquet", code=1)
    moved = tmp_path / "moved"
    moved.mkdir()
    for name in names:
        shutil.copy(corpus / name, moved / name)
    shutil.rmtree(corpus)
    moved.rename(corpus)
    cleaned(corpus, output=tmp_path / "b.parquet", code=1)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_the_log_is_json(tmp_path, corpus, capsys) -> None:
    cleaned(corpus, output=tmp_path / "out.parquet", code=1, quiet=False, log_json=True)
    events = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [event["event"] for event in events] == ["start", "end"]
    assert events[-1]["documents"] == 301
    assert events[-1]["quarantined"] == 3
    assert events[-1]["outcome"] == "done"
    assert events[-1]["output"] == str(tmp_path / "out.parquet")
    assert events[-1]["rules"] == {}  # the batch function of these tests makes no edits


def test_the_log_ends_with_counts_by_rule(tmp_path, capsys) -> None:
    (tmp_path / "a.txt").write_text("Sail day.\nSubscribe to get the latest posts sent to your email.")
    options = RunOptions(log_json=True, workers=0)
    assert (
        run([str(tmp_path / "a.txt")], str(tmp_path / "out.parquet"), settings=Settings(), options=options)
        == 0
    )
    end = json.loads(capsys.readouterr().err.splitlines()[-1])
    assert sum(each["edits"] for each in end["rules"].values()) == 1


def test_the_help_shows_sections_and_examples(capsys) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    text = capsys.readouterr().out
    for part in ("Cleaning:", "Input:", "Output:", "Running:", "Examples:", "--resume", "Exit codes"):
        assert part in text
