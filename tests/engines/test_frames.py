"""Hugging Face datasets, and the examples for frames: each runs as a user would run it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from cleaner import Cleaner
from cleaner.executors.child import end_child
from cleaner.executors.hf import Mapped
from cleaner.executors.isolate import Limits
from tests.engines.poison import ERRORS, KILLS, RAISES, documents, poisoned, with_poison

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _no_child_left() -> Iterator[None]:
    yield
    end_child()


@pytest.mark.parametrize("name", ["polars", "duckdb", "pandas", "datasets"])
def test_the_examples_run(name: str, root: Path) -> None:
    pytest.importorskip(name, reason=f"{name} is not installed")
    script = root / "docs" / "examples" / f"with_{name}.py"
    environment = {**os.environ, "PYTHONPATH": str(root), "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Sail day." in done.stdout
    assert "Subscribe" not in done.stdout


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("form", "processes"), [(None, None), ("arrow", None), ("arrow", 2)])
def test_a_dataset_has_the_rows_of_the_embedded_engine(
    form: str | None, processes: int | None, tmp_path: Path
) -> None:
    datasets = pytest.importorskip("datasets", reason="datasets is not installed")
    batch = documents(2_000)
    dataset = datasets.Dataset(pa.Table.from_batches([batch])).with_format(form)

    done = dataset.map(
        Mapped(Cleaner()), batched=True, num_proc=processes, cache_file_name=str(tmp_path / "cache.arrow")
    )

    assert done.with_format(None).to_list() == Cleaner().clean_batch(batch).to_pylist()


@pytest.mark.filterwarnings("ignore")
def test_poison_costs_only_itself_in_processes_of_a_dataset(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets", reason="datasets is not installed")
    places = {2: RAISES, 9: KILLS}
    dataset = datasets.Dataset(pa.Table.from_batches([with_poison(documents(12), places)])).with_format(
        "arrow"
    )

    done = dataset.map(
        Mapped(poisoned, isolate=Limits(seconds=20)), batched=True, num_proc=2,
        cache_file_name=str(tmp_path / "cache.arrow"),
    ).with_format(None).to_list()  # fmt: skip

    want = Cleaner().clean_batch(documents(12)).to_pylist()
    for place, row in enumerate(done):
        assert row["error"] == ERRORS[places[place]] if place in places else row == want[place]


def test_columns_by_name_and_tables_give_the_same() -> None:
    batch = with_poison(documents(12), {4: KILLS})
    mapped = Mapped(poisoned, isolate=Limits(seconds=20))

    table = mapped(pa.Table.from_batches([batch]))

    assert mapped(batch.to_pydict()).select(table.schema.names[:-1]) == table.select(table.schema.names[:-1])
    assert table["error"].to_pylist() == [None] * 4 + [ERRORS[KILLS]] + [None] * 7
