"""A document in diff notation: what stays, what goes, and the rule behind each change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.rules.notation import DiffLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.document import Edit

__all__ = ["diff_lines"]


def diff_lines(text: str, edits: Sequence[Edit]) -> list[DiffLine]:
    """Return the lines of `text` with what `edits`, all of one stage, do to them.

    A line that an edit takes whole is removed; one of which it takes a part is removed and stands again
    as it reads afterwards. Edits that touch only line ends and blank lines leave no trace here.
    """
    lines: list[DiffLine] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        touching = [edit for edit in edits if edit.start < max(end, start + 1) and edit.end > start]
        lines += _line(line, start, end, touching)
        start = end + 1
    return lines


def _line(line: str, start: int, end: int, edits: Sequence[Edit]) -> list[DiffLine]:
    applied = [edit for edit in edits if edit.applied]
    flags = [edit for edit in edits if not edit.applied]
    after = _after(line, start, end, applied)
    if after == line or not line.strip():
        names = ", ".join(dict.fromkeys(edit.rule for edit in flags))
        return [DiffLine("~" if names else " ", line, names or None)] if after == line else []
    rules = ", ".join(dict.fromkeys(edit.rule for edit in applied))
    removed = DiffLine("-", line, rules)
    return [removed, DiffLine("+", after)] if after.strip() else [removed]


def _after(line: str, start: int, end: int, edits: Sequence[Edit]) -> str:
    """Return what is left of a line; of a replacement that runs over line ends, what is on the first."""
    parts, position = [], start
    for edit in sorted(edits):
        parts.append(line[position - start : max(0, edit.start - start)])
        if edit.start >= start:
            parts.append(edit.after)
        position = max(position, min(edit.end, end))
    parts.append(line[position - start :])
    return "".join(parts).rstrip("\n")
