"""Changes to a rule that its examples should notice: a guard gone, a number moved, an alternative lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from msgspec import structs

from cleaner.rules.model import Condition
from cleaner.rules.validate import fields_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaner.rules.model import Rule

__all__ = ["alternatives", "mutants"]

_PROSE = {
    "id",
    "summary",
    "artifact",
    "source",
    "action",
    "level",
    "since",
    "status",
    "seen",
    "formerly",
    "against",
    "match",
    "keep",
    "example",
}
# Of fitted points no single one decides, by design: the line benchmark holds them, and what a line is made of, not examples.
_FITTED = {
    "card", "model", "words", "digest", "file",
    "of", "besides", "all_of", "begins", "ends", "names", "name_words", "unknown", "share", "spare", "asks", "alone",
    "over_prose", "label", "run", "list",
}  # fmt: skip
_NUMBERS = (1, 1000)
_TOKEN = re.compile(r"\\.|\[\]?[^\]]*\]|\((?:\?(?:[:=!>]|<[=!]))?|[|)]")  # escapes and classes hide bars


def mutants(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """Yield (name, rule) for each change: guards removed, numbers set to 1 and 1000, and so on."""
    for name, values in _changes(rule):
        for said, value in values:
            yield f"{name}: {said}", structs.replace(rule, **{name: value})


def _changes(rule: Any) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
    """Yield for each field of a rule or condition its other values, each with what was done."""
    for field in fields_of(type(rule)):  # type: ignore[arg-type]
        value = getattr(rule, field.name)
        if field.name in _PROSE | _FITTED or value is None or value == field.default:
            continue
        values = list(_values(field.name, value))
        if not field.required and field.default is None and not _only_text(rule, field.name):
            values.append(("removed", None))
        yield field.name, values


def _values(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, bool):
        yield f"set to {not value}", not value
    elif isinstance(value, int):
        yield from ((f"set to {number}", number) for number in _NUMBERS if number != value)
    elif isinstance(value, float):
        yield from ((f"set to {number}", number) for number in (0.01, 1.0) if number != value)
    elif isinstance(value, str) and name == "regex":
        yield from ((f"without {lost!r}", pattern) for lost, pattern in alternatives(value))
    elif isinstance(value, Condition):
        for inner, values in _changes(value):
            yield from ((f"{inner} {said}", structs.replace(value, **{inner: each})) for said, each in values)
    elif isinstance(value, tuple) and value and isinstance(value[0], Condition):
        yield from _steps(value)
    elif isinstance(value, tuple) and len(value) > 1:
        for index, item in enumerate(value):
            yield f"without {item!r}", value[:index] + value[index + 1 :]


def _steps(steps: tuple[Condition, ...]) -> Iterator[tuple[str, tuple[Condition, ...]]]:
    for index, step in enumerate(steps):
        if len(steps) > 2 and index:
            yield f"[{index}] removed", steps[:index] + steps[index + 1 :]
        for inner, values in _changes(step):
            if inner == "optional" and index == 0:
                continue
            for said, each in values:
                changed = structs.replace(step, **{inner: each})
                yield f"[{index}] {inner} {said}", (*steps[:index], changed, *steps[index + 1 :])


def _only_text(rule: Any, name: str) -> bool:
    """Tell whether the field is what the condition is about; without it there is no condition."""
    return name in ("exact", "prefix", "contains", "regex", "similar") and hasattr(rule, name)


def alternatives(pattern: str) -> Iterator[tuple[str, str]]:
    """Yield (what was lost, pattern without it) for each alternative of each group of a pattern."""
    for start, end, bars in _groups(pattern):
        cuts = [start - 1, *bars, end]
        for index in range(len(cuts) - 1):
            low, high = cuts[index] + 1, cuts[index + 1]
            rest = (
                pattern[:low] + pattern[high + 1 :]
                if index < len(cuts) - 2
                else pattern[: low - 1] + pattern[high:]
            )
            yield pattern[low:high], rest


def _groups(pattern: str) -> list[tuple[int, int, list[int]]]:
    """Return (start, end, places of the bars) of each group of a pattern that has alternatives."""
    open_groups: list[tuple[int, list[int]]] = [(0, [])]
    closed: list[tuple[int, int, list[int]]] = []
    for match in _TOKEN.finditer(pattern):
        symbol = match.group()
        if symbol.startswith("("):
            open_groups.append((match.end(), []))
        elif symbol == "|":
            open_groups[-1][1].append(match.start())
        elif symbol == ")":
            start, bars = open_groups.pop()
            closed.append((start, match.start(), bars))
    closed.append((open_groups[0][0], len(pattern), open_groups[0][1]))
    return [group for group in closed if group[2]]
