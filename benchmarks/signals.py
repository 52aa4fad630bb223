"""Signals: CPU time per megabyte, ours beside datatrove's filters on the same texts in one run.

Run from the checkout: `python benchmarks/signals.py`. datatrove is measured too where it is installed: with
the extra `bench`, or in an environment of its own (see docs/signals.md). Texts: the web pages of the language data and
the seeds under the folder that CLEANER_SHARED names (default: `shared` beside the checkout); then, ours only,
the documents of `benchmarks/corpus.py`.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]

from corpus import documents  # noqa: E402 - after the path

from cleaner import signals  # noqa: E402 - after the path
from cleaner.signals.batch import Batch  # noqa: E402
from cleaner.signals.repeats import runs_of  # noqa: E402

SHARED = Path(os.environ.get("CLEANER_SHARED", ROOT.parent / "shared"))
ROUNDS, BATCH = 5, 300


def main() -> None:
    pages = english_and_other_pages()
    if pages:
        measure("web pages", pages, datatrove_filters(pages))
    else:
        print(f"no web pages under {SHARED}; set CLEANER_SHARED")
    measure("documents of benchmarks/corpus.py", list(documents(900)), {})


def measure(name: str, texts: list[str], others: dict) -> None:
    size = sum(len(text.encode()) for text in texts) / 1e6
    print(f"{name}: {len(texts)} texts, {size:.2f} MB, {len(signals.DEFINITIONS)} signals")

    def everything() -> None:
        for start in range(0, len(texts), BATCH):
            signals.compute(texts[start : start + BATCH])

    tasks = {"all signals": everything, **families(texts), **others}
    times: dict[str, list[float]] = {task: [] for task in tasks}
    for task in tasks.values():
        task()  # tables are built and tokenisers loaded at first use
    for _ in range(ROUNDS):
        for task, run in tasks.items():
            start = time.process_time()
            run()
            times[task].append((time.process_time() - start) / size * 1000)
    ours = statistics.median(times["all signals"])
    print(f"{'':44}{'ms/MB':>9}{'ms/10 kB':>10}{'x all ours':>12}")
    for task, found in times.items():
        cost = statistics.median(found)
        print(f"{task:44}{cost:9.1f}{cost / 100:10.2f}{cost / ours:12.2f}")


def english_and_other_pages() -> list[str]:
    texts = [path.read_text(encoding="utf-8") for path in sorted((SHARED / "seeds").glob("*.txt"))]
    data = SHARED / "langbench" / "dev.jsonl.gz"
    if data.is_file():
        with gzip.open(data, "rt", encoding="utf-8") as lines:
            rows = map(json.loads, lines)
            texts += [row["text"] for row in rows if row["src"] == "webpage"]
    return texts


def families(texts: list[str]) -> dict:
    """Return the runs of words alone: nine lengths in each of two families, the numbers of the words given."""
    batches = [Batch(texts[start:end]) for start, end in signals.stretches(texts)]
    for batch in batches:
        _ = batch.plain

    def runs() -> None:
        for batch in batches:
            for each in (batch, batch.plain):
                for known in ("first_seen", "characters_before"):  # are kept otherwise
                    vars(each).pop(known, None)
            runs_of(batch, greedy=True)
            runs_of(batch.plain, greedy=False)

    return {"  runs of 2-10 words, both families (18 x n)": runs}


def datatrove_filters(texts: list[str]) -> dict:
    if importlib.util.find_spec("datatrove") is None:
        return {}
    from datatrove.data import Document
    from datatrove.pipeline import filters

    documents = [Document(text=text, id=str(index)) for index, text in enumerate(texts)]

    def task(kind: type):
        def run() -> None:
            one = kind()
            for document in documents:
                one.filter(Document(text=document.text, id=document.id))

        return run

    chosen = (
        filters.GopherQualityFilter,
        filters.GopherRepetitionFilter,
        filters.FineWebQualityFilter,
        filters.C4QualityFilter,
    )
    return {f"datatrove {kind.__name__}": task(kind) for kind in chosen}


if __name__ == "__main__":
    main()
