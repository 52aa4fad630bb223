"""What is seen and left alone: damage nobody can undo, and text that only a reader can judge.

Findings are looked for in the repaired text, where no step has explained them away, and reported as
edits with `applied=False` at the place in the text that came in.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from cleaner.document import Edit
from cleaner.repair.beyond import STACKED

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleaner.document import Level

__all__ = ["find_flags"]

_MOST = 20
"""Reported places of one kind in one document; the rest would tell no more."""

_PATTERNS: dict[str, re.Pattern[str]] = {
    "repair/replacement": re.compile("\ufffd+"),
    "repair/lost-letter": re.compile(r"\?(?<=[^\W\d_]\?)\??(?=[^\W\d_A-Z])"),
    "repair/private-use": re.compile("[\ue000-\uf8ff]+"),
    "repair/control-left": re.compile("[\x80-\x9f]+"),
    "repair/homoglyph": re.compile(r"[A-Za-z]+[\u0370-\u052f][^\W\d_]*|[\u0370-\u052f]+[A-Za-z][^\W\d_]*"),
    "repair/escape": re.compile(
        r"\\u[0-9a-fA-F]{4}|\\x[0-9a-f]{2}"
        r"|(?:%[C-Fc-f][0-9A-Fa-f](?:%[89ABab][0-9A-Fa-f])+)+|(?:=[C-F][0-9A-F](?:=[89AB][0-9A-F])+)+"
    ),
    "repair/wrong-charset": re.compile(r"(?<![^\W\d_])[À-ÖØ-öø-ÿ]{4,}(?![^\W\d_])"),
    "repair/math-letters": re.compile("[\U0001d400-\U0001d7cb]{3,}"),
    "repair/stacked-marks": STACKED,
}
_OVERRIDE = re.compile("[\u202d\u202e]")
_NOT_IN_A_WORD = re.compile(r"[/=&@#\\]|\?.*\?.*\?")
_SENTENCE_END = ".!?:;\"'”’»)…。！？"


def find_flags(
    text: str, repaired: str, applied: Sequence[Edit], look: Sequence[str], level: Level
) -> list[Edit]:
    """Return what is to be reported of `text`, which `applied` turned into `repaired`.

    `look` names the flags whose signs the scan has seen in `repaired`.
    """
    back = _Back(applied)
    flags = [
        _flag(rule, text, *back.span(start, end))
        for rule in look
        for start, end in islice(_spans(rule, repaired, level), _MOST)
    ]
    if applied:  # overrides are gone from the repaired text, and are the one thing reported all the same
        overrides = islice(_OVERRIDE.finditer(text), _MOST)
        flags += [_flag("repair/bidi-override", text, found.start(), found.end()) for found in overrides]
    return list(dict.fromkeys(flags))


def _flag(rule: str, text: str, start: int, end: int) -> Edit:
    before = text[start:end]
    return Edit("repair", rule, start, end, before, before, applied=False)


def _spans(rule: str, text: str, level: Level) -> Iterator[tuple[int, int]]:
    """Yield where `rule` reports something in `text`."""
    if rule == "repair/hard-wrap":
        if _is_hard_wrapped(text):
            yield 0, 0
        return
    if rule == "repair/stacked-marks" and level != "safe":
        return
    for match in _PATTERNS[rule].finditer(text):
        if rule == "repair/lost-letter" and _NOT_IN_A_WORD.search(_word_around(text, match.start())):
            continue
        yield match.start(), match.end()


def _word_around(text: str, offset: int) -> str:
    """Return what stands between the spaces around `offset`, 100 characters of it at most."""
    before = text[max(0, offset - 50) : offset].split()
    behind = text[offset : offset + 50].split()
    return before[-1] + behind[0]


def _is_hard_wrapped(text: str) -> bool:
    """Tell whether most lines break at one width (45 to 100 characters) and in mid-sentence."""
    lines = text.split("\n")
    if len(lines) < 10:
        return False
    full = [line for line, below in pairwise(lines) if line and below]
    if len(full) < 8:
        return False
    widest = sorted(map(len, full))[len(full) * 9 // 10]
    near = sum(widest - 15 <= len(line) <= widest + 3 for line in full)
    open_ended = sum(line[-1] not in _SENTENCE_END for line in full)
    return 45 <= widest <= 100 and near >= 0.8 * len(full) and open_ended >= 0.7 * len(full)


class _Back:
    """Offsets of a repaired text mapped back to the text that came in."""

    def __init__(self, applied: Sequence[Edit]) -> None:
        self.applied = applied
        self.starts: list[int] = []  # of each edit's `after` in the repaired text
        self.shifts = [0]  # of what follows each edit
        for edit in applied:
            self.starts.append(edit.start + self.shifts[-1])
            self.shifts.append(self.shifts[-1] + len(edit.after) - len(edit.before))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original span of [start, end); where an edit made a part of it, the edit's too."""
        return self._offset(start, at_end=False), self._offset(end, at_end=True)

    def _offset(self, offset: int, *, at_end: bool) -> int:
        place = bisect_right(self.starts, offset if not at_end else offset - 1) - 1
        if place < 0:
            return offset
        edit = self.applied[place]
        inside = offset - self.starts[place] < len(edit.after) + at_end
        if inside and edit.after:
            return edit.end if at_end else edit.start
        return offset - self.shifts[place + 1]
