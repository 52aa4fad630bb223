"""Outputs at addresses: the same files as on the disk, whole or not there, and runs that are gone on with."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from cleaner.io.errors import InputError, OutputError
from cleaner.io.groups import Sizes
from cleaner.run import RunOptions, run
from cleaner.settings import Settings
from tests.executors.faults import Faulty
from tests.io.corpus import cleaned

OUTPUTS = [
    ("out.parquet", {}),
    ("out.jsonl.zst", {}),
    ("out/", {"rows_per_file": 30}),
    ("deep/out/", {"rows_per_file": 40, "partition_by": "site"}),
]
USUAL = {"sizes": Sizes(group_rows=20), "batch_bytes": 2000, "workers": 0}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Write 100 documents; one of them is damaged, one raises."""
    rows = [json.dumps({"id": str(n), "text": f"text {n % 80}", "site": f"site{n % 3}"}) for n in range(100)]
    rows[40], rows[70] = "{broken", json.dumps({"id": "bad", "text": "Raise"})
    (tmp_path / "in.jsonl").write_text("\n".join(rows))
    return tmp_path / "in.jsonl"


@pytest.fixture
def rooms(tmp_path: Path, monkeypatch) -> Path:
    """The place of temporary folders."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    return tmp_path / "tmp"


@pytest.fixture
def memory():
    """An empty store."""
    fsspec = pytest.importorskip("fsspec", reason='pip install "scraped-text-cleaner[remote]"')
    store = fsspec.filesystem("memory")
    store.store.clear()
    store.pseudo_dirs[:] = [""]
    yield store
    store.store.clear()


def on_disk(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def in_store(store, folder: str) -> dict[str, bytes]:
    return {path.removeprefix(f"{folder}/"): store.cat_file(path) for path in store.find(folder)}


def expected(
    tmp_path: Path, corpus: Path, name: str, options: dict, clean: Faulty | None = None
) -> dict[str, bytes]:
    """Return the files that the same run leaves on the disk."""
    folder = tmp_path / "expected"
    (folder / name).parent.mkdir(parents=True)
    go(corpus, f"{folder}/{name}", clean or Faulty(), quiet=True, **options)
    return on_disk(folder)


def go(corpus: Path, output: str, clean: Faulty, **options: object) -> int:
    given = RunOptions(**USUAL, **options)
    return run([str(corpus)], output, settings=Settings(), options=given, clean=clean)


class InterruptedAt(Faulty):
    """Is interrupted when it sees a document."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.seen: list[str] = []

    def __call__(self, batch):
        self.seen += batch["id"].to_pylist()
        if self.name in batch["id"].to_pylist():
            raise KeyboardInterrupt
        return super().__call__(batch)


@pytest.mark.parametrize(("name", "options"), OUTPUTS)
def test_a_store_gets_the_files_that_the_disk_would(tmp_path, corpus, rooms, memory, name, options) -> None:
    wanted = expected(tmp_path, corpus, name, options)
    cleaned(corpus, output=f"memory://bucket/{name}", code=1, **USUAL, **options)
    assert in_store(memory, "/bucket") == wanted
    assert list(rooms.iterdir()) == []
    with pytest.raises(InputError, match=f"memory://bucket/{name} (exists|is not empty): give --overwrite"):
        cleaned(corpus, output=f"memory://bucket/{name}", **USUAL, **options)
    memory.pipe(f"/bucket/{name}part-00077.parquet", b"of an older output")
    cleaned(corpus, output=f"memory://bucket/{name}", code=1, overwrite=True, **USUAL, **options)
    if name.endswith("/"):
        assert in_store(memory, "/bucket") == wanted
    # What was set aside is still set aside, so the run ends as the first one did.
    assert cleaned(corpus, output=f"memory://bucket/{name}", code=1, resume=True, **USUAL, **options) == []


@pytest.mark.parametrize(("name", "options"), OUTPUTS)
def test_an_interrupted_run_goes_on_from_the_store_alone(
    tmp_path, corpus, rooms, memory, capsys, name, options
) -> None:
    wanted = expected(tmp_path, corpus, name, options, InterruptedAt("none"))
    address = f"memory://bucket/{name}"
    assert go(corpus, address, InterruptedAt("90"), **options) == 130
    assert "finished documents are kept; run the same command with --resume" in capsys.readouterr().err
    assert list(rooms.iterdir()) == []
    finished = {path: data for path, data in in_store(memory, "/bucket").items() if ".cleaner/" not in path}
    assert all(wanted[path] == data for path, data in finished.items())
    assert bool(finished) == name.endswith("/")
    with pytest.raises(InputError, match=f"an unfinished run of {address} is there: give --resume"):
        go(corpus, address, Faulty(), **options)
    again = InterruptedAt("none")
    assert go(corpus, address, again, resume=True, quiet=True, **options) == 1
    assert len(again.seen) < 70
    assert in_store(memory, "/bucket") == wanted
    assert list(rooms.iterdir()) == []


def test_what_changed_refuses_to_resume(tmp_path, corpus, rooms, memory) -> None:
    assert go(corpus, "memory://bucket/out/", InterruptedAt("90"), quiet=True) == 130
    with pytest.raises(InputError, match="cannot resume: reading was"):
        cleaned(corpus, output="memory://bucket/out/", resume=True, format="txt", **USUAL)
    assert list(rooms.iterdir()) == []
    cleaned(corpus, output="memory://bucket/out/", overwrite=True, code=1, **USUAL)
    assert not memory.exists("/bucket/.out.cleaner")


