"""Conditions of rules turned into functions on folded lines, with the literals that gate them.

The literals of a condition are strings of which at least one stands in every line that fulfils it; a
multi-pattern scan for them finds the few lines worth verifying. They are a superset by construction:
lines and literals are folded alike, and no case rule of an engine is involved.
"""

from __future__ import annotations

import difflib
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

import regex

from cleaner.fold import fold
from cleaner.rules.facts import facts_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleaner.rules.edges import Edges
    from cleaner.rules.model import Condition

__all__ = ["Matcher", "compile_condition"]

Form = Literal["exact", "prefix", "contains", "test"]

_TIMEOUT = 1.0  # seconds; the lint keeps rules from being exponential, this is the last guard
_HARMLESS = (
    256  # characters; on so few a pattern that passed the lint needs no guard, which takes half of the time
)
_UNBOUNDED = 1 << 40


class Matcher(NamedTuple):
    """A compiled condition.

    `test` takes a folded line; `literals` is None where no literal is known to stand in every match;
    `min_chars` and `max_chars` bound the folded line. Where `form` is not `test`, a line of fitting length
    fulfils the condition if and only if one of the literals is the line, begins it or stands in it.
    `edges` are the bytes that the line may begin and end with, where that is known.
    """

    test: Callable[[str], bool]
    literals: frozenset[str] | None
    min_chars: int
    max_chars: int
    form: Form = "test"
    edges: Edges | None = None

    def __call__(self, key: str) -> bool:
        """Tell whether the folded line `key` fulfils the condition."""
        return self.min_chars <= len(key) <= self.max_chars and self.test(key)


def compile_condition(condition: Condition) -> Matcher:
    """Compile a condition."""
    test, literals = _text_test(condition)
    least, most = _width(condition)
    return Matcher(
        test,
        literals,
        max(condition.min_chars or 0, least),
        min(condition.max_chars or _UNBOUNDED, most),
        _form(condition),
        None if condition.regex is None else facts_of(condition.regex).edges,
    )


def _form(condition: Condition) -> Form:
    if condition.exact is not None:
        return "exact"
    if condition.prefix is not None:
        return "prefix"
    return "test" if condition.contains is None else "contains"


def _width(condition: Condition) -> tuple[int, int]:
    """Return how many characters a line has at least and at most that fulfils the text of a condition.

    Most lines of prose are longer than any furniture; knowing that spares most of the verification.
    """
    if condition.regex is not None:
        return facts_of(condition.regex).width
    if condition.exact is not None:
        lengths = [len(text) for text in _folded(condition.exact)]
        return min(lengths), max(lengths)
    texts = condition.prefix if condition.prefix is not None else condition.contains
    return (0 if texts is None else min(len(text) for text in _folded(texts))), _UNBOUNDED


def _text_test(condition: Condition) -> tuple[Callable[[str], bool], frozenset[str] | None]:
    if condition.exact is not None:
        texts = _folded(condition.exact)
        return texts.__contains__, texts
    if condition.prefix is not None:
        texts = _folded(condition.prefix)
        starts = tuple(sorted(texts))
        return (lambda key: key.startswith(starts)), texts
    if condition.contains is not None:
        texts = _folded(condition.contains)
        return (lambda key: any(text in key for text in texts)), texts
    if condition.similar is not None:
        return _similar(fold(condition.similar.to), condition.similar.at_least), None
    if condition.regex is not None:
        return _Fullmatch(condition.regex), facts_of(condition.regex).literals
    return (lambda _key: True), None


def compile_pattern(pattern: str, flags: int = 0) -> regex.Pattern[str]:
    """Compile a pattern of a rule.

    Raises:
        ValueError: the pattern is not a regular expression.

    """
    try:
        return regex.compile(pattern, flags | regex.V0)
    except regex.error as error:
        raise ValueError(f"not a regular expression: {error}") from error


def spans(pattern: regex.Pattern[str], text: str, start: int) -> list[tuple[int, int]]:
    """Return where `pattern` matches from `start` on; nothing where that takes too long."""
    guard = None if len(text) - start <= _HARMLESS else _TIMEOUT
    try:
        return [match.span() for match in pattern.finditer(text, start, timeout=guard)]
    except TimeoutError:
        return []


class _Fullmatch:
    """Tells whether a pattern matches the whole of a line; compiled for the first line, which most never see."""

    def __init__(self, pattern: str) -> None:
        self._source = pattern
        self._pattern: regex.Pattern[str] | None = None

    def __call__(self, key: str) -> bool:
        if self._pattern is None:
            self._pattern = compile_pattern(self._source)
        if len(key) <= _HARMLESS:
            return self._pattern.fullmatch(key) is not None
        try:
            return self._pattern.fullmatch(key, timeout=_TIMEOUT) is not None
        except TimeoutError:
            return False


@lru_cache(maxsize=4)  # asked twice of a condition, one call after the other
def _folded(texts: tuple[str, ...] | str) -> frozenset[str]:
    return frozenset(fold(text) for text in ([texts] if isinstance(texts, str) else texts))


def _similar(wanted: str, at_least: float) -> Callable[[str], bool]:
    # ratio = 2 * matches / (len(a) + len(b)), and matches <= the shorter length
    shortest, longest = len(wanted) * at_least / (2 - at_least), len(wanted) * (2 - at_least) / at_least

    def test(key: str) -> bool:
        if not shortest <= len(key) <= longest:
            return False
        matcher = difflib.SequenceMatcher(None, wanted, key, autojunk=False)
        return matcher.quick_ratio() >= at_least and matcher.ratio() >= at_least

    return test
