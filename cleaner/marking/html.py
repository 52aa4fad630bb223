"""A marked text as a piece of HTML that carries its own styles, for notebooks; it follows light and dark themes."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from cleaner.marking.shown import stretches

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleaner.marking.lines import MarkedLine
    from cleaner.marking.shown import ShownLine, ShownRun

__all__ = ["as_html"]

_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
"""In ids, flags and notes; in lines `stretches` gives them names."""

_RED, _GREEN, _YELLOW = (
    "214, 69, 65",
    "46, 160, 67",
    "210, 153, 34",
)  # see-through, so that they fit any ground
_EDGES = {"removed": _RED, "changed": _GREEN, "flagged": _YELLOW}
_LINE = "white-space: pre-wrap; overflow-wrap: anywhere; border-inline-start: 3px solid {edge}; padding-inline-start: .6em; text-align: start"
_CHIP = "font-size: .8em; opacity: .75; margin-inline-start: .8em; unicode-bidi: isolate"
_STATES = {
    "removed": ("del", f"background: rgba({_RED}, .18)"),
    "former": ("del", f"color: rgb({_RED}); font-size: .92em"),
    "repaired": ("ins", f"background: rgba({_GREEN}, .22); text-decoration: none"),
    "flagged": ("mark", f"background: rgba({_YELLOW}, .28); color: inherit"),
}


def as_html(lines: Sequence[MarkedLine], facts: Sequence[str]) -> str:
    """Return marked lines as HTML without scripts: removed lines struck, repairs marked, the rule behind each.

    Args:
        lines: the lines of one document.
        facts: short phrases for the head, as plain text.

    """
    return "".join(_parts(lines, facts))


def _parts(lines: Sequence[MarkedLine], facts: Sequence[str]) -> Iterator[str]:
    # Notebooks take what stands between dollar signs for mathematics, but for these classes.
    yield '<div class="tex2jax_ignore mathjax_ignore" style="max-width: 60rem; line-height: 1.5">'
    yield f'<div style="opacity: .75; margin-bottom: .4em">{" · ".join(map(_text, facts))}</div>'
    shown, hidden = stretches(lines)
    for stretch in shown:
        if stretch.folded:
            yield f'<details><summary style="opacity: .75">{len(stretch.lines):,} lines kept</summary>'
        yield from map(_line, stretch.lines)
        if stretch.folded:
            yield "</details>"
    if hidden:
        yield f'<div style="opacity: .75">{hidden:,} more lines</div>'
    yield "</div>"


def _line(line: ShownLine) -> str:
    edge = f"rgb({_EDGES[line.fate]})" if line.fate in _EDGES else "transparent"
    names = f'<small style="{_CHIP}">{_text(", ".join(line.rules))}</small>' if line.rules else ""
    note = f' title="{_text("; ".join(line.notes))}"' if line.notes else ""
    text = "".join(map(_run, line.runs)) or "&nbsp;"
    return f'<div dir="auto" style="{_LINE.format(edge=edge)}"{note}>{text}{names}</div>'


def _run(run: ShownRun) -> str:
    text = "".join(f"<small>[{name}]</small>" if name else _text(piece) for piece, name in run.pieces)
    state = "flagged" if run.state == "kept" and run.flags else run.state
    if state not in _STATES:
        return text
    tag, style = _STATES[state]
    return f'<{tag} style="{style}">{text}</{tag}>'


def _text(text: str) -> str:
    return escape(_UNPRINTABLE.sub("\ufffd", text))
