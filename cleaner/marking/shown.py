"""Lines as people are shown them: in stretches, long ones cut, invisible characters named."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleaner.marking.lines import MarkedLine, Run

__all__ = ["ShownLine", "ShownRun", "Stretch", "stretches"]

_AROUND = 3  # kept lines shown around a change
_FOLDED = 4  # a longer stretch of other kept lines is folded
_HEAD, _TAIL = 1500, 500  # characters shown of a longer run
_DOCUMENT = 60_000  # characters shown of one document

_STEER = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


class ShownRun(NamedTuple):
    """A run with its text in pieces: (text, None), or (characters, the name shown in their place)."""

    state: str
    rules: tuple[str, ...]
    flags: tuple[str, ...]
    pieces: tuple[tuple[str, str | None], ...]


class ShownLine(NamedTuple):
    """A line of the page; `whole` says that nothing of it is cut, so that it can be copied."""

    number: int
    fate: str
    runs: tuple[ShownRun, ...]
    rules: tuple[str, ...]
    notes: tuple[str, ...]
    whole: bool


class Stretch(NamedTuple):
    """Lines in a row; `folded` ones are kept lines far from any change."""

    folded: bool
    lines: tuple[ShownLine, ...]


def stretches(lines: Sequence[MarkedLine]) -> tuple[tuple[Stretch, ...], int]:
    """Return the lines of a document that fit on a page, in stretches, and how many do not fit."""
    fitting, hidden = _within(lines)
    return tuple(_stretches(fitting)), hidden


def _within(lines: Sequence[MarkedLine]) -> tuple[list[MarkedLine], int]:
    """Return the lines that fit on the page, and how many do not."""
    room = _DOCUMENT
    for index, line in enumerate(lines):
        room -= sum(min(len(run.text), _HEAD + _TAIL) for run in line.runs)
        if room < 0 and index:
            return list(lines[:index]), len(lines) - index
    return list(lines), 0


def _stretches(lines: Sequence[MarkedLine]) -> Iterator[Stretch]:
    """Yield the lines in stretches: those near a change open, the others folded where they are many."""
    changed = [index for index, line in enumerate(lines) if line.fate != "kept"] or [_AROUND]
    near = {index + step for index in changed for step in range(-_AROUND, _AROUND + 1)}
    start = 0
    for index in range(1, len(lines) + 1):
        if index == len(lines) or (index in near) != (start in near):
            shown = tuple(_shown_line(line) for line in lines[start:index])
            yield Stretch(start not in near and index - start > _FOLDED, shown)
            start = index


def _shown_line(line: MarkedLine) -> ShownLine:
    whole = all(len(run.text) <= _HEAD + _TAIL for run in line.runs)
    runs = tuple(_shown_run(run) for run in line.runs)
    return ShownLine(line.number, line.fate, runs, line.rules, line.notes, whole)


def _shown_run(run: Run) -> ShownRun:
    pieces = list(_pieces(run.text[:_HEAD] if len(run.text) > _HEAD + _TAIL else run.text, run.state))
    if len(run.text) > _HEAD + _TAIL:
        pieces.append(("", f"… {len(run.text) - _HEAD - _TAIL:,} more characters …"))
        pieces += _pieces(run.text[-_TAIL:], run.state)
    return ShownRun(run.state, run.rules, run.flags, tuple(pieces))


def _pieces(text: str, state: str) -> Iterator[tuple[str, str | None]]:
    """Cut a text at characters that cannot be seen, or that would turn the text around them."""
    start = 0
    for index, character in enumerate(text):
        if _unseen(character, state):
            if start < index:
                yield text[start:index], None
            yield character, f"U+{ord(character):04X}"
            start = index + 1
    if start < len(text):
        yield text[start:], None


def _unseen(character: str, state: str) -> bool:
    if character in _STEER:
        return True
    if " " <= character <= "~" or character == "\t":
        return False
    category = unicodedata.category(character)
    return category == "Cc" or (state == "former" and category in ("Cf", "Zs", "Zl", "Zp", "Co"))
