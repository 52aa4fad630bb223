"""One document explained: its lines with what happened, why, and what the other levels would do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cleaner.document import LEVELS, Document, Edit, Level
from cleaner.pipeline import Cleaner
from cleaner.report.marking import marked_lines
from cleaner.report.records import RecordError, Records
from cleaner.report.rulebook import Entry, Rulebook, settings_of
from cleaner.result import restore_document
from cleaner.rules.diff import document_diff
from cleaner.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cleaner.report.marking import MarkedLine
    from cleaner.rules.notation import DiffLine

__all__ = ["Explained", "explain_record", "explain_text"]


@dataclass(frozen=True)
class Explained:
    """What was done to a document. `others` gives for each other level the lines that differ there."""

    name: str
    encoding: str
    level: str
    title: str | None
    text: str
    edits: Sequence[Edit]
    flags: Sequence[str]
    lines: Sequence[MarkedLine]
    others: Mapping[str, Sequence[MarkedLine]]
    book: Rulebook

    @property
    def rules(self) -> list[Entry]:
        """The rules behind the edits, in the order of the lines."""
        names = dict.fromkeys(rule for line in self.lines for rule in line.rules)
        return [self.book[name] for name in names]

    def diff(self) -> list[DiffLine]:
        """Return the document in diff notation."""
        return document_diff(self.text, self.edits)

    def described(self) -> dict[str, Any]:
        """Return all of it as plain data."""
        return {
            "name": self.name, "encoding": self.encoding, "level": self.level, "title": self.title,
            "flags": list(self.flags),
            "lines": [
                {**_line(line), "levels": {level: {"fate": other.fate, "rules": list(other.rules)}
                 for level, lines in self.others.items() for other in lines if other.number == line.number}}
                for line in self.lines if line.before.strip() or line.fate != "kept"
            ],
            "edits": [edit._asdict() for edit in self.edits],
            "rules": {entry.name: entry._asdict() for entry in self.rules},
        }  # fmt: skip


def explain_text(
    text: str,
    name: str,
    encoding: str,
    method: str,
    *,
    level: Level | None = None,
    packs: Sequence[str] = (),
    title: str | None = None,
    url: str | None = None,
) -> Explained:
    """Clean a decoded text and explain the outcome.

    Raises:
        PackError: a pack is not valid.

    """
    settings = Settings(level=level or "safe", packs=tuple(packs), language=None, signals=False)
    document = Document(text, url=url, title=title)
    return _explained(document, name, f"{encoding} ({method})", settings)


def explain_record(
    path: Path,
    name: str,
    *,
    level: Level | None = None,
    packs: Sequence[str] = (),
    title: str | None = None,
    url: str | None = None,
) -> Explained:
    """Explain a document of a record: with the edits on file, or, where a level or packs are given, anew.

    Raises:
        RecordError: the file is no record, holds no such document, or holds it without its edits.

    """
    records = Records([path])
    row = _found(records, name)
    if row["error"]:
        raise RecordError(f"{name}: could not be cleaned: {row['error']}")
    if row["edits"] is None:
        raise RecordError(f"{path}: holds no edits; write it without --no-edits")
    edits = [Edit(**edit) for edit in row["edits"]]
    text = restore_document(row["text"], edits)
    document = Document(
        text, url=url or row.get("url"), title=title or row.get("title"), language=row.get("language")
    )
    encoding = f"{row.get('encoding') or 'text'} ({row.get('encoding_method') or 'given'})"
    made = settings_of(records.metadata)
    bare = replace(made or Settings(), language=None, signals=False, languages=(), profiles=())
    if level or packs:
        wanted = replace(bare, level=level or bare.level, packs=(*bare.packs, *packs))
        return _explained(document, row["id"], encoding, wanted)
    done = Explained(
        name=row["id"], encoding=encoding, level=records.metadata.get("level", "unknown"), title=row.get("title"),
        text=text, edits=edits, flags=row["flags"] or (), lines=marked_lines(text, edits),
        others={}, book=Rulebook(made),
    )  # fmt: skip
    return replace(done, others=_others(document, done.lines, bare)) if made else done


def _found(records: Records, name: str) -> dict[str, Any]:
    for _, batch in records.batches(("id", "source")):
        if name in batch["id"].to_pylist():
            break
    else:
        raise RecordError(
            f"{records.paths[0]}: holds no document {name!r}; ids are paths below the folder given"
        )
    columns = [column for column in records.names if not column.startswith("signals_")]
    for _, batch in records.batches(columns):
        ids = batch["id"].to_pylist()
        if name in ids:
            return dict(batch.slice(ids.index(name), 1).to_pylist()[0])
    raise AssertionError(name)


def _explained(document: Document, name: str, encoding: str, settings: Settings) -> Explained:
    result = next(Cleaner(settings).clean_many([document]))
    lines = marked_lines(document.text, result.edits)
    return Explained(
        name=name, encoding=encoding, level=settings.level, title=result.title, text=document.text,
        edits=result.edits, flags=result.flags, lines=lines,
        others=_others(document, lines, settings), book=Rulebook(settings),
    )  # fmt: skip


def _others(
    document: Document, lines: Sequence[MarkedLine], settings: Settings
) -> dict[str, list[MarkedLine]]:
    """Clean at the other levels, and return for each the lines that fare otherwise there."""
    outcomes: dict[str, list[MarkedLine]] = {}
    for level in LEVELS:
        if level != settings.level:
            result = next(Cleaner(replace(settings, level=level)).clean_many([document]))
            there = marked_lines(document.text, result.edits)
            outcomes[level] = [
                other
                for line, other in zip(lines, there, strict=False)
                if (line.fate, line.after) != (other.fate, other.after)
            ]
    return outcomes


def _line(line: MarkedLine) -> dict[str, Any]:
    return {
        "number": line.number, "fate": line.fate, "before": line.before, "after": line.after,
        "rules": list(line.rules), "notes": list(line.notes),
    }  # fmt: skip
