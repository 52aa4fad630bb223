"""Near-duplicates in a job of many parts: the rows that one machine writes, also when it is gone on with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cleaner import Settings
from cleaner.duplicates.marking import NearDuplicates
from cleaner.executors import job
from cleaner.executors.job import Job, JobOptions, run_job
from cleaner.run import RunOptions, run
from tests.duplicates.made import corpus
from tests.engines.test_parts import here

SETTINGS = Settings(signals=False, language=None)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    rows = corpus(21, 20, 40)
    for number in range(4):
        lines = [json.dumps(row) + "\n" for row in rows[number::4]]
        (folder / f"{number}.jsonl").write_text("".join(lines), "utf-8")
    return folder


def rows_of(folder: Path) -> list[dict[str, Any]]:
    return [row for path in sorted(folder.glob("*.parquet")) for row in pq.read_table(path).to_pylist()]


@pytest.mark.parametrize("reject", [False, True])
def test_the_rows_are_those_of_one_machine(
    folder: Path, tmp_path: Path, reject: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = NearDuplicates(0.7, reject)
    options = RunOptions(near_duplicates=look, quiet=True, workers=0)
    run([str(folder)], f"{tmp_path}/one/", settings=SETTINGS, options=options)
    given = JobOptions(near_duplicates=look, part_bytes=20_000, isolate=False)

    def stops(*arguments: Any) -> Any:
        if arguments[-1].part.number == 1:
            raise KeyboardInterrupt
        return placed(*arguments)

    placed = job.place_part
    with monkeypatch.context() as patch:
        patch.setattr(job, "place_part", stops)
        with pytest.raises(KeyboardInterrupt):
            run_job(Job([str(folder)], tmp_path / "many", SETTINGS, given).begin(), here)
    resumed = JobOptions(near_duplicates=look, part_bytes=20_000, isolate=False, resume=True)
    work = Job([str(folder)], tmp_path / "many", SETTINGS, resumed).begin()
    assert len(work.parts) > 2
    totals = run_job(work, here)
    assert rows_of(tmp_path / "many") == rows_of(tmp_path / "one")
    near = [row for row in rows_of(tmp_path / "many") if row["near_duplicate_of"] is not None]
    assert totals.near_duplicates is not None
    assert totals.near_duplicates > 10
    aside = tmp_path / "many.rejected.parquet"
    assert len(near) == (0 if reject else totals.near_duplicates)
    if reject:
        assert pq.read_table(aside).equals(pq.read_table(tmp_path / "one.rejected.parquet"))
    else:
        assert not aside.exists()
