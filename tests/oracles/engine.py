"""The rule engine again, written for clarity: one document at a time, every rule asked about every line.

No table is kept between passes, no literals gate anything: after each pass the text is built anew and
read from the start. The fast engine must come to the same text by the same rules.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from cleaner.rules.engine import Engine
from cleaner.rules.finder import Context, View
from cleaner.rules.kinds.span import Span
from cleaner.rules.table import LineTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.rules.finder import Hit


class Outcome(NamedTuple):
    text: str
    removed: list[tuple[str, str]]  # (rule, line), in the order in which they stood
    title: str | None


def reference(engine: Engine, text: str, context: Context = Context()) -> Outcome:  # noqa: B008
    """Clean one text as `engine` should."""
    safe = _settle(engine, Outcome(text, [], context.title), context, "safe")
    if engine.level == "safe":
        return safe
    # Where the headline does not stay in the text, a second cleaning starts without one that was found.
    begun = safe if engine.title_in_text else safe._replace(title=context.title)
    full = _settle(engine, begun, context, engine.level)
    full = full._replace(title=safe.title or full.title)
    return full if engine.budget.allows(safe.text, full.text) else safe


def _settle(engine: Engine, state: Outcome, context: Context, level: str) -> Outcome:
    while True:
        changed = _trimmed(engine, state, context, level) or _dropped(engine, state, context, level)
        if changed is None:
            return state
        state = changed


def _hits(engine: Engine, state: Outcome, context: Context, *, spans: bool) -> tuple[View, list]:
    view = View(LineTable.of([state.text]), 0, context._replace(title=state.title), engine.identify)
    hits = [
        (index, hit)
        for index, finder in enumerate(engine.finders)
        if isinstance(finder, Span) == spans
        for hit in finder.confirm(view, range(view.count))
    ]
    return view, hits


def _acts(engine: Engine, index: int, level: str) -> bool:
    order = ["safe", "balanced", "strict"]
    loaded = engine.rules[index]
    flags = (
        loaded.rule.action == "flag"
        or engine.policy.treatment(loaded.artifact, of_pages=loaded.of_pages) == "flag"
    )
    return not flags and order.index(loaded.rule.level) <= order.index(level)


def _held_off(engine: Engine, keeper: int) -> set[str]:
    """Return the names of the rules from which a rule that keeps protects its lines."""
    order = ["safe", "balanced", "strict"]
    rule = engine.rules[keeper].rule
    return {
        each.name
        for each in engine.rules
        if order.index(each.rule.level) >= order.index(rule.level)
        and (not rule.against or any(fnmatchcase(each.name, one) for one in rule.against))
    }


def _trimmed(engine: Engine, state: Outcome, context: Context, level: str) -> Outcome | None:
    view, hits = _hits(engine, state, context, spans=True)
    spans: list[tuple[int, int, str]] = []
    for index, hit in hits:
        line = view.lines[hit.rows[0]]
        start, end = line.start + hit.span[0], line.start + hit.span[1]
        kept = line.text[: hit.span[0]] + line.text[hit.span[1] :]
        overlaps = any(start < other_end and other_start < end for other_start, other_end, _ in spans)
        if _acts(engine, index, level) and engine.stable([kept])[0] and not overlaps:
            spans.append((start, end, engine.names[index]))
    if not spans:
        return None
    text, removed = state.text, list(state.removed)
    for start, end, name in sorted(spans, reverse=True):
        removed.append((name, text[start:end]))
        text = text[:start] + text[end:]
    return Outcome(text, removed, state.title)


def _dropped(engine: Engine, state: Outcome, context: Context, level: str) -> Outcome | None:  # noqa: C901 - as it reads
    view, hits = _hits(engine, state, context, spans=False)
    gone: dict[int, str] = {}
    protected: set[int] = set()
    title = state.title
    kept = [
        (_held_off(engine, index), row)
        for index, hit in hits
        if engine.rules[index].rule.action == "keep" and _acts(engine, index, level)
        for row in ([] if hit.limit else hit.rows)
    ]

    def take(index: int, hit: Hit, rows: Sequence[int]) -> bool:
        name = engine.names[index]
        if protected & set(rows) or set(hit.witness) & gone.keys():
            return False
        if any(name in names and row in rows for names, row in kept):
            return False
        protected.update(hit.witness)
        for row in rows:
            gone.setdefault(row, name)
        return True

    acting = [
        (index, hit)
        for index, hit in hits
        if engine.rules[index].rule.action != "keep" and _acts(engine, index, level)
    ]
    for index, hit in acting:
        if not hit.limit and take(index, hit, hit.rows):
            title = title or hit.title
    # What stands beyond the reach of its rule goes where enough of what stands outside of it has gone.
    for index, hit in sorted(
        (each for each in acting if each[1].limit > 0), key=lambda each: -each[1].rows[-1]
    ):
        left = [row for row in range(hit.rows[-1] + 1, view.count) if row not in gone]
        if len(left) < hit.limit and all(
            len(view.lines[row].text) <= hit.longest for row in left if hit.longest >= 0
        ):
            take(index, hit, (*hit.rows, *(left if hit.longest >= 0 else ())))
    for index, hit in sorted(
        (each for each in acting if each[1].limit < 0), key=lambda each: each[1].rows[0]
    ):
        if sum(row not in gone for row in range(hit.rows[0])) < -hit.limit:
            take(index, hit, hit.rows)
    if not gone:
        return None
    removed = [*state.removed, *((name, view.lines[row].text) for row, name in gone.items())]
    return Outcome(_without(state.text, set(gone)), removed, title)


def _without(text: str, gone: set[int]) -> str:
    """Return the text without some of its lines; a blank line that stood among them parts what is left."""
    kept: list[str] = []
    row, parted = -1, False
    for line in text.split("\n"):
        if not line.strip():
            parted = True
            continue
        row += 1
        if row not in gone:
            if kept:
                kept.append("\n\n" if parted else "\n")
            kept.append(line)
            parted = False
    tail = (
        text[len(text.rstrip("\n")) :]
        if kept and row not in gone
        else "\n"
        if kept and text.endswith("\n")
        else ""
    )
    return "".join(kept) + tail
