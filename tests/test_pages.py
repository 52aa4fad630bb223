"""Pages through the whole of cleaning: batches, records, rules that look at the page."""

from __future__ import annotations

import pyarrow as pa
import pytest

from cleaner import SCHEMA, Cleaner, Edit, restore_document
from cleaner.extract import extract
from cleaner.rules.engine import Engine
from cleaner.rules.finder import Context
from cleaner.rules.pack import built_in
from cleaner.rules.testing import _cases
from tests.oracles.engine import reference

TEXT = "".join(
    f"<p>Paragraph {index}: the ferry stood still, and nobody came to look at it.</p>" for index in range(8)
)
PAGE = f"""<!doctype html><html lang="en"><head><title>Ferry stands still | Harbour Post</title>
<meta property="og:site_name" content="Harbour Post"><meta name="author" content="Anna Berg">
<meta name="description" content="Paragraph 0: the ferry stood still, and nobody came to look at it.">
<meta property="article:published_time" content="2023-05-14"><meta property="og:url" content="https://harbour.example/f">
</head><body><article><h1>Ferry stands still</h1><p>By Anna Berg, 14 May 2023</p>{TEXT}
<p><a href="/a">Why the river is falling this year</a></p><p>Nine boats came.</p>
<p>Related: <a href="/b">Who pays for the ferry now that it stands still</a></p><p>Ten left.</p></article></body></html>"""


def cleaner(**options: object) -> Cleaner:
    return Cleaner(language=None, signals=False, **options)


