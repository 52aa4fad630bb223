"""The engines on the same corpus: start-up, cost of a MB beside the bare function, peak memory.

Run `python benchmarks/engines.py [ENGINE]... [--mb SMALL LARGE] [--rounds N]` in an environment with the
engines that are wanted; without names, all that are installed. Each engine cleans a small and a large corpus in
a process of its own; rounds go through all engines, and what is told are medians. Two points give a line: where it begins is start-up, its slope the cost of a MB. CPU is that of
all processes an engine starts, sampled from /proc (Linux); memory is their peak PSS, which counts shared
pages once. Elapsed times are worth little on a machine that others use; CPU a MB is what to compare.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import pyarrow as pa  # noqa: E402 - as below
import pyarrow.parquet as pq  # noqa: E402 - the checkout comes first, installed or not

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MARK = "CLEANER_BENCHMARK"
FILES = 8
CPUS = 2
TICKS = os.sysconf("SC_CLK_TCK")


def corpus(folder: Path, megabytes: float) -> None:
    """Write documents as text files and as Parquet: texts of the tests, some of their lines left out."""
    texts = [path.read_text("utf-8").split("\n") for path in sorted((ROOT / "tests/labelled").glob("*.txt"))]
    chance = random.Random(1)
    rows: list[dict[str, str]] = []
    held = 0
    while held < megabytes * 1e6:
        share = chance.uniform(0.6, 1.0)
        text = "\n".join(line for line in chance.choice(texts) if chance.random() < share)
        rows.append({"id": f"{len(rows):07}.txt", "text": text})
        held += len(text.encode())
    (folder / "txt").mkdir(parents=True)
    (folder / "parquet").mkdir()
    for row in rows:
        (folder / "txt" / row["id"]).write_text(row["text"], "utf-8")
    size = -(-len(rows) // FILES)
    for number in range(FILES):
        table = pa.Table.from_pylist(rows[number * size : (number + 1) * size])
        pq.write_table(table, folder / "parquet" / f"{number}.parquet")


def bare(folder: Path, _: Path) -> None:
    """Run the function alone, in one process, and write nothing."""
    from cleaner import Cleaner

    _each(Cleaner().clean_batch, folder)


def isolated(folder: Path, _: Path) -> None:
    """Run the function in a child process, as engines do."""
    from cleaner import Cleaner
    from cleaner.executors.isolate import batch_function

    _each(batch_function(Cleaner()), folder)


def _each(function: Callable[[pa.RecordBatch], pa.RecordBatch], folder: Path) -> None:
    from cleaner.executors.pieces import cleaned_batches

    for path in sorted((folder / "parquet").iterdir()):
        for _ in cleaned_batches(function, pq.read_table(path)):
            pass


def embedded(folder: Path, out: Path) -> None:
    """Run the command of one machine."""
    subprocess.run(
        [
            sys.executable,
            "-m",
            "cleaner",
            folder / "txt",
            "-o",
            out / "out.parquet",
            "--workers",
            str(CPUS),
            "-q",
        ],
        check=True,
    )


def ray_parts(folder: Path, out: Path) -> None:
    """Clean files to parts on Ray."""
    from cleaner import Settings
    from cleaner.executors.job import JobOptions
    from cleaner.executors.ray import run_ray

    _start_ray()
    size = sum(path.stat().st_size for path in (folder / "txt").iterdir())
    run_ray([str(folder / "txt")], out / "parts", Settings(), JobOptions(part_bytes=-(-size // FILES)))


def ray_dataset(folder: Path, out: Path) -> None:
    """Clean a Ray dataset and write it as Parquet."""
    import ray

    from cleaner import Cleaner
    from cleaner.executors.ray import clean_dataset

    _start_ray()
    clean_dataset(ray.data.read_parquet(str(folder / "parquet")), Cleaner()).write_parquet(str(out / "parts"))


def _start_ray() -> None:
    import ray

    ray.init(num_cpus=CPUS, object_store_memory=200 << 20, include_dashboard=False, log_to_driver=False)


def spark(folder: Path, out: Path) -> None:
    """Clean a Spark DataFrame and write it as Parquet."""
    from pyspark.sql import SparkSession

    from cleaner import Cleaner
    from cleaner.executors.spark import clean_dataframe

    session = (
        SparkSession.builder.master(f"local[{CPUS}]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.files.maxPartitionBytes", "1m")
        .getOrCreate()
    )
    clean_dataframe(session.read.parquet(str(folder / "parquet")), Cleaner()).write.parquet(
        str(out / "parts")
    )
    session.stop()


ENGINES: dict[str, tuple[Callable[[Path, Path], None], str | None]] = {
    "bare": (bare, None),
    "isolated": (isolated, None),
    "embedded": (embedded, None),
    "ray_parts": (ray_parts, "ray"),
    "ray_dataset": (ray_dataset, "ray"),
    "spark": (spark, "pyspark"),
}


class Cost(NamedTuple):
    """Seconds elapsed, seconds of CPU, MB of memory at the peak."""

    elapsed: float
    cpu: float
    memory: float


class Watch(threading.Thread):
    """Looks at all processes that carry a mark in their environment, twice a second."""

    def __init__(self, mark: str) -> None:
        super().__init__(daemon=True)
        self._mark = f"{MARK}={mark}".encode()
        self._strangers: set[int] = set()
        self._ended = threading.Event()
        self.cpu: dict[int, float] = {}
        self.memory = 0.0

    def run(self) -> None:
        """Look until it is over."""
        while not self._ended.wait(0.5):
            self.memory = max(self.memory, sum(self._look(pid) for pid in list(self._ours())))

    def end(self) -> None:
        """Stop looking."""
        self._ended.set()
        self.join()

    def _ours(self) -> Iterator[int]:
        for name in [path.name for path in Path("/proc").iterdir()]:
            if name.isdigit() and int(name) not in self._strangers:
                try:
                    ours = self._mark in Path("/proc", name, "environ").read_bytes().split(b"\0")
                except OSError:
                    continue
                if ours:
                    yield int(name)

    def _look(self, pid: int) -> float:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
            self.cpu[pid] = (int(fields[11]) + int(fields[12])) / TICKS
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text("utf-8")
            return (
                next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1000
            )
        except (OSError, StopIteration):
            return 0.0


def measured(name: str, folder: Path) -> Cost:
    mark = os.urandom(8).hex()
    environment = {
        **os.environ,
        MARK: mark,
        "PYTHONPATH": str(ROOT),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0",
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",
    }
    with tempfile.TemporaryDirectory() as out:
        watch = Watch(mark)
        watch.start()
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, __file__, "--one", name, str(folder), out],
            check=True,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL if not os.environ.get("LOUD") else None,
        )
        elapsed = time.perf_counter() - start
        watch.end()
    return Cost(elapsed, sum(watch.cpu.values()), watch.memory)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("engines", nargs="*", metavar="ENGINE", help=", ".join(ENGINES))
    parser.add_argument("--mb", nargs=2, type=float, default=(2.0, 10.0))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        name, folder, out = options.one
        ENGINES[name][0](Path(folder), Path(out))
        return
    with tempfile.TemporaryDirectory() as place:
        folders = [Path(place, str(size)) for size in options.mb]
        for folder, size in zip(folders, options.mb, strict=True):
            corpus(folder, size)
        known = [name for name in options.engines or list(ENGINES) if _is_here(name)]
        costs: dict[str, list[tuple[Cost, Cost]]] = {name: [] for name in known}
        for _ in range(options.rounds):
            for name in known:
                small, large = (measured(name, folder) for folder in folders)
                costs[name].append((small, large))
                print(name, small, large, flush=True)
        report(costs, options.mb)


def _is_here(name: str) -> bool:
    needed = ENGINES[name][1]
    if needed is None or importlib.util.find_spec(needed) is not None:
        return True
    print(f"{name}: {needed} is not installed")
    return False


def report(costs: dict[str, list[tuple[Cost, Cost]]], sizes: list[float]) -> None:
    slopes = {
        name: [(large.cpu - small.cpu) / (sizes[1] - sizes[0]) for small, large in rounds]
        for name, rounds in costs.items()
    }
    rows: list[dict[str, Any]] = []
    for name, rounds in costs.items():
        slope = median(slopes[name])
        starts = [small.cpu - each * sizes[0] for (small, _), each in zip(rounds, slopes[name], strict=True)]
        ratios = [ours / bare for ours, bare in zip(slopes[name], slopes.get("bare", ()), strict=False)]
        rows.append(
            {
                "engine": name,
                "start-up, s of CPU": round(median(starts), 1),
                "s of CPU a MB": round(slope, 3),
                "times bare": round(median(ratios), 2) if ratios else None,
                f"elapsed at {sizes[0]:g} MB, s": round(median(small.elapsed for small, _ in rounds), 1),
                f"elapsed at {sizes[1]:g} MB, s": round(median(large.elapsed for _, large in rounds), 1),
                "peak memory, MB": round(max(cost.memory for pair in rounds for cost in pair)),
            }
        )
    print("\n| " + " | ".join(rows[0]) + " |\n|" + "---|" * len(rows[0]))
    for row in rows:
        print("| " + " | ".join(map(str, row.values())) + " |")


if __name__ == "__main__":
    main()
