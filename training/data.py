"""Labelled pages: what stands in the folders, as documents of lines."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEEP, DROP, FREE = 0, 1, -1
_LABELS = {"keep": KEEP, "drop": DROP, "k": KEEP, "d": DROP}
_COPY = 60  # characters from which on a further copy of a good line may go or stay


@dataclass
class Labelled:
    """A document: its lines, a label for each, and the kinds that are known (else an empty string)."""

    id: str
    site: str
    source: str
    language: str
    lines: list[str]
    labels: list[int]
    roles: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The lines as one text."""
        return "\n".join(self.lines)


def group_of(source: str) -> str:
    """Return the group that a source is reported with."""
    if source.startswith(("silver", "own-")):
        return source
    if source.startswith("turkuq") or (source.startswith("wac-") and source.endswith("-traf")):
        return "manual"
    if source.endswith("-nodes"):
        return "nodes"
    new = source.startswith(("fundus", "aed", "misinfo", "newspaper4k", "zhdata", "waddle", "dragnet"))
    if source.endswith("-ps"):
        return "ps"
    if source.endswith("-traf"):
        return "extracts" if new else "residual"
    return "full-new" if new else "full-old"


def fold_of(site: str, folds: int, parting: int) -> int:
    """Return the part that a site belongs to."""
    return zlib.crc32(f"{parting}:{site}".encode()) % folds


def line_benchmark(folder: Path) -> Iterator[Labelled]:
    """Yield the documents of a line benchmark: files of `{id, source, url, lang, lines: [{text, label}]}`."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        for row in _rows(path):
            lines = [(line["text"], line["label"], line.get("category") or "") for line in row["lines"]]
            site = row.get("site") or _host(row.get("url")) or row["id"]
            yield from _labelled(row["id"], site, row["source"], row.get("lang") or "", lines)


def structural(folder: Path, share: float) -> Iterator[Labelled]:
    """Yield a share of the pages labelled by their own structure, each of its dumps as a document of its own."""
    for path in sorted(folder.glob("*.jsonl.gz")):
        for row in _rows(path):
            if zlib.crc32(row["id"].encode()) % 1000 >= 1000 * share:
                continue
            for kind, dump in row["dumps"].items():
                lines = [(text, label, role) for text, label, role, *_ in dump]
                yield from _labelled(row["id"], row["site"], f"silver-{kind}", row["lang"], lines)


def invented(folder: Path) -> Iterator[Labelled]:
    """Yield the project's own texts: `negative`, of which every line is good, and `labelled` pages, marked line by line."""
    for path in sorted(folder.glob("negative/*.txt")):
        rows = [(line, "keep", "") for line in path.read_text("utf-8").split("\n")]
        yield from _labelled(path.stem, path.stem, "own-negative", path.stem[:2], rows)
    for path in sorted(folder.glob("labelled/*.txt")):
        marks = {"  ": "keep", "- ": "drop", "? ": "free"}
        lines = path.read_text("utf-8").split("\n")
        rows = [(line[2:], marks.get(line[:2], "free"), "") for line in lines]
        yield from _labelled(path.stem, path.stem, "own-labelled", path.stem[:2], rows)


def _rows(path: Path) -> Iterator[dict]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def _host(url: str | None) -> str:
    return (urlsplit(url or "").hostname or "").removeprefix("www.")


def _labelled(
    name: str, site: str, source: str, language: str, lines: list[tuple[str, str, str]]
) -> Iterator[Labelled]:
    seen: set[str] = set()
    made = Labelled(name, site, source, language, [], [], [])
    for raw, label, role in lines:
        text = " ".join(raw.split())
        if not text:
            continue
        known = _LABELS.get(label, FREE)
        if known == KEEP and len(text) >= _COPY and text.lower() in seen:
            known = FREE
        seen.add(text.lower())
        made.lines.append(text)
        made.labels.append(known)
        made.roles.append(role)
    if len(made.lines) >= 2 and sum(label != FREE for label in made.labels) >= 2:
        yield made
