"""What sites repeat: learned, added up, judged, kept in a file, applied."""

from __future__ import annotations

import pickle
import random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import Cleaner
from cleaner.memory import Memory, MemoryFileError, read_memory
from cleaner.memory.finish import finished, with_edits
from cleaner.memory.sketch import Sketch, SketchError, read_sketch
from tests.memory.corpus import HARBOUR, MILL, article, corpus


def learned(documents, kept: int = 1 << 30) -> Memory:
    with Sketch(kept) as sketch:
        for begin in range(0, len(documents), 7):
            texts, sites = zip(*documents[begin : begin + 7], strict=True)
            sketch.learn(texts, sites)
        return finished(sketch.counts())


def verdicts(memory: Memory, site: str = HARBOUR) -> dict[str, tuple[str, str | None]]:
    return {row["line"]: (row["verdict"], row["artifact"]) for row in memory.rows(site)}


@pytest.fixture(scope="module")
def memory() -> Memory:
    return learned([*corpus(), *corpus(30, MILL)])


def test_each_line_gets_the_verdict_that_a_reader_would_give(memory: Memory) -> None:
    found = verdicts(memory)
    assert found["Advertisement"] == ("drop", "advertisement")
    assert found["Kindly share this story:"] == ("drop", "share")
    assert found["Subscribe to our newsletter"] == ("drop", "subscribe")
    assert found["Read also:"] == ("drop", "related")
    assert found["By Ada Quill Brook"] == ("flag", "byline")
    assert found["Background"] == ("keep", None)
    paragraph = next(line for line in found if line.startswith("The ferry has run since"))
    assert found[paragraph] == ("flag", "repetition")
    assert verdicts(memory, MILL)["Mill Gazette"] == ("drop", "site")


def test_a_remembered_line_goes_with_its_reason_and_comes_back(memory: Memory) -> None:
    text = article(1)
    result = Cleaner(memory=memory, language=None, signals=False).clean(text, url=f"https://{HARBOUR}/1")
    gone = {edit.before.strip(): edit for edit in result.edits if edit.applied}
    assert "Advertisement" not in result.text
    assert "Read also" not in result.text
    assert gone["Kindly share this story:"].artifact == "share"
    noted = [edit.note for edit in result.edits if edit.rule.startswith("site/")]
    assert any(note.startswith(f"in 40 of 40 documents of {HARBOUR}") for note in noted)
    assert "site/byline" in result.flags
    assert result.restore() == text


def test_cleaning_twice_changes_nothing(memory: Memory) -> None:
    cleaner = Cleaner(memory=memory, language=None, signals=False, level="strict")
    for number in range(20):
        once = cleaner.clean(article(number), url=f"https://{HARBOUR}/{number}").text
        assert cleaner.clean(once, url=f"https://{HARBOUR}/{number}").text == once


def test_other_sites_and_documents_without_one_are_left_alone(memory: Memory) -> None:
    cleaner = Cleaner(memory=memory, select=("site",), language=None, signals=False)
    assert cleaner.clean(article(1)).edits == ()
    assert cleaner.clean(article(1), url="https://other.example/1").edits == ()


def test_names_of_its_rules_can_be_selected_and_ignored(memory: Memory) -> None:
    cleaner = Cleaner(memory=memory, select=("site",), ignore=("site/share",), language=None, signals=False)
    text = cleaner.clean(article(1), url=f"https://{HARBOUR}/1").text
    assert "Advertisement" not in text
    assert "Kindly share this story:" in text
    dropped = Cleaner(memory=memory, drop=("byline",), language=None, signals=False)
    assert "Ada Quill" not in dropped.clean(article(1), url=f"https://{HARBOUR}/1").text


def test_a_line_in_another_place_than_its_own_stays(memory: Memory) -> None:
    cleaner = Cleaner(memory=memory, select=("site",), language=None, signals=False)
    text = "Mill Gazette\n" + "\n".join(article(3, MILL).split("\n")[:7] * 2)
    assert cleaner.clean(text, url=f"https://{MILL}/3").text.startswith("Mill Gazette\n")


@pytest.mark.parametrize("kept", [1 << 30, 20_000])
def test_order_and_batches_and_the_disk_leave_no_trace(memory: Memory, kept: int, tmp_path) -> None:
    documents = [*corpus(), *corpus(30, MILL)]
    random.Random(5).shuffle(documents)
    other = learned(documents, kept)
    memory.save(tmp_path / "a.parquet")
    other.save(tmp_path / "b.parquet")
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


_DOCUMENTS = st.lists(
    st.tuples(
        st.lists(st.sampled_from(["Share this", "By Ann", "A b c d e f g", "Next", "…", "12"]), max_size=4).map("\n".join),
        st.sampled_from(["a.example", "b.example"]),
    ),
    max_size=30,
)  # fmt: skip


