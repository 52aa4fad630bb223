"""HTML: text, exactness and cost against trafilatura alone, on the development half of the page data.

Run from the checkout: `python benchmarks/pages.py [--rounds N] [--lines]`. The data lie in `htmlbench/` under
the folder that the environment variable CLEANER_SHARED names (default: `shared` beside the checkout).
Measured is body text without the headline. Costs are CPU time of this process, page batches of about a
megabyte as the command line makes them, each way in turn and in a rotating order; trust the ratios.
"""

from __future__ import annotations

import argparse
import importlib.util
import logging
import os
import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[0] = str(ROOT)  # not the folder of this file, whose name is that of a standard module

import pyarrow as pa  # noqa: E402 - after the path
import trafilatura  # noqa: E402 - after the path
import trafilatura.utils  # noqa: E402 - after the path

from cleaner import Cleaner  # noqa: E402 - after the path
from cleaner.decoding import decode  # noqa: E402 - after the path
from cleaner.extract import extract  # noqa: E402 - after the path

SHARED = Path(os.environ.get("CLEANER_SHARED", ROOT.parent / "shared"))
BATCH_BYTES = 1 << 20
PLAIN = {"include_comments": False, "deduplicate": False}
Page = tuple[str, str, bytes, str]  # key, address, page, text as people marked it
SAFE = Cleaner(level="safe", title_in_text=False, language=None, signals=False)
BALANCED = Cleaner(level="balanced", title_in_text=False, language=None, signals=False)


def alone(pages: list[Page]) -> list[str | None]:
    return [trafilatura.extract(decode(data, html=True).text, url=url, **PLAIN) for _, url, data, _ in pages]


def alone_with_metadata(pages: list[Page]) -> list[str | None]:
    options = {**PLAIN, "with_metadata": True, "output_format": "python"}
    found = [
        trafilatura.bare_extraction(decode(data, html=True).text, url=url, **options)
        for _, url, data, _ in pages
    ]
    return [each and each.text for each in found]


def extracted(pages: list[Page]) -> list[str | None]:
    return [extract(data, url=url).text for _, url, data, _ in pages]


def safe(pages: list[Page]) -> list[str | None]:
    return _cleaned(SAFE, pages)


def balanced(pages: list[Page]) -> list[str | None]:
    return _cleaned(BALANCED, pages)


def _cleaned(cleaner: Cleaner, pages: list[Page]) -> list[str | None]:
    columns = {"html": [data for _, _, data, _ in pages], "url": [url for _, url, _, _ in pages]}
    return cleaner.clean_batch(pa.RecordBatch.from_pydict(columns))["text"].to_pylist()  # type: ignore[no-any-return]


WAYS = (alone, alone_with_metadata, extracted, safe, balanced)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each way is timed")
    parser.add_argument("--lines", action="store_true", help="count what each rule took, wanted or not")
    options = parser.parse_args()
    logging.disable(logging.ERROR)
    if not (SHARED / "htmlbench" / "extract_eval.py").is_file():
        print(f"no page data under {SHARED}; set CLEANER_SHARED")
        return
    scorer = _scorer()
    pages: list[Page] = list(scorer.load_zyte("dev"))
    times, texts = _run(pages, options.rounds)
    base = times[alone.__name__]
    print(
        f"{len(pages)} pages\n{'way':22} F1     precision recall exact  empty  CPU ratio (all, median batch)"
    )
    for way in WAYS:
        found = dict(zip([page[0] for page in pages], texts[way.__name__], strict=True))
        scores, _, _ = scorer.zyte_eval(pages, found, boot=1)
        took = times[way.__name__]
        print(
            f"{way.__name__:22} {scores['f1']:.4f} {scores['precision']:.4f}    {scores['recall']:.4f} "
            f"{scores['accuracy']:.4f} {sum(not text for text in found.values()):5}  {sum(took) / sum(base):.2f}  "
            f"{statistics.median(one / other for one, other in zip(took, base, strict=True)):.2f}"
        )
    if options.lines:
        _lines(pages, scorer)


def _scorer() -> Any:
    """Load the scorer that lies beside the data."""
    place = SHARED / "htmlbench" / "extract_eval.py"
    spec = importlib.util.spec_from_file_location("extract_eval", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _run(pages: list[Page], rounds: int) -> tuple[dict[str, list[float]], dict[str, list[str | None]]]:
    """Time every way on every batch; trafilatura's caches of strings are emptied before each."""
    caches = [each for each in vars(trafilatura.utils).values() if hasattr(each, "cache_clear")]
    times: dict[str, list[float]] = {way.__name__: [] for way in WAYS}
    texts: dict[str, list[str | None]] = {}
    batches = _batches(pages)
    for way in WAYS:
        way(batches[0])
    for turn in range(rounds):
        texts = {way.__name__: [] for way in WAYS}
        for number, batch in enumerate(batches):
            first = (turn + number) % len(WAYS)
            for way in WAYS[first:] + WAYS[:first]:
                for cache in caches:
                    cache.cache_clear()
                start = time.process_time()
                texts[way.__name__] += way(batch)
                times[way.__name__].append(time.process_time() - start)
    return times, texts


def _batches(pages: list[Page]) -> list[list[Page]]:
    batches: list[list[Page]] = [[]]
    for page in pages:
        if sum(len(each[2]) for each in batches[-1]) + len(page[2]) > BATCH_BYTES and batches[-1]:
            batches.append([])
        batches[-1].append(page)
    return batches


def _lines(pages: list[Page], scorer: Any) -> None:
    """Print for each rule how many lines it took that people had not marked as text, and that they had."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for _, url, data, gold in pages:
        wanted = f" {' '.join(scorer.tokens(gold))} "
        for edit in BALANCED.clean_html(data, url=url).edits:
            for line in edit.before.split("\n") if edit.applied and edit.stage == "rules" else ():
                words = " ".join(scorer.tokens(line))
                if words:
                    (wrong if f" {words} " in wanted else right)[edit.rule] += 1
    print("\nlines taken: furniture, text")
    for rule in sorted({*right, *wrong}):
        print(f"{right[rule]:5} {wrong[rule]:5}  {rule}")


if __name__ == "__main__":
    main()
