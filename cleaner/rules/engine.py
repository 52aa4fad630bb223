"""The rule engine: finders find, the engine decides, and nothing touches a text on the way.

Rules run in passes until a pass changes nothing, so that cleaning a cleaned text changes nothing. A
pass first asks every rule about the lines as they stand, then decides in the order of the rules: a
line goes with the first hit that takes it, and a hit is void when a line it relies on goes too.

Trims are settled before drops, since they look at one line each. Above `safe`, the safe rules are
settled first; what the others then take from a document is held against a budget.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.artifacts import Policy
from cleaner.document import Edit, Level
from cleaner.edited import Edits, RuleNames
from cleaner.fold import fingerprint
from cleaner.rules.budget import Budget
from cleaner.rules.decide import Treatment, acting, flagging, holding, running
from cleaner.rules.finder import Context, View
from cleaner.rules.hits import Hits
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

OVER_BUDGET, UNSETTLED = "over_budget", "unsettled"
PASSES = 100
"""Of a document, at one level. Of 1,300 web pages one needs 48, the others 24 at most; what has not come to an end then is flagged."""


class Cleaned(NamedTuple):
    """What the rules made of one text: edits that refer to it, flags, and the headline if one was found.

    `fingerprint` is that of the text that is left (see `cleaner.fold.fingerprint`).
    """

    text: str
    edits: Sequence[Edit] = ()
    flags: tuple[str, ...] = ()
    title: str | None = None
    fingerprint: int | None = None


class Engine:
    """A set of rules at a level, ready to run over batches of texts. It keeps no state between them.

    Args:
        rules: the rules, in the order in which they decide; those of the kind `scored` come last in any case.
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
        self.holds, self.policy, self.title_in_text = holding(self.rules), policy, title_in_text
        self.level, self.budget, self.identify, self.stable = level, Budget(budget), identify, stable
        self.names = [loaded.name for loaded in self.rules]
        self.finders = [finder_of(loaded.rule) for loaded in self.rules]
        self.scanner = Scanner(matcher for finder in self.finders for matcher in finder.matchers)
        # Asked all at once, and asked before the others.
        self._plain = PlainLines(self.finders)
        self._spans = frozenset(i for i, finder in enumerate(self.finders) if isinstance(finder, Span))
        self._apart = self._plain.rules | self._spans
        self._always = [index for index, finder in enumerate(self.finders) if not finder.gated]
        self._gates: dict[Matcher, list[int]] = {}
        for index, finder in enumerate(self.finders):
            for matcher in finder.matchers if finder.gated else ():
                self._gates.setdefault(matcher, []).append(index)
        of_text = {m for finder in self.finders if finder.guards.linked is None for m in finder.matchers}
        self._of_links = frozenset(self.scanner.matchers) - of_text
        self._flags = flagging(self.rules, policy)
        self._acting = acting(self.rules, self._flags)
        self._treatment = {
            each: Treatment(acts, self._flags, self.holds) for each, acts in self._acting.items()
        }
        self._known = RuleNames.of(self.names, [rule.artifact or "" for rule in self.rules])
        # Flags of rules that act at this level are of an earlier round.
        self._shown = ~self._treatment[level].acts
        self._shown[list(self.holds)] = True

    def clean(self, texts: Sequence[str], contexts: Sequence[Context] | None = None) -> list[Cleaned]:
        """Run the rules over a batch. The texts are independent of each other."""
        contexts = contexts or [Context()] * len(texts)
        part = self._part(Settled.start(texts, contexts))
        safe = self._settle([part], "safe")
        if self.level == "safe":
            done = self._finished(safe, np.ones(len(self.names), np.bool_))
            return [done[index] for index in range(len(texts))]
        begun = safe if self.title_in_text else [part.blinded() for part in safe]
        full = self._finished(self._settle(begun, self.level), self._shown)
        doubtful = {index for index in full if not self.budget.holds(texts[index], full[index].text)}
        every = np.ones(len(self.names), np.bool_)
        for index, frugal in self._finished(safe, every, doubtful).items():
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
        asked = self._awake_spans(part, level)
        if not asked:
            return None
        batch = part.batch()
        spans: list[tuple[int, int, Line, tuple[int, int]]] = []
        for index in asked:
            for document, view, hits in self._hits(part, batch, self.finders[index]):
                spans += [(document, index, view.lines[hit.rows[0]], hit.span) for hit in hits if hit.span]
        edits: dict[int, list[Edit]] = {}
        for (document, *_), edit in zip(spans, self._span_edits(spans, level), strict=True):
            edits.setdefault(document, []).append(edit)
        changed = {
            document: _disjoint(found)
            for document, found in edits.items()
            if any(edit.applied for edit in found)
        }
        flags = [
            (document, line.start + start, line.start + end, index)
            for document, index, line, (start, end) in spans
            if document not in changed
        ]
        part.flag_places(*np.array(flags, np.int64).reshape(-1, 4).T)
        return part.split(changed, self._known) if changed else None

    def _awake_spans(self, part: Part, level: Level) -> list[int]:
        found = {i for matcher in part.found for i in self._gates.get(matcher, ())} | set(self._always)
        acts = self._acting[level]
        return sorted(i for i in found & self._spans if acts[i] or self.finders[i].telling)

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
            artifact = self._known.artifacts[index]
            edits.append(Edit("rules", self.names[index], *place, before, after, applied, "", artifact))
        return edits

    def _drop(self, part: Part, level: Level) -> Part:
        """Carry out all other rules, pass by pass, over the documents that the last pass changed."""
        active = np.ones(len(part.state.texts), np.bool_)
        for _ in range(PASSES):
            batch = part.batch(active)
            hits = self._found(part, batch, level)
            if not len(hits):
                return part
            decision = self._treatment[level].decide(hits, batch.table)
            part = part.after(batch, decision, self.names)
            active[:] = False
            active[batch.table.document[decision.taken >= 0]] = True
            if not active.any():
                return part
        part.unsettled |= frozenset(np.flatnonzero(active).tolist())
        return part

    def _found(self, part: Part, batch: Batch, level: Level) -> Hits:
        """Return all hits but those of span rules.

        Rules that keep are asked last, and only about lines that others want.
        """
        hits, table = Hits(), batch.table
        self._plain.find(batch, hits)
        wanted: Mask | None = None
        for index in self._awake(part, level):
            finder = self.finders[index]
            if index in self.holds and wanted is None:
                wanted = hits.wanted(self._treatment[level].acts, len(table), table.first[table.document + 1])
            if finder.exact and wanted is None:
                rows = finder.candidates(batch)
                hits.add_lines(index, rows, note=partial(finder.note, table))
            else:
                for _, view, found in self._hits(part, batch, finder, wanted):
                    for hit in found:
                        hits.add(index, view.first, hit)
        return hits.sort()

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
        """Return the finders that are asked about a part, those that keep last: most ask for words that no line holds."""
        awake: list[int] | None = part.table.memo.get((self, level))
        if awake is None:
            found = {*self._always, *(i for matcher in part.found for i in self._gates.get(matcher, ()))}
            found -= self._apart
            acts = self._acting[level]
            awake = [i for i in found if acts[i] or (self.finders[i].telling and i not in self.holds)]
            awake.sort(key=lambda index: (index in self.holds, index))
            part.table.memo[self, level] = awake
        return awake

    def _acts(self, index: int, level: Level) -> bool:
        return self._acting[level][index]

    def _finished(
        self, parts: Sequence[Part], shown: Mask, wanted: Collection[int] | None = None
    ) -> dict[int, Cleaned]:
        """Return the outcome of every document, or of those `wanted`, with the flags of the rules that are `shown`."""
        results = {}
        for part in parts:
            unsettled = {part.state.numbers[document] for document in part.unsettled}
            for number, text, title, edits, folded in part.results(self._known, shown, wanted):
                if isinstance(edits, Edits):
                    named = set(np.unique(edits.rules[~edits.applied]).tolist())
                    flags = {self.names[rule] for rule in named}
                else:
                    flags = {edit.rule for edit in edits if not edit.applied}
                if number in unsettled:
                    flags.add(UNSETTLED)
                results[number] = Cleaned(text, edits, tuple(sorted(flags)), title, fingerprint(folded))
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
