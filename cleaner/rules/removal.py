"""Turn lines that go, and flags, into edits as columns; the blank lines between the others stay right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner.edited import Edits
from cleaner.native import verdicts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cleaner.edited import Note, RuleNames
    from cleaner.rules.table import Ints, LineTable, Mask

__all__ = ["Removals", "changes"]

# The columns of an edit.
_DOCUMENT, _START, _END, _APPLIED, _RANK, _RULE, _NOTE = range(7)


class Removals:
    """The edits of a batch, in the order of the texts."""

    def __init__(
        self,
        table: LineTable,
        edits: Ints,
        notes: Mapping[int, Note],
        sayings: Sequence[str],
        known: RuleNames,
    ) -> None:
        self._table, self._edits, self._notes, self._sayings, self._known = (
            table,
            edits,
            notes,
            sayings,
            known,
        )
        self._bounds = np.searchsorted(edits[:, _DOCUMENT], np.arange(len(table.texts) + 1)).tolist()

    def of(self, document: int) -> Edits | None:
        """Return the edits of one document, or None where there is none."""
        begin, end = self._bounds[document], self._bounds[document + 1]
        if begin == end:
            return None
        edits = self._edits[begin:end]
        applied = edits[:, _APPLIED] != 0
        notes: dict[int, Note] = {}
        # The note of a removal is that of its line; of a flag, its place among the sayings.
        for place, (removed, number) in enumerate(
            zip(applied.tolist(), edits[:, _NOTE].tolist(), strict=True)
        ):
            if not removed and number >= 0:
                notes[place] = self._sayings[number]
            elif removed and number in self._notes:
                notes[place] = self._notes[number]
        text, known = self._table.texts[document], self._known
        return Edits(text, edits[:, _START], edits[:, _END], edits[:, _RULE], applied, notes, known)


def changes(
    table: LineTable,
    chosen: Mask,
    alive: Mask,
    taken: Ints,
    noted: Mapping[int, Note],
    flags: Sequence[Ints],
    sayings: Sequence[str],
    shown: Mask,
    known: RuleNames,
) -> Removals:
    """Return the edits of the chosen documents of a table: the lines that are not alive, and flags that point at what is left.

    Args:
        table: the lines.
        chosen: which documents are wanted.
        alive: which lines stay.
        taken: which rule took each of the others.
        noted: what spoke for it, for some.
        flags: flags as `Part` holds them.
        sayings: their notes.
        shown: of which rules flags are shown.
        known: the rules.

    """
    rank = known.ranks  # edits of one place stand in the order of their rules' names
    gone = np.flatnonzero(~alive & chosen[table.document])
    removed = np.zeros((len(gone), 7), np.int64)
    if len(gone):
        low, high = np.zeros((2, len(table)), np.int64)
        sizes = np.fromiter(map(len, table.texts), np.int64, len(table.texts))
        verdicts.spans(alive, table.start, table.end, table.after_blank, table.first, sizes, low, high)
        rules = taken[gone]
        columns = (
            table.document[gone],
            low[gone],
            high[gone],
            np.ones(len(gone), np.int64),
            rank[rules],
            rules,
            gone,
        )
        removed = np.column_stack(columns)
    seen = _untouched(np.concatenate(flags), removed, chosen, shown) if flags else np.empty((0, 5), np.int64)
    if not len(seen):
        return Removals(table, removed, noted, sayings, known)
    document, start, end, rules, note = seen.T
    named = np.column_stack((document, start, end, np.zeros(len(seen), np.int64), rank[rules], rules, note))
    edits = np.concatenate((removed, named))
    edits = edits[np.lexsort(edits[:, :5].T[::-1])]
    return Removals(table, _once(edits, sayings), noted, sayings, known)


def _untouched(flags: Ints, removed: Ints, chosen: Mask, shown: Mask) -> Ints:
    """Return the flags that are shown and point at text which no removal touches."""
    flags = flags[chosen[flags[:, 0]] & shown[flags[:, 3]]]
    if not len(removed) or not len(flags):
        return flags
    far = 1 << 40  # beyond any text, so that each document has places of its own
    low, high = (removed[:, _DOCUMENT] * far + removed[:, side] for side in (_START, _END))
    before = np.searchsorted(low, flags[:, 0] * far + flags[:, 2])  # these begin above the end of the flag
    kept: Ints = flags[(before == 0) | (high[before - 1] <= flags[:, 0] * far + flags[:, 1])]
    return kept


def _once(edits: Ints, sayings: Sequence[str]) -> Ints:
    """Leave out flags that stand there already, with the same note."""
    same = np.zeros(len(edits), np.bool_)
    same[1:] = (edits[1:, :6] == edits[:-1, :6]).all(axis=1) & (edits[1:, _APPLIED] == 0)
    for place in np.flatnonzero(same).tolist():
        note, before = edits[place, _NOTE], edits[place - 1, _NOTE]
        same[place] = note == before or (note >= 0 and before >= 0 and sayings[note] == sayings[before])
    kept: Ints = edits[~same]
    return kept
