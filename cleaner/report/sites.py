"""How much the rules of a memory took from each site of a record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cleaner.document import site_of
from cleaner.report.records import Records

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Taken", "taken_by_site"]


@dataclass(slots=True)
class Taken:
    """What went of a site, and what was flagged: numbers of documents, lines and characters."""

    documents: int = 0
    changed: int = 0
    lines: int = 0
    chars: int = 0
    flagged: int = 0

    def __str__(self) -> str:
        """Return it as a sentence."""
        return (
            f"{self.lines:,} lines with {self.chars:,} characters went from {self.changed:,} of "
            f"{self.documents:,} documents; {self.flagged:,} lines were flagged and stay"
        )


def taken_by_site(path: Path) -> dict[str, Taken]:
    """Return for each site of a record what the rules `site/...` did.

    Raises:
        RecordError: the file is no record.

    """
    found: dict[str, Taken] = {}
    for _, batch in Records([path]).batches(("site", "url", "edits")):
        for row in batch.to_pylist():
            taken = found.setdefault(row["site"] or site_of(row["url"]) or "", Taken())
            edits = [edit for edit in row["edits"] or () if edit["rule"].startswith("site/")]
            gone = [edit for edit in edits if edit["applied"]]
            taken.documents += 1
            taken.changed += bool(gone)
            taken.lines += len(gone)
            taken.chars += sum(len(edit["before"].strip()) for edit in gone)
            taken.flagged += len(edits) - len(gone)
    return found
