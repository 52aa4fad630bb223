"""Apply edits to a text, undo them, and join two rounds of edits into one.

All edits of one list refer to the same text, the one their stage received. Applied edits never
overlap; flags (`applied=False`) may lie anywhere and change nothing.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from cleaner.document import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["apply", "compose", "restore"]


def apply(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` with every applied edit carried out.

    Raises:
        ValueError: two applied edits overlap, or an edit's `before` is not what stands there.

    """
    parts: list[str] = []
    position = 0
    for edit in _applied(edits):
        if edit.start < position:
            raise ValueError(f"edits overlap at {edit.start}: {edit.rule}")
        if text[edit.start : edit.end] != edit.before:
            raise ValueError(f"edit {edit.rule} at {edit.start} does not describe this text")
        parts += (text[position : edit.start], edit.after)
        position = edit.end
    if not parts:
        return text
    parts.append(text[position:])
    return "".join(parts)


def restore(text: str, edits: Iterable[Edit]) -> str:
    """Undo `edits` on the text that `apply` returned; the inverse of `apply`.

    Raises:
        ValueError: `text` is not what these edits produced.

    """
    parts: list[str] = []
    position = shift = 0
    for edit in _applied(edits):
        start = edit.start + shift
        end = start + len(edit.after)
        if start < position or text[start:end] != edit.after:
            raise ValueError(f"edit {edit.rule} at {edit.start} did not produce this text")
        parts += (text[position:start], edit.before)
        position = end
        shift += len(edit.after) - (edit.end - edit.start)
    if not parts:
        return text
    parts.append(text[position:])
    return "".join(parts)


def compose(text: str, first: Sequence[Edit], second: Sequence[Edit]) -> list[Edit]:
    """Join two rounds of edits into one list that refers to `text`.

    `first` refers to `text`, `second` to `apply(text, first)`. An edit of the second round that
    reaches over edits of the first swallows them: the joined edit carries the second one's rule, and
    its `before` is the original text of the whole stretch. Flags of the first round survive where
    what they point at survives.
    """
    done = _applied(first)
    if not done:
        return [*first, *second]
    spans = _Mapping(done)
    joined: list[Edit] = []
    swallowed: set[int] = set()
    for edit in second:
        start, end, touched = spans.back(edit.start, edit.end)
        before = text[start:end]
        if edit.applied:
            after = spans.head(edit.start) + edit.after + spans.tail(edit.end)
            swallowed.update(touched)
        else:
            after = before
        joined.append(edit._replace(start=start, end=end, before=before, after=after))
    kept = [edit for index, edit in enumerate(done) if index not in swallowed]
    removed = [(edit.start, edit.end) for edit in joined if edit.applied]
    flags = [e for e in first if not e.applied and not any(s < e.end and e.start < z for s, z in removed)]
    return sorted({*kept, *joined, *flags}, key=_order)


def _applied(edits: Iterable[Edit]) -> list[Edit]:
    return sorted((edit for edit in edits if edit.applied), key=_order)


def _order(edit: Edit) -> tuple[int, int, bool, str]:
    return edit.start, edit.end, edit.applied, edit.rule


class _Mapping:
    """Offsets of an edited text mapped back to the text before the edits."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self.edits = edits
        self.starts: list[int] = []  # of each edit's `after` in the edited text
        self.ends: list[int] = []
        shift = 0
        for edit in edits:
            self.starts.append(edit.start + shift)
            self.ends.append(edit.start + shift + len(edit.after))
            shift += len(edit.after) - (edit.end - edit.start)

    def back(self, start: int, end: int) -> tuple[int, int, list[int]]:
        """Return the original half-open span of [start, end) and the edits it touches."""
        touched = [
            index
            for index in range(self._before(start), len(self.edits))
            if self.starts[index] <= end and self.ends[index] >= start and self._inside(index, start, end)
        ]
        low, high = self._offset(start), self._offset(end)
        if touched:
            low = min(low, self.edits[touched[0]].start)
            high = max(high, self.edits[touched[-1]].end)
        return low, high, touched

    def head(self, start: int) -> str:
        """Return the part of a replacement that stands before `start` when `start` cuts it in two."""
        index = self._before(start)
        if index < len(self.edits) and self.starts[index] < start < self.ends[index]:
            return self.edits[index].after[: start - self.starts[index]]
        return ""

    def tail(self, end: int) -> str:
        """Return the part of a replacement that stands behind `end` when `end` cuts it in two."""
        index = self._before(end)
        if index < len(self.edits) and self.starts[index] < end < self.ends[index]:
            return self.edits[index].after[end - self.starts[index] :]
        return ""

    def _inside(self, index: int, start: int, end: int) -> bool:
        """Tell whether the edit overlaps the span; a deletion counts when it lies at or in it."""
        if self.starts[index] == self.ends[index]:
            return start <= self.starts[index] <= end and start < end
        return self.starts[index] < end and start < self.ends[index]

    def _before(self, offset: int) -> int:
        return max(0, bisect_right(self.starts, offset) - 1) if self.starts else 0

    def _offset(self, offset: int) -> int:
        """Return the original offset of a character that no edit replaced, else the edit's start."""
        index = bisect_right(self.starts, offset) - 1
        if index < 0:
            return offset
        edit = self.edits[index]
        if offset < self.ends[index]:
            return edit.start
        return edit.end + (offset - self.ends[index])
