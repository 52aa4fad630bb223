"""Apply edits to a text, undo them, and join two rounds of edits into one.

All edits of one list refer to the same text, the one their stage received. Applied edits never
overlap; flags (`applied=False`) may lie anywhere and change nothing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from cleaner.document import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["apply", "compose", "restore", "untouched"]


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

    `first` refers to `text`, `second` to `apply(text, first)`. Where edits of both rounds overlap they
    become one edit with the rule of the second round, whose `before` is the original text of the whole
    stretch. Flags of the first round survive where what they point at survives.
    """
    done = _applied(first)
    if not done:
        return [*first, *second]
    between, origin = apply(text, done), _Origin(done)
    joined: list[Edit] = []
    for group in _groups(origin.placed(), _applied(second)):
        newer = [edit for edit in group.second if edit.applied]
        if not newer:
            joined += [edit for _, _, edit in group.first]
            continue
        start = (
            group.first[0][2].start
            if group.first and group.first[0][0] == group.low
            else origin.start(group.low)
        )
        end = max(
            (edit.end for _, high, edit in group.first if high == group.high), default=origin.end(group.high)
        )
        shifted = [edit._replace(start=edit.start - group.low, end=edit.end - group.low) for edit in newer]
        after = apply(between[group.low : group.high], shifted)
        joined.append(newer[0]._replace(start=start, end=end, before=text[start:end], after=after))
    flags = [edit for edit in first if not edit.applied]
    for edit in second:
        if not edit.applied:
            start, end = origin.start(edit.start), origin.end(edit.end)
            flags.append(edit._replace(start=start, end=end, before=text[start:end], after=text[start:end]))
    return sorted([*joined, *untouched(flags, joined)], key=_order)


def untouched(flags: Iterable[Edit], edits: Iterable[Edit]) -> list[Edit]:
    """Return the flags that point at text which none of the applied `edits` touches."""
    applied = _applied(edits)
    starts = [edit.start for edit in applied]
    kept = []
    for flag in flags:
        before = bisect_left(
            starts, flag.end
        )  # these begin above the end of the flag; the last reaches furthest
        if not before or applied[before - 1].end <= flag.start:
            kept.append(flag)
    return kept


def _applied(edits: Iterable[Edit]) -> list[Edit]:
    return sorted((edit for edit in edits if edit.applied), key=_order)


def _order(edit: Edit) -> tuple[int, int, bool, str]:
    return edit.start, edit.end, edit.applied, edit.rule


Placed = tuple[int, int, Edit]


class _Group(NamedTuple):
    """Edits that overlap in the text between the rounds, and the stretch they cover there."""

    low: int
    high: int
    first: list[Placed]
    second: list[Edit]


def _groups(first: Sequence[Placed], second: Sequence[Edit]) -> list[_Group]:
    items: list[tuple[int, int, Placed | None, Edit | None]] = [
        (low, high, (low, high, edit), None) for low, high, edit in first
    ]
    items += [(edit.start, edit.end, None, edit) for edit in second]
    groups: list[_Group] = []
    for low, high, older, newer in sorted(items, key=lambda item: item[:2]):
        if groups and low < groups[-1].high:
            groups[-1] = groups[-1]._replace(high=max(high, groups[-1].high))
        else:
            groups.append(_Group(low, high, [], []))
        if older is not None:
            groups[-1].first.append(older)
        if newer is not None:
            groups[-1].second.append(newer)
    return groups


class _Origin:
    """Offsets of an edited text told as offsets of the text before the edits."""

    def __init__(self, edits: Sequence[Edit]) -> None:
        self.edits = edits
        lengths = [len(edit.after) - (edit.end - edit.start) for edit in edits]
        self.shifts = [0, *accumulate(lengths)]
        self.lows = [edit.start + shift for edit, shift in zip(edits, self.shifts, strict=False)]
        self.highs = [low + len(edit.after) for low, edit in zip(self.lows, edits, strict=True)]

    def placed(self) -> list[Placed]:
        """Return the edits with the stretch that each one's `after` covers in the edited text."""
        return list(zip(self.lows, self.highs, self.edits, strict=True))

    def start(self, offset: int) -> int:
        """Return where a stretch that begins at `offset` began; a deletion right there lies before it."""
        passed = bisect_right(self.highs, offset)
        if passed < len(self.edits) and self.lows[passed] < offset:
            return self.edits[passed].start
        return offset - self.shifts[passed]

    def end(self, offset: int) -> int:
        """Return where a stretch that ends at `offset` ended; a deletion right there lies behind it."""
        passed = bisect_left(self.lows, offset)
        if passed and self.highs[passed - 1] > offset:
            return self.edits[passed - 1].end
        return offset - self.shifts[passed]
