"""How fast cleaning is, and beside what: everything on the same texts, interleaved in one run.

    python benchmarks/speed.py [--documents 3000] [--rounds 3] [--data FILE_OR_FOLDER] [--megabytes 60] [--chart speed.png]

CPU seconds of this process, medians over the rounds; these are ratios to trust, not absolute numbers,
unless nothing else runs on the machine. Peers that are not installed are left out with a message. The last table
is of the command itself, with one and two workers, on a corpus of so many megabytes.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent))
import command
import peers
from corpus import documents

from cleaner import Cleaner
from cleaner.decoding import decode
from cleaner.duplicates.exact import Duplicates
from cleaner.io.parquet import ParquetOutput
from cleaner.io.reading import read_batches
from cleaner.io.sources import find_sources
from cleaner.record import Row, record_batch
from cleaner.repair import repair
from cleaner.rules.engine import Engine
from cleaner.rules.kinds.line import BoundaryRule, LineRule, SequenceRule
from cleaner.rules.kinds.scored import ScoredRule
from cleaner.rules.kinds.span import SpanRule
from cleaner.rules.pack import built_in
from cleaner.rules.table import LineTable
from cleaner.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from cleaner.rules.pack import LoadedRule

BATCH = 300  # documents, about a megabyte
_WORDS = (LineRule, SequenceRule, SpanRule, BoundaryRule)


def texts_of(data: Path) -> Iterator[str]:
    """Yield the texts of a file or of all files in a folder, whatever their format."""
    for batch in read_batches(find_sources([str(data)]).sources, 1 << 20):
        for text, raw in zip(batch["text"].to_pylist(), batch["data"].to_pylist(), strict=True):
            if text or raw:
                yield text or decode(raw).text


def chunks(texts: Sequence[str]) -> list[list[str]]:
    return [list(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]


def whole(source: Path, target: Path, **options: object) -> Callable[[], None]:
    """Parquet in, Parquet out, with everything between."""
    cleaner = Cleaner(**options)

    def run() -> None:
        with ParquetOutput(target, {}) as output:  # the row groups of the command
            for batch in pq.ParquetFile(source).iter_batches(BATCH):
                output.write(cleaner.clean_batch(batch))

    return run


def ceiling(source: Path, target: Path) -> Callable[[], None]:
    """Read and write the same Parquet without doing anything."""

    def run() -> None:
        with pq.ParquetWriter(target, pa.schema([("text", pa.string())]), compression="zstd") as writer:
            for batch in pq.ParquetFile(source).iter_batches(BATCH):
                writer.write_batch(batch)

    return run


def stages(texts: Sequence[str], source: Path, folder: Path) -> dict[str, Callable[[], object]]:
    """Return each stage alone."""
    from cleaner.language import identify_shares
    from cleaner.signals import compute

    parts = chunks(texts)
    coded = [text.encode() for text in texts]
    sources = find_sources([str(source)]).sources
    rows = [[Row(text=text, chars_in=len(text), chars_out=len(text)) for text in part] for part in parts]
    cleaner = Cleaner(language=None, signals=False)
    results = [cleaner.clean_batch(pa.RecordBatch.from_arrays([pa.array(part)], ["text"])) for part in parts]

    def duplicates() -> None:
        with Duplicates() as seen:
            for result in results:
                seen.marked(result)

    def write() -> None:
        with ParquetOutput(folder / "written.parquet", {}) as output:
            for result in results:
                output.write(result)

    return {
        "read": lambda: list(read_batches(sources, 1 << 20)),
        "decode": lambda: [decode(data) for data in coded],
        "repair": lambda: [repair(part) for part in parts],
        **rule_stages(parts),
        "duplicates": duplicates,
        "language, with shares": lambda: [identify_shares(part) for part in parts],
        "signals, once": lambda: [compute(part) for part in parts],
        "record": lambda: [record_batch(part) for part in rows],
        "write": write,
    }


def rule_stages(parts: Sequence[Sequence[str]]) -> dict[str, Callable[[], object]]:
    """Return all rules together, and those of a sort alone; each has the table of lines in it."""

    def stage(fits: Callable[[LoadedRule], bool]) -> Callable[[], object]:
        engine = Engine([loaded for loaded in built_in() if fits(loaded)])
        return lambda: [engine.clean(part) for part in parts]

    engine = Settings().engine()
    few = [text for part in parts for text in part][::20]
    return {
        "lines table": lambda: [LineTable.of(part) for part in parts],
        "rules, with the table": lambda: [engine.clean(part) for part in parts],
        "  words of lines": stage(lambda loaded: isinstance(loaded.rule, _WORDS)),
        "  structure": stage(lambda loaded: not isinstance(loaded.rule, (*_WORDS, ScoredRule))),
        "  line model": stage(lambda loaded: isinstance(loaded.rule, ScoredRule)),
        "rules, one document at a time (every 20th)": lambda: [engine.clean([text]) for text in few],
    }


def measure(tasks: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Return the median CPU seconds of each task; the rounds go over all tasks in turn."""
    seen: dict[str, list[float]] = {name: [] for name in tasks}
    for number in range(rounds + 1):
        for name, task in tasks.items():
            gc.collect()
            start = time.process_time()
            task()
            if number:  # the first round warms up
                seen[name].append(time.process_time() - start)
    return {name: statistics.median(times) for name, times in seen.items()}


