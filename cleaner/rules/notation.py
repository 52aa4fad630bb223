"""The diff notation in which rules, tests, `explain` and bug reports say what happens to a text.

Each line begins with two characters: two spaces for a line that is kept, `- ` for one that is removed,
`~ ` for one that is flagged, `+ ` for what stands in place of the removed line above it. An empty line
is an empty line of the text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["DiffLine", "Mark", "NotationError", "after", "before", "parse", "render"]

Mark = Literal[" ", "-", "~", "+"]
_MARKS: dict[str, Mark] = {"  ": " ", "- ": "-", "~ ": "~", "+ ": "+"}


class NotationError(ValueError):
    """A text that is not in diff notation."""


class DiffLine(NamedTuple):
    """One line with what happens to it; `rule` is the rule that did it, where known."""

    mark: Mark
    text: str
    rule: str | None = None


def parse(diff: str) -> list[DiffLine]:
    """Read diff notation; a newline at the very end is not a line.

    Raises:
        NotationError: a line begins with none of the four marks.

    """
    lines = []
    for number, line in enumerate(diff.removesuffix("\n").split("\n"), 1):
        if not line.strip():
            lines.append(DiffLine(" ", ""))
            continue
        mark = _MARKS.get(line[:2])
        if mark is None:
            raise NotationError(
                f"diff line {number} begins with {line[:2]!r}; use two spaces, '- ', '~ ' or '+ '"
            )
        lines.append(DiffLine(mark, line[2:]))
    return lines


def before(lines: Iterable[DiffLine]) -> str:
    """Return the text that a diff speaks of."""
    return "\n".join(line.text for line in lines if line.mark != "+")


def after(lines: Iterable[DiffLine]) -> str:
    """Return the text that a diff leads to."""
    return "\n".join(line.text for line in lines if line.mark != "-")


def render(lines: Sequence[DiffLine]) -> str:
    """Write diff notation, with the rule behind each line that has one."""
    written = []
    for line in lines:
        text = f"{line.mark} {line.text}".rstrip() if line.text else ""
        written.append(f"{text}    [{line.rule}]" if line.rule else text)
    return "\n".join(written)
