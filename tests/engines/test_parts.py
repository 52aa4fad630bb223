"""Parts of a job: the rows of one machine, whole files only, resumed by finished parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from cleaner import Cleaner, Settings
from cleaner.executors.parts import Job, PartTotals, clean_part, total
from cleaner.io.errors import InputError
from cleaner.run import RunOptions, run
from tests.engines.poison import texts

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa

SETTINGS = Settings(language=None, signals=False)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inputs")
    for number, text in enumerate(texts(60)):
        path = folder / f"shelf{number % 3}" / f"{number:03}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    return folder


@pytest.fixture
def function() -> object:
    return Cleaner(SETTINGS).clean_batch


def rows(folder: Path) -> pa.Table:
    return pq.read_table(folder)


def test_the_parts_hold_the_rows_and_metadata_of_the_one_file(
    inputs: Path, tmp_path: Path, function: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(inputs.parent)
    options = RunOptions(quiet=True, workers=0)
    run([inputs.name], str(tmp_path / "one.parquet"), settings=SETTINGS, options=options)
    job = Job([inputs.name], tmp_path / "parts", SETTINGS, part_bytes=2_000)
    todo = job.begin()
    counts = [clean_part(part, function) for part in reversed(todo)]
    done = job.finish(counts)

    one = pq.read_table(tmp_path / "one.parquet")
    assert len(todo) > 3
    parts = rows(tmp_path / "parts")
    assert parts.drop_columns("duplicate_of").equals(
        one.drop_columns("duplicate_of")
    )  # parts know nothing of each other
    assert (tmp_path / "parts" / "_SUCCESS").exists()
    assert done == total(counts) == PartTotals(61, 1, _sum(one["chars_in"]), _sum(one["chars_out"]))
    for part in todo:
        assert (
            pq.read_schema(tmp_path / "parts" / part.name).metadata
            == pq.read_schema(tmp_path / "one.parquet").metadata
        )


def _sum(column: pa.ChunkedArray) -> int:
    return sum(value or 0 for value in column.to_pylist())


def test_a_failed_part_leaves_nothing_that_a_reader_would_take(
    inputs: Path, tmp_path: Path, function: object
) -> None:
    job = Job([str(inputs)], tmp_path / "parts", SETTINGS, part_bytes=4_000)
    first, second, *_ = job.begin()
    clean_part(first, function)

    def failing(batch: pa.RecordBatch) -> pa.RecordBatch:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        clean_part(second, failing)
    assert [path.name for path in (tmp_path / "parts").iterdir() if not path.name.startswith((".", "_"))] == [
        first.name
    ]
    assert rows(tmp_path / "parts").equals(pq.read_table(tmp_path / "parts" / first.name))


def test_a_resumed_job_cleans_only_what_is_left(inputs: Path, tmp_path: Path, function: object) -> None:
    job = Job([str(inputs)], tmp_path / "parts", SETTINGS, part_bytes=4_000)
    todo = job.begin()
    for part in todo[:2]:
        clean_part(part, function)
    before = (tmp_path / "parts" / todo[0].name).stat().st_mtime_ns

    again = Job([str(inputs)], tmp_path / "parts", SETTINGS, part_bytes=4_000)
    left = again.begin(resume=True)
    assert left == todo[2:]
    assert again.finish([clean_part(part, function) for part in left]).documents == 61
    assert (tmp_path / "parts" / todo[0].name).stat().st_mtime_ns == before


def test_a_job_mixes_nothing_and_overwrites_only_its_own(
    inputs: Path, tmp_path: Path, function: object
) -> None:
    folder = tmp_path / "parts"
    job = Job([str(inputs)], folder, SETTINGS)
    for part in job.begin():
        clean_part(part, function)
    with pytest.raises(InputError, match="not empty"):
        job.begin()
    other = Job([str(inputs)], folder, Settings(level="strict", language=None, signals=False))
    with pytest.raises(InputError, match="other inputs or settings"):
        other.begin(resume=True)
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"notes\.txt"):
        other.begin(overwrite=True)
    (folder / "notes.txt").unlink()
    assert other.begin(overwrite=True) == other.parts
    assert not list(folder.glob("part-*"))


def test_standard_input_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="standard input"):
        Job(["-"], tmp_path / "parts", SETTINGS)
