"""The state of a batch between passes: which lines are still alive, and which rule took the others."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.document import Edit
from cleaner.edits import apply, compose, untouched
from cleaner.rules.finder import Context, View
from cleaner.rules.removal import removal_edits
from cleaner.rules.scan import Batch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from cleaner.rules.conditions import Matcher
    from cleaner.rules.decide import Decision
    from cleaner.rules.finder import Hit
    from cleaner.rules.table import Ints, LineTable, Mask

__all__ = ["Part", "Settled"]


class Settled(NamedTuple):
    """Texts with the edits that led to them: `apply(originals[i], edits[i]) == texts[i]`.

    `numbers[i]` is the place of document `i` in the batch that the engine was given.
    """

    numbers: Sequence[int]
    originals: Sequence[str]
    texts: Sequence[str]
    edits: Sequence[Sequence[Edit]]
    contexts: Sequence[Context]

    @classmethod
    def start(cls, texts: Sequence[str], contexts: Sequence[Context]) -> Settled:
        """Return the state before the first pass."""
        return cls(range(len(texts)), texts, texts, [()] * len(texts), contexts)


class Part:
    """Documents whose table is built, with what has been decided about their lines so far.

    The table's rows never change; `alive` says which are left, and `taken` which rule took a row.
    A part is not changed once another was made of it, so a state can be returned to.
    """

    def __init__(
        self,
        state: Settled,
        table: LineTable,
        found: dict[Matcher, Ints],
        alive: Mask | None = None,
        taken: Mapping[int, tuple[str, str]] | None = None,
    ) -> None:
        self.state, self.table, self.found = state, table, found
        self.alive = np.ones(len(table), np.bool_) if alive is None else alive
        self.taken = dict(taken or {})
        self.flags: dict[int, list[Edit]] = {}
        self.titles: dict[int, str] = {}
        self.gone: Mask | None = None  # documents that another part holds now

    def batch(self, active: Mask | None = None) -> Batch:
        """Return the lines alive, of all documents or of the active ones."""
        alive = self.alive if active is None else self.alive & active[self.table.document]
        if self.gone is not None:
            alive = alive & ~self.gone[self.table.document]
        table = self.table if alive.all() else self.table.select(alive)
        return Batch(table, self.found, self.state.contexts)

    def view(self, batch: Batch, document: int, identify: Callable[[str], str | None]) -> View:
        """Return a document as its lines stand in `batch`."""
        view = batch.views.get(document)
        if view is None:
            view = batch.views[document] = View(batch.table, document, self._context(document), identify)
        return view

    def after(self, batch: Batch, decisions: Mapping[int, Decision], names: Sequence[str]) -> Part:
        """Return the part after a pass over `batch`."""
        part, table = self._copy(), batch.table
        for document, decision in decisions.items():
            first = int(table.first[document])
            for row, (index, note) in decision.dropped.items():
                origin = first + row if table.rows is None else int(table.rows[first + row])
                part.alive[origin] = False
                part.taken[origin] = (names[index], note)
            if decision.title and not self._context(document).title:
                part.titles[document] = decision.title
            flagged = [(index, hit, "") for index, hit in decision.flagged]
            flagged += [(index, hit, _held_off(names[other], hit)) for index, other, hit in decision.held]
            for index, hit, note in flagged:
                start, end = int(table.start[first + hit.rows[0]]), int(table.end[first + hit.rows[-1]])
                before = table.texts[document][start:end]
                part.flag(
                    document,
                    [Edit("rules", names[index], start, end, before, before, applied=False, note=note)],
                )
        return part

    def flag(self, document: int, flags: Sequence[Edit]) -> None:
        """Note flags, once each."""
        known = self.flags.setdefault(document, [])
        known.extend(flag for flag in flags if flag not in known)

    def split(self, changed: Mapping[int, Sequence[Edit]]) -> tuple[Part, Settled]:
        """Return this part without the documents in `changed`, and those with their edits carried out."""
        numbers, originals, texts, edits, contexts = [], [], [], [], []
        for document, found in sorted(changed.items()):
            current = self._edits(document)
            original = self.state.originals[document]
            text = apply(self.table.texts[document], removal := self._removals(document))
            moved = _moved(found, removal)
            joined = compose(original, current, moved)
            numbers.append(self.state.numbers[document])
            originals.append(original)
            texts.append(apply(text, moved))
            edits.append(joined)
            contexts.append(self._context(document))
        part = self._copy()
        part.gone = np.zeros(len(self.table.texts), np.bool_) if self.gone is None else self.gone.copy()
        part.gone[list(changed)] = True
        return part, Settled(numbers, originals, texts, edits, contexts)

    def results(
        self, wanted: Collection[int] | None = None
    ) -> list[tuple[int, str, Context, list[Edit], bytes]]:
        """Return for each document, or each of those `wanted`, its number, original text, context, all edits and folded lines."""
        here = [
            (document, number)
            for document, number in enumerate(self.state.numbers)
            if (wanted is None or number in wanted) and (self.gone is None or not self.gone[document])
        ]
        folded = self.batch().table.folded() if here else []
        originals = self.state.originals
        return [
            (number, originals[each], self._context(each), self._edits(each), folded[each])
            for each, number in here
        ]

    def _copy(self) -> Part:
        part = Part(self.state, self.table, self.found, self.alive.copy(), self.taken)
        part.flags = {document: list(flags) for document, flags in self.flags.items()}
        part.titles = dict(self.titles)
        part.gone = self.gone
        return part

    def _context(self, document: int) -> Context:
        context = self.state.contexts[document]
        title = self.titles.get(document)
        return context._replace(title=title) if title else context

    @cached_property
    def _lost(self) -> list[int]:
        """How many lines of each document are gone."""
        gone = np.concatenate((np.zeros(1, np.int64), np.cumsum(~self.alive)))
        lost: list[int] = np.diff(gone[self.table.first]).tolist()
        return lost

    def _removals(self, document: int) -> list[Edit]:
        if not self._lost[document]:
            return []
        return removal_edits(self.table, document, self.alive, self.taken)

    def _edits(self, document: int) -> list[Edit]:
        if not self._lost[document] and document not in self.flags:
            return list(self.state.edits[document])
        removals = self._removals(document)
        found = [*removals, *untouched(self.flags.get(document, ()), removals)]
        before = self.state.edits[document]
        if not found:
            return list(before)
        return compose(self.state.originals[document], before, found)


def _held_off(name: str, hit: Hit) -> str:
    """Say which rule was held off, and what spoke for it."""
    return f"keeps it from {name}" + (f": {hit.note()}" if hit.note else "")


def _moved(edits: Sequence[Edit], removals: Sequence[Edit]) -> list[Edit]:
    """Return edits of a text as edits of that text after `removals`, which they do not touch."""
    moved = []
    for edit in edits:
        shift = sum(removal.end - removal.start for removal in removals if removal.end <= edit.start)
        moved.append(edit._replace(start=edit.start - shift, end=edit.end - shift))
    return moved
