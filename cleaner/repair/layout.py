"""A document taken apart into lines and the gaps between them, and put together as edits.

A gap is what stands between the last character of one line and the first of the next: spaces, line
ends, blank lines. Each becomes one line feed, or two where a blank line stood; at the head of the
document nothing, at its tail the one line feed that ends the last line, if there was any.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleaner.document import Edit
from cleaner.repair.line import Fixed, fix_line
from cleaner.repair.steps import main_step

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleaner.document import Level

__all__ = ["edits_of"]

_ENDS = r"\n\r\v\f\u2028\u2029"
_GAP = re.compile(rf"[{_ENDS}](?:[ \t]*+[{_ENDS}])*+")
_GAP_NEL = re.compile(rf"[{_ENDS}\x85](?:[ \t]*+[{_ENDS}\x85])*+")
_NO_LINE_END = re.compile(
    # Another C1 control; NEL as the last byte of a UTF-8 character read as Latin-1; or an ellipsis of
    # windows-1252, which a single space or closing punctuation follows.
    r"[\x80-\x84\x86-\x9f]|[\xc2-\xdf]\x85|[\xe0-\xef][\xa0-\xbf]\x85|[\xe0-\xef]\x85[\xa0-\xbf]"
    r"|\x85(?: \S|[.,;:!?)\]'\"»”])"
)


def edits_of(text: str, hits: Sequence[int], level: Level) -> list[Edit]:
    """Return the edits that repair `text`, in order, none of them overlapping.

    Args:
        text: the document.
        hits: ascending offsets of the places where some step on characters may act.
        level: from which level on a step must be allowed to act.

    """
    return _Layout(text, level).edits(hits)


def ends_lines_by_nel(text: str) -> bool:
    """Tell whether U+0085 ends lines here, and is not a windows-1252 ellipsis or a part of mojibake.

    A decision for the whole document, and still safe for idempotence: whichever way it falls, no
    U+0085 is left afterwards (ftfy turns each one into an ellipsis), so it is never taken twice.
    """
    return "\x85" in text and not _NO_LINE_END.search(text)


class _Layout:
    """The walk over one document: what is behind is settled in `made`, the open gap is not."""

    def __init__(self, text: str, level: Level) -> None:
        self.text = text
        self.level = level
        self.made: list[Edit] = []
        self.gap_start = 0
        self.gap_ends = 0  # line ends in the open gap
        self.gap_rules: set[str] = set()  # steps that turned lines of the open gap into blanks
        self.at_head = True
        self.known: dict[str, Fixed] = {}

    def edits(self, hits: Sequence[int]) -> list[Edit]:
        waiting = iter(hits)
        hit = next(waiting, -1)
        for start, end, ends in self._lines():
            while 0 <= hit < start:
                hit = next(waiting, -1)
            if start <= hit < end:
                self._add_fixed(start, end, ends)
            else:
                self._add(start, start + len(self.text[start:end].rstrip(" \t")), ends)
        self._close_gap(len(self.text), "\n" if self.gap_ends and not self.at_head else "")
        return self.made

    def _lines(self) -> Iterator[tuple[int, int, int]]:
        """Yield start and end of each line, spaces at its end included, and the line ends behind it."""
        gap = _GAP_NEL if ends_lines_by_nel(self.text) else _GAP
        start = 0
        for match in gap.finditer(self.text):
            yield start, match.start(), _count_ends(match.group())
            start = match.end()
        yield start, len(self.text), 0

    def _add(self, start: int, end: int, ends: int) -> None:
        """Add a line that stays as it is, without the spaces at its end."""
        if start < end:
            self._close_gap(start, "" if self.at_head else "\n" * min(2, self.gap_ends))
            self._open_gap(end)
        self.gap_ends += ends

    def _add_fixed(self, start: int, end: int, ends: int) -> None:
        before = self.text[start:end]
        fixed = self.known.get(before)
        if fixed is None:
            fixed = self.known[before] = fix_line(before, self.level)
        kept = fixed.text.strip("\n")
        if not kept:
            self.gap_rules |= {fixed.rule} - {""}
            self.gap_ends += fixed.text.count("\n") + ends
            return
        lead = len(fixed.text) - len(fixed.text.lstrip("\n"))
        trail = len(fixed.text) - len(kept) - lead
        self.gap_ends += lead
        self._close_gap(start, "" if self.at_head else "\n" * min(2, self.gap_ends))
        after = re.sub(r"\n{3,}", "\n\n", kept)
        if after != before:
            self.made.append(_trimmed(fixed.rule, start, before, after))
        self._open_gap(end)
        self.gap_ends = trail + ends

    def _open_gap(self, start: int) -> None:
        self.gap_start, self.gap_ends, self.gap_rules, self.at_head = start, 0, set(), False

    def _close_gap(self, end: int, after: str) -> None:
        start = self.gap_start
        before = self.text[start:end]
        if before == "\r\n" and after == "\n":  # what a text from Windows has thousands of
            self.made.append(Edit("repair", "repair/line-end", start, start + 1, "\r"))
        elif before != after:
            rule = main_step(self.gap_rules) if self.gap_rules else _gap_rule(before, after)
            self.made.append(_trimmed(rule, start, before, after))


def _count_ends(gap: str) -> int:
    if gap == "\n":
        return 1
    return len(gap) - gap.count(" ") - gap.count("\t") - gap.count("\r\n")


def _gap_rule(before: str, after: str) -> str:
    """Name the edit of a gap: blank lines dropped, else spaces dropped, else line ends changed."""
    if _count_ends(before) > len(after):
        return "repair/blank-lines"
    return "repair/trailing-space" if before.strip("\n\r\v\f\u2028\u2029\x85") else "repair/line-end"


def _trimmed(rule: str, start: int, before: str, after: str) -> Edit:
    """Return the edit without what `before` and `after` share at both ends."""
    head = _shared(before, after)
    tail = _shared(before[head:][::-1], after[head:][::-1])
    end = len(before) - tail
    return Edit("repair", rule, start + head, start + end, before[head:end], after[head : len(after) - tail])


def _shared(one: str, other: str) -> int:
    """Return how many characters two strings begin with alike."""
    limit = min(len(one), len(other))
    place, step = 0, 1 << max(limit.bit_length() - 1, 0)
    while step and place < limit:  # long lines: compare slices, halving where they differ
        if one[place : place + step] == other[place : place + step] and place + step <= limit:
            place += step
        else:
            step >>= 1
    return place
