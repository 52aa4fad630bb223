"""What a new version of rules or settings changes over a corpus: two records, edit by edit.

Edits are compared by what they do, not by where: a repair that changes an offset changes none of the
edits after it. Rows are taken in parts by a hash of their id, so memory does not grow with the files,
whatever the order of their rows.
"""

from __future__ import annotations

import heapq
import json
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow.compute as pc

from cleaner.report.records import Records
from cleaner.report.tally import hash64

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

__all__ = ["Comparison", "RuleChange", "compare"]

_PART = 20_000  # rows of one file that are held at a time
_COLUMNS = ("id", "chars_in", "chars_out", "fingerprint", "edits")


class _Done(NamedTuple):
    """What an edit does, without its place."""

    rule: str
    before: str
    after: str
    applied: bool


class _Row(NamedTuple):
    id: str
    chars_in: int
    chars_out: int
    fingerprint: int | None
    edits: Counter[_Done]


class _Examples:
    """The lines with the smallest hashes: the same few whatever the order they come in."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._heap: list[tuple[int, str, str]] = []

    def add(self, line: str, document: str) -> None:
        item = (-hash64(line), line, document)
        held = next((place for place, each in enumerate(self._heap) if each[1] == line), None)
        if held is not None:
            self._heap[held] = min(self._heap[held], item)
            heapq.heapify(self._heap)
        elif len(self._heap) < self.size:
            heapq.heappush(self._heap, item)
        elif self.size and item > self._heap[0]:
            heapq.heapreplace(self._heap, item)

    def lines(self) -> list[tuple[str, str]]:
        return [(line, document) for _, line, document in sorted(self._heap, reverse=True)]


@dataclass
class RuleChange:
    """Edits of one rule that only one of the records has.

    `moved` are those gained whose line the old record changed by another rule; they are not among
    `gained`, and the old ones not among its `lost`.
    """

    examples: int
    gained: int = 0
    lost: int = 0
    moved: int = 0
    flags_gained: int = 0
    flags_lost: int = 0
    characters: int = 0
    documents: int = 0
    _gained: _Examples = field(init=False)
    _lost: _Examples = field(init=False)

    def __post_init__(self) -> None:
        self._gained, self._lost = _Examples(self.examples), _Examples(self.examples)

    @property
    def gained_lines(self) -> list[tuple[str, str]]:
        """Examples of (line, document) of edits gained, applied ones and flags."""
        return self._gained.lines()

    @property
    def lost_lines(self) -> list[tuple[str, str]]:
        """Examples of (line, document) of edits lost."""
        return self._lost.lines()

    def count(self, done: _Done, number: int, document: str, *, gained: bool) -> None:
        """Count an edit that one record has more often."""
        if not done.applied:
            self.flags_gained += number if gained else 0
            self.flags_lost += 0 if gained else number
        elif gained:
            self.gained += number
        else:
            self.lost += number
        if done.applied:
            self.characters += (len(done.before) - len(done.after)) * (number if gained else -number)
        line = " ⏎ ".join(done.before.split("\n")).strip(" ⏎")
        (self._gained if gained else self._lost).add(line or repr(done.before), document)


@dataclass
class Comparison:
    """What differs between two records; `documents` counts those in either."""

    old: dict[str, str]
    new: dict[str, str]
    documents: int = 0
    only_old: int = 0
    only_new: int = 0
    changed: int = 0
    other_text: int = 0
    other_input: int = 0
    chars_old: int = 0
    chars_new: int = 0
    rules: dict[str, RuleChange] = field(default_factory=dict)

    def listed(self) -> list[tuple[str, RuleChange]]:
        """Return the rules, those with most changes first."""
        return sorted(
            self.rules.items(), key=lambda item: (-item[1].gained - item[1].lost - item[1].moved, item[0])
        )

    def described(self) -> dict[str, Any]:
        """Return the comparison as plain data."""
        plain = {name: value for name, value in vars(self).items() if name != "rules"}
        plain["rules"] = {
            rule: {
                **{name: value for name, value in vars(change).items() if not name.startswith("_") and name != "examples"},
                "gained_lines": [{"line": line, "document": document} for line, document in change.gained_lines],
                "lost_lines": [{"line": line, "document": document} for line, document in change.lost_lines],
            }
            for rule, change in self.listed()
        }  # fmt: skip
        return plain

    def settings(self) -> list[tuple[str, object, object]]:
        """Return (name, old, new) of each setting that differs."""
        old, new = (json.loads(each.get("settings", "{}")) for each in (self.old, self.new))
        return [
            (name, old.get(name), new.get(name))
            for name in sorted({*old, *new})
            if old.get(name) != new.get(name)
        ]


def compare(old: Path | str, new: Path | str, *, examples: int = 3) -> Comparison:
    """Compare two records of the same corpus; documents are the same where their ids are.

    Args:
        old: the file made by the old version, rules or settings.
        new: the file made by the new ones.
        examples: lines to give for each rule, gained and lost.

    Raises:
        RecordError: a file is no record.

    """
    records = Records([old]), Records([new])
    found = Comparison(records[0].metadata, records[1].metadata)
    parts = max(1, -(-max(each.count for each in records) // _PART))
    for part in range(parts):
        before, after = (dict(_rows(each, part, parts)) for each in records)
        for key in sorted({*before, *after}):
            _compare_row(found, before.get(key), after.get(key), examples)
    return found


def _rows(records: Records, part: int, parts: int) -> Iterator[tuple[tuple[str, int], _Row]]:
    """Yield the rows of one part by (id, how often that id came before)."""
    seen: Counter[str] = Counter()
    for _, batch in records.batches(_COLUMNS):
        ids = pc.fill_null(batch["id"], "").to_pylist()
        chosen = [row for row, name in enumerate(ids) if parts == 1 or hash64(name) % parts == part]
        for row in _unpacked(batch.take(chosen)) if len(chosen) < len(ids) else _unpacked(batch):
            yield (row.id, seen[row.id]), row
            seen[row.id] += 1


def _unpacked(batch: pa.RecordBatch) -> Iterator[_Row]:
    edits = pc.list_flatten(batch["edits"])
    column = {name: pc.struct_field(edits, name) for name in (*_Done._fields, "stage")}
    # Which of the line ends beside it goes with a line depends on its neighbours.
    bare = pc.utf8_trim(column["before"], "\n")
    column["before"] = pc.if_else(pc.equal(column["stage"], "rules"), bare, column["before"])
    done = list(map(_Done, *(column[name].to_pylist() for name in _Done._fields)))
    ends, start = pc.fill_null(pc.list_value_length(batch["edits"]), 0).to_pylist(), 0
    none = [None] * batch.num_rows
    prints = batch["fingerprint"].to_pylist() if "fingerprint" in batch.schema.names else none
    names = [pc.fill_null(batch["id"], "").to_pylist()]
    names += [pc.fill_null(batch[name], 0).to_pylist() for name in ("chars_in", "chars_out")]
    for name, chars_in, chars_out, fingerprint, count in zip(*names, prints, ends, strict=True):
        yield _Row(name, chars_in, chars_out, fingerprint, Counter(done[start : start + count]))
        start += count


def _compare_row(found: Comparison, old: _Row | None, new: _Row | None, examples: int) -> None:
    found.documents += 1
    found.chars_old += old.chars_out if old else 0
    found.chars_new += new.chars_out if new else 0
    if old is None or new is None:
        found.only_old += new is None
        found.only_new += old is None
        return
    found.other_text += (old.fingerprint, old.chars_out) != (new.fingerprint, new.chars_out)
    found.other_input += old.chars_in != new.chars_in
    if old.edits == new.edits:
        return
    found.changed += 1
    gained, lost = new.edits - old.edits, old.edits - new.edits
    moved = _moved(gained, lost)
    touched = {done.rule for done in (*gained, *lost)}
    for rule in touched:
        found.rules.setdefault(rule, RuleChange(examples)).documents += 1
    for edits, is_gain in ((gained, True), (lost, False)):
        for done, number in sorted(edits.items()):
            change = found.rules[done.rule]
            twice = moved[done.before, done.after] if done.applied else 0
            if twice and is_gain:
                change.moved += min(number, twice)
            if number > twice:
                change.count(done, number - twice, new.id, gained=is_gain)


def _moved(gained: Counter[_Done], lost: Counter[_Done]) -> Counter[tuple[str, str]]:
    """Return the changes that both records make, by different rules."""
    sides = []
    for edits in (gained, lost):
        side: Counter[tuple[str, str]] = Counter()
        for done, number in edits.items():
            if done.applied:
                side[done.before, done.after] += number
        sides.append(side)
    return sides[0] & sides[1]
