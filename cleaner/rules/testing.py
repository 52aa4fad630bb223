"""Run the examples of packs, and break the packs on purpose to see whether the examples notice.

Public, so that users' own packs get the same tests as ours:

    from cleaner.rules.testing import check_rule
    assert not check_rule(loaded)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from msgspec import structs

from cleaner.artifacts import ARTIFACTS, Policy
from cleaner.document import Place
from cleaner.fold import fold
from cleaner.rules.diff import diff_lines
from cleaner.rules.engine import Engine
from cleaner.rules.finder import Context
from cleaner.rules.mutants import mutants
from cleaner.rules.notation import NotationError, before, parse, render

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cleaner.rules.model import Example, Rule
    from cleaner.rules.notation import DiffLine
    from cleaner.rules.pack import LoadedRule

__all__ = ["Failure", "check_rule", "surviving_mutants"]


class Failure(NamedTuple):
    """An example that does not hold: what was expected and what came, in diff notation."""

    rule: str
    example: str
    expected: str
    got: str

    def __str__(self) -> str:
        """Return the failure as a few lines of text."""
        return f"{self.rule}: example {self.example!r}\nexpected\n{self.expected}\ngot\n{self.got}"


def check_rule(loaded: LoadedRule, *, every: bool = True) -> list[Failure]:
    """Run the examples of one rule, at the level at which it acts, with no other rule beside it.

    A rule that keeps has nothing to hold off then; what it finds is flagged.

    Args:
        loaded: the rule.
        every: tell all failures, not the first alone.

    """
    if loaded.rule.action == "keep":
        loaded = _replaced(loaded, structs.replace(loaded.rule, action="flag", against=()))
    policy = Policy(
        drop=frozenset(ARTIFACTS)
    )  # an example says what a rule does where its kind is wanted away
    engine = Engine([loaded], level=loaded.rule.level, budget=1.0, title_in_text=False, policy=policy)
    found: list[Failure] = []
    cases = _cases(loaded)
    cleaned = engine.clean([case[1] for case in cases], [case[2] for case in cases])
    for (name, text, _, expected), got in zip(cases, cleaned, strict=True):
        lines = diff_lines(text, got.edits)
        if _differs(expected, lines):
            wanted = render(expected) if expected is not None else "a match"
            found.append(Failure(loaded.name, name, wanted, render(lines)))
            if not every:
                break
    return found


def surviving_mutants(loaded: LoadedRule) -> list[str]:
    """Return the names of the changes to a rule that none of its examples notices."""
    return [
        name for name, rule in mutants(loaded.rule) if not check_rule(_replaced(loaded, rule), every=False)
    ]


def _replaced(loaded: LoadedRule, rule: Rule) -> LoadedRule:
    return type(loaded)(loaded.name, rule, loaded.pack, loaded.path)


def _cases(loaded: LoadedRule) -> list[tuple[str, str, Context, Sequence[DiffLine] | None]]:
    """Return (name, text, context, expected diff); None expects that something happens to the line."""
    rule = loaded.rule
    site = (rule.sites or loaded.pack.sites or (None,))[0]
    language = (rule.languages or loaded.pack.written_in or (None,))[0]
    plain = Context(language=language, site=site)
    whole = {} if rule.linked is None else {"": "a"}
    cases: list[tuple[str, str, Context, Sequence[DiffLine] | None]] = []
    cases += [(f"match {text!r}", text, _placed(plain, text, whole), None) for text in rule.match]
    cases += [
        (
            f"keep {text!r}",
            text,
            _placed(plain, text, whole),
            parse("\n".join(f"  {line}" for line in text.split("\n"))),
        )
        for text in rule.keep
    ]
    for example in rule.example:
        lines = parse(example.diff)
        cases.append((example.name, before(lines), _context(example, plain), lines))
    return cases


def _context(example: Example, plain: Context) -> Context:
    known = plain._replace(
        title=example.title,
        language=example.language or plain.language,
        author=example.author,
        date=example.date,
        description=example.description,
    )
    return _placed(known, before(parse(example.diff)), example.where)


def _placed(context: Context, text: str, where: Mapping[str, str]) -> Context:
    """Add the places of the lines; the empty name stands for all lines that are not named."""
    if not where:
        return context
    paths = {fold(line): path for line, path in where.items()}
    keys = [key for key in map(fold, text.split("\n")) if key]
    unknown = set(paths) - {""} - set(keys)
    if unknown:
        raise NotationError(f"where: no line of the example is {min(unknown)!r}")
    return context._replace(places={key: _place(paths.get(key, paths.get("", ""))) for key in keys})


def _place(path: str) -> Place:
    """Return the place that a path such as `div.related-box ul li a` describes."""
    tags: set[str] = set()
    names: set[str] = set()
    linked = 0.0
    for step in path.split():
        tag, _, given = step.partition(".")
        tag, _, share = tag.partition("=")
        if step.startswith("a="):
            tag, share, given = "a", step[2:], ""
        if tag == "a":
            linked = max(linked, float(share or 1))
        names.update(word for word in re.split(r"[.-]", given) if word)
        if tag and not share:
            tags.add(tag)
    return Place(linked, frozenset(tags), frozenset(names))


def _differs(expected: Sequence[DiffLine] | None, got: Sequence[DiffLine]) -> bool:
    if expected is None:
        return all(line.mark == " " for line in got)
    marks = [(line.mark, line.text) for line in expected if line.text]
    return marks != [(line.mark, line.text) for line in got if line.text]
