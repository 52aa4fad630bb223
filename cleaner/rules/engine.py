"""The rule engine: finders find, the engine decides, and nothing touches a text on the way.

Rules run in passes until a pass changes nothing, so that cleaning a cleaned text changes nothing. A
pass first asks every rule about the lines as they stand, then decides in the order of the rules: a
line goes with the first hit that takes it, and a hit is void when a line it relies on goes too.

Trims are settled before drops, since they look at one line each. Above `safe`, the safe rules are
settled first; what the others then take from a document is held against a budget.
"""

from __future__ import annotations

from itertools import pairwise
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.artifacts import Policy
from cleaner.document import Edit, Level
from cleaner.edits import apply
from cleaner.fold import fingerprint
from cleaner.rules.budget import Budget
from cleaner.rules.decide import Decision, acting, decide, flagging, holding, running
from cleaner.rules.finder import Context, View
from cleaner.rules.kinds import finder_of
from cleaner.rules.kinds.span import Span
from cleaner.rules.passes import Part, Settled
from cleaner.rules.plain import PlainLines
from cleaner.rules.scan import Batch, Scanner, knows_links
from cleaner.rules.stretches import begins
from cleaner.rules.table import LineTable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from cleaner.document import Line
    from cleaner.rules.conditions import Matcher
    from cleaner.rules.finder import Finder, Hit
    from cleaner.rules.pack import LoadedRule
    from cleaner.rules.table import Mask

__all__ = ["Cleaned", "Context", "Engine"]

OVER_BUDGET = "over_budget"
PASSES = 1000
"""A pass that changes something removes a line, and what depends on what is seldom deeper than three."""


class Cleaned(NamedTuple):
    """What the rules made of one text: edits that refer to it, flags, and the headline if one was found.

    `fingerprint` is that of the text that is left (see `cleaner.fold.fingerprint`).
    """

    text: str
    edits: tuple[Edit, ...] = ()
    flags: tuple[str, ...] = ()
    title: str | None = None
    fingerprint: int | None = None


