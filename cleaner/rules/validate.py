"""What a pack must fulfil beyond its types, said in sentences that name the rule and the field."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec import structs

from cleaner.language.codes import check_codes
from cleaner.rules.asked import read_condition
from cleaner.rules.conditions import compile_pattern
from cleaner.rules.literals import lint
from cleaner.rules.model import Condition
from cleaner.rules.notation import NotationError, parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleaner.rules.model import PackHead, Rule

__all__ = ["Problem", "conditions", "fields_of", "problems"]

fields_of = cache(structs.fields)  # msgspec works them out anew at each call
_TEXT_FIELDS = ("exact", "prefix", "contains", "regex", "similar")


class Problem(NamedTuple):
    """What is wrong, as a sentence that begins with the field where there is one; `rule` counts from 0."""

    sentence: str
    rule: int | None = None


def problems(pack: PackHead, rules: Sequence[Rule | None], *, examples: bool = True) -> list[Problem]:
    """Return what is wrong with a pack; empty if nothing is.

    Args:
        pack: its head.
        rules: its rules; None stands for one that has no valid form, of which nothing more is said.
        examples: ask for examples of each rule.

    """
    found = [] if rules else [Problem("holds no rule; add a [[rule]]")]
    found += [Problem(problem) for problem in _of_languages(pack.languages)]
    seen: set[str] = set()
    for index, rule in enumerate(rules):
        if rule is None:
            continue
        if rule.id in seen:
            found.append(Problem("id: stands twice in this file", index))
        seen.add(rule.id)
        found += [Problem(problem, index) for problem in _of_rule(rule)]
        found += [Problem(problem, index) for problem in _of_examples(rule, asked=examples)]
    if pack.override and not rules:
        found.append(Problem("override: is true without a rule that replaces another"))
    return found


def conditions(rule: Rule) -> Iterator[tuple[str, Any, bool]]:
    """Yield each condition of a rule as (name of the field, the condition, is it matched on folded lines)."""
    if "regex" in rule.__struct_fields__:
        yield "", rule, rule.__struct_config__.tag != "span"
    for name in ("prev", "next", "unless"):
        value = getattr(rule, name)
        if value is not None:
            yield f"{name}.", value, True
    spare = getattr(rule, "spare", None)
    if spare is not None:
        yield "spare.", Condition(regex=spare), True
    for field in fields_of(type(rule)):
        value = getattr(rule, field.name)
        if isinstance(value, Condition) and field.name not in ("prev", "next", "unless"):
            yield f"{field.name}.", value, True
        elif isinstance(value, tuple) and value and isinstance(value[0], Condition):
            for index, step in enumerate(value):
                yield f"{field.name}[{index}].", step, True


def _of_rule(rule: Rule) -> Iterator[str]:
    tag = rule.__struct_config__.tag
    if (tag == "span") != (rule.action == "trim") and rule.action != "flag":
        yield f"action: {rule.action!r} does not fit kind {tag!r}: spans are trimmed, lines dropped"
    if rule.against and rule.action != "keep":
        yield "against: only a rule with action 'keep' holds off others"
    if tag == "span":
        for name in ("head", "tail", "prev", "next", "linked", "languages"):
            if getattr(rule, name) is not None:
                yield f"{name}: a span sees one line only and takes no guard of what is around it"
    if tag == "sequence" and rule.lines[0].optional:  # type: ignore[attr-defined]
        yield "lines[0].optional: the first step must be there, it is what the scan looks for"
    if tag in ("scored", "observed"):
        yield from _of_card(rule)
    for where, condition, folded in conditions(rule):
        yield from _of_condition(
            where, condition, folded=folded, own=where == "" and tag in ("line", "boundary")
        )
    yield from _of_languages(rule.languages or ())


def _of_languages(codes: Sequence[str]) -> Iterator[str]:
    try:
        check_codes(codes)
    except ValueError as error:
        yield f"languages: {error}"


def _of_card(rule: Any) -> Iterator[str]:
    try:
        for text in rule.where:
            read_condition(text, rule.words)
    except ValueError as error:
        yield f"card: {error}"


def _of_condition(where: str, condition: Any, *, folded: bool, own: bool) -> Iterator[str]:
    given = [name for name in _TEXT_FIELDS if getattr(condition, name, None) is not None]
    if len(given) > 1 or (own and not given):
        yield f"{where}{'/'.join(given) or 'exact'}: give exactly one of {', '.join(_TEXT_FIELDS)}"
    if given and given[0] in ("prefix", "contains") and getattr(condition, "max_chars", None) is None:
        yield f"{where}{given[0]}: needs max_chars, or it takes whole paragraphs"
    if not given and where and not (condition.min_chars or condition.max_chars):
        yield f"{where.rstrip('.')}: says nothing; give a text or a length"
    pattern = getattr(condition, "regex", None)
    if pattern is not None:
        wrong = lint(pattern, folded=folded) or _does_not_compile(pattern)
        if wrong:
            yield f"{where}regex: {wrong}"


def _does_not_compile(pattern: str) -> str | None:
    try:
        compile_pattern(pattern)
    except ValueError as error:
        return f"is {error}"
    return None


def _of_examples(rule: Rule, *, asked: bool) -> Iterator[str]:
    matches, keeps = bool(rule.match), bool(rule.keep)
    for example in rule.example:
        try:
            lines = parse(example.diff)
        except NotationError as error:
            yield f"example: {example.name!r}: {error}"
            continue
        touched = any(line.mark in "-~+" for line in lines)
        matches |= touched
        keeps |= not touched
    if asked and not matches:
        yield "has no match example: add match = [...] or a diff with a removed or flagged line"
    if asked and not keeps:
        yield "has no keep example: add keep = [...] or a diff of a text that comes close and stays"
