"""The rule engine again, written for clarity: one document at a time, every rule asked about every line.

No table is kept between passes, no literals gate anything: after each pass the text is built anew and
read from the start. The fast engine must come to the same text by the same rules.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import NamedTuple

from cleaner.rules.engine import Engine
from cleaner.rules.finder import Context, View
from cleaner.rules.kinds.span import Span
from cleaner.rules.table import LineTable


class Outcome(NamedTuple):
    text: str
    removed: list[tuple[str, str]]  # (rule, line), in the order in which they stood
    title: str | None


def reference(engine: Engine, text: str, context: Context = Context()) -> Outcome:  # noqa: B008
    """Clean one text as `engine` should."""
    safe = _settle(engine, Outcome(text, [], context.title), context, "safe")
    if engine.level == "safe":
        return safe
    full = _settle(engine, safe, context, engine.level)
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
    rule = engine.rules[index].rule
    return rule.action != "flag" and order.index(rule.level) <= order.index(level)


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


def _dropped(engine: Engine, state: Outcome, context: Context, level: str) -> Outcome | None:
    view, hits = _hits(engine, state, context, spans=False)
    gone: dict[int, str] = {}
    protected: set[int] = set()
    title = state.title
    kept = [
        (_held_off(engine, index), row)
        for index, hit in hits
        if engine.rules[index].rule.action == "keep" and _acts(engine, index, level)
        for row in hit.rows
    ]
    for index, hit in hits:
        if engine.rules[index].rule.action == "keep" or not _acts(engine, index, level):
            continue
        if protected & set(hit.rows) or set(hit.witness) & gone.keys():
            continue
        if any(engine.names[index] in names and row in hit.rows for names, row in kept):
            continue
        protected |= set(hit.witness)
        title = title or hit.title
        for row in hit.rows:
            gone.setdefault(row, engine.names[index])
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
