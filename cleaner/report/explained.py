"""One document explained: its lines with what happened, why, and what the other levels would do."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from cleaner.document import LEVELS, Edit, Level
from cleaner.io.suffixes import split_suffix
from cleaner.marking import marked_lines
from cleaner.pipeline import Cleaner
from cleaner.report.records import RecordError, Records
from cleaner.result import restore_document
from cleaner.rulebook import Entry, Rulebook, settings_of
from cleaner.rules.diff import document_diff
from cleaner.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from cleaner.marking import MarkedLine
    from cleaner.rules.notation import DiffLine

__all__ = ["Explained", "explain_file", "explain_record"]


_INPUT = pa.schema(
    [
        pa.field("data", pa.binary()),
        *(pa.field(name, pa.string()) for name in ("text", "format", "url", "site", "title", "language")),
    ]
)


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


def explain_file(
    data: bytes,
    name: str,
    *,
    level: Level | None = None,
    rules: Sequence[str] = (),
    memory: str | None = None,
    title: str | None = None,
    url: str | None = None,
) -> Explained:
    """Clean the bytes of a text, or of a page where `name` ends like one, and explain the outcome.

    Raises:
        PackError: a pack is not valid.
        RecordError: there is no text in the bytes.

    """
    settings = Settings(
        level=level or "safe", rules=tuple(rules), memory=memory, language=None, signals=False
    )
    kind = split_suffix(name)
    is_page = kind is not None and kind.format == "html"
    given = {"data": data, "format": "html" if is_page else "txt", "title": title, "url": url}
    return _explained(given, name, settings)


def explain_record(
    path: Path,
    name: str,
    *,
    level: Level | None = None,
    rules: Sequence[str] = (),
    memory: str | None = None,
    title: str | None = None,
    url: str | None = None,
) -> Explained:
    """Explain a document of a record: with the edits on file, or, where a level or rules are given, anew.

    Raises:
        RecordError: the file is no record, holds no such document, or holds it without its edits.

    """
    records = Records([path])
    row = _found(records, name)
    if row["error"]:
        raise RecordError(f"{name}: could not be cleaned: {row['error']}")
    if row["edits"] is None:
        raise RecordError(f"{path}: holds no edits; write it without --no-edits")
    text, edits = _undone(row)
    given = {
        "text": text, "url": url or row.get("url"), "site": row.get("site"), "title": title or row.get("title"),
        "language": row.get("language"),
    }  # fmt: skip
    encoding = _encoding(row)
    made = settings_of(records.metadata)
    bare = replace(
        made or Settings(), language=None, signals=False, languages=(), profiles=(), edits=True, memory=memory
    )
    if level or rules or memory:
        wanted = replace(bare, level=level or bare.level, rules=(*bare.rules, *rules))
        return replace(_explained(given, row["id"], wanted), encoding=encoding)
    done = Explained(
        name=row["id"], encoding=encoding, level=records.metadata.get("level", "unknown"), title=row.get("title"),
        text=text, edits=edits, flags=row["flags"] or (), lines=marked_lines(text, edits),
        others={}, book=Rulebook(made),
    )  # fmt: skip
    return replace(done, others=_others(given, done.lines, bare)) if made else done


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


def _explained(given: Mapping[str, Any], name: str, settings: Settings) -> Explained:
    row = _cleaned(given, settings)
    if row["error"]:
        raise RecordError(f"{name}: {row['error']}")
    text, edits = _undone(row)
    lines = marked_lines(text, edits)
    return Explained(
        name=name, encoding=_encoding(row), level=settings.level, title=row["title"], text=text, edits=edits,
        flags=row["flags"], lines=lines, others=_others(given, lines, settings), book=Rulebook(settings),
    )  # fmt: skip


def _cleaned(given: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """Clean one row of input, as a run would, and return its row of the record."""
    batch = pa.RecordBatch.from_pylist([dict(given)], _INPUT)
    chosen = batch.select([name for name in _INPUT.names if name in given])
    return dict(Cleaner(settings).clean_batch(chosen).to_pylist()[0])


def _undone(row: Mapping[str, Any]) -> tuple[str, list[Edit]]:
    edits = [Edit(**edit) for edit in row["edits"]]
    return restore_document(row["text"], edits), edits


def _encoding(row: Mapping[str, Any]) -> str:
    return f"{row.get('encoding') or 'text'} ({row.get('encoding_method') or 'given'})"


def _others(
    given: Mapping[str, Any], lines: Sequence[MarkedLine], settings: Settings
) -> dict[str, list[MarkedLine]]:
    """Clean at the other levels, and return for each the lines that fare otherwise there."""
    outcomes: dict[str, list[MarkedLine]] = {}
    for level in LEVELS:
        if level != settings.level:
            there = marked_lines(*_undone(_cleaned(given, replace(settings, level=level))))
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
