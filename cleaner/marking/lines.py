"""A document as lines of runs, each run with what happened to it: what the page and `explain` show.

Lines and their numbers are those of the repaired text, which is what the rules see. What repair
replaced stands as a run of its own before what it became.
"""

from __future__ import annotations

from bisect import bisect_right
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal, NamedTuple

from cleaner.edits import apply

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleaner.document import Edit

__all__ = ["MarkedLine", "Run", "marked_lines"]

Fate = Literal["kept", "removed", "changed", "flagged"]
_FINE = 2000  # characters; a longer replacement is shown whole, since comparing takes the square of it


class Run(NamedTuple):
    """A stretch of a line: `kept`, `removed` by rules, `former` (what repair replaced), `repaired`.

    `rules` did it; `flags` were raised over it and left it alone.
    """

    text: str
    state: Literal["kept", "removed", "former", "repaired"]
    rules: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()


class MarkedLine(NamedTuple):
    """A line of the repaired text, numbered from 1. `notes` are the notes of its edits."""

    number: int
    fate: Fate
    runs: tuple[Run, ...]
    rules: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def before(self) -> str:
        """The line as the rules received it."""
        return "".join(run.text for run in self.runs if run.state != "former")

    @property
    def after(self) -> str:
        """What is left of the line."""
        return "".join(run.text for run in self.runs if run.state in ("kept", "repaired"))


class _Span(NamedTuple):
    low: int
    high: int
    edit: Edit
    former: str | None = None  # what repair replaced; None for rules and flags


def marked_lines(text: str, edits: Sequence[Edit]) -> list[MarkedLine]:
    """Return the lines of a decoded text with what the edits of both stages do to them.

    Raises:
        ValueError: the edits do not belong to this text.

    """
    repairs = [edit for edit in edits if edit.stage == "repair" and edit.applied]
    repairs.sort(key=lambda edit: (edit.start, edit.end))
    repaired = apply(text, repairs)
    spans = [*_repair_spans(repairs), *_flag_spans(edits, repairs)]
    spans += [_Span(edit.start, edit.end, edit) for edit in edits if edit.stage == "rules"]
    lines = repaired.split("\n")
    starts = [0]
    for line in lines[:-1]:
        starts.append(starts[-1] + len(line) + 1)
    buckets: dict[int, list[_Span]] = {}
    for span in spans:
        for index in range(
            bisect_right(starts, span.low) - 1, bisect_right(starts, max(span.low, span.high - 1))
        ):
            buckets.setdefault(index, []).append(span)
    return [
        _marked(index, line, starts[index], buckets.get(index, ()))
        if index in buckets
        else _plain(index, line)
        for index, line in enumerate(lines)
    ]


def _plain(index: int, line: str) -> MarkedLine:
    return MarkedLine(index + 1, "kept", (Run(line, "kept"),) if line else (), (), ())


def _repair_spans(repairs: Sequence[Edit]) -> Iterator[_Span]:
    """Yield what repair changed, told in offsets of the repaired text, character by character where short."""
    shift = 0
    for edit in repairs:
        low = edit.start + shift
        if max(len(edit.before), len(edit.after)) > _FINE:
            yield _Span(low, low + len(edit.after), edit, edit.before)
        else:
            matcher = SequenceMatcher(None, edit.before, edit.after, autojunk=False)
            for what, start, end, begin, stop in matcher.get_opcodes():
                if what != "equal":
                    yield _Span(low + begin, low + stop, edit, edit.before[start:end])
        shift += len(edit.after) - len(edit.before)


def _flag_spans(edits: Sequence[Edit], repairs: Sequence[Edit]) -> Iterator[_Span]:
    """Yield the flags of repair, which refer to the decoded text, in offsets of the repaired one."""
    starts = [edit.start for edit in repairs]
    shifts = [0]
    for edit in repairs:
        shifts.append(shifts[-1] + len(edit.after) - len(edit.before))

    def placed(offset: int) -> int:
        count = bisect_right(starts, offset)
        if count and offset < repairs[count - 1].end:
            edit = repairs[count - 1]
            return edit.start + shifts[count - 1] + min(offset - edit.start, len(edit.after))
        return offset + shifts[count]

    for edit in edits:
        if edit.stage == "repair" and not edit.applied:
            low = placed(edit.start)
            yield _Span(low, max(low, placed(edit.end)), edit)


def _marked(index: int, line: str, start: int, spans: Sequence[_Span]) -> MarkedLine:
    """Cut a line where spans begin and end, and say of each piece what happened to it."""
    clipped = []
    for span in spans:
        low, high = max(span.low - start, 0), min(span.high - start, len(line))
        if low < high or (low <= len(line) and span.former is not None and _shows(span.former)):
            clipped.append((low, max(low, high), span))
    cuts = sorted({0, len(line), *(low for low, _, _ in clipped), *(high for _, high, _ in clipped)})
    runs: list[Run] = []
    for place, cut in enumerate(cuts):
        runs += [
            Run(span.former, "former", (span.edit.rule,))
            for low, _, span in clipped
            if low == cut and span.former and span.low >= start and _shows(span.former)
        ]
        if place + 1 < len(cuts):
            over = [
                span for low, high, span in clipped if low <= cut and high >= cuts[place + 1] and low < high
            ]
            runs.append(_run(line[cut : cuts[place + 1]], over))
    edits = [span.edit for _, _, span in clipped]
    rules = tuple(dict.fromkeys(edit.rule for edit in edits))
    notes = tuple(dict.fromkeys(edit.note for edit in edits if edit.note))
    return MarkedLine(index + 1, _fate(line, runs, edits), tuple(runs), rules, notes)


def _shows(former: str) -> bool:
    """Tell whether something replaced is worth showing; line ends and spaces at them are not."""
    return bool(former.strip(" \t\r\n"))


def _run(text: str, over: Sequence[_Span]) -> Run:
    flags = tuple(dict.fromkeys(span.edit.rule for span in over if not span.edit.applied))
    removed = [span.edit.rule for span in over if span.edit.applied and span.edit.stage == "rules"]
    repaired = [span.edit.rule for span in over if span.former is not None]
    if removed:
        return Run(text, "removed", tuple(dict.fromkeys([*removed, *repaired])), flags)
    return Run(text, "repaired" if repaired else "kept", tuple(dict.fromkeys(repaired)), flags)


def _fate(line: str, runs: Sequence[Run], edits: Sequence[Edit]) -> Fate:
    left = "".join(run.text for run in runs if run.state in ("kept", "repaired"))
    if line.strip() and not left.strip():
        return "removed"
    if any(edit.applied for edit in edits):
        return "changed"
    return "flagged" if edits else "kept"
