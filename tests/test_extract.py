"""Extraction: what a page gives, what it says of itself, and where its lines stand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.extract import Extracted, extract
from cleaner.extract.headline import headline_of, without_site
from cleaner.extract.markup import deepest, flatten, paragraphs, without_scripts
from cleaner.extract.shape import shape_of

PROSE = "".join(
    f"<p>Paragraph {index}: the ferry stood still, and nobody came to look at it.</p>" for index in range(8)
)
HEAD = """
<title>Ferry stands still | Harbour Post</title>
<meta property="og:site_name" content="Harbour Post"><meta property="og:title" content="Ferry stands still">
<meta name="description" content="The town has to pay."><link rel="canonical" href="https://www.harbour.example/ferry">
<meta property="article:published_time" content="2023-05-14T08:00:00Z"><meta name="author" content="By Anna Berg">
<meta property="article:section" content="Town"><meta name="keywords" content="ferry, river,ferry">
"""


def page(body: str = PROSE, head: str = HEAD, attributes: str = 'lang="en-GB"') -> str:
    return (
        f"<!doctype html><html {attributes}><head>{head}</head><body><article>{body}</article></body></html>"
    )


def test_a_page_says_what_it_is() -> None:
    found = extract(page("<h1>Ferry stands still</h1>" + PROSE))
    assert found.text
    assert found.text.count("\n") >= 7
    assert found._replace(text=None, places={}, links=frozenset(), headlines=frozenset()) == Extracted(
        title="Ferry stands still",
        h1="Ferry stands still",
        author="Anna Berg",
        date="2023-05-14",
        site="Harbour Post",
        description="The town has to pay.",
        url="https://www.harbour.example/ferry",
        language="en",
        categories=("Town",),
        tags=("ferry", "river"),
        method="trafilatura",
    )


def test_linked_data_stand_over_meta_elements() -> None:
    data = """<script type="application/ld+json">{"@graph": [{"@type": "WebSite", "name": "Elsewhere"}, {"@type":
    ["NewsArticle"], "headline": "Ferry &amp; river", "author": [{"name": "Jon Dahl"}, "Eva Holm"], "inLanguage": "de",
    "datePublished": "20240102", "publisher": {"name": "The Post"}, "articleSection": "Rivers", "keywords": "a, b"}]}</script>"""
    found = extract(page(head=HEAD + data))
    assert (found.title, found.author, found.date, found.site) == (
        "Ferry & river",
        "Jon Dahl; Eva Holm",
        "2024-01-02",
        "The Post",
    )
    assert found.categories == ("Rivers", "Town")
    assert found.tags == ("a", "b", "ferry", "river")
    assert found.language == "en"  # the element that holds the text knows it best


def test_the_caller_knows_the_address_best() -> None:
    assert extract(page(), url="https://mirror.example/1").url == "https://mirror.example/1"
    assert (
        extract(page(head='<meta property="og:url" content="https://a.example/b">')).url
        == "https://a.example/b"
    )
    assert extract(page(head="")).url is None


@pytest.mark.parametrize(
    ("title", "sites", "bare"),
    [
        ("Ferry stands still | Harbour Post", ["Harbour Post"], "Ferry stands still"),
        ("Ferry stands still - harbourpost.com", ["The Harbour Post"], "Ferry stands still"),
        ("Harbour Post: Ferry stands still", ["Harbour Post"], "Harbour Post: Ferry stands still"),
        ("Harbour Post » Ferry stands still", ["harbourpost.example"], "Ferry stands still"),
        ("Ferry stands still — and nobody minds", ["Harbour Post"], "Ferry stands still — and nobody minds"),
        ("Ferry stands still - Town - Harbour Post", ["Harbour Post"], "Ferry stands still - Town"),
        ("Harbour Post", ["Harbour Post"], "Harbour Post"),
        ("A - B", [], "A - B"),
    ],
)
def test_the_name_of_the_site_is_no_part_of_a_headline(title: str, sites: list[str], bare: str) -> None:
    assert without_site(title, sites) == bare


def test_the_headline_is_the_h1_that_the_other_titles_know() -> None:
    assert (
        headline_of(["Harbour Post", "Ferry stands still"], ["Ferry stands still | X"], ["Harbour Post"])
        == "Ferry stands still"
    )
    assert headline_of(["Most read today"], ["Ferry stands still"], []) == "Ferry stands still"
    assert headline_of(["Most read today"], [], []) == "Most read today"
    assert headline_of([], [], []) is None


def test_bytes_are_decoded_by_what_source_and_page_say() -> None:
    body = (
        "<p>Der Fluß führt weniger Wasser, und die Fähre liegt fest am Ufer. Größe und Tiefe ändern sich.</p>"
        * 5
    )
    said = extract(page(body, "<meta charset='iso-8859-1'>").encode("latin-1"))
    told = extract(page(body, "").encode("cp1250"), declared="windows-1250")
    assert "Fluß führt" in (said.text or "")
    assert said.encoding_method == "declared"
    assert "Fluß führt" in (told.text or "")
    assert told.encoding == "cp1250"
    assert extract(page()).encoding is None


def test_places_say_what_is_linked_and_what_stands_in_a_box() -> None:
    found = extract(
        page(
            "<h1>Ferry</h1>" + PROSE
            + "<p><a href='/x'>Why the river is falling this year</a></p>"
            + "<p>See <a href='/y'>the chart</a> of it, which we printed.</p>"
            + "<div class='promoNote'><p>Paragraph of a box that has its own name.</p></div>"
        )
    )  # fmt: skip
    places = found.places
    assert places["why the river is falling this year"].linked == 1
    assert found.links == {"why the river is falling this year"}
    assert 0.1 < places["see the chart of it, which we printed."].linked < 0.4
    assert places["paragraph of a box that has its own name."].names >= {"promo", "note"}
    inner = next(place for key, place in places.items() if key.startswith("paragraph 3"))
    assert "p" in inner.tags
    assert "article" not in inner.tags  # it holds most of the text and says nothing of a line


def test_a_page_gives_the_same_whatever_came_before_it() -> None:
    first, other = page(), page(PROSE.replace("ferry", "train"))
    alone = extract(first)
    for _ in range(4):
        extract(other)
        assert extract(first) == alone


def test_modes_are_checked_and_taken() -> None:
    for mode in ("fast", "balanced", "precision", "recall"):
        assert "Paragraph 5" in (extract(page(), mode=mode).text or "")
    with pytest.raises(ValueError, match="use fast, balanced, precision, recall"):
        extract(page(), mode="greedy")  # type: ignore[arg-type]


def test_a_limit_is_an_option() -> None:
    assert (
        extract(page(), max_bytes=100).error == f"page of {len(page()):,} bytes: larger than the limit of 100"
    )


TAGS = ["<div>", "</div>", "<span>", "</span>", "<b>", "</b>", "<p>", "</p>", "<ul>", "</ul>", "<li>", "<table>", "</table>",
        "<td>", "<br>", "text ", "<x/>", "<!-- c -->", "<script>x<div></script>", "<a href='<b>'>", "</a>", "<", "'", '"']  # fmt: skip


@given(st.lists(st.sampled_from(TAGS), max_size=60).map("".join))
def test_the_bound_of_the_nesting_is_one(html: str) -> None:
    assert shape_of(html).depth >= deepest(without_scripts(html)) or "<script>" in html


@given(st.lists(st.sampled_from(TAGS), max_size=60).map("".join), st.integers(0, 5))
def test_flattening_keeps_the_text_and_holds_its_depth(html: str, depth: int) -> None:
    flat = flatten(html, depth)
    assert deepest(flat) <= depth + 1
    assert paragraphs(flat).split() == paragraphs(html).split()


@given(
    st.one_of(
        st.text(max_size=300),
        st.lists(st.sampled_from(TAGS), max_size=80).map("".join),
        st.binary(max_size=200),
    )
)
def test_nothing_in_a_page_raises(data: str | bytes) -> None:
    found = extract(data)
    assert (found.text is None) == (found.error is not None)


def test_scripts_go_and_what_is_said_stays() -> None:
    html = (
        "<script>if (a < b) {}</script>A<style>p {}</style>B<!-- <p>C</p> -->"
        '<script type="application/ld+json">{"D": 1}</script><script>var t = "<p>E</p>";</script>'
    )
    assert without_scripts(html) == (
        'AB<script type="application/ld+json">{"D": 1}</script><script>var t = "<p>E</p>";</script>'
    )


def test_paragraphs_go_before_menus_where_there_are_enough() -> None:
    menu = "<div>Home</div><div>News</div>"
    assert "Home" not in paragraphs(menu + PROSE)
    assert paragraphs(menu + "<p>One &amp; only</p>") == "Home\nNews\nOne & only"
