"""The promises, for any text: nothing is lost, cleaning twice changes nothing, rows do not depend on each other."""

from __future__ import annotations

import pickle
from functools import cache

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Cleaner
from tests.strategies import documents

LEVELS = st.sampled_from(["safe", "balanced", "strict"])


@cache
def cleaner(level: str, *, title_in_text: bool = True) -> Cleaner:
    return Cleaner(level=level, title_in_text=title_in_text, language=None)


@given(documents, LEVELS, st.booleans())
@settings(max_examples=max(700, settings().max_examples))
def test_every_change_can_be_undone(text: str, level: str, keep: bool) -> None:
    result = cleaner(level, title_in_text=keep).clean(text)
    assert result.restore() == text


@given(documents, LEVELS)
@settings(max_examples=max(700, settings().max_examples))
def test_cleaning_twice_changes_nothing(text: str, level: str) -> None:
    once = cleaner(level).clean(text).text
    assert cleaner(level).clean(once).text == once


@given(documents, LEVELS)
def test_the_text_can_be_stored_and_edits_say_what_they_did(text: str, level: str) -> None:
    result = cleaner(level).clean(text)
    result.text.encode("utf-8")
    for edit in result.edits:
        assert edit.rule
        assert edit.before or edit.after
        assert edit.applied or edit.after == edit.before


@given(st.lists(documents, max_size=6), LEVELS)
@settings(max_examples=150)
def test_documents_of_a_batch_do_not_depend_on_each_other(texts: list[str], level: str) -> None:
    together = list(cleaner(level).clean_many(texts))
    alone = [cleaner(level).clean(text) for text in texts]
    assert [(r.text, r.edits, r.flags, r.title) for r in together] == [
        (r.text, r.edits, r.flags, r.title) for r in alone
    ]
    backwards = list(cleaner(level).clean_many(texts[::-1]))[::-1]
    assert [r.text for r in backwards] == [r.text for r in together]


@given(st.lists(documents.map(lambda text: text.encode("utf-8", "replace").decode()), max_size=6))
def test_a_batch_gives_the_same_as_the_library_call(texts: list[str]) -> None:
    batch = pa.RecordBatch.from_pydict({"text": pa.array(texts, pa.string())})
    rows = cleaner("safe").clean_batch(batch).to_pylist()
    results = list(cleaner("safe").clean_many(texts))
    assert [row["text"] for row in rows] == [result.text for result in results]
    assert [row["chars_in"] for row in rows] == [len(text) for text in texts]
    assert [[edit["rule"] for edit in row["edits"]] for row in rows] == [
        [e.rule for e in r.edits] for r in results
    ]


def test_a_cleaner_survives_pickling() -> None:
    original = Cleaner(level="balanced", ignore=("en/share",), language=None)
    copy = pickle.loads(pickle.dumps(original))
    assert copy.settings == original.settings
    text = "Some prose that stays.\nShare this:\nFacebook\nLeave a Reply\nYour email address will not be published."
    assert copy.clean(text).text == original.clean(text).text


def test_threads_may_share_a_cleaner() -> None:
    from concurrent.futures import ThreadPoolExecutor

    from tests.strategies import FURNITURE, PROSE

    texts = [
        "\n".join([PROSE[i % 7], FURNITURE[i % 19], FURNITURE[(i + 1) % 19], PROSE[(i + 3) % 7]])
        for i in range(200)
    ]
    shared_cleaner = Cleaner(language=None)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: shared_cleaner.clean(text).text, texts))
    assert found == [cleaner("safe").clean(text).text for text in texts]


def test_a_document_that_makes_a_rule_raise_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    faulty = Cleaner(language=None)
    original = type(faulty._engine).clean

    def clean(self: object, texts: list[str], contexts: object) -> object:
        if any("poison" in text for text in texts):
            raise RuntimeError("a rule broke")
        return original(self, texts, contexts)

    monkeypatch.setattr(type(faulty._engine), "clean", clean)
    batch = pa.RecordBatch.from_pydict(
        {"text": ["good one", "poison", None, "good two"], "id": list("abcd"), "mine": [1, 2, 3, 4]}
    )
    rows = faulty.clean_batch(batch).to_pylist()
    assert [row["text"] for row in rows] == ["good one", None, None, "good two"]
    assert rows[1]["error"] == "raised RuntimeError: a rule broke"
    assert "null" in rows[2]["error"]
    assert [row["mine"] for row in rows] == [1, 2, 3, 4]
    assert rows[3]["signals_after"] is not None
    assert rows[1]["signals_after"] is None


def test_a_batch_without_a_text_says_what_it_has() -> None:
    with pytest.raises(ValueError, match="its columns are: body, id"):
        Cleaner().clean_batch(pa.RecordBatch.from_pydict({"body": ["x"], "id": ["1"]}))
