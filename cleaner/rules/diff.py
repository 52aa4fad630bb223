"""A document in diff notation: what stays, what goes, and the rule behind each change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.edits import apply
from cleaner.rules.notation import DiffLine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleaner.document import Edit

__all__ = ["diff_lines"]


def diff_lines(text: str, edits: Sequence[Edit]) -> list[DiffLine]:
    """Return the lines of `text` with what `edits`, all of one stage, do to them.

    A line that an edit takes whole is removed; one of which it takes a part is removed and stands again
    as it reads afterwards. Edits that touch only line ends, trailing spaces and blank lines
    leave no trace here.
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
    if after.rstrip() == line.rstrip() or not line.strip():
        names = ", ".join(dict.fromkeys(edit.rule for edit in flags))
        return (
            [DiffLine("~" if names else " ", line.rstrip(), names or None)]
            if after.strip() or not applied
            else []
        )
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


def document_diff(text: str, edits: Sequence[Edit]) -> list[DiffLine]:
    """Return the lines of a decoded text with what the edits of both stages do to them.

    A line that was repaired and then removed or trimmed is shown once, with both rules.
    """
    repairs = [edit for edit in edits if edit.stage == "repair"]
    outcomes = _groups(apply(text, repairs), [edit for edit in edits if edit.stage == "rules"])
    joined: list[DiffLine] = []
    for line in diff_lines(text, repairs):
        if line.mark == "-" or not line.text.strip():
            joined.append(line)
        else:
            for part in line.text.split("\n"):
                if part.strip():
                    _join(joined, line._replace(text=part), next(outcomes))
    return joined


def _groups(text: str, edits: Sequence[Edit]) -> Iterator[list[DiffLine]]:
    """Yield for each line of `text` that is not blank what becomes of it."""
    group: list[DiffLine] = []
    for line in diff_lines(text, edits):
        if line.mark == "+":
            group.append(line)
        elif line.text.strip():
            if group:
                yield group
            group = [line]
    if group:
        yield group


def _join(joined: list[DiffLine], line: DiffLine, outcome: list[DiffLine]) -> None:
    """Add a line as repair left it, followed by what the rules did to it."""
    last = outcome[-1]
    names = ", ".join(name for name in (line.rule, last.rule or outcome[0].rule) if name) or None
    if last.mark == " ":
        joined.append(line)
    elif last.mark == "~":
        joined.append(line._replace(mark="~" if line.mark == " " else line.mark, rule=names))
    elif line.mark == "+":
        origin = max(index for index, each in enumerate(joined) if each.mark == "-")
        rules = ", ".join(filter(None, (joined[origin].rule, outcome[0].rule)))
        joined[origin] = joined[origin]._replace(rule=rules)
        joined += outcome[1:]
    else:
        joined += outcome