def test_a_store_that_fails_keeps_what_it_has(tmp_path, corpus, rooms, memory, monkeypatch) -> None:
    wanted = expected(tmp_path, corpus, "out/", {"rows_per_file": 30})
    put = type(memory).put_file
    tries = []

    def failing(self, local, there, **options):
        tries.append(there)
        if there.endswith("part-00002.parquet"):
            raise RuntimeError("the store is full")
        return put(self, local, there, **options)

    with monkeypatch.context() as patch:
        patch.setattr(type(memory), "put_file", failing)
        with pytest.raises(
            OutputError, match=r"memory://bucket/out/ cannot be written: the store is full; .* --resume"
        ):
            cleaned(corpus, output="memory://bucket/out/", rows_per_file=30, **USUAL)
    assert set(memory.find("/bucket/out")) == {f"/bucket/out/part-0000{n}.parquet" for n in range(2)}
    cleaned(corpus, output="memory://bucket/out/", rows_per_file=30, resume=True, code=1, **USUAL)
    assert in_store(memory, "/bucket") == wanted


def test_a_file_that_arrives_cut_off_is_found_out(corpus, rooms, memory, monkeypatch) -> None:
    def cut(self, local, there, **options):
        self.pipe_file(there, Path(local).read_bytes()[:-1])

    monkeypatch.setattr(type(memory), "put_file", cut)
    with pytest.raises(OutputError, match="bytes arrived"):
        cleaned(corpus, output="memory://bucket/out.parquet", **USUAL)


def test_where_files_grow_in_sight_they_get_their_names_by_a_rename(
    tmp_path, corpus, rooms, monkeypatch
) -> None:
    local = pytest.importorskip(
        "fsspec.implementations.local", reason='pip install "scraped-text-cleaner[remote]"'
    )
    wanted = expected(tmp_path, corpus, "out/", {"rows_per_file": 30})
    put = local.LocalFileSystem.put_file
    names = []

    def watched(self, path, there, **options):
        names.append(Path(there).name)
        return put(self, path, there, **options)

    monkeypatch.setattr(local.LocalFileSystem, "put_file", watched)
    (tmp_path / "shared").mkdir()
    cleaned(corpus, output=f"local://{tmp_path}/shared/out/", rows_per_file=30, code=1, **USUAL)
    assert on_disk(tmp_path / "shared") == wanted
    assert all(name.startswith(".") and name.endswith(".partial") for name in names)


def test_an_address_of_the_disk_is_a_path(tmp_path, corpus) -> None:
    cleaned(corpus, output=f"file://{tmp_path}/out.parquet", code=1, **USUAL)
    assert pq.read_metadata(tmp_path / "out.parquet").num_rows == 100


def test_an_output_among_the_inputs_is_no_input(corpus, rooms, memory) -> None:
    memory.pipe("/bucket/in.jsonl", corpus.read_bytes())
    for _ in range(2):
        cleaned("memory://bucket", output="memory://bucket/out/", overwrite=True, code=1, **USUAL)
        (part,) = memory.find("/bucket/out")
        assert pq.read_metadata(memory.open(part)).num_rows == 100


@pytest.mark.parametrize(
    ("output", "options", "message"),
    [
        ("https://example.org/out.parquet", {}, "can be read, but not written"),
        ("memory://out/", {}, "name a file or a folder inside, as in -o memory://out/out/"),
        ("memory://bucket/out.xml", {}, "the suffix names no format"),
        ("memory://bucket/out.parquet", {"rows_per_file": 5}, "--rows-per-file is for folders"),
        (
            "memory://bucket/out.parquet",
            {"report": Path("r.html")},
            "--report reads the output from the disk",
        ),
        ("memory://bucket/full/", {"overwrite": True}, "holds files of others, such as mine.txt"),
        ("nothing://bucket/out.parquet", {}, "Protocol not known"),
    ],
)
def test_addresses_that_cannot_be_written(corpus, rooms, memory, output, options, message) -> None:
    memory.pipe("/bucket/full/mine.txt", b"mine")
    with pytest.raises(InputError, match=message):
        cleaned(corpus, output=output, **options)
    assert memory.cat_file("/bucket/full/mine.txt") == b"mine"
    assert list(rooms.iterdir()) == []


def driven(root: Path, **given: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.executors.driver", json.dumps(given)],
        cwd=root, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


@pytest.mark.filterwarnings("ignore")
def test_s3_after_a_kill(tmp_path, root, corpus, s3, rooms, monkeypatch) -> None:
    monkeypatch.setenv("TMPDIR", str(rooms))  # a killed process leaves its temporary folder behind
    given = {
        "inputs": [str(corpus)],
        "options": {"workers": 0, "quiet": True, "rows_per_file": 30},
        "group_rows": 20,
    }
    given["output"] = "s3://bucket/out/"
    with pytest.raises(
        InputError, match="s3://bucket/out/ cannot be reached: The specified bucket does not exist"
    ):
        cleaned(corpus, output=given["output"])
    s3.mkdir("bucket")
    whole = driven(root, **given)
    assert (whole.returncode, whole.stderr) == (1, "")
    wanted = expected(tmp_path, corpus, "out/", {"rows_per_file": 30})
    s3.invalidate_cache()
    assert in_store(s3, "bucket") == wanted
    s3.rm("bucket/out", recursive=True)
    s3.rm("bucket/out.quarantine.parquet")
    killed = driven(root, **given, kill_at=int(whole.stdout) * 7 // 10)
    assert killed.returncode == -signal.SIGKILL
    s3.invalidate_cache()
    assert s3.exists("bucket/.out.cleaner/config.json")
    again = driven(root, **{**given, "options": {**given["options"], "resume": True}})
    assert (again.returncode, again.stderr) == (1, "")
    s3.invalidate_cache()
    assert in_store(s3, "bucket") == wanted
