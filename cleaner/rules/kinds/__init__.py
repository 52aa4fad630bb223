"""The kinds of rules: code that finds, with typed parameters.

A kind is a pair of classes: a struct that says what a rule of the kind may be given, and a finder.
Installed packages add kinds by the entry-point group `cleaner.kinds`, whose entries name finders.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, get_args

from cleaner.rules.kinds.block import RepeatedBlock, RepeatedList, RepeatedParagraph
from cleaner.rules.kinds.headline import Headline, RepeatedHeadline, Teaser
from cleaner.rules.kinds.line import Boundary, LabelledList, LineKind, Sequence_
from cleaner.rules.kinds.made import MadeKind
from cleaner.rules.kinds.observed import Observed
from cleaner.rules.kinds.page import Byline, Element, LinkRun, Standfirst
from cleaner.rules.kinds.run import WordRun
from cleaner.rules.kinds.scored import Scored
from cleaner.rules.kinds.span import Span
from cleaner.shipped import installed

if TYPE_CHECKING:
    from cleaner.rules.finder import Finder
    from cleaner.rules.model import Rule

__all__ = ["BUILT_IN", "finder_of", "kinds"]

BUILT_IN: tuple[type[Finder[Any]], ...] = (
    LineKind,
    LabelledList,
    Sequence_,
    Span,
    Boundary,
    RepeatedHeadline,
    Teaser,
    Headline,
    RepeatedBlock,
    RepeatedList,
    RepeatedParagraph,
    Element,
    LinkRun,
    Byline,
    Standfirst,
    Scored,
    Observed,
    WordRun,
    MadeKind,
)


@cache
def kinds() -> dict[type[Rule], type[Finder[Any]]]:
    """Return every kind known, as the struct of its rules and the finder that runs them."""
    finders = [*BUILT_IN, *(entry.load() for entry in installed("cleaner.kinds"))]
    return {_parameters(finder): finder for finder in finders}


def finder_of(rule: Rule) -> Finder[Any]:
    """Make a rule ready to find."""
    finder = kinds().get(type(rule)) or _of_memories()
    return finder(rule)


def _of_memories() -> type[Finder[Any]]:
    """Return the kind of rules that a memory makes; no pack may hold one, and it is loaded only with a memory."""
    from cleaner.rules.kinds.remembered import Remembered

    return Remembered


def _parameters(finder: type[Finder[Any]]) -> type[Rule]:
    """Return the `X` of `class Kind(Finder[X])`."""
    for base in getattr(finder, "__orig_bases__", ()):
        for argument in get_args(base):
            return argument  # type: ignore[no-any-return]
    raise TypeError(f"{finder.__name__} does not say which rules it runs: derive it from Finder[YourRule]")
