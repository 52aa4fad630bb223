"""What a rule pack may say: the typed form of the TOML files under `rules/`.

A pack file is `PackFile`: one `[pack]` head and a list of `[[rule]]`. The base of every rule is `Rule`;
each kind (see `cleaner.rules.kinds`) adds a struct with its own parameters. Unknown fields are errors.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from cleaner.artifacts import Artifact  # noqa: TC001 - msgspec reads the annotations
from cleaner.document import Level  # noqa: TC001

__all__ = ["Action", "Card", "Condition", "Example", "PackHead", "Rule", "Similar", "Status", "TextRule"]

Action = Literal["drop", "trim", "flag", "keep"]
Status = Literal["preview", "stable", "deprecated"]

Identifier = Annotated[str, Meta(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$", max_length=60)]
Count = Annotated[int, Meta(ge=1, le=100_000)]
Share = Annotated[float, Meta(gt=0, le=1)]
Sentence = Annotated[str, Meta(min_length=3, max_length=300)]


class Similar(Struct, frozen=True, forbid_unknown_fields=True):
    """A line that is nearly `to`: the share of matching characters is `at_least`."""

    to: str
    at_least: Annotated[float, Meta(ge=0.6, le=1)]


class Condition(Struct, frozen=True, forbid_unknown_fields=True):
    """What a line must look like. Text is compared folded; a regex must match the whole line.

    At most one of `exact`, `prefix`, `contains`, `regex` and `similar` is given; `min_chars` and
    `max_chars` bound the length of the line in code points. `blank` asks for a blank line above.
    """

    exact: tuple[str, ...] | str | None = None
    prefix: tuple[str, ...] | str | None = None
    contains: tuple[str, ...] | str | None = None
    regex: str | None = None
    similar: Similar | None = None
    min_chars: Count | None = None
    max_chars: Count | None = None

    @property
    def says_text(self) -> bool:
        """Tell whether the condition speaks of the text of the line, and not of its length alone."""
        return any((self.exact, self.prefix, self.contains, self.regex, self.similar))


class Example(Struct, frozen=True, forbid_unknown_fields=True):
    """A small document in diff notation: what a rule does to it (see `cleaner.rules.notation`).

    `author`, `date`, `description` and `where` are what the page says that a text was taken from.
    `where` gives for lines the elements they stand in, as in `"Read also" = "div.related-box li a"`; the
    line is a link if the last is `a`, and `a=0.6` says that a share of it is one.
    """

    name: Sentence
    diff: str
    title: str | None = None
    language: str | None = None
    level: Level | None = None
    author: str | None = None
    date: str | None = None
    description: str | None = None
    where: dict[str, str] = {}


class Rule(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every rule says, whatever its kind.

    `artifact` is the kind of furniture that the rule takes, where the pack does not say it for all its rules.
    `level` is the lowest level at which the action is taken; below it the rule flags. A rule that keeps
    holds off the rules of its level and above from the lines that it finds, or of those only the rules
    `against` which it speaks (full ids, in which `*` stands for anything). `head` and `tail`
    ask for a place among the first or last so many lines still alive; `prev` and `next` for what the
    neighbouring line looks like; `unless` for what the line must not look like; `linked` for the share of
    every line that must be a link in the page. `languages` limits the rule to documents in these
    languages (codes as in the record); a rule without it acts in every one.
    """

    id: Identifier
    summary: Sentence
    artifact: Artifact | None = None
    source: str | None = None
    action: Action = "drop"
    level: Level = "safe"
    head: Count | None = None
    tail: Count | None = None
    prev: Condition | None = None
    next: Condition | None = None
    unless: Condition | None = None
    linked: Share | None = None
    languages: tuple[str, ...] | None = None
    sites: tuple[str, ...] | None = None
    since: str | None = None
    status: Status = "stable"
    seen: str | None = None
    formerly: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    match: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    example: tuple[Example, ...] = ()


class TextRule(Rule, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rule that says of a line what a `Condition` says."""

    exact: tuple[str, ...] | str | None = None
    prefix: tuple[str, ...] | str | None = None
    contains: tuple[str, ...] | str | None = None
    regex: str | None = None
    similar: Similar | None = None
    min_chars: Count | None = None
    max_chars: Count | None = None


class PackHead(Struct, frozen=True, forbid_unknown_fields=True):
    """The `[pack]` table: what holds for all rules of the file.

    `languages` and `sites` limit all rules of the file that do not say their own. `written_in` names the languages of
    the phrases and limits nothing: furniture is often in another language than the text around it.
    """

    id: Annotated[str, Meta(pattern=r"^[a-z0-9]+(?:[-/.][a-z0-9]+)*$")]
    summary: Sentence
    source: str
    artifact: Artifact | None = None
    written_in: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sites: tuple[str, ...] | None = None
    since: str | None = None
    override: bool = False


class Card(Struct, frozen=True, forbid_unknown_fields=True):
    """A file of `rules/cards`: word classes, for rules that count words."""

    summary: Sentence
    source: str
    words: dict[str, tuple[str, ...]] = {}
