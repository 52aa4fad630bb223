"""Decide which of the hits of a pass are carried out."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.document import LEVELS, Level
from cleaner.native import verdicts
from cleaner.rules.kinds.headline import HeadlineRule
from cleaner.rules.kinds.scored import ScoredRule

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cleaner.artifacts import Policy
    from cleaner.rules.hits import Hits
    from cleaner.rules.pack import LoadedRule
    from cleaner.rules.table import Ints, LineTable

__all__ = ["Decision", "Treatment", "acting", "flagging", "holding", "running"]

_DROPPED, _FLAGGED, _HELD = (verdicts.VERDICTS[name] for name in ("dropped", "flagged", "held"))


class Decision(NamedTuple):
    """What becomes of the hits of a pass; lines are rows of the table of the batch.

    `taken` says for each line which rule takes it, or -1; `noted` what spoke for it, where the rule can tell. `flagged` are the
    hits that are only named, `held` those of rules that were held off, and `keepers` the rules that did so; `titles` are the headlines
    of documents where a hit that was carried out shows them.
    """

    hits: Hits
    taken: Ints
    noted: dict[int, Callable[[], str]]
    flagged: Ints
    held: Ints
    keepers: Ints
    titles: dict[int, str]


class Treatment:
    """How the hits of each rule are treated at a level.

    Args:
        acts: of each rule whether it acts.
        flags: whether it flags at every level.
        holds: for each rule that keeps, by its index, which rules it holds off.

    """

    def __init__(
        self, acts: Sequence[bool], flags: Sequence[bool], holds: Mapping[int, frozenset[int]]
    ) -> None:
        self.acts, self.flags = np.array(acts, np.bool_), np.array(flags, np.bool_)
        keeps = np.zeros(len(acts), np.uint8)
        keeps[list(holds)] = 4
        self.codes = keeps
        self.codes[self.acts] |= 1
        self.codes[self.flags] |= 2
        self.keepers = np.full(len(acts), -1, np.int64)
        self.keepers[list(holds)] = np.arange(len(holds))
        self.holds = np.zeros((len(holds), len(acts)), np.uint8)
        for number, held in enumerate(holds.values()):
            self.holds[number, list(held)] = 1

    def decide(self, hits: Hits, table: LineTable) -> Decision:
        """Accept hits in the order of their rules, of which those that keep come first.

        A rule that flags does so always; one that does not act yet flags lines that no other of its kind
        has flagged: as at its level, the first rule that wants a line is the one that is named. While lines of a document
        still go, only the former are noted: the last pass says anew what a higher level would do.

        A hit is void when one of its lines is kept from its rule. A hit relies on its witnesses: it is void
        when one of them has gone in this pass, and once accepted it protects them until the next pass, so that
        of two copies one always stays. Hits beyond the reach of their rule are asked last, from the end of the text inwards:
        what eats from an end takes its whole run in one pass.
        """
        taken = np.empty(len(table), np.int64)
        verdict, keepers = np.empty(len(hits), np.int8), np.empty(len(hits), np.int64)
        verdicts.decide(
            hits.columns, np.array(hits.witnesses, np.int64), self.codes, self.holds, self.keepers,
            table.chars, table.first, taken, verdict, keepers,
        )  # fmt: skip
        rules, document = hits.columns[:, 0], table.document[hits.columns[:, 1]]
        gone = np.flatnonzero(taken >= 0)
        going = np.zeros(len(table.texts), np.bool_)
        going[table.document[gone]] = True
        still = ~going[document]
        titles: dict[int, str] = {}
        for hit in sorted(hits.titles):
            if verdict[hit] == _DROPPED:
                titles.setdefault(int(document[hit]), hits.titles[hit])
        noted = {}
        if hits.notes:
            for row, hit in zip(gone.tolist(), taken[gone].tolist(), strict=True):
                if hit in hits.notes:
                    noted[row] = hits.notes[hit]
        taken[gone] = rules[taken[gone]]
        flagged = np.flatnonzero((verdict == _FLAGGED) & (still | self.flags[rules]))
        held = np.flatnonzero((verdict == _HELD) & still)
        return Decision(hits, taken, noted, flagged, held, keepers[held], titles)


def running(rules: Sequence[LoadedRule], policy: Policy, *, title_in_text: bool) -> list[LoadedRule]:
    """Return the rules that run, in the order in which they decide.

    Rules that keep are asked first. The line model decides last: it shall not repeat what certain rules decide.
    """
    kept = [
        rule
        for rule in rules
        if not (title_in_text and isinstance(rule.rule, HeadlineRule))
        and policy.treatment(rule.artifact) != "keep"
    ]
    return sorted(kept, key=lambda rule: (rule.rule.action != "keep", isinstance(rule.rule, ScoredRule)))


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