def batch(**columns: list[object]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict(columns)


def test_balanced_takes_what_the_page_shows_to_be_none_of_its_text() -> None:
    result = cleaner(level="balanced", title_in_text=False).clean_html(PAGE)
    assert result.title == "Ferry stands still"
    assert result.text.split("\n") == [
        *(f"Paragraph {index}: the ferry stood still, and nobody came to look at it." for index in range(8)),
        "Nine boats came.",
        "Ten left.",
    ]
    assert [edit.rule for edit in result.edits if edit.applied] == [
        "any/structure/headline",
        "any/page/byline",
        "any/page-links/linked-line",
        "related/related-to",
    ]
    assert result.page is not None
    assert result.page.author == "Anna Berg"


def test_restoring_gives_the_extracted_text() -> None:
    for level in ("safe", "balanced", "strict"):
        result = cleaner(level=level, title_in_text=False).clean_html(PAGE.encode(), url="https://a.example/")
        assert result.restore() == extract(PAGE).text
        assert result.document.url == "https://a.example/"


def test_safe_flags_what_balanced_takes_and_keeps_the_title_once() -> None:
    result = cleaner().clean_html(PAGE)
    label = "Related: Who pays for the ferry now that it stands still\n"
    assert result.text == (extract(PAGE).text or "").replace(label, "")
    assert [edit.rule for edit in result.edits if edit.applied] == ["related/related-to"]
    assert {"any/page/byline", "any/page-links/linked-line"} <= set(result.flags)


def test_the_first_paragraph_stays_where_it_equals_the_description() -> None:
    result = cleaner(level="strict", title_in_text=False).clean_html(PAGE)
    assert result.text.startswith("Paragraph 0:")


def test_a_page_without_a_text_says_why() -> None:
    result = cleaner().clean_html(b"\x1f\x8b\x08 packed")
    assert result.text == ""
    assert result.page is not None
    assert result.page.error == "not a page: the bytes are compressed (gzip)"


def test_a_batch_of_pages_becomes_records() -> None:
    rows = cleaner(level="balanced").clean_batch(
        batch(id=["a", "b", "c", "d"], data=[PAGE.encode(), b"plain <b>text</b>", b"", None], format=["html", None, "html", "html"])
    )  # fmt: skip
    assert rows.schema == SCHEMA
    first, plain, empty, null = rows.to_pylist()
    assert first["title"] == "Ferry stands still"
    assert (first["author"], first["date"], first["site_name"]) == ("Anna Berg", "2023-05-14", "Harbour Post")
    assert (first["url"], first["site"]) == ("https://harbour.example/f", "harbour.example")
    assert (first["page_language"], first["extract_method"]) == ("en", "trafilatura")
    assert (first["encoding"], first["categories"], first["tags"]) == ("utf-8", [], [])
    assert restore_document(first["text"], [Edit(**edit) for edit in first["edits"]]) == extract(PAGE).text
    assert plain["text"] == "plain <b>text</b>"
    assert [plain[name] for name in ("author", "extract_method", "categories", "page_language")] == [None] * 4
    assert (empty["text"], empty["error"]) == (None, "the page is empty")
    assert (null["text"], null["error"]) == (None, "no text: the value is null")


def test_a_column_of_pages_stands_over_the_text_and_is_not_handed_on() -> None:
    rows = cleaner().clean_batch(batch(text=["kept", "lost"], html=[None, PAGE], mine=[1, 2]))
    assert rows["text"].to_pylist()[0] == "kept"
    assert rows["text"].to_pylist()[1].startswith("Ferry stands still")
    assert rows.schema.names == [*SCHEMA.names, "mine"]


def test_what_the_source_says_stands_over_the_page() -> None:
    body = "<p>Der Fluß führt weniger Wasser, und die Fähre liegt fest am Ufer der Größe nach.</p>" * 6
    rows = (
        cleaner()
        .clean_batch(
            batch(
                data=[
                    f"<html><body><article>{body}</article></body></html>".encode("latin-1"),
                    PAGE.encode(),
                ],
                format=["html", "html"],
                charset=["iso-8859-1", None],
                url=["https://a.example/1", "https://b.example/2"],
                title=[None, "Given"],
            )
        )
        .to_pylist()
    )
    assert "Fluß führt" in rows[0]["text"]
    assert rows[0]["encoding_method"] == "declared"
    assert [row["site"] for row in rows] == ["a.example", "b.example"]
    assert rows[1]["title"] == "Given"


def test_batches_and_single_pages_agree_in_any_order() -> None:
    one = cleaner(level="balanced")
    pages = [PAGE, PAGE.replace("ferry", "train"), "<p>short</p>", PAGE.replace("Anna", "Eva")]
    alone = [one.clean_html(each).text for each in pages]
    forth = one.clean_batch(batch(html=pages))["text"].to_pylist()
    back = one.clean_batch(batch(html=pages[::-1]))["text"].to_pylist()
    assert forth == alone == back[::-1]


def test_a_row_that_could_not_be_read_is_not_looked_at() -> None:
    row = (
        cleaner()
        .clean_batch(batch(data=[PAGE.encode()], format=["html"], error=["cannot be read"]))
        .to_pylist()[0]
    )
    assert (row["text"], row["error"], row["extract_method"]) == (None, "cannot be read", None)


def test_an_unknown_mode_is_refused() -> None:
    with pytest.raises(ValueError, match="extract 'greedy' is unknown"):
        Cleaner(extract="greedy")


PLACED = [
    loaded for loaded in built_in() if loaded.pack.id.startswith("any/page") or loaded.pack.id == "en/page"
]


@pytest.mark.parametrize("loaded", PLACED, ids=lambda loaded: loaded.name)
def test_the_fast_engine_agrees_with_the_clear_one(loaded: object) -> None:
    engine = Engine(PLACED, level="balanced", budget=1.0, title_in_text=False)
    cases = _cases(loaded)
    texts, contexts = [text for _, text, _, _ in cases], [context for _, _, context, _ in cases]
    for text, context, cleaned in zip(texts, contexts, engine.clean(texts, contexts), strict=True):
        expected = reference(engine, text, context)
        assert cleaned.text == expected.text
        assert cleaned.title == expected.title


def test_without_places_the_kinds_of_pages_find_nothing() -> None:
    rules = [each for each in PLACED if each.rule.__struct_config__.tag in ("element", "link_run", "byline")]
    engine = Engine(rules, level="strict", budget=1.0, title_in_text=False)
    text = "By Anna Berg, 14 May 2023\nWhy the river is falling this year\nRelated stories"
    cleaned = engine.clean([text], [Context(author="Anna Berg", date="2023-05-14")])[0]
    assert len(rules) >= 14
    assert cleaned.text == text
    assert not cleaned.edits
