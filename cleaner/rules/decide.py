"""Decide which of the hits in one document are carried out."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from cleaner.document import LEVELS, Level
from cleaner.rules.kinds.evidence import EvidenceRule
from cleaner.rules.kinds.headline import HeadlineRule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cleaner.artifacts import Policy
    from cleaner.rules.finder import Hit
    from cleaner.rules.pack import LoadedRule

__all__ = ["Decision", "acting", "decide", "flagging", "holding", "running"]


class Decision(NamedTuple):
    """What becomes of a document in one pass; lines are named by their place among those alive.

    `dropped` gives for each line that goes the rule (by its index) and its note, `flagged` the hits
    that are only named, `held` the hits of rules that were held off, each behind the rule that keeps and
    the rule that would have acted, and `title` the headline where a hit that was carried out shows it.
    """

    dropped: dict[int, tuple[int, str]]
    flagged: list[tuple[int, Hit]]
    held: list[tuple[int, int, Hit]]
    title: str | None


def running(rules: Sequence[LoadedRule], policy: Policy, *, title_in_text: bool) -> list[LoadedRule]:
    """Return the rules that run, in the order in which they decide.

    Rules that keep are asked first. Evidence decides last: it shall not repeat what certain rules decide.
    """
    kept = [
        rule
        for rule in rules
        if not (title_in_text and isinstance(rule.rule, HeadlineRule))
        and policy.treatment(rule.artifact) != "keep"
    ]
    return sorted(kept, key=lambda rule: (rule.rule.action != "keep", isinstance(rule.rule, EvidenceRule)))


def flagging(rules: Sequence[LoadedRule], policy: Policy) -> list[bool]:
    """Tell for each rule whether it flags at every level, because it says so or the user wants it."""
    return [
        each.rule.action == "flag" or policy.treatment(each.artifact, of_pages=each.of_pages) == "flag"
        for each in rules
    ]


def acting(rules: Sequence[LoadedRule], flags: Sequence[bool]) -> dict[Level, list[bool]]:
    """Tell for each level and each rule whether the rule acts there."""
    return {
        level: [
            not flag and LEVELS.index(each.rule.level) <= LEVELS.index(level)
            for each, flag in zip(rules, flags, strict=True)
        ]
        for level in LEVELS
    }


def holding(rules: Sequence[LoadedRule]) -> dict[int, frozenset[int]]:
    """Return for each rule that keeps, by its index, which rules it holds off."""
    held = {}
    for index, keeper in enumerate(rules):
        if keeper.rule.action == "keep":
            lowest = LEVELS.index(keeper.rule.level)
            held[index] = frozenset(
                other
                for other, each in enumerate(rules)
                if each.rule.action != "keep"
                and LEVELS.index(each.rule.level) >= lowest
                and _is_meant(each.name, keeper.rule.against)
            )
    return held


def _is_meant(name: str, against: Sequence[str]) -> bool:
    return not against or any(fnmatchcase(name, each) for each in against)


def decide(
    hits: Sequence[tuple[int, Hit]],
    acts: Sequence[bool],
    flags: Sequence[bool],
    holds: Mapping[int, frozenset[int]],
) -> Decision:
    """Accept hits in the order of their rules, of which those that keep come first.

    `acts` and `flags` tell it for each rule. One that `flags` does so always; one that does not act yet flags lines that no other of its kind
    has flagged: as at its level, the first rule that wants a line is the one that is named.

    A hit is void when one of its lines is kept from its rule. A hit relies on its witnesses: it is void
    when one of them has gone in this pass, and once accepted it protects them until the next pass, so that
    of two copies one always stays.
    """
    dropped: dict[int, tuple[int, str]] = {}
    flagged: list[tuple[int, Hit]] = []
    held: list[tuple[int, int, Hit]] = []
    title: str | None = None
    protected: set[int] = set()
    named: set[int] = set()
    keepers: dict[int, list[int]] = {}
    for index, hit in hits:
        if index in holds:
            for row in hit.rows if acts[index] else ():
                keepers.setdefault(row, []).append(index)
            continue
        if not acts[index]:
            if flags[index] or not named.issuperset(hit.rows):
                flagged.append((index, hit))
            if not flags[index]:
                named.update(hit.rows)
            continue
        if protected.intersection(hit.rows) or not dropped.keys().isdisjoint(hit.witness):
            continue
        keeper = _keeper(hit, index, keepers, holds)
        if keeper is not None:
            held.append((keeper, index, hit))
            continue
        protected.update(hit.witness)
        title = title or hit.title
        for row in hit.rows:
            dropped.setdefault(row, (index, hit.note() if hit.note else ""))
    return Decision(dropped, flagged, _first_of_each(held, dropped), title)


def _keeper(
    hit: Hit, index: int, keepers: Mapping[int, Sequence[int]], holds: Mapping[int, frozenset[int]]
) -> int | None:
    """Return the first rule that keeps a line of `hit` from rule `index`."""
    found = (each for row in hit.rows for each in keepers.get(row, ()) if index in holds[each])
    return next(found, None)


def _first_of_each(
    held: Sequence[tuple[int, int, Hit]], dropped: Mapping[int, tuple[int, str]]
) -> list[tuple[int, int, Hit]]:
    """Return of the hits that were held off those with a line that stays and that none before them wanted."""
    known = set(dropped)
    first = []
    for keeper, index, hit in held:
        if not known.issuperset(hit.rows):
            first.append((keeper, index, hit))
        known.update(hit.rows)
    return first
