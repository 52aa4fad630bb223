"""A headline that stands twice stands once, at every level; and not at all where it is not wanted in the text."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Cleaner
from cleaner.document import LEVELS

HEADLINES = [
    "Ferry Stops for Repairs as River Falls",
    "Council votes to keep the old pier open",
    "Why does the mill stand still again?",
    "The harbour in 2024: a year in twelve pictures",
    "Паром остановлен на ремонт до мая",
    "渡し船が修理のため運休",
]
PROSE = [
    "The operator said on Monday that the boat would be lifted out of the water for the first time since it came here.",
    "Passengers who hold a ticket for the season can use the bridge bus, which leaves from the market every half hour.",
    "The miller broke the fourth sail in the storm of January, when he reached for the brake too late to hold it fast.",
]
SUMMARY = "The ferry that has linked both banks since the spring will stop for repairs in the coming week."
AROUND = [
    "Home", "News", "Weather", "Sports", "Subscribe", "Log in", "Skip to content", "Harbour Post", "Culture", "Search", "Menu",
    "By Ida Holm", "12 March 2024", "Published 12 March 2024 at 10:30", "3 min read", "Comments (3)", "Advertisement", "Latest",
    "Share on Facebook", "Share on Twitter", "Facebook", "Twitter", "Email", "Print", "Copy link", "Photo: Ida Holm",
]  # fmt: skip
LONG = [
    "Ida Holm, correspondent on the lower river and its many banks",
    "Share on Facebook Share on Twitter Share by email",
]
BELOW = [
    "Related articles",
    "Bridge bus to run every half hour",
    "Most read",
    "Leave a comment",
    "Name *",
    "Email *",
    "Contact",
]
HEAD = 8  # lines from the top among which both copies stand


class Page(NamedTuple):
    headline: str
    text: str


@st.composite
def pages(draw: st.DrawFn) -> Page:
    """Return a text with its headline twice among the first lines, and menus, by-lines and share bars around it."""
    headline = draw(st.sampled_from(HEADLINES))
    furniture = draw(st.lists(st.sampled_from([*AROUND, SUMMARY]), max_size=HEAD - 3, unique=True))
    furniture += draw(st.lists(st.sampled_from(LONG), max_size=1))
    places = sorted(draw(st.tuples(*[st.integers(0, len(furniture))] * 2)))
    upper, middle, lower = furniture[: places[0]], furniture[places[0] : places[1]], furniture[places[1] :]
    lower += draw(st.lists(st.sampled_from([each for each in AROUND if each not in furniture]), max_size=6))
    prose = draw(st.lists(st.sampled_from(PROSE), min_size=1, max_size=3, unique=True))
    below = draw(st.lists(st.sampled_from(BELOW), max_size=6, unique=True))
    return Page(headline, "\n".join([*upper, headline, *middle, headline, *lower, *prose, *below]))


@cache
def cleaner(level: str, *, title_in_text: bool) -> Cleaner:
    return Cleaner(level=level, title_in_text=title_in_text, language=None, signals=False)


@pytest.mark.parametrize("level", LEVELS)
@given(page=pages())
def test_one_copy_stays(level: str, page: Page) -> None:
    result = cleaner(level, title_in_text=True).clean(page.text)
    assert result.title == page.headline
    assert result.text.split("\n").count(page.headline) == 1
    again = cleaner(level, title_in_text=True).clean(result.text)
    assert again.text == result.text


@pytest.mark.parametrize("level", LEVELS)
@given(page=pages())
@settings(max_examples=settings().max_examples // 3)
def test_no_copy_stays_where_it_is_not_wanted(level: str, page: Page) -> None:
    result = cleaner(level, title_in_text=False).clean(page.text)
    assert result.title == page.headline
    assert page.headline not in result.text.split("\n")


@pytest.mark.parametrize("level", LEVELS)
def test_what_is_furniture_twice_is_no_headline(level: str) -> None:
    text = "\n".join(["Sign up for our newsletter", "Home", "Sign up for our newsletter", *PROSE])
    result = cleaner(level, title_in_text=True).clean(text)
    assert result.title is None or result.title in result.text.split("\n")
