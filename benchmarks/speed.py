"""How fast cleaning is, and beside what: everything on the same texts, interleaved in one run.

    python benchmarks/speed.py [--documents 3000] [--rounds 3] [--data corpus.parquet] [--chart speed.png]

CPU seconds of this process, medians over the rounds; these are ratios to trust, not absolute numbers,
unless nothing else runs on the machine. Peers that are not installed are left out with a message.
"""

from __future__ import annotations

import argparse
import gc
import re
import statistics
import sys
import tempfile
import time
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent))
from corpus import documents

from cleaner import Cleaner
from cleaner.io.durable import parquet_file
from cleaner.record import Row, record_batch
from cleaner.repair import repair
from cleaner.rules.pack import built_in
from cleaner.rules.table import LineTable
from cleaner.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BATCH = 300  # documents, about a megabyte


def chunks(texts: Sequence[str]) -> list[list[str]]:
    return [list(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]


def whole(texts: Sequence[str], folder: Path, **options: object) -> Callable[[], None]:
    """Parquet in, Parquet out, with everything between."""
    source, target = folder / "in.parquet", folder / "out.parquet"
    pq.write_table(pa.table({"text": list(texts)}), source, compression="zstd")
    cleaner = Cleaner(**options)

    def run() -> None:
        results = map(cleaner.clean_batch, pq.ParquetFile(source).iter_batches(BATCH))
        first = next(results)
        with parquet_file(target, first.schema) as writer:
            for result in chain([first], results):
                writer.write_batch(result)

    return run


def ceiling(texts: Sequence[str], folder: Path) -> Callable[[], None]:
    """Read and write the same Parquet without doing anything."""
    source, target = folder / "in.parquet", folder / "copy.parquet"

    def run() -> None:
        with pq.ParquetWriter(target, pa.schema([("text", pa.string())]), compression="zstd") as writer:
            for batch in pq.ParquetFile(source).iter_batches(BATCH):
                writer.write_batch(batch)

    del texts
    return run


def stages(texts: Sequence[str]) -> dict[str, Callable[[], object]]:
    from cleaner.language import identify_shares
    from cleaner.signals import compute

    engine = Settings().engine()
    parts = chunks(texts)
    rows = [[Row(text=text, chars_in=len(text), chars_out=len(text)) for text in part] for part in parts]
    return {
        "repair": lambda: [repair(part) for part in parts],
        "lines table": lambda: [LineTable.of(part) for part in parts],
        "rules, with the table": lambda: [engine.clean(part) for part in parts],
        "language": lambda: [identify_shares(part) for part in parts],
        "signals, once": lambda: [compute(part) for part in parts],
        "record": lambda: [record_batch(part) for part in rows],
    }


def plain_loop(texts: Sequence[str]) -> Callable[[], object]:
    """Do what people write first: every pattern of the packs as one alternation, line by line."""
    patterns = [getattr(loaded.rule, "regex", None) for loaded in built_in()]
    joined = re.compile(
        "|".join(f"(?:{p})" for p in patterns if p and r"\p" not in p and "(?<" not in p), re.IGNORECASE
    )

    def run() -> object:
        return [
            "\n".join(line for line in text.split("\n") if not joined.fullmatch(line.strip()))
            for text in texts
        ]

    return run


def peers(texts: Sequence[str]) -> dict[str, Callable[[], object]]:
    found: dict[str, Callable[[], object]] = {"plain loop with re, phrases only": plain_loop(texts)}
    few = texts[: max(1, len(texts) // 20)]
    engine = Settings().engine()
    found["rules, one document at a time (every 20th)"] = lambda: [engine.clean([text]) for text in few]
    try:
        import ftfy

        found["ftfy (every 20th)"] = lambda: [ftfy.fix_text(text) for text in few]
        import langdetect

        langdetect.DetectorFactory.seed = 0
        found["langdetect (every 20th)"] = lambda: [langdetect.detect(text) for text in few]
    except ImportError as error:
        print(f"left out: {error}")
    try:
        from datatrove.data import Document
        from datatrove.pipeline.filters import (
            FineWebQualityFilter,
            GopherQualityFilter,
            GopherRepetitionFilter,
        )

        filters = [GopherRepetitionFilter(), GopherQualityFilter(), FineWebQualityFilter()]
        found["datatrove Gopher + FineWeb (every 20th)"] = lambda: [
            [each.filter(Document(text=text, id="x")) for each in filters] for text in few
        ]
    except ImportError as error:
        print(f"left out: {error}")
    return found


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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=3000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--data", type=Path, help="a Parquet file with a column `text`, instead of a generated corpus"
    )
    parser.add_argument("--chart", type=Path, help="also draw the table as a PNG")
    options = parser.parse_args()
    texts = (
        pq.read_table(options.data)["text"].to_pylist()[: options.documents]
        if options.data
        else list(documents(options.documents))
    )
    size = sum(len(text.encode()) for text in texts) / 1e6
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tasks: dict[str, Callable[[], object]] = {
            "everything": whole(texts, folder),
            "without language and signals": whole(texts, folder, language=None, signals=False),
            "at balanced, without language and signals": whole(
                texts, folder, language=None, signals=False, level="balanced"
            ),
            "ceiling: read and write": ceiling(texts, folder),
            **stages(texts),
            **peers(texts),
        }
        gc.collect()
        gc.freeze()  # as the workers do
        found = measure(tasks, options.rounds)
    report = {name: size / (20 if "every 20th" in name else 1) / seconds for name, seconds in found.items()}
    print(
        f"{len(texts)} documents, {size:.1f} MB, {len(built_in())} rules; CPU time of one core, median of {options.rounds}"
    )
    for name, speed in report.items():
        print(
            f"{name:44} {speed:9.2f} MB/s {1000 / speed:9.1f} ms/MB {speed * len(texts) / size:10.0f} documents/s"
        )
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
