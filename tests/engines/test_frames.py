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
from tests.engines.poison import ERRORS, KILLS, documents, poisoned, with_poison

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
@pytest.mark.parametrize("form", [None, "arrow"])
def test_a_dataset_has_the_rows_of_the_embedded_engine(form: str | None, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets", reason="datasets is not installed")
    batch = documents(2_000)
    dataset = datasets.Dataset(pa.Table.from_batches([batch])).with_format(form)

    done = dataset.map(Mapped(Cleaner()), batched=True, cache_file_name=str(tmp_path / "cache.arrow"))

    assert done.with_format(None).to_list() == Cleaner().clean_batch(batch).to_pylist()


def test_columns_by_name_and_tables_give_the_same() -> None:
    batch = with_poison(documents(12), {4: KILLS})
    mapped = Mapped(poisoned, isolate=Limits(seconds=20))

    table = mapped(pa.Table.from_batches([batch]))

    assert mapped(batch.to_pydict()).select(table.schema.names[:-1]) == table.select(table.schema.names[:-1])
    assert table["error"].to_pylist() == [None] * 4 + [ERRORS[KILLS]] + [None] * 7
