"""Read the labelled lines that benchmarks and fits are measured on; they are not part of the project."""

from __future__ import annotations

import gzip
import json
import os
import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent


class Labelled(NamedTuple):
    """A document line by line; labels are `keep`, `drop` or `ambiguous`."""

    page: str
    source: str
    lines: list[str]
    labels: list[str]
    url: str | None = None


def shared() -> Path | None:
    """Return the folder of the line benchmark, or None where it is absent."""
    folder = Path(os.environ.get("CLEANER_SHARED", ROOT.parent / "shared")) / "linebench"
    return folder if (folder / "dev").is_dir() else None


def group_of(source: str) -> str:
    if source in ("negative", "labelled"):
        return source
    if source.startswith("turkuq") or re.match(r"wac-..-traf", source):
        return "manual"
    return "residual" if source.endswith("-traf") else "fulldump"


def load(tests: Path | None = None) -> list[Labelled]:
    """Return the documents of the benchmark and, of the folder `tests`, the negative and the labelled set."""
    documents = []
    folder = shared()
    for path in sorted((folder / "dev").glob("*.jsonl.gz")) if folder else ():
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for row in map(json.loads, file):
                pairs = [
                    (" ".join(line["text"].split("\n")), line["label"])
                    for line in row["lines"]
                    if line["text"].strip()
                ]
                documents.append(
                    Labelled(
                        row["id"],
                        row["source"],
                        [line for line, _ in pairs],
                        [label for _, label in pairs],
                        row.get("url"),
                    )
                )
    for path in sorted((tests / "negative").glob("*.txt")) if tests else ():
        lines = [line for line in path.read_text("utf-8").split("\n") if line.strip()]
        documents.append(Labelled(path.stem, "negative", lines, ["keep"] * len(lines)))
    for path in sorted((tests / "labelled").glob("*.txt")) if tests else ():
        rows = [row for row in path.read_text("utf-8").split("\n") if row[2:].strip()]
        labels = [{"  ": "keep", "- ": "drop"}.get(row[:2], "ambiguous") for row in rows]
        documents.append(Labelled(path.stem, "labelled", [row[2:] for row in rows], labels))
    return documents
