"""How cost grows: with the documents, with the rules, and how it falls with a second worker.

    python benchmarks/growth.py [--documents 1000 10000 100000] [--megabytes 60]

Without language and signals. Times are CPU seconds, but for workers, where they are those of the clock; peak memory is
that of the largest process.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent))
import command
from corpus import documents

from cleaner import Cleaner
from cleaner.rules.engine import Engine
from cleaner.rules.kinds.scored import ScoredRule
from cleaner.rules.pack import built_in

ROOT = Path(__file__).resolve().parent.parent
BATCH = 300
ROUNDS = 3


def with_documents(counts: list[int]) -> None:
    """Time the batch function over more and more documents, made as they are read, each count in its own process."""
    for count in counts:
        done = subprocess.run(
            [sys.executable, __file__, "--only", str(count)], check=True, capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        print(done.stdout, end="", flush=True)


def one_count(count: int) -> None:
    """Time one count of documents, and print a line."""
    cleaner = Cleaner(language=None, signals=False)
    cleaner.clean_batch(pa.RecordBatch.from_arrays([pa.array(list(documents(BATCH, seed=2)))], ["text"]))
    spent, size, batch = 0.0, 0, []
    for text in documents(count):
        batch.append(text)
        if len(batch) == BATCH:
            size += sum(map(len, batch))
            start = time.process_time()
            cleaner.clean_batch(pa.RecordBatch.from_arrays([pa.array(batch)], ["text"]))
            spent += time.process_time() - start
            batch = []
    done = count // BATCH * BATCH
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{count:7} documents: {1e6 * spent / done:7.0f} us a document, "
        f"{size / 1e6 / spent:5.2f} M characters/s, peak {peak:.0f} MB"
    )


def with_rules(counts: list[int]) -> None:
    """Time the rule stage with more and more phrase rules; the rounds go over all sizes in turn."""
    rules = [each for each in built_in() if not isinstance(each.rule, ScoredRule)]
    step = [rules[place * len(rules) // max(counts)] for place in range(min(max(counts), len(rules)))]
    engines = {count: Engine(step[:: max(1, len(step) // count)][:count]) for count in counts}
    engines[len(built_in())] = Engine(built_in())
    texts = list(documents(900))
    parts = [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]
    seen: dict[int, list[float]] = {count: [] for count in engines}
    for number in range(ROUNDS + 1):
        for count, engine in engines.items():
            start = time.process_time()
            for part in parts:
                engine.clean(part)
            if number:
                seen[count].append(time.process_time() - start)
    size = sum(len(text.encode()) for text in texts) / 1e6
    for count, times in seen.items():
        print(f"{count:7} rules: {1000 * statistics.median(times) / size:6.1f} ms/MB")


def with_workers(megabytes: int) -> None:
    """Run the command with one and two workers, each in turn."""
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "in.parquet", Path(name) / "out.parquet"
        texts = list(documents(megabytes * 300))
        pq.write_table(pa.table({"text": texts}), source, compression="zstd", row_group_size=2000)
        size = sum(len(text.encode()) for text in texts) / 1e6
        seen: dict[int, list[command.Taken]] = {1: [], 2: []}
        for _ in range(ROUNDS):
            for workers, taken in seen.items():
                taken.append(command.clean(source, target, workers, "--no-language", "--no-signals"))
        one, two = (
            command.Taken(*map(statistics.median, zip(*taken, strict=True))) for taken in seen.values()
        )
        print(
            f"{size:.0f} MB: {one.wall:.1f} s with one worker, {two.wall:.1f} s with two: {one.wall / two.wall:.2f}x"
        )
        for taken in (one, two):
            print(
                f"CPU of the main process {taken.main:.1f} s, of workers {taken.workers:.1f} s; "
                f"peak memory {taken.main_peak:.0f} and {taken.worker_peak:.0f} MB"
            )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    asked.add_argument("--documents", type=int, nargs="*", default=[1000, 10_000, 100_000])
    asked.add_argument("--rules", type=int, nargs="*", default=[10, 100, 1000])
    asked.add_argument("--megabytes", type=int, default=60)
    asked.add_argument("--only", type=int, help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.only:
        one_count(options.only)
        return
    with_rules(options.rules)
    with_documents(options.documents)
    if options.megabytes:
        with_workers(options.megabytes)


if __name__ == "__main__":
    main()
