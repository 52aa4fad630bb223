"""Kinds that need the page a text was taken from: what a line is by where it stands.

They find nothing in plain text, where no place of a line is known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cleaner.fold import fold
from cleaner.rules.conditions import compile_condition
from cleaner.rules.finder import Finder, Hit, condition_of
from cleaner.rules.kinds.headline import HeadlineRule
from cleaner.rules.model import Count, Rule, Share, TextRule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleaner.rules.finder import View
    from cleaner.rules.scan import Batch
    from cleaner.rules.table import Ints

__all__ = [
    "Byline",
    "BylineRule",
    "Element",
    "ElementRule",
    "LinkRun",
    "LinkRunRule",
    "Standfirst",
    "StandfirstRule",
]

_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_TIME = re.compile(r"(?<!\d)(?:[01]?\d|2[0-3])[:h][0-5]\d(?!\d)")
_SENTENCE_ENDS = ".!?。।؟"


class ElementRule(
    TextRule, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="element"
):
    """A line inside an element of one of `tags`, or of one whose class or id holds one of `names`.

    Names are words: `relatedPosts` and `related-posts` hold `related` and `posts`. Elements that hold a
    large share of the text do not count (see `cleaner.document.Place`); lines inside one of `outside` are
    left alone. With neither `tags` nor `names` every line of a page will do that fulfils the rest. A
    text condition may be added, and is compared folded.
    """

    tags: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()


class Element(Finder[ElementRule]):
    """Finds lines by the elements around them."""

    def __init__(self, rule: ElementRule) -> None:
        super().__init__(rule)
        self.matcher = compile_condition(condition_of(rule))
        self.tags, self.names = frozenset(rule.tags), frozenset(rule.names)
        self.outside = frozenset(rule.outside)

    def candidates(self, batch: Batch) -> Ints:
        """Return the rows inside the elements, at a place where the rule may act."""
        if self.tags or self.names:
            rows = batch.inside(self.tags, self.names)
        else:
            rows = batch.pages if self.rule.linked is None else batch.linked(self.rule.linked)
        return self.guards.place(batch, rows)

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield one hit a line."""
        for row in rows:
            place = view.place(row)
            if place is None or not self.outside.isdisjoint(place.tags):
                continue
            if (
                (self.tags or self.names)
                and self.tags.isdisjoint(place.tags)
                and self.names.isdisjoint(place.names)
            ):
                continue
            if view.fulfils(row, self.matcher) and self.guards.allow(view, row, row):
                yield Hit((row,))


class LinkRunRule(
    Rule, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="link_run"
):
    """At least `lines` lines below each other that are links, each for a `share` of it or more."""

    lines: Count = 2
    share: Share = 0.9


class LinkRun(Finder[LinkRunRule]):
    """Finds lists of links."""

    def candidates(self, batch: Batch) -> Ints:
        """Return the rows that are links."""
        return batch.linked(self.rule.share)

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield one hit a run, as long as it goes."""
        free = 0
        for row in rows:
            if row < free:
                continue
            end = row
            while end < view.count and view.linked(end) >= self.rule.share:
                end += 1
            free = end + 1
            if end - row >= self.rule.lines and self.guards.allow(view, row, end - 1):
                yield Hit(tuple(range(row, end)))


class BylineRule(Rule, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="byline"):
    """A line that names the author or the date of the page, with at most `words` other words.

    The author and the date are those of the metadata. A date is a line that holds its year and its
    day, whatever the language, or any year with a time of day; a heading is none, and neither is a line
    that ends like a sentence.
    """

    words: Count = 6


class Byline(Finder[BylineRule]):
    """Finds lines with the author or the date."""

    def candidates(self, batch: Batch) -> Ints:
        """Return the rows of pages at a place where the rule may act."""
        return self.guards.place(batch, batch.pages)

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield one hit a line."""
        names = [fold(name) for name in (view.context.author or "").split("; ") if len(name) > 3]
        date = [int(part) for part in (view.context.date or "").split("-") if part.isdigit()]
        for row in rows:
            line = view.lines[row]
            named = [name for name in names if name in line.key]
            if line.text.rstrip()[-1] in _SENTENCE_ENDS or not (named or _holds_date(line.key, date)):
                continue
            place = view.place(row)
            if place is None or not _HEADINGS.isdisjoint(place.tags):
                continue
            rest = line.key
            for name in named:
                rest = rest.replace(name, " ")
            if len(_WORD.findall(rest)) <= self.rule.words and self.guards.allow(view, row, row):
                yield Hit((row,))


class StandfirstRule(
    HeadlineRule, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="standfirst"
):
    """The heading under the headline, which says in a sentence what the article says.

    A line in a heading element (not in a paragraph: that may be the first of the text) above which
    nothing else stands, when it is in one of `tags` or `names`, or is the page's own description. Like
    the headline it goes only where the title is not wanted in the text.
    """

    tags: tuple[str, ...] = ("header",)
    names: tuple[str, ...] = ()


class Standfirst(Finder[StandfirstRule]):
    """Finds the heading that is left at the top when the headline has gone."""

    def candidates(self, batch: Batch) -> Ints:
        """Return the first rows of pages."""
        rows = batch.pages
        return rows[batch.table.from_head[rows] < self.rule.window]

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield the line below nothing or the headline."""
        titles = view.context.titles
        for row in rows:
            if row >= self.rule.window or any(line.key not in titles for line in view.lines[:row]):
                return
            place = view.place(row)
            if view.lines[row].key in titles or place is None or _HEADINGS.isdisjoint(place.tags):
                continue
            known = not place.tags.isdisjoint(self.rule.tags) or not place.names.isdisjoint(self.rule.names)
            if (known or view.lines[row].key == fold(view.context.description or "")) and self.guards.allow(
                view, row, row
            ):
                yield Hit((row,))
                return


def _holds_date(key: str, date: Sequence[int]) -> bool:
    """Tell whether a line holds the year and the day of a date, and its month, or a year with a time of day."""
    if _YEAR.search(key) and _TIME.search(key):
        return True
    if len(date) != 3:
        return False
    numbers = {int(number) for number in _NUMBER.findall(key) if len(number) <= 4}
    year, month, day = date
    return year in numbers and day in numbers and (month in numbers or _WORD.search(key) is not None)
