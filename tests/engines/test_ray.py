"""Ray on a simulated cluster of three nodes, one of which dies: the rows of the embedded engine."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner import Cleaner, Settings, cluster
from cleaner.cli import main
from cleaner.executors.child import end_child
from cleaner.executors.isolate import Limits
from cleaner.executors.ray import clean_dataset, connected
from cleaner.learning import learn, sketched
from cleaner.memory.finish import finished
from cleaner.memory.sketch import Sketch
from cleaner.report.progress import Silent
from cleaner.run import RunOptions, run
from tests.engines.poison import ERRORS, HANGS, KILLS, RAISES, documents, poisoned, texts, with_poison
from tests.io.conftest import s3  # noqa: F401 - a fixture
from tests.memory.corpus import corpus

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


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make files of which one is larger than a part, with duplicates and what cannot be cleaned."""
    folder = tmp_path_factory.mktemp("inputs")
    for number, text in enumerate([*texts(100), *texts(20)]):
        (folder / f"{number:03}.txt").write_text(text, encoding="utf-8")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    lines = [json.dumps({"text": text}) for text in [*texts(120, seed=3), RAISES, "One line.", KILLS]]
    (folder / "lines.jsonl").write_text("\n".join([*lines[:50], "{broken", *lines[50:]]), encoding="utf-8")
    table = pa.table({"id": [f"row-{number}" for number in range(90)], "text": texts(90, seed=4)})
    pq.write_table(table, folder / "table.parquet", row_group_size=10)
    return folder


def beside(output: Path, kind: str) -> pa.Table:
    return pq.read_table(output.with_name(f"{output.name}.{kind}.parquet"))


