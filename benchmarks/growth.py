"""How cost grows: with the documents, with the rules, and how it falls with a second worker.

    python benchmarks/growth.py [--documents 1000 10000 100000] [--megabytes 60]

Without language and signals. Times are CPU seconds, but for workers, where they are those of the clock; peak memory is
that of the largest process.
"""

from __future__ import annotations

import argparse
import json
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
from corpus import documents

from cleaner import Cleaner
from cleaner.rules.engine import Engine
from cleaner.rules.kinds.evidence import EvidenceRule
from cleaner.rules.pack import built_in

ROOT = Path(__file__).resolve().parent.parent
BATCH = 300
ROUNDS = 3


def with_documents(counts: list[int]) -> None:
    """Time the batch function over more and more documents, made as they are read."""
    cleaner = Cleaner(language=None, signals=False)
    for count in counts:
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
        print(
            f"{count:7} documents: {1e6 * spent / done:7.0f} us a document, {size / 1e6 / spent:5.2f} M characters/s"
        )


def with_rules(counts: list[int]) -> None:
    """Time the rule stage with more and more phrase rules; the rounds go over all sizes in turn."""
    rules = [each for each in built_in() if not isinstance(each.rule, EvidenceRule)]
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
        texts = list(documents(megabytes * 430))
        pq.write_table(pa.table({"text": texts}), source, compression="zstd", row_group_size=2000)
        size = sum(len(text.encode()) for text in texts) / 1e6
        seen: dict[int, list[float]] = {1: [], 2: []}
        for _ in range(ROUNDS):
            for workers, times in seen.items():
                command = [sys.executable, "-m", "cleaner", str(source), "-o", str(target), "--overwrite"]
                command += ["--workers", str(workers), "--no-language", "--no-signals"]
                start = time.perf_counter()
                subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
                times.append(time.perf_counter() - start)
        one, two = (statistics.median(times) for times in seen.values())
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(
            f"{size:.0f} MB: {one:.1f} s with one worker, {two:.1f} s with two: {one / two:.2f}x; peak {peak:.0f} MB"
        )
        print(json.dumps({"one": seen[1], "two": seen[2]}))


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    asked.add_argument("--documents", type=int, nargs="*", default=[1000, 10_000, 100_000])
    asked.add_argument("--rules", type=int, nargs="*", default=[10, 100, 1000])
    asked.add_argument("--megabytes", type=int, default=60)
    options = asked.parse_args()
    with_rules(options.rules)
    with_documents(options.documents)
    if options.megabytes:
        with_workers(options.megabytes)


if __name__ == "__main__":
    main()
