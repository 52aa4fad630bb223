"""The charts of the page: pygal draws them, the page's own style sheet colours them.

What pygal adds for pages of its own (styles, a script, a comment with the date) is taken out: the
page's policy allows neither, and the same record gives the same page on every day.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from cleaner.report.first import directions
from cleaner.report.totals import SHARES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from xml.etree.ElementTree import Element

    from cleaner.report.totals import SignalTotal

__all__ = ["CHARTED", "share_chart", "share_labels", "signal_chart"]

CHARTED = (
    "gopher.dup_line_frac",
    "gopher.dup_line_char_frac",
    "c4.line_no_terminal_punct_frac",
    "c4.line_too_few_words_frac",
    "fineweb.short_line_frac",
    "fineweb.line_punct_frac",
    "refinedweb.line_one_word",
    "refinedweb.removed_word_frac",
)
"""Signals that are shares of a text and say most about furniture; the table shows all."""


_ARROWS = {"lower": "↓", "higher": "↑"}

_UNWANTED = ("style", "script", "desc", "title", "defs")


def share_labels() -> list[str]:
    """Return a label for each class of `Totals.shares`."""
    bounds = [f"{bound:.0%}".rstrip("%") for bound in SHARES]
    classes = [f"{low}–{high} %" for low, high in pairwise(bounds[1:])]
    return ["nothing", "< 1 %", *classes]


def share_chart(shares: Sequence[int]) -> Markup:
    """Return a bar chart of how many documents lost which share; those that lost nothing would dwarf it."""
    pygal = _pygal()
    chart = pygal.HorizontalBar(**_options(), show_legend=False, print_values=True)
    chart.x_labels = share_labels()[:0:-1]  # pygal draws from the bottom up
    chart.value_formatter = lambda value: f"{value:,.0f}"
    chart.add("documents", [int(value) for value in shares[:0:-1]])
    return _svg(chart, "Documents by share of their characters removed")


def signal_chart(signals: Mapping[str, SignalTotal]) -> Markup | None:
    """Return a bar chart of the mean of some signals before and after cleaning; None without signals."""
    pygal = _pygal()
    chosen = [
        (name, signals[name]) for name in reversed(CHARTED) if name in signals and signals[name].documents
    ]
    if not chosen:
        return None
    chart = pygal.HorizontalBar(**_options(), legend_at_bottom=True, print_values=True)
    better = directions()
    chart.x_labels = [
        f"{name.removesuffix('_frac')} {_ARROWS[better.get(name, 'lower')]}" for name, _ in chosen
    ]
    chart.value_formatter = lambda value: f"{value:.1f} %"
    chart.add("before", [100 * total.before / total.documents for _, total in chosen])
    chart.add("after", [100 * total.after / total.documents for _, total in chosen])
    return _svg(chart, "Means of quality signals before and after cleaning, in percent")


def _pygal() -> Any:
    """Import pygal without the finder for its map plug-ins, at which Python 3.11 warns in every later import."""
    import pygal

    sys.meta_path[:] = [each for each in sys.meta_path if type(each).__name__ != "PluginImportFixer"]
    return pygal


def _options() -> dict[str, Any]:
    from pygal.style import Style

    sizes = ("label", "major_label", "legend", "value")
    style = Style(**{f"{name}_font_size": 13 for name in sizes}, font_family="system-ui")
    return {
        "style": style, "width": 440, "height": 300, "margin": 4, "margin_left": 16, "margin_right": 48, "js": (), "no_prefix": True,
        "disable_xml_declaration": True, "print_values_position": "top", "spacing": 6,
        "truncate_label": -1, "show_x_labels": False,
    }  # fmt: skip


def _svg(chart: Any, label: str) -> Markup:
    from xml.etree import ElementTree as ET

    raw = chart.render(is_unicode=True)
    root = ET.fromstring(raw)  # noqa: S314 - our own chart of our own labels
    _bare(root)
    root.set("role", "img")
    root.set("aria-label", label)
    return Markup(ET.tostring(root, encoding="unicode"))  # noqa: S704 - serialised XML, all text escaped


def _bare(element: Element) -> None:
    """Take out what the page does not allow or need; inline SVG carries no namespace."""
    element.tag = element.tag.rpartition("}")[2]
    for name in ("style", "id"):
        element.attrib.pop(name, None)
    for child in list(element):
        known = isinstance(child.tag, str) and child.tag.rpartition("}")[2] not in _UNWANTED
        if not known or "tooltip-overlay" in child.get("class", ""):
            element.remove(child)
        else:
            _bare(child)
