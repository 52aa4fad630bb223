"""Ray on a simulated cluster of three nodes, one of which dies: the rows of the embedded engine."""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner import Cleaner, Settings
from cleaner.executors.child import end_child
from cleaner.executors.isolate import Limits
from cleaner.executors.ray import clean_dataset, run_ray
from cleaner.run import RunOptions, run
from tests.engines.poison import ERRORS, HANGS, KILLS, RAISES, documents, poisoned, texts, with_poison

if TYPE_CHECKING:
    from collections.abc import Iterator

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"  # has all nodes talk over the loopback interface
os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
ray = pytest.importorskip("ray", reason="the engine `ray` is not installed")
pytest.importorskip("ray.data", reason="the engine `ray` is not installed with its data library")

pytestmark = [pytest.mark.filterwarnings("ignore")]  # Ray's own
COUNT = 2_000
FURNITURE = "Sail day.\nSubscribe to get the latest posts sent to your email."


class Machines:
    """Three nodes on this machine, one CPU each; the last can be killed."""

    def __init__(self) -> None:
        from ray.cluster_utils import Cluster

        self.cluster = Cluster(
            initialize_head=True, head_node_args={"num_cpus": 1, **self._node(), "include_dashboard": False}
        )
        self.others = [self.cluster.add_node(num_cpus=1, **self._node()) for _ in range(2)]
        # Workers need to find this package and the tests, as on a real cluster by installation.
        ray.init(
            address=self.cluster.address,
            log_to_driver=False,
            runtime_env={"env_vars": {"PYTHONPATH": str(Path.cwd())}},
        )

    @staticmethod
    def _node() -> dict[str, Any]:
        return {"object_store_memory": 100 << 20}

    def kill_one(self) -> None:
        self.cluster.remove_node(self.others.pop(), allow_graceful=False)

    def end(self) -> None:
        ray.shutdown()
        self.cluster.shutdown()
        end_child()


@pytest.fixture(scope="module")
def machines() -> Iterator[Machines]:
    made = Machines()
    yield made
    made.end()


def cleaned(dataset: Any, cleaner: Any = None, **options: Any) -> pa.Table:
    """Return the rows in the order of their ids; Ray keeps none."""
    done = clean_dataset(dataset, cleaner or Cleaner(), **options)
    return pa.concat_tables(ray.get(done.to_arrow_refs())).sort_by("id")


def test_the_rows_are_those_of_the_embedded_engine(machines: Machines) -> None:
    batch = documents(COUNT)
    dataset = ray.data.from_arrow(
        [pa.Table.from_batches([batch.slice(start, 250)]) for start in range(0, COUNT, 250)]
    )

    done = cleaned(dataset)

    assert done.equals(pa.Table.from_batches([Cleaner().clean_batch(batch)]))


def test_poison_costs_only_itself(machines: Machines) -> None:
    places = {2: RAISES, 13: HANGS, 22: KILLS}
    batch = with_poison(documents(24), places)
    dataset = ray.data.from_arrow(
        [pa.Table.from_batches([batch.slice(start, 8)]) for start in range(0, 24, 8)]
    )

    done = cleaned(dataset, poisoned, isolate=Limits(seconds=2.0)).combine_chunks()

    want = pa.Table.from_batches([Cleaner().clean_batch(documents(24))])
    good = [place for place in range(24) if place not in places]
    assert done.take(good).equals(want.take(good))
    for place, text in places.items():
        assert done["error"][place].as_py().startswith(ERRORS[text])


@pytest.mark.parametrize("name", ["ray_job", "ray_dataset"])
def test_the_examples_run(
    machines: Machines, name: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    if name == "ray_job":
        (inputs / "a.txt").write_text(FURNITURE, encoding="utf-8")
    else:
        rows = {"id": ["a"], "url": ["https://site.example/a"], "text": [FURNITURE]}
        pq.write_table(pa.table(rows), inputs / "0.parquet")
    monkeypatch.setattr(sys, "argv", [name, str(inputs), str(tmp_path / "out")])

    runpy.run_path(str(root / "docs" / "examples" / f"{name}.py"), run_name="__main__")

    assert pq.read_table(tmp_path / "out")["text"].to_pylist() == ["Sail day."]


def unmarked(path: Path) -> pa.Table:
    """Return rows without `duplicate_of`, which takes one look at all of them, and `run_ray` takes none."""
    return pq.read_table(path).drop_columns(["duplicate_of"])


def test_a_machine_that_dies_costs_no_row(machines: Machines, tmp_path: Path, root: Path) -> None:
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    folders = [str(inputs), str(root / "samples")]
    for number, text in enumerate(texts(300)):
        (inputs / f"{number:03}.txt").write_text(text, encoding="utf-8")
    settings = Settings()
    run(folders, str(tmp_path / "one.parquet"), settings=settings, options=RunOptions(quiet=True, workers=0))
    seen: list[int] = []

    def on_part(totals: Any) -> None:
        if not seen:
            machines.kill_one()
        seen.append(totals.documents)

    totals = run_ray(folders, tmp_path / "parts", settings, part_bytes=8_000, on_part=on_part)

    assert len(seen) > 10
    assert sorted(node["Alive"] for node in ray.nodes()) == [False, True, True]
    assert sum(seen) == totals.documents > 300
    assert unmarked(tmp_path / "parts").equals(unmarked(tmp_path / "one.parquet"))
    names = {path.name for path in (tmp_path / "parts").iterdir() if not path.name.startswith(".")}
    assert names == {"_SUCCESS", *(f"part-{number:05}.parquet" for number in range(len(seen)))}
