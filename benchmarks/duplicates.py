"""Near-duplicates: what is found against all pairs, how the work grows, and what other tools take for the same.

    python benchmarks/duplicates.py recall [--texts FILE.jsonl] [--documents 5000]
    python benchmarks/duplicates.py growth --documents 25000 50000 100000
    python benchmarks/duplicates.py peers --documents 20000 --rounds 2

`recall` takes half of its documents from texts (drawn words, unless a file with a field `text` on each line is named)
and makes the other half from these: dates, by-lines, cut tails, typing errors, furniture, sentences in another order.
All pairs are computed from sets of words, by code of its own. `growth` and `peers` take seconds of CPU, of this process
and its children; tools that are not installed are left out.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections import Counter, defaultdict
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from cleaner import near_duplicates
from cleaner.fold import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).resolve().parent
SYLLABLES = "ba de fi go lu ma ne po ra si ta vo zu kel mon dar wes tin cho gri pla sto".split()  # noqa: SIM905 - reads best as a line


def drawn(count: int, seed: int = 5) -> list[str]:
    """Return texts of about 3 kB; a fifth are near copies of one of the last thousand."""
    draw = random.Random(seed)
    words = ["".join(draw.choices(SYLLABLES, k=draw.randint(1, 3))) for _ in range(60_000)]
    weights = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    made: list[list[str]] = []
    for _ in range(count):
        if made and draw.random() < 0.2:
            text = made[-draw.randint(1, min(len(made), 1_000))].copy()
            for _ in range(draw.randint(0, 12)):
                text[draw.randrange(len(text))] = draw.choice(words)
        else:
            text = draw.choices(words, cum_weights=weights, k=draw.randint(350, 750))
        made.append(text)
    return [re.sub(r"((?:\S+ ){80})", r"\1\n", " ".join(text)) for text in made]


def near_copy(draw: random.Random, text: str, other: str) -> str:
    """Return a text with one to four of the changes that copies in the wild have."""
    for change in draw.sample(range(7), draw.randint(1, 4)):
        words = text.split(" ")
        if change == 0:
            text = f"Posted on {draw.randint(1, 28)} March {draw.randint(2010, 2024)}\n{text}"
        elif change == 1:
            text = f"By {other[:30]}\n\n{text}"
        elif change == 2:
            text = text[: int(len(text) * draw.uniform(0.75, 0.97))]
        elif change == 3:
            for _ in range(draw.randint(1, max(1, len(words) // 60))):
                place = draw.randrange(len(words))
                words[place] = words[place][:1] + draw.choice("xyzq") + words[place][1:]
            text = " ".join(words)
        elif change == 4:
            menu = [line for line in other.split("\n") if len(line) < 80][:5] or [other[:120]]
            text = "\n".join([*menu, text, *reversed(menu)])
        elif change == 5:
            text = moved(draw, text)
        else:
            text = text.upper()
    return text


def moved(draw: random.Random, text: str) -> str:
    sentences = re.split(r"(?<=[.!?؟])\s+|\n", text)
    if len(sentences) > 3:
        place = draw.randrange(len(sentences) - 2)
        sentences[place], sentences[place + 2] = sentences[place + 2], sentences[place]
    return " ".join(sentences)


def words_of(text: str) -> list[str]:
    """Return runs of letters, marks and figures."""
    kept = "".join(char if unicodedata.category(char)[0] in "LNM" else " " for char in fold(text))
    return kept.split()


def all_pairs(texts: Sequence[str], least: float) -> dict[tuple[int, int], float]:
    """Return the similarity of all pairs of texts in spaced scripts that are as similar as that."""
    numbers: dict[tuple[str, ...], int] = {}
    sets = []
    for text in texts:
        words = words_of(text)
        runs = [tuple(words[place : place + 5]) for place in range(max(len(words) - 4, 1))] if words else []
        sets.append({numbers.setdefault(run, len(numbers)) for run in runs})
    having: dict[int, list[int]] = defaultdict(list)
    found = {}
    for number, runs_of in enumerate(sets):
        shared: Counter[int] = Counter()
        for run in runs_of:
            shared.update(having[run])
            having[run].append(number)
        for other, both in shared.items():
            similarity = both / (len(runs_of) + len(sets[other]) - both)
            if similarity >= least - 1e-9:
                found[other, number] = similarity
    return found


def recall(path: Path | None, documents: int) -> None:
    """Print what is found of all pairs."""
    draw = random.Random(20)
    base = (
        drawn(documents)
        if path is None
        else [json.loads(line)["text"] for line in path.open(encoding="utf-8")]
    )
    base = [text for text in base if 500 < len(text) < 20_000]
    draw.shuffle(base)
    half = documents // 2
    texts = base[:half]
    texts += [
        near_copy(draw, draw.choice(base[:half]), draw.choice(base[half:] or base)) for _ in range(half)
    ]
    pairs = all_pairs(texts, 0.5)
    for least in (0.9, 0.8, 0.7, 0.5):
        marks = near_duplicates(pa.table({"text": texts}), jaccard=least)
        named = marks["near_duplicate_of"].to_pylist()
        true = [pair for pair, similarity in pairs.items() if similarity >= least - 1e-9]
        missed = sum(named[one] is None and named[other] is None for one, other in true)
        marked = [(number, int(name)) for number, name in enumerate(named) if name is not None]
        wrong = sum(pairs.get((min(pair), max(pair)), 0) < least - 1e-9 for pair in marked)
        print(
            f"{least}: {len(true):,} pairs, of {missed / max(len(true), 1):.2%} both stay; {len(marked):,} marked, {wrong} of them wrongly"
        )


def cost(task: Sequence[str]) -> tuple[float, float]:
    """Return seconds of CPU and peak memory in MB of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(task, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, after.ru_maxrss / 1024


OURS = "import sys; from cleaner import near_duplicates; near_duplicates(sys.argv[1])"
DATATROVE = """
import sys
from datatrove.executor import LocalPipelineExecutor as Run
from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupFilter, MinhashDedupSignature
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.readers import ParquetReader
from datatrove.pipeline.writers import ParquetWriter
source, at = sys.argv[1:3]
config = MinhashConfig(n_grams=5, num_buckets=21, hashes_per_bucket=6)
folder, name = source.rsplit("/", 1)
read = lambda: ParquetReader(folder, glob_pattern=name, doc_progress=False)
Run([read(), MinhashDedupSignature(f"{at}/s", config=config)], tasks=1, logging_dir=f"{at}/1").run()
Run([MinhashDedupBuckets(f"{at}/s", f"{at}/b", config=config)], tasks=21, workers=1, logging_dir=f"{at}/2").run()
Run([MinhashDedupCluster(f"{at}/b", f"{at}/r", config=config)], tasks=1, logging_dir=f"{at}/3").run()
Run([read(), MinhashDedupFilter(f"{at}/r"), ParquetWriter(f"{at}/o")], tasks=1, logging_dir=f"{at}/4").run()
"""


def peers(documents: int, rounds: int, pythons: Sequence[str]) -> None:
    """Print what others take, times what we take, in rounds through all."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/in.parquet"
        texts = drawn(documents)
        pq.write_table(pa.table({"id": [str(number) for number in range(documents)], "text": texts}), path)
        taken: dict[str, list[float]] = defaultdict(list)
        for number in range(rounds):
            taken["ours"].append(cost([sys.executable, "-c", OURS, path])[0])
            for python in pythons:
                at = f"{folder}/{number}"
                try:
                    taken["datatrove"].append(cost([python, "-c", DATATROVE, path, at])[0])
                except subprocess.CalledProcessError:
                    print(f"datatrove did not run with {python}")
        for name, seconds in ((name, found) for name, found in taken.items() if found):
            best = min(seconds)
            print(
                f"{name}: {best:.1f} s of CPU, {best / documents * 1e6:.0f} us a document, {best / min(taken['ours']):.1f} times ours"
            )


def growth(sizes: Sequence[int]) -> None:
    """Print what ever more documents take."""
    for documents in sizes:
        with tempfile.TemporaryDirectory() as folder:
            path = f"{folder}/in.parquet"
            pq.write_table(pa.table({"text": drawn(documents)}), path, row_group_size=10_000)
            begun = time.perf_counter()
            seconds, memory = cost([sys.executable, "-c", OURS, path])
            print(
                f"{documents:,}: {seconds:.1f} s of CPU, {seconds / documents * 1e6:.0f} us a document, {memory:.0f} MB, {time.perf_counter() - begun:.0f} s",
                flush=True,
            )


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["recall", "growth", "peers"])
    parser.add_argument("--documents", type=int, nargs="+", default=[5_000])
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--python", action="append", help="of an environment with datatrove")
    given = parser.parse_args()
    if given.what == "recall":
        recall(given.texts, given.documents[0])
    elif given.what == "growth":
        growth(given.documents)
    else:
        peers(given.documents[0], given.rounds, given.python or [sys.executable])


if __name__ == "__main__":
    main()
