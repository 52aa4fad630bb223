"""Turn lines that go into edits, one a line, that leave the blank lines between the others right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.document import Edit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cleaner.rules.table import LineTable, Mask

__all__ = ["removal_edits"]


def removal_edits(
    table: LineTable, document: int, alive: Mask, taken: Mapping[int, tuple[str, str]]
) -> list[Edit]:
    """Return the edits that remove the rows of `document` that are not alive.

    Between two lines that stay, one of the gaps that stood there stays too: the first that holds a
    blank line, else the first. No gap stays above the first line or below the last.
    """
    first, end = int(table.first[document]), int(table.first[document + 1])
    text = table.texts[document]
    starts, ends = table.start[first:end].tolist(), table.end[first:end].tolist()
    edits = []
    for low, high in _runs(alive[first:end].tolist()):
        whole = low == 0 and high == len(starts)
        gap = _gap(table, first, low, high, len(starts))
        for row in range(low, high):
            if row < gap:
                span = (ends[row - 1] if row else 0, ends[row])
            else:
                span = (starts[row], starts[row + 1] if row + 1 < len(starts) else len(text))
            if whole:
                span = (0 if row == low else starts[row], span[1])
            name, note = taken[first + row]
            edits.append(Edit("rules", name, span[0], span[1], text[span[0] : span[1]], note=note))
    return edits


def _gap(table: LineTable, first: int, low: int, high: int, count: int) -> int:
    """Return the row above which the gap that stays lies, of a run of rows that go."""
    if low == 0:
        return low
    if high == count:
        return high
    blanks = (row for row in range(low, high + 1) if table.after_blank[first + row])
    return next(blanks, low)


def _runs(alive: list[bool]) -> Iterator[tuple[int, int]]:
    low = None
    for row, lives in enumerate([*alive, True]):
        if lives and low is not None:
            yield low, row
            low = None
        elif not lives and low is None:
            low = row