@given(_DOCUMENTS, st.lists(st.integers(0, 2), min_size=30, max_size=30))
def test_sketches_add_up_in_any_order_to_that_of_all_documents(documents, parts) -> None:
    def sketch(numbers) -> Sketch:
        made = Sketch()
        for number in numbers:
            for part, (text, site) in zip(parts, documents, strict=False):
                if part == number:
                    made.learn([text], [site])
        return made

    def merged(*sketches) -> pa.Table:
        whole = Sketch()
        for each in sketches:
            whole.merge(each)
        return whole.counts().sort_by("line")

    a, b, c = (sketch([number]) for number in range(3))
    left = Sketch()
    left.merge(a)
    left.merge(b)
    whole = sketch([0, 1, 2]).counts().sort_by("line")
    assert merged(a, b, c).equals(whole)
    assert merged(c, b, a).equals(whole)
    assert merged(left, c).equals(whole)


def test_copies_of_a_document_count_once() -> None:
    documents = [*corpus(30), *([("A dull line that one page holds.\nAnd one more.", HARBOUR)] * 50)]
    assert next(learned(documents).rows())["of"] == 31


def test_nearly_equal_documents_teach_nothing_of_their_text() -> None:
    lesson = [f"Lesson part {chr(97 + part)}: " + article(part, MILL).split("\n")[0] for part in range(20)]
    series = [("\n".join([*lesson, f"Week {chr(97 + week)} " * 3]), HARBOUR) for week in range(20)]
    memory = learned([*corpus(40), *series])
    assert {row["verdict"] for row in memory.rows() if row["line"].startswith("Lesson part")} == {"keep"}


@pytest.mark.parametrize("count", [4, 12])
def test_few_documents_teach_nothing_or_only_what_nearly_all_hold(count: int) -> None:
    dropped = {row["line"] for row in learned(corpus(count, MILL)).rows() if row["verdict"] == "drop"}
    assert dropped == (set() if count == 4 else {"Share this article", "Mill Gazette"})


def test_a_person_has_the_last_word(memory: Memory, tmp_path) -> None:
    rows = [*memory.rows()]
    for row in rows:
        if row["line"] == "Advertisement":
            row["verdict"] = "keep"
        if row["line"] == "Background":
            row["verdict"] = "drop"
    pq.write_table(pa.Table.from_pylist(rows, schema=memory.table.schema), tmp_path / "edited.parquet")
    edited = read_memory(tmp_path / "edited.parquet")
    cleaner = Cleaner(memory=tmp_path / "edited.parquet", select=("site",), language=None, signals=False)
    result = cleaner.clean(article(3), url=f"https://{HARBOUR}/3")
    assert result.text.count("Advertisement") == 2
    assert [edit.before.strip() for edit in result.edits if edit.rule == "site/by-hand"] == ["Background"]
    again = with_edits(memory, edited)
    assert verdicts(again)["Advertisement"][0] == "keep"
    assert again.digest == edited.digest


def test_a_memory_travels(memory: Memory) -> None:
    cleaner = pickle.loads(pickle.dumps(Cleaner(memory=memory, language=None, signals=False)))
    assert "Advertisement" not in cleaner.clean(article(1), url=f"https://{HARBOUR}/1").text


def test_a_file_that_is_no_memory_gets_a_clear_error(memory: Memory, tmp_path) -> None:
    (tmp_path / "text.parquet").write_text("no table at all")
    with pytest.raises(MemoryFileError, match="no Parquet file of a memory"):
        read_memory(tmp_path / "text.parquet")
    pq.write_table(pa.table({"a": [1]}), tmp_path / "other.parquet")
    with pytest.raises(MemoryFileError, match="has no column site, line"):
        read_memory(tmp_path / "other.parquet")
    with pytest.raises(MemoryFileError, match="cannot be read: No such file"):
        Cleaner(memory=tmp_path / "none.parquet")
    with pytest.raises(SketchError, match="is no part of a memory"):
        read_sketch(tmp_path / "other.parquet", Sketch())
    for name, value in (
        ("verdict", "burn"),
        ("artifact", "dirt"),
        ("place", "foot"),
        ("level", "wild"),
        ("part", "half"),
    ):
        rows = [{**row, name: value} for row in memory.rows()]
        pq.write_table(pa.Table.from_pylist(rows, schema=memory.table.schema), tmp_path / "forged.parquet")
        with pytest.raises(MemoryFileError, match=f"row 0: {name} is '{value}'; it may be"):
            read_memory(tmp_path / "forged.parquet")


@pytest.mark.parametrize(
    "documents",
    [
        [("\n".join(f"{number} {chr(97 + number % 26)} unlike" for number in range(3000)), "a.example")],
        [("the same line\n" * 50_000, "a.example")],
        [(f"Share this {chr(97 + number % 26)}", f"{number}.example") for number in range(3000)],
        [("\ud800 half a pair", "a.example")] * 8,
        [("", "a.example"), ("\n\n", "a.example")],
        [],
    ],
    ids=["every line unique", "one line many times", "many sites", "half a pair", "blank", "nothing"],
)  # fmt: skip
def test_hostile_sites_teach_nothing(documents) -> None:
    assert not [row for row in learned(documents).rows() if row["verdict"] == "drop"] if documents else True
