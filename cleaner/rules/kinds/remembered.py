"""Lines that a site repeats, known from a memory of its documents (see `cleaner.memory`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.document import site_of
from cleaner.rules.affixes import AFFIXED, begin_of, digits_folded, end_of, is_head, is_tail
from cleaner.rules.finder import Finder, Hit
from cleaner.rules.model import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cleaner.rules.finder import Context, View
    from cleaner.rules.scan import Batch
    from cleaner.rules.table import Ints, LineTable

__all__ = ["Known", "Remark", "Remembered", "RememberedRule", "remember"]


class Remark(NamedTuple):
    """What is known of a line of a site: the name of the rule that speaks of it, where it must stand, and why."""

    rule: str
    place: str
    note: str

    def fits(self, above: int, below: int) -> bool:
        """Tell whether a line with so many lines above and below it stands where the remark holds."""
        if self.place == "any":
            return True
        return is_head(above, below) if self.place == "head" else is_tail(above, below)


class Known(NamedTuple):
    """What is known of a site: remarks on whole lines, and on lines by what they begin or end with, all digits folded."""

    line: dict[bytes, Remark]
    begin: dict[bytes, Remark]
    end: dict[bytes, Remark]

    def of(self, line: bytes, chars: int) -> Remark | None:
        """Return the remark on a folded line of so many characters; the whole line says more than its ends."""
        remark = self.line.get(line)
        if remark is not None or chars > AFFIXED:
            return remark
        if self.begin and (words := begin_of(line)):
            remark = self.begin.get(words)
        if remark is None and self.end and (words := end_of(line)):
            remark = self.end.get(words)
        return remark


_memories: dict[str, Mapping[str, Known]] = {}


def remember(digest: str, known: Mapping[str, Known]) -> None:
    """Make the lines of a memory known to the rules that name it by its digest."""
    _memories.setdefault(digest, known)


class RememberedRule(
    Rule, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="remembered"
):
    """A line on which `memory`, named by its digest, has a remark of this rule. Made from a memory, not written."""

    memory: str


class Remembered(Finder[RememberedRule]):
    """Finds lines by what is known of their site."""

    def __init__(self, rule: RememberedRule) -> None:
        super().__init__(rule)
        if rule.memory not in _memories:
            raise ValueError(
                f"rule {rule.id}: no memory {rule.memory!r} was read: rules of the kind `remembered` come from a memory"
            )
        self._known = _memories[rule.memory]

    def candidates(self, batch: Batch) -> Ints:
        """Return the rows on which the memory has a remark of this rule."""
        memo = batch.table.memo
        found: dict[str, Ints] | None = memo.get(self.rule.memory)
        if found is None:
            found = memo[self.rule.memory] = self._found(batch)
        return found.get(self.rule.id, _NONE)

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield one hit a line."""
        known = self._known.get(_site(view.context) or "")
        if known is None:
            return
        for row in rows:
            remark = self._remark(view, known, row)
            if (
                remark is not None
                and remark.rule == self.rule.id
                and remark.fits(row, view.count - 1 - row)
                and self.guards.allow(view, row, row)
            ):
                yield Hit((row,), note=remark.note.__str__)

    def _remark(self, view: View, known: Known, row: int) -> Remark | None:
        """Return what is known of a line, as it was looked up for the whole batch, or now."""
        table = view.table
        remarks: _Remarks | None = table.whole.memo.get((self.rule.memory, _Remarks))
        if remarks is None:
            key = table.keys.text(view.keys[row])
            return known.of(digits_folded(key.encode("utf-8", "surrogatepass")), len(key))
        place = view.first + row
        mark = remarks.of_row[place if table.rows is None else table.rows[place]]
        return remarks.all[mark - 1] if mark else None

    def _found(self, batch: Batch) -> dict[str, Ints]:
        """Return for each rule of the memory the rows of which it speaks."""
        table = batch.table
        remarks = self._remarks(table.whole, batch.contexts)
        marks = remarks.of_row if table.rows is None else remarks.of_row[table.rows]
        rows = np.flatnonzero(marks)
        found: dict[str, list[int]] = {}
        places = zip(table.from_head[rows].tolist(), table.from_tail[rows].tolist(), strict=True)
        for row, mark, (above, below) in zip(rows.tolist(), marks[rows].tolist(), places, strict=True):
            remark = remarks.all[mark - 1]
            if remark.fits(above, below):
                found.setdefault(remark.rule, []).append(row)
        return {rule: np.array(held, np.int64) for rule, held in found.items()}

    def _remarks(self, table: LineTable, contexts: Sequence[Context]) -> _Remarks:
        """Return the remarks on the rows of a whole table, looked up once for all passes and rules."""
        known: _Remarks | None = table.memo.get((self.rule.memory, _Remarks))
        if known is None:
            known = table.memo[self.rule.memory, _Remarks] = self._looked_up(table, contexts)
        return known

    def _looked_up(self, table: LineTable, contexts: Sequence[Context]) -> _Remarks:
        documents: dict[str, list[int]] = {}
        for document, context in enumerate(contexts):
            site = _site(context)
            if site is not None and site in self._known:
                documents.setdefault(site, []).append(document)
        remarks = _Remarks(np.zeros(len(table), np.int64), [])
        lines = digits_folded(table.keys.data).split(b"\n") if documents else []
        chars = table.keys.chars.tolist() if documents else []
        for site, held in documents.items():
            known = self._known[site]
            rows = np.concatenate([np.arange(table.first[each], table.first[each + 1]) for each in held])
            keys = table.key[rows]
            of_key = {}
            starts, ends = tuple(known.begin), tuple(known.end)
            for key in set(keys.tolist()):
                line = lines[key]
                remark = known.line.get(line)
                if remark is None and (line.startswith(starts) or line.endswith(ends)):
                    remark = known.of(line, chars[key])
                if remark is not None:
                    remarks.all.append(remark)
                    of_key[key] = len(remarks.all)
            if of_key:
                remarks.of_row[rows] = [of_key.get(key, 0) for key in keys.tolist()]
        return remarks


class _Remarks(NamedTuple):
    """Remarks, and for each row of a table the number of the one on it, from 1; 0 where there is none."""

    of_row: Ints
    all: list[Remark]


_NONE = np.empty(0, np.int64)


def _site(context: Context) -> str | None:
    return context.site or site_of(context.url)
