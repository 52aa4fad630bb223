"""Where a reader of the report should look first: what lost most, what fires oddly, what a higher level would take."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from cleaner.document import LEVELS
from cleaner.signals.profiles import load, names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.report.shown import ShownDocument
    from cleaner.report.totals import Totals
    from cleaner.rulebook import Rulebook

__all__ = ["First", "directions", "look_first"]

_MOST = 5
_OFTEN = 3  # documents from which a rule on one or two sites is worth a look
_FEW_SITES = 2


class First(NamedTuple):
    """What to look at first.

    `losers` are the documents shown that lost most; `local` the rules that acted in many documents of few sites, as
    (rule, documents, sites); `higher` what the levels above would take, as (level, lines flagged, documents, rules).
    """

    losers: Sequence[ShownDocument]
    local: Sequence[tuple[str, int, int]]
    higher: Sequence[tuple[str, int, int, Sequence[str]]]


def look_first(totals: Totals, book: Rulebook, shown: Sequence[ShownDocument], level: str | None) -> First:
    """Return what to look at first in a record that was cleaned at `level`."""
    losers = [document for document in shown if document.share > 0][:_MOST]
    return First(losers, _local(totals), _higher(totals, book, level))


def _local(totals: Totals) -> list[tuple[str, int, int]]:
    sites: dict[str, set[str]] = defaultdict(set)
    for rule, site, _ in totals.lines.counts:
        sites[rule].add(site)
    if len({site for known in sites.values() for site in known if site}) <= _FEW_SITES:
        return []  # of so few sites nothing can be told
    found = [
        (name, total.documents, len(sites[name]))
        for name, total in totals.rules.items()
        if total.documents >= _OFTEN and 0 < len(sites[name]) <= _FEW_SITES and "" not in sites[name]
    ]
    return sorted(found, key=lambda each: (-each[1], each[0]))[:_MOST]


def _higher(totals: Totals, book: Rulebook, level: str | None) -> list[tuple[str, int, int, Sequence[str]]]:
    if level not in LEVELS:
        return []
    outcome: list[tuple[str, int, int, Sequence[str]]] = []
    for above in LEVELS[LEVELS.index(level) + 1 :]:
        flagged = [
            (name, total) for name, total in totals.rules.items() if total.flags and book[name].level == above
        ]
        flagged.sort(key=lambda each: (-each[1].flags, each[0]))
        if flagged:
            lines = sum(total.flags for _, total in flagged)
            most = max(total.flagged_documents for _, total in flagged)
            outcome.append((above, lines, most, [name for name, _ in flagged[:_MOST]]))
    return outcome


def directions() -> dict[str, str]:
    """Return for signals whether `lower` or `higher` values are the better ones, as the profiles that ship hold them."""
    bounds: dict[str, set[str]] = defaultdict(set)
    for name in names():
        for test in load(name).tests:
            bounds[test.signal] |= {
                word for word, bound in (("lower", test.max), ("higher", test.min)) if bound is not None
            }
    return {signal: "/".join(sorted(found)) for signal, found in bounds.items() if len(found) == 1}
