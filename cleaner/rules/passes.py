"""The state of a batch between passes: which lines are still alive, and which rule took the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.edits import apply, compose
from cleaner.rules.finder import Context, View
from cleaner.rules.removal import Removals, changes
from cleaner.rules.scan import Batch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from cleaner.document import Edit
    from cleaner.edited import Edits, Note, RuleNames
    from cleaner.rules.conditions import Matcher
    from cleaner.rules.decide import Decision
    from cleaner.rules.table import Ints, LineTable, Mask

__all__ = ["Outcome", "Part", "Settled"]


class Outcome(NamedTuple):
    """What was decided about one document: what is left of its text, its title, all edits, and its folded lines."""

    number: int
    text: str
    title: str | None
    edits: Sequence[Edit]
    folded: bytes


class Settled(NamedTuple):
    """Texts with the edits that led to them: `apply(originals[i], edits[i]) == texts[i]`.

    `numbers[i]` is the place of document `i` in the batch that the engine was given, `titles[i]` the headline that was found in it,
    and `past[i]` one that rules may not know any more.
    """

    numbers: Sequence[int]
    originals: Sequence[str]
    texts: Sequence[str]
    edits: Sequence[Sequence[Edit]]
    contexts: Sequence[Context]
    titles: Sequence[str | None]
    past: Sequence[str | None]

    @classmethod
    def start(cls, texts: Sequence[str], contexts: Sequence[Context]) -> Settled:
        """Return the state before the first pass."""
        nothing = [None] * len(texts)
        return cls(range(len(texts)), texts, texts, [()] * len(texts), contexts, nothing, nothing)


class Part:
    """Documents whose table is built, with what has been decided about their lines so far.

    The table's rows never change; `alive` says which are left, `taken` which rule took a row, and `noted` what spoke
    for it. `flags` are numbers: document, start, end, rule, and the place of its note in `notes`, or -1.
    A part is not changed once another was made of it, so a state can be returned to.
    """

    def __init__(self, state: Settled, table: LineTable, found: dict[Matcher, Ints]) -> None:
        self.state, self.table, self.found = state, table, found
        self.alive = np.ones(len(table), np.bool_)
        self.taken = np.full(len(table), -1, np.int64)
        self.noted: dict[int, Note] = {}
        self.flags: list[Ints] = []
        self.notes: list[str] = []
        self.titles = {document: title for document, title in enumerate(state.titles) if title}
        self.past = {document: title for document, title in enumerate(state.past) if title}
        self.gone: Mask | None = None  # documents that another part holds now
        self.unsettled: frozenset[int] = frozenset()  # documents that passes did not come to an end with

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

    def after(self, batch: Batch, decision: Decision, names: Sequence[str]) -> Part:
        """Return the part after a pass over `batch`."""
        part, table, hits = self._copy(), batch.table, decision.hits
        rows = np.flatnonzero(decision.taken >= 0)
        origin = rows if table.rows is None else table.rows[rows]
        part.alive[origin] = False
        part.taken[origin] = decision.taken[rows]
        if table.rows is None:
            part.noted.update(decision.noted)
        else:
            part.noted.update((int(table.rows[row]), note) for row, note in decision.noted.items())
        for document, title in decision.titles.items():
            if not self.state.contexts[document].title:
                part.titles.setdefault(document, title)
        part.flag(table, hits.columns[decision.flagged])
        sayings = [
            f"keeps it from {names[hits.columns[hit, 0]]}" + (f": {hits.notes[hit]()}" if hit in hits.notes else "")
            for hit in decision.held.tolist()
        ]  # fmt: skip
        held = hits.columns[decision.held].copy()
        held[:, 0] = decision.keepers
        part.flag(table, held, sayings)
        return part

    def flag(self, table: LineTable, hits: Ints, sayings: Sequence[str] = ()) -> None:
        """Note hits as flags on whole lines, with a note each where there are any."""
        rule, low, high = hits[:, 0], hits[:, 1], hits[:, 2] - 1
        self.flag_places(table.document[low], table.start[low], table.end[high], rule, sayings)

    def flag_places(
        self, document: Ints, start: Ints, end: Ints, rule: Ints, sayings: Sequence[str] = ()
    ) -> None:
        """Note flags on stretches of texts."""
        if len(rule):
            note = len(self.notes) + np.arange(len(rule)) if sayings else np.full(len(rule), -1)
            self.flags.append(np.column_stack((document, start, end, rule, note)))
            self.notes += sayings

    def split(self, changed: Mapping[int, Sequence[Edit]], known: RuleNames) -> tuple[Part, Settled]:
        """Return this part without the documents in `changed`, and those with their edits carried out."""
        chosen = np.zeros(len(self.table.texts), np.bool_)
        chosen[list(changed)] = True
        done = self._removals(chosen, np.ones(len(known.names), np.bool_), known)
        numbers, originals, texts, edits, contexts, titles, past = [], [], [], [], [], [], []
        for document, found in sorted(changed.items()):
            made = done.of(document)
            original = self.state.originals[document]
            removal = [edit for edit in made if edit.applied] if made is not None else []
            current = self._joined(document, made)
            moved = _moved(found, removal)
            numbers.append(self.state.numbers[document])
            originals.append(original)
            texts.append(apply(made.kept() if made is not None else self.table.texts[document], moved))
            edits.append(compose(original, current, moved))
            contexts.append(self.state.contexts[document])
            titles.append(self.titles.get(document))
            past.append(self.past.get(document))
        part = self._copy()
        part.gone = chosen if self.gone is None else self.gone | chosen
        return part, Settled(numbers, originals, texts, edits, contexts, titles, past)

    def results(self, known: RuleNames, shown: Mask, wanted: Collection[int] | None = None) -> list[Outcome]:
        """Return the outcome of each document, or of those `wanted`; flags only of the rules that are `shown`."""
        chosen = np.ones(len(self.table.texts), np.bool_) if self.gone is None else ~self.gone
        if wanted is not None:
            chosen &= np.array([number in wanted for number in self.state.numbers], np.bool_)
        if not chosen.any():
            return []
        folded, done = self.batch().table.folded(), self._removals(chosen, shown, known)
        results = []
        for document in np.flatnonzero(chosen).tolist():
            made = done.of(document)
            edits: Sequence[Edit] = () if made is None else made
            text = self.table.texts[document] if made is None else made.kept()
            if self.state.edits[document]:
                edits = self._joined(document, made)
                barred = {known.names[rule] for rule in np.flatnonzero(~shown).tolist()}
                edits = tuple(edit for edit in edits if edit.applied or edit.rule not in barred)
            title = self.past.get(document) or self._context(document).title
            results.append(Outcome(self.state.numbers[document], text, title, edits, folded[document]))
        return results

    def _removals(self, chosen: Mask, shown: Mask, known: RuleNames) -> Removals:
        return changes(
            self.table, chosen, self.alive, self.taken, self.noted, self.flags, self.notes, shown, known
        )

    def _joined(self, document: int, made: Edits | None) -> list[Edit]:
        """Return the edits of earlier rounds and what was decided since as edits of the original text."""
        before = self.state.edits[document]
        if made is None:
            return list(before)
        return compose(self.state.originals[document], before, list(made)) if before else list(made)

    def _copy(self) -> Part:
        part = Part.__new__(Part)
        part.__dict__.update(self.__dict__)
        part.alive, part.taken, part.noted = self.alive.copy(), self.taken.copy(), dict(self.noted)
        part.flags, part.notes, part.titles = list(self.flags), list(self.notes), dict(self.titles)
        return part

    def blinded(self) -> Part:
        """Return the part with the headlines forgotten that were found so far, but for the record.

        Where the headline does not stay in the text, a second cleaning would not find it.
        """
        part = self._copy()
        part.past, part.titles = {**self.titles, **self.past}, {}
        return part

    def _context(self, document: int) -> Context:
        context = self.state.contexts[document]
        title = self.titles.get(document)
        return context._replace(title=title) if title else context


def _moved(edits: Sequence[Edit], removals: Sequence[Edit]) -> list[Edit]:
    """Return edits of a text as edits of that text after `removals`, which they do not touch."""
    moved = []
    for edit in edits:
        shift = sum(removal.end - removal.start for removal in removals if removal.end <= edit.start)
        moved.append(edit._replace(start=edit.start - shift, end=edit.end - shift))
    return moved