def clean(*arguments: object, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    return stop.value.code, capsys.readouterr().err


def test_the_command_does_what_it_does_on_one_machine(
    machines: Machines, inputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ("--level", "balanced", "--languages", "en,de", "--profile", "fineweb", "--reject", "--no-edits")
    one, many = tmp_path / "one", tmp_path / "many"
    want = clean(inputs, "-o", f"{one}/", *given, "--workers", 1, capsys=capsys)

    got = clean(inputs, "-o", f"{many}/", *given, "--engine", "ray", "--part-size", "8kB", capsys=capsys)

    assert got[0] == want[0] == 1
    assert got[1].replace(str(many), str(one)) == want[1]
    assert len(list(many.iterdir())) > 10
    assert pq.read_table(many).equals(pq.read_table(one))
    for kind in ("quarantine", "rejected"):
        assert beside(many, kind).equals(beside(one, kind))
    assert clean(inputs, "-o", f"{many}/", "--engine", "ray", capsys=capsys)[0] == 2
    assert (
        "complete already" in clean(inputs, "-o", f"{many}/", "--engine", "ray", "--resume", capsys=capsys)[1]
    )


def test_an_interrupted_command_goes_on(
    machines: Machines,
    inputs: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Impatient(Silent):
        def update(self, summary: Any, bytes_read: int, current: str) -> None:
            if summary.documents > 100:
                raise KeyboardInterrupt

    given = (inputs, "-o", f"{tmp_path}/many/", "--no-signals", "--engine", "ray", "--part-size", "8kB")
    with monkeypatch.context() as patched:
        patched.setattr(cluster, "progress_of", lambda **_: Impatient())
        code, errors = clean(*given, capsys=capsys)
    assert (code, "go on" in errors) == (130, True)
    assert list((tmp_path / "many").iterdir()) == []

    code, errors = clean(*given, "--resume", "--log-json", capsys=capsys)

    events = [json.loads(line) for line in errors.splitlines() if line.startswith("{")]
    assert code == 1
    assert events[0]["documents_resumed"] > 100
    clean(inputs, "-o", f"{tmp_path}/one/", "--no-signals", "-q", capsys=capsys)
    assert pq.read_table(tmp_path / "many").equals(pq.read_table(tmp_path / "one"))
    assert events[-1]["documents"] == pq.read_table(tmp_path / "one").num_rows


def test_a_machine_that_dies_costs_no_row(
    machines: Machines, inputs: Path, tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two documents raise and kill their process at that; the inputs come by address."""
    folders = [inputs.as_uri(), str(root / "samples")]
    one, many = tmp_path / "one", tmp_path / "many"
    options = RunOptions(quiet=True, workers=1, part_bytes=8_000)
    seen: list[int] = []

    class Deadly(Silent):
        def update(self, summary: Any, bytes_read: int, current: str) -> None:
            if not seen:
                machines.kill_one()
            seen.append(summary.documents)

    monkeypatch.setattr(cluster, "progress_of", lambda **_: Deadly())
    code = cluster.run(
        folders, str(many), settings=Settings(), options=replace(options, workers=None), clean=poisoned
    )
    assert run(folders, str(one), settings=Settings(), options=options, clean=poisoned) == code == 1

    assert len(seen) > 10
    assert pq.read_table(many).equals(pq.read_table(one))
    assert {ERRORS[RAISES], ERRORS[KILLS]} < set(pq.read_table(many)["error"].to_pylist())
    assert (
        beside(many, "quarantine")
        .drop_columns("traceback")
        .equals(beside(one, "quarantine").drop_columns("traceback"))
    )
    for kind in ("many", "one"):
        traces = beside(tmp_path / kind, "quarantine")["traceback"].to_pylist()
        assert sum("bad document" in (trace or "") for trace in traces) == 1


@pytest.fixture
def addressed(inputs: Path, request: pytest.FixtureRequest) -> str:
    """Return the address of inputs on an S3 server; where there is none to be had, of the files here."""
    if not all(map(find_spec, ("s3fs", "moto"))):
        return inputs.as_uri()
    store = request.getfixturevalue("s3")
    store.mkdir("shelf")
    for name in ("lines.jsonl", "table.parquet"):
        store.pipe(f"shelf/{name}", (inputs / name).read_bytes())
    return "s3://shelf"


def test_the_command_starts_ray_where_none_runs(
    inputs: Path, tmp_path: Path, root: Path, addressed: str
) -> None:
    """In a process of its own, as this one is connected; large files at an address are read in stretches."""
    names = ("lines.jsonl", "table.parquet")
    command = [sys.executable, "-m", "cleaner", *(f"{addressed}/{name}" for name in names)]
    given = [
        "-o",
        f"{tmp_path}/many/",
        "--no-signals",
        "--part-size",
        "8kB",
        "--engine",
        "ray",
        "--workers",
        "2",
    ]
    done = subprocess.run([*command, *given], capture_output=True, text=True, check=False, cwd=root)
    assert done.returncode == 1, done.stderr
    assert "could not be cleaned" in done.stderr
    assert len(list((tmp_path / "many").iterdir())) > 4

    options = RunOptions(quiet=True, workers=0)
    run(
        [str(inputs / name) for name in names],
        str(tmp_path / "one"),
        settings=Settings(signals=False),
        options=options,
    )
    rows, want = (pq.read_table(tmp_path / name) for name in ("many", "one"))
    assert rows.drop_columns("source").equals(want.drop_columns("source"))
    assert set(rows["source"].to_pylist()) == {f"{addressed}/{name}" for name in names}


def test_the_machines_learn_the_memory_of_one(machines: Machines, tmp_path: Path) -> None:
    for part in range(3):
        rows = [{"text": text, "site": site} for text, site in corpus(60)[part::3]]
        (tmp_path / f"{part}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    with Sketch() as sketch, connected() as each:
        sketched(sketch, [str(tmp_path)], each=each)
        finished(sketch.counts()).save(tmp_path / "ray.parquet")
    learn([str(tmp_path / f"{part}.jsonl") for part in range(3)]).save(tmp_path / "here.parquet")
    assert (tmp_path / "ray.parquet").read_bytes() == (tmp_path / "here.parquet").read_bytes()
