"""Every hostile page ends, says what became of it, and never takes another page with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from cleaner import SCHEMA, Cleaner
from cleaner.extract.isolation import Isolation
from tests.hostile import ARTICLE, LAST, Hostile, corpus, page

if TYPE_CHECKING:
    from collections.abc import Iterator

CORPUS = corpus()
DEADLINE = 60.0  # seconds; the slowest page takes about two on an idle machine
MEMORY = 512  # MiB


@pytest.fixture(scope="module")
def child() -> Iterator[Isolation]:
    with Isolation(DEADLINE, MEMORY) as isolation:
        yield isolation


def test_the_corpus_is_large_and_its_pages_differ() -> None:
    assert len(CORPUS) >= 40
    assert len({each.name for each in CORPUS}) == len({each.data for each in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("hostile", CORPUS, ids=lambda each: each.name)
def test_each_page_ends_with_a_text_or_a_reason(hostile: Hostile, child: Isolation) -> None:
    found = child.extract(hostile.data)
    assert (found.text is None) == (found.error is not None) == (found.method is None)
    assert "stopped" not in (found.error or "")
    assert child.peak <= MEMORY
    if hostile.method:
        assert found.method == hostile.method
    if hostile.error:
        assert hostile.error in (found.error or "")
    if hostile.holds:
        assert hostile.holds in (found.text or "")


def test_a_page_that_takes_too_long_costs_itself_alone() -> None:
    heavy = page(f"<article>{'<p>Short words here now.</p>' * 30_000}</article>")
    with Isolation(deadline=0.01) as child:
        assert child.extract(heavy).error == "extraction took longer than 0.01 seconds: stopped"
        child.deadline = DEADLINE
        assert LAST in (child.extract(page(ARTICLE)).text or "")


def test_a_child_that_dies_costs_the_page_it_had() -> None:
    with Isolation(DEADLINE) as child:
        assert child.extract(page(ARTICLE)).error is None
        assert child._child is not None
        child._child.kill()
        child._child.join()
        assert LAST in (child.extract(page(ARTICLE)).text or "")


def test_a_page_that_needs_too_much_memory_says_so() -> None:
    with Isolation(DEADLINE, memory=192) as child:
        small = child.extract(page(ARTICLE))
        large = child.extract(" " * 150_000_000 + page(ARTICLE), max_bytes=1 << 40)
        again = child.extract(page(ARTICLE))
    assert small.error is None
    assert large.text is None
    assert large.error
    assert again.text == small.text


def test_a_batch_of_hostile_pages_is_a_record_of_them_all() -> None:
    some = [each for each in CORPUS if len(each.data) < 300_000]
    data = [
        each.data if isinstance(each.data, bytes) else each.data.encode("utf-8", "replace") for each in some
    ]
    columns = {"id": [each.name for each in some], "data": data, "format": ["html"] * len(some)}
    rows = Cleaner(language=None, signals=False).clean_batch(pa.RecordBatch.from_pydict(columns))
    assert rows.schema.names[: len(SCHEMA.names)] == SCHEMA.names
    assert rows["id"].to_pylist() == columns["id"]
    for row in rows.to_pylist():
        assert (row["text"] is None) == (row["error"] is not None) == (row["extract_method"] is None)


def test_an_unknown_mode_is_an_error_in_the_child_too() -> None:
    with Isolation(DEADLINE) as child, pytest.raises(ValueError, match="mode 'wild' is unknown"):
        child.extract("<p>x", mode="wild")
