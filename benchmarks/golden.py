"""The golden run: the batch engine against the slow reference, document by document.

    python benchmarks/golden.py [--documents 2000] [--level safe] [--data corpus.parquet]

The reference (tests.oracles.engine.py) asks every rule about every line and builds the text anew after each pass,
about 45 ms a document. Compared are the text, the headline and which rules removed something; and every byte of the
edits between batches of 300 documents and batches of one. Ends with 1 at the first difference.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from corpus import documents

from cleaner import restore_document
from cleaner.repair import repair
from cleaner.settings import Settings
from tests.oracles.engine import reference

BATCH = 300


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    asked.add_argument("--documents", type=int, default=2000)
    asked.add_argument("--level", default="safe", choices=("safe", "balanced", "strict"))
    asked.add_argument("--data", type=Path, help="a Parquet file with a column `text`")
    options = asked.parse_args()
    raw = (
        pq.read_table(options.data, columns=["text"])["text"].to_pylist()[: options.documents]
        if options.data
        else [*documents(options.documents // 2, tempting=True), *documents(options.documents // 2)]
    )
    engine = Settings(level=options.level).engine()
    edits = 0
    for start in range(0, len(raw), BATCH):
        texts = [each.text for each in repair(raw[start : start + BATCH])]
        for place, (text, fast) in enumerate(zip(texts, engine.clean(texts), strict=True), start):
            slow, alone = reference(engine, text), engine.clean([text])[0]
            applied = Counter(edit.rule for edit in fast.edits if edit.applied)
            # A line that is trimmed and then dropped is two steps for the reference, and one edit in the end.
            invented = applied - Counter(name for name, _ in slow.removed)
            same = (fast.text, fast.title) == (slow.text, slow.title) and not invented
            if not same or alone != fast or restore_document(fast.text, fast.edits) != text:
                sys.exit(f"document {place} differs:\n{fast}\n{slow}\n{alone}")
            edits += len(fast.edits)
    print(f"{len(raw)} documents at {options.level}, {edits} edits: no difference")


if __name__ == "__main__":
    main()