class Engine:
    """A set of rules at a level, ready to run over batches of texts. It keeps no state between them.

    Args:
        rules: the rules, in the order in which they decide; those of the kind `evidence` come last in any case.
        level: rules up to this level act, the others flag.
        budget: the share of the characters left by the safe rules that the others may take.
        identify: tells the language of a text; asked only where a rule depends on it.
        title_in_text: keep one copy of the headline in the text.
        policy: what is done with each kind of furniture.
        stable: tells of trimmed lines whether each would stay as it is when cleaned again.

    """

    def __init__(
        self,
        rules: Sequence[LoadedRule],
        *,
        level: Level = "safe",
        budget: float = 0.65,
        identify: Callable[[str], str | None] = lambda _: None,
        title_in_text: bool = True,
        policy: Policy = Policy(),  # noqa: B008 - it is a tuple
        stable: Callable[[Sequence[str]], Sequence[bool]] = lambda lines: [True] * len(lines),
    ) -> None:
        self.rules = running(rules, policy, title_in_text=title_in_text)
        self.holds = holding(self.rules)
        self.level, self.budget, self.identify, self.stable = level, Budget(budget), identify, stable
        self.names = [loaded.name for loaded in self.rules]
        self.finders = [finder_of(loaded.rule) for loaded in self.rules]
        self.scanner = Scanner(matcher for finder in self.finders for matcher in finder.matchers)
        self._always = [index for index, finder in enumerate(self.finders) if not finder.gated]
        self._gates: dict[Matcher, list[int]] = {}
        for index, finder in enumerate(self.finders):
            for matcher in finder.matchers if finder.gated else ():
                self._gates.setdefault(matcher, []).append(index)
        of_text = {m for finder in self.finders if finder.guards.linked is None for m in finder.matchers}
        self._of_links = frozenset(self.scanner.matchers) - of_text
        self._plain = PlainLines(self.finders)
        self._flags = flagging(self.rules, policy)
        self._acting = acting(self.rules, self._flags)
        self._artifacts = {rule.name: rule.artifact or "" for rule in self.rules}
        self._acting_names = frozenset(
            name
            for index, (name, acts) in enumerate(zip(self.names, self._acting[level], strict=True))
            if acts and index not in self.holds
        )

    def clean(self, texts: Sequence[str], contexts: Sequence[Context] | None = None) -> list[Cleaned]:
        """Run the rules over a batch. The texts are independent of each other."""
        contexts = contexts or [Context()] * len(texts)
        part = self._part(Settled.start(texts, contexts))
        safe = self._settle([part], "safe")
        if self.level == "safe":
            done = self._finished(safe)
            return [done[index] for index in range(len(texts))]
        full = self._finished(self._settle(safe, self.level), self._acting_names)
        doubtful = {index for index in full if not self.budget.holds(texts[index], full[index].text)}
        for index, frugal in self._finished(safe, wanted=doubtful).items():
            if not self.budget.allows(frugal.text, full[index].text):
                full[index] = frugal._replace(flags=(*frugal.flags, OVER_BUDGET))
        return [full[index] for index in range(len(texts))]

    def _part(self, state: Settled) -> Part:
        table = LineTable.of(state.texts)
        skip = () if knows_links(state.contexts) else self._of_links
        return Part(state, table, self.scanner.scan(table.keys, skip))

    def _settle(self, parts: Sequence[Part], level: Level) -> list[Part]:
        """Run passes until no rule up to `level` finds anything to change."""
        waiting, done = list(parts), []
        while waiting:
            part = waiting.pop()
            trimmed = self._trim(part, level)
            if trimmed is not None:
                part, changed = trimmed
                waiting.append(self._part(changed))
            done.append(self._drop(part, level))
        return done

    def _trim(self, part: Part, level: Level) -> tuple[Part, Settled] | None:
        """Carry out the span rules once; return what they left alone and the texts they changed."""
        batch = part.batch()
        spans: list[tuple[int, int, Line, tuple[int, int]]] = []
        for index in self._awake(part, level):
            finder = self.finders[index]
            if isinstance(finder, Span):
                for document, view, hits in self._hits(part, batch, finder):
                    spans += [
                        (document, index, view.lines[hit.rows[0]], hit.span) for hit in hits if hit.span
                    ]
        edits: dict[int, list[Edit]] = {}
        for (document, *_), edit in zip(spans, self._span_edits(spans, level), strict=True):
            edits.setdefault(document, []).append(edit)
        changed = {
            document: _disjoint(found)
            for document, found in edits.items()
            if any(edit.applied for edit in found)
        }
        for document, found in edits.items():
            if document not in changed:
                part.flag(document, found)
        return part.split(changed) if changed else None

    def _span_edits(
        self, spans: Sequence[tuple[int, int, Line, tuple[int, int]]], level: Level
    ) -> list[Edit]:
        """Return an edit for each span of (document, rule, line, span): applied where the rule acts and the rest is stable."""
        if not spans:
            return []
        kept = [line.text[:start] + line.text[end:] for _, _, line, (start, end) in spans]
        edits = []
        for (_, index, line, (start, end)), stable in zip(spans, self.stable(kept), strict=True):
            applied = stable and self._acts(index, level)
            before = line.text[start:end]
            after = "" if applied else before
            place = line.start + start, line.start + end
            edits.append(Edit("rules", self.names[index], *place, before, after, applied))
        return edits

    def _drop(self, part: Part, level: Level) -> Part:
        """Carry out all other rules, pass by pass, over the documents that the last pass changed."""
        active = np.ones(len(part.state.texts), np.bool_)
        for _ in range(PASSES):
            batch = part.batch(active)
            decisions = {
                document: self._lasting(decide(hits, self._acting[level], self._flags, self.holds))
                for document, hits in self._found(part, batch, level).items()
            }
            part = part.after(batch, decisions, self.names) if decisions else part
            active[:] = False
            active[[document for document, decision in decisions.items() if decision.dropped]] = True
            if not active.any():
                return part
        return part

    def _found(self, part: Part, batch: Batch, level: Level) -> dict[int, list[tuple[int, Hit]]]:
        """Return all hits but those of span rules, by document and in the order of the rules.

        Rules that keep are asked last, and only about lines that others want.
        """
        found = self._plain.hits(batch)
        mixed = set()
        wanted: Mask | None = None
        for index in sorted(self._awake(part, level), key=self.holds.__contains__):
            finder = self.finders[index]
            if not isinstance(finder, Span) and index not in self._plain.rules:
                if index in self.holds and wanted is None:
                    wanted = self._wanted(batch, found, level)
                for document, _, hits in self._hits(part, batch, finder, wanted):
                    found.setdefault(document, []).extend((index, hit) for hit in hits)
                    mixed.add(document)
        for document in mixed:
            found[document].sort(key=itemgetter(0))
        return found

    def _wanted(self, batch: Batch, found: dict[int, list[tuple[int, Hit]]], level: Level) -> Mask:
        """Tell for each row whether a rule that acts would take it."""
        wanted = np.zeros(len(batch.table), np.bool_)
        for document, hits in found.items():
            rows = [row for index, hit in hits if self._acts(index, level) for row in hit.rows]
            wanted[int(batch.table.first[document]) + np.array(rows, np.int64)] = True
        return wanted

    def _lasting(self, decision: Decision) -> Decision:
        """Leave out flags that say what a higher level would do, while lines still go: the last pass says it anew."""
        if not decision.dropped:
            return decision
        flagged = [(index, hit) for index, hit in decision.flagged if self._flags[index]]
        return decision._replace(flagged=flagged, held=[])

    def _hits(
        self,
        part: Part,
        batch: Batch,
        finder: Finder,  # type: ignore[type-arg]
        wanted: Mask | None = None,
    ) -> list[tuple[int, View, list[Hit]]]:
        rows = finder.candidates(batch)
        rows = rows if wanted is None else rows[wanted[rows]]
        if not len(rows):
            return []
        documents = batch.table.document[rows]
        places = [*begins(documents).tolist(), len(rows)]
        found = []
        for begin, end in pairwise(places):
            document = int(documents[begin])
            view = part.view(batch, document, self.identify)
            hits = list(finder.confirm(view, (rows[begin:end] - view.first).tolist()))
            if hits:
                found.append((document, view, hits))
        return found

    def _awake(self, part: Part, level: Level) -> list[int]:
        """Return the finders that may find something in a part: most rules ask for words that no line holds."""
        awake: list[int] | None = part.table.memo.get((self, level))
        if awake is None:
            found = {*self._always, *(i for matcher in part.found for i in self._gates.get(matcher, ()))}
            telling = (i for i in found if self.finders[i].telling and i not in self.holds)
            awake = sorted({*telling, *(i for i in found if self._acts(i, level))})
            part.table.memo[self, level] = awake
        return awake

    def _acts(self, index: int, level: Level) -> bool:
        return self._acting[level][index]

    def _finished(
        self, parts: Sequence[Part], acting: Collection[str] = (), wanted: Collection[int] | None = None
    ) -> dict[int, Cleaned]:
        """Return the outcome of every document, or of those `wanted`; flags of `acting` rules are of an earlier round."""
        results = {}
        for part in parts:
            for number, original, context, edits, folded in part.results(wanted):
                kept = tuple(
                    edit._replace(artifact=self._artifacts[edit.rule])
                    for edit in edits
                    if edit.applied or edit.rule not in acting
                )
                flags = tuple(sorted({edit.rule for edit in kept if not edit.applied}))
                text = apply(original, kept) if kept else original
                results[number] = Cleaned(text, kept, flags, context.title, fingerprint(folded))
        return results


def _disjoint(edits: Sequence[Edit]) -> list[Edit]:
    """Of applied edits that overlap keep the first rule's; they stand in the order of the rules."""
    kept: list[Edit] = []
    for edit in edits:
        if not edit.applied or all(
            edit.end <= other.start or other.end <= edit.start for other in kept if other.applied
        ):
            kept.append(edit)
    return kept
