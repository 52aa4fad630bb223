"""From the TOML text of a pack to its typed form, with all that is wrong with it, each problem with its line."""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from cleaner.rules.given import with_head
from cleaner.rules.model import PackHead
from cleaner.rules.validate import Problem, problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from cleaner.rules.model import Rule

__all__ = ["Typed", "typed"]

_PATH = re.compile(r" - at `\$\.?(.*)`$")
_UNKNOWN = re.compile("Object contains unknown field `(.*)`")
_MISSING = re.compile("Object missing required field `(.*)`")


class Typed(NamedTuple):
    """A pack: head and rules, None for those that have no valid form, and what is wrong, as `LINE: sentence`."""

    head: PackHead | None
    rules: list[Rule | None]
    wrong: list[str]


def typed(
    text: str,
    kinds: Mapping[str, type[Rule]],
    *,
    checked: bool,
    examples: bool,
    headless: bool,
    complete: Callable[[Rule], Rule],
) -> Typed:
    """Return a pack in its typed form.

    Args:
        text: TOML.
        kinds: the struct of each kind's rules, by name.
        checked: look for what is wrong beyond the types.
        examples: ask for examples of each rule.
        headless: `[pack]` may be left out.
        complete: adds to a rule what stands elsewhere, before it is checked.

    Raises:
        tomllib.TOMLDecodeError: the text is not TOML.

    """
    raw = tomllib.loads(text)
    if headless:
        raw = with_head(raw)
    found = [
        Problem(f"{name}: is unknown; a pack has [pack] and [[rule]]")
        for name in raw
        if name not in ("pack", "rule")
    ]
    heads, rules = _struct(raw.get("pack", {}), PackHead, found, None), []
    listed = raw.get("rule", [])
    if not isinstance(listed, list):
        found.append(Problem("rule: is one table: write [[rule]] with two brackets"))
        listed = []
    for index, rule in enumerate(listed):
        read = _rule(rule, kinds, found, index)
        rules.append(read and complete(read))
    if checked and heads is not None:
        found += problems(heads, rules, examples=examples)
    outline = _Outline(text, listed)
    wrong = [outline.placed(problem) for problem in dict.fromkeys(found)]
    return Typed(heads, rules, wrong)


def _rule(raw: object, kinds: Mapping[str, type[Rule]], found: list[Problem], index: int) -> Rule | None:
    if not isinstance(raw, dict):
        found.append(Problem("is no table: write [[rule]] and its fields below", index))
        return None
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in kinds:
        near = get_close_matches(str(kind), kinds, 1)
        meant = f"did you mean {near[0]!r}? " if near else ""
        said = "is missing" if kind is None else f"{kind!r} is unknown"
        found.append(Problem(f"kind: {said}; {meant}The kinds are {', '.join(sorted(kinds))}", index))
        return None
    rule: Rule | None = _struct(raw, kinds[kind], found, index)
    return rule


def _struct(raw: object, kind: type[Any], found: list[Problem], index: int | None) -> Any:
    """Convert to a struct; where that fails, note one problem a field, as far as they can be told apart."""
    if not isinstance(raw, dict):
        found.append(Problem("pack: is no table: write [pack] and its fields below", index))
        return None
    left, seen = dict(raw), set()
    while True:
        try:
            value = msgspec.convert(left, kind)
        except msgspec.ValidationError as error:
            field, sentence = _told(str(error), kind)
            if field in seen:
                return None
            found.append(Problem(sentence, index))
            seen.add(field)
            if left.pop(field, None) is None:
                return None
        else:
            return None if seen else value


def _told(message: str, kind: type[Any]) -> tuple[str, str]:
    """Return the field that a message of msgspec is about, and a sentence that begins with it."""
    at = _PATH.search(message)
    path, bare = (at.group(1), message[: at.start()]) if at else ("", message)
    unknown, missing = _UNKNOWN.match(bare), _MISSING.match(bare)
    name = unknown or missing
    field = re.split(r"[.\[]", path)[0] or (name.group(1) if name else "")
    where = ".".join(filter(None, (path, name.group(1) if name else "")))
    if missing:
        return field, f"{where}: is missing"
    if unknown:
        known = [each.encode_name for each in msgspec.structs.fields(kind)]
        near = get_close_matches(unknown.group(1), known, 1) if not path else []
        hint = f"; did you mean {near[0]}?" if near else f"; known are {', '.join(known)}" if not path else ""
        return field, f"{where}: is unknown{hint}"
    return field, f"{where}: {bare[0].lower()}{bare[1:]}"


class _Outline:
    """Finds the lines of a TOML text at which rules and their fields stand."""

    def __init__(self, text: str, rules: Sequence[Any]) -> None:
        self._lines = text.split("\n")
        self._names = [rule.get("id", "") if isinstance(rule, dict) else "" for rule in rules]
        heads = [number for number, line in enumerate(self._lines) if re.match(r"\[\[\s*rule\s*\]\]", line)]
        self._heads = heads if len(heads) == len(rules) else []  # they may be written in another way

    def placed(self, problem: Problem) -> str:
        """Return `LINE: rule NAME: sentence`, or the sentence alone where the line cannot be told."""
        start, end, name = 0, len(self._lines), ""
        if problem.rule is not None:
            name = f"rule {self._names[problem.rule] or problem.rule + 1}: "
            if not self._heads:
                return f" {name}{problem.sentence}"
            start = self._heads[problem.rule]
            end = next(iter(self._heads[problem.rule + 1 :]), end)
        elif self._heads:
            end = self._heads[0]
        field = re.match("[a-z_]+", problem.sentence)
        line = next(self._mentions(field.group(), start, end), start) if field else start
        return f"{line + 1}: {name}{problem.sentence}"

    def _mentions(self, field: str, start: int, end: int) -> Iterator[int]:
        says = re.compile(rf"\s*(?:{field}\s*[=.]|\[\[?(?:rule\.)?{field}[\].])")
        return (number for number in range(start, end) if says.match(self._lines[number]))