def compared(texts: Sequence[str], folder: Path, rounds: int) -> dict[str, float]:
    """Return MB/s of one core of everything, each stage and each peer."""
    source, target = folder / "in.parquet", folder / "out.parquet"
    pq.write_table(pa.table({"text": texts}), source, compression="zstd", row_group_size=2000)
    few = texts[::20]
    bare = {"language": None, "signals": False}
    tasks: dict[str, Callable[[], object]] = {
        "everything": whole(source, target),
        "without language and signals": whole(source, target, **bare),
        "the same at balanced": whole(source, target, level="balanced", **bare),
        "ceiling: read and write": ceiling(source, target),
        **stages(texts, source, folder),
        **peers.loops(texts, chunks(texts)),
        **peers.pages(few),
        **peers.alone(few),
        **peers.datatrove(few),
    }
    gc.collect()
    gc.freeze()  # as the workers do
    size, part = (sum(len(text.encode()) for text in each) / 1e6 for each in (texts, few))
    found = measure(tasks, rounds)
    return {name: (part if "every 20th" in name else size) / seconds for name, seconds in found.items()}


def walls(texts: Sequence[str], folder: Path, rounds: int) -> None:
    """Run the command with one and two workers, each in turn, with and without language and signals."""
    source, target = folder / "corpus.parquet", folder / "cleaned.parquet"
    pq.write_table(pa.table({"text": texts}), source, compression="zstd", row_group_size=2000)
    size = sum(len(text.encode()) for text in texts) / 1e6
    ways = {"everything": (), "without language and signals": ("--no-language", "--no-signals")}
    print(
        f"\nthe command on {size:.0f} MB, medians of {rounds}; CPU seconds; peak of the main process and of a worker"
    )
    for way, options in ways.items():
        seen: dict[int, list[command.Taken]] = {1: [], 2: []}
        for _ in range(rounds):
            for workers, taken in seen.items():
                taken.append(command.clean(source, target, workers, *options))
        middle = {
            workers: command.Taken(*map(statistics.median, zip(*taken, strict=True)))
            for workers, taken in seen.items()
        }
        for workers, took in middle.items():
            cpu = took.main + took.workers
            print(
                f"{way:30} {workers} workers: {took.wall:6.1f} s, {size / took.wall:6.2f} MB/s; CPU {took.main:5.1f} + "
                f"{took.workers:5.1f}, {size / cpu:5.2f} MB/s; {took.main_peak:4.0f} and {took.worker_peak:4.0f} MB"
            )
        print(f"{way:30} two workers are {middle[1].wall / middle[2].wall:.2f} times as fast as one")


def one_by_one(texts: Sequence[str], rounds: int) -> None:
    """Print what `clean(text)` costs for a text of about 1.3 kB, everything on, and without language."""
    text = "\n".join(texts)[:1300]
    for name, cleaner in {"": Cleaner(), ", without language": Cleaner(language=None)}.items():
        cleaner.clean(text)
        seen = []
        for _ in range(rounds * 20):
            start = time.process_time()
            cleaner.clean(text)
            seen.append(time.process_time() - start)
        print(f"clean(text) of 1.3 kB{name}: {1000 * statistics.median(seen):.2f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--data", type=Path, help="a file or folder to read, instead of a generated corpus")
    parser.add_argument(
        "--dirty", type=float, default=0.5, help="share of generated documents with furniture"
    )
    parser.add_argument(
        "--broken", type=float, default=0.03, help="share of generated documents with mojibake"
    )
    parser.add_argument(
        "--megabytes", type=int, default=60, help="of the runs with workers; 0 leaves them out"
    )
    parser.add_argument("--tempting", action="store_true", help="generate sentences that tempt the rules")
    parser.add_argument("--chart", type=Path, help="also draw the table as a PNG")
    options = parser.parse_args()

    def made(count: int) -> list[str]:
        if options.data:
            return list(islice(texts_of(options.data), count))
        rates = {name: getattr(options, name) for name in ("dirty", "broken", "tempting")}
        return list(documents(count, **rates))

    texts = made(options.documents)
    size = sum(len(text.encode()) for text in texts) / 1e6
    print(
        f"{len(texts)} documents, {size:.1f} MB, {len(built_in())} rules; CPU time of one core, median of {options.rounds}"
    )
    with tempfile.TemporaryDirectory() as name:
        report = compared(texts, Path(name), options.rounds)
        for what, speed in report.items():
            print(
                f"{what:44} {speed:9.2f} MB/s {1000 / speed:9.1f} ms/MB {speed * len(texts) / size:10.0f} documents/s"
            )
        loop = report["line rules, over batches"] / report["line rules, tuned loop"]
        share = report["without language and signals"] / report["ceiling: read and write"]
        print(f"over batches {loop:.1f} times the tuned loop; {share:.1%} of the ceiling")
        filters = sum(1 / speed for what, speed in report.items() if "Filter" in what)
        print(f"datatrove's filters take {filters * report['signals, once']:.0f} times what all signals take")
        one_by_one(texts, options.rounds)
        if options.megabytes:
            walls(made(int(options.megabytes * len(texts) / size)), Path(name), options.rounds)
    if options.chart:
        draw(report, options.chart)


def draw(report: dict[str, float], path: Path) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    names = list(report)[::-1]
    figure, axes = plt.subplots(figsize=(9, 0.4 * len(names) + 1))
    bars = axes.barh(names, [report[name] for name in names], color="#3b6ea5")
    axes.set_xscale("log")
    axes.set_xlabel("MB/s on one core (logarithmic)")
    axes.bar_label(bars, fmt="%.1f", padding=3)
    figure.tight_layout()
    figure.savefig(path, dpi=120)


if __name__ == "__main__":
    main()
