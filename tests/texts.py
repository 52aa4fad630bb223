"""Readers for the texts of our own: `samples/`, `tests/negative/` and `tests/labelled/`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
NEGATIVE = ROOT / "tests" / "negative"
LABELLED = ROOT / "tests" / "labelled"
LABELS = {"  ": "keep", "- ": "drop", "? ": "free"}


@dataclass(frozen=True)
class Page:
    """One labelled page: `labels[i]` (keep, drop or free) belongs to `lines[i]`."""

    name: str
    language: str
    regime: str
    lines: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\n".join(self.lines) + "\n"


def load_expected() -> list[dict[str, Any]]:
    """Return the tables of `samples/expected.toml`, one for each sample."""
    return tomllib.loads((SAMPLES / "expected.toml").read_text(encoding="utf-8"))["sample"]


def load_negative() -> dict[str, str]:
    """Return the texts from which level `safe` removes nothing, by file name without suffix."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(NEGATIVE.glob("*.txt"))}


def load_labelled() -> list[Page]:
    """Return the labelled pages, sorted by name. A line without a known label raises `KeyError`."""
    pages = []
    for path in sorted(LABELLED.glob("*.txt")):
        rows = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
        language, regime = path.stem.split("-")[:2]
        lines = tuple(row[2:] for row in rows)
        labels = tuple(LABELS[row[:2]] for row in rows)
        pages.append(Page(path.stem, language, regime, lines, labels))
    return pages
