"""Near-duplicates against all pairs computed by definition, in any order, and with input that means harm."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from cleaner import near_duplicates
from cleaner.duplicates import pairs, sets
from cleaner.duplicates.components import Components
from cleaner.duplicates.near import Corpus
from cleaner.duplicates.shingles import shingled
from cleaner.duplicates.signatures import Banding
from cleaner.io.errors import InputError
from tests.duplicates.made import alike, article, clusters, corpus, jaccard, sentence, shingles


def marked(rows: list[dict[str, str]], **options: Any) -> list[dict[str, Any]]:
    table = pa.Table.from_pylist(rows, pa.schema([(name, pa.string()) for name in ("id", "text", "date")]))
    return near_duplicates(table, **options).to_pylist()


def texts(*given: str) -> list[dict[str, Any]]:
    return marked([{"id": f"t{number}", "text": text} for number, text in enumerate(given)])


@pytest.mark.parametrize("least", [0.5, 0.8])
def test_what_is_marked_is_what_all_pairs_say(least: float) -> None:
    rows = corpus(1, 120, 180)
    found = alike([row["text"] for row in rows], least)
    marks = marked(rows, jaccard=least)
    place = {row["id"]: number for number, row in enumerate(rows)}
    stands = [mark["near_duplicate_of"] is None for mark in marks]
    left = [pair for pair in found if stands[pair[0]] and stands[pair[1]]]
    assert len(left) <= 0.02 * len(found)
    assert len(found) > 50
    for row, mark in zip(rows, marks, strict=True):
        if mark["near_duplicate_of"] is None:
            assert mark["similarity"] is None
            continue
        other = place[mark["near_duplicate_of"]]
        assert stands[other]
        assert len(rows[other]["text"]) >= len(row["text"])
        expected = jaccard(shingles(row["text"]), shingles(rows[other]["text"]))
        assert mark["similarity"] == pytest.approx(expected, abs=1e-9)
        assert expected >= least - 1e-9
    names = [mark["near_duplicate_of"] or row["id"] for row, mark in zip(rows, marks, strict=True)]
    assert [mark["cluster_size"] for mark in marks] == [names.count(name) for name in names]


def test_nothing_depends_on_the_order_or_on_the_batches() -> None:
    rows = corpus(2, 60, 140)
    expected = {row["id"]: mark for row, mark in zip(rows, marked(rows), strict=True)}
    assert sum(mark["near_duplicate_of"] is not None for mark in expected.values()) > 50
    for seed in range(3):
        shuffled = random.Random(seed).sample(rows, len(rows))
        assert {row["id"]: mark for row, mark in zip(shuffled, marked(shuffled), strict=True)} == expected
    batches = pa.Table.from_pylist(rows).to_batches(max_chunksize=7)
    assert near_duplicates(iter(batches)).to_pylist() == [expected[row["id"]] for row in rows]


def test_the_longest_represents_then_the_earliest_then_the_first_id() -> None:
    text = article(random.Random(3))
    rows = [
        {"id": "c", "text": text, "date": "2024-02-02"},
        {"id": "b", "text": text, "date": "2024-02-01"},
        {"id": "a", "text": text, "date": "2024-02-01"},
        {"id": "z", "text": text + " Lu.", "date": None},
    ]
    assert [mark["near_duplicate_of"] for mark in marked(rows)] == ["z", "z", "z", None]
    assert [mark["near_duplicate_of"] for mark in marked(rows[:3])] == ["a", "a", None]
    assert [mark["cluster_size"] for mark in marked(rows)] == [4] * 4


def test_of_a_chain_those_that_are_far_apart_both_stay() -> None:
    draw = random.Random(4)
    sentences = [sentence(draw, 10, 10) for _ in range(40)]
    longest = " ".join([*sentences[:30], "fin" * 300])
    chain = [longest, *(" ".join(sentences[start : start + 30]) for start in (3, 6, 9))]
    assert (
        jaccard(shingles(chain[0]), shingles(chain[1]))
        >= 0.8
        > jaccard(shingles(chain[0]), shingles(chain[2]))
    )
    marks = texts(*chain)
    assert [mark["near_duplicate_of"] for mark in marks] == [None, "t0", None, "t2"]
    assert [mark["cluster_size"] for mark in marks] == [2] * 4


def test_one_story_told_by_others_is_no_duplicate() -> None:
    told = (
        "The ferry that links Ormsby with the north bank will stop for six weeks from Monday, the council said. Its hull needs new plates.",
        "From Monday there is no ferry between Ormsby and the north bank. The council says that repairs of the hull will take six weeks.",
        "Ormsby ferry out of service: six weeks of repairs begin on Monday, according to the council, because plates of the hull must be renewed.",
    )
    marks = [marked([{"id": text[:5], "text": text} for text in told], jaccard=least) for least in (0.5, 0.8)]
    assert all(
        mark["cluster_size"] == 1 and mark["near_duplicate_of"] is None for each in marks for mark in each
    )


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("船厂的人说修理需要六个星期因为船身的钢板必须更换而且新的钢板要从别的城市运来居民们只好绕道走桥" * 4, ("六个", "七个")),
        ("เรือข้ามฟากจะหยุดให้บริการหกสัปดาห์ตั้งแต่วันจันทร์เพราะต้องซ่อมตัวเรือและเปลี่ยนแผ่นเหล็กใหม่ทั้งหมด" + "ชาวบ้านต้องใช้สะพานที่อยู่ห่างออกไปสามกิโลเมตรเพื่อข้ามแม่น้ำในช่วงเวลานี้" * 2, ("หกสัปดาห์", "เจ็ดสัปดาห์")),
        ("नाव छह सप्ताह तक बंद रहेगी क्योंकि उसके पेंदे की मरम्मत होगी और लोग पुल से होकर जाएँगे " * 3 + "अंत में सब ठीक होगा", ("अंत", "आखिर")),
    ],
)  # fmt: skip
def test_scripts_of_all_kinds(text: str, change: tuple[str, str]) -> None:
    given = (text, text.replace(*change, 1), text[::-1])
    marks = marked([{"id": f"t{number}", "text": each} for number, each in enumerate(given)], jaccard=0.5)
    assert [mark["cluster_size"] for mark in marks] == [2, 2, 1]
    assert 0.5 < next(mark["similarity"] for mark in marks if mark["similarity"]) < 1


def test_paragraphs_that_stand_in_several_documents() -> None:
    draw = random.Random(5)
    shared = " ".join(sentence(draw, 12, 14) for _ in range(4))
    assert len(shared) >= 200
    short = sentence(draw, 5, 6)
    first = f"{article(draw, 2)}\n\n😀 É\n{shared}\n{short}"
    second = f"{short}\n  {shared.upper().replace(',', ' -')}\n{article(draw, 3)}"
    third = f"{article(draw, 4)}\n{shared}"
    marks = texts(first, second, third, article(draw))
    for text, mark in zip((first, second, third), marks, strict=False):
        (found,) = mark["shared_paragraphs"]
        assert found["documents"] == 3
        assert shared.lower() in text[found["start"] : found["end"]].lower().replace(" -", ",")
        assert mark["near_duplicate_of"] is None
    assert marks[3]["shared_paragraphs"] is None


def test_a_paragraph_that_stands_twice_in_one_document_only_is_not_shared() -> None:
    draw = random.Random(6)
    text = " ".join(sentence(draw, 12, 14) for _ in range(4))
    assert texts(f"{text}\n\n{text}", article(draw))[0]["shared_paragraphs"] is None


def test_empty_texts_are_no_duplicates() -> None:
    rows = [
        {"id": str(number), "text": text} for number, text in enumerate(["", " \n", "...", None, "?!"] * 400)
    ]
    assert all(set(mark.values()) == {None} for mark in marked(rows))


def test_one_text_very_many_times() -> None:
    text = article(random.Random(7), 1)
    marks = marked([{"id": f"{number:06}", "text": text} for number in range(20_000)])
    assert [mark["near_duplicate_of"] for mark in marks[:2]] == [None, "000000"]
    assert {mark["cluster_size"] for mark in marks} == {20_000}
    assert {mark["similarity"] for mark in marks} == {None, 1.0}
    assert {mark["shared_paragraphs"][0]["documents"] for mark in marks} == {20_000}


def test_short_texts_are_compared_as_a_whole() -> None:
    marks = texts("Sail day", "sail  DAY!", "Sail", "day sail", "Sail day today")
    assert [mark["cluster_size"] for mark in marks] == [2, 2, 1, 1, 1]


def test_a_bucket_that_holds_everything_is_not_compared_pair_by_pair() -> None:
    count = 3_000
    compared = []

    def alike(first: Any, second: Any) -> Any:
        compared.append(len(first))
        return np.zeros(len(first), np.bool_)

    pairs.compare_buckets(np.arange(count), np.array([count]), alike, Components(count))
    assert 0 < sum(compared) <= 3 * count

    components = Components(count)
    pairs.compare_buckets(np.arange(count), np.array([count]), lambda first, second: first % 5 == second % 5, components)  # fmt: skip
    assert components.all_roots().tolist() == [number % 5 for number in range(count)]


def test_components_are_those_of_the_edges_whatever_their_order() -> None:
    draw = np.random.default_rng(8)
    first, second = draw.integers(0, 500, (2, 400))
    expected = clusters(500, {(int(one), int(other)): 1.0 for one, other in zip(first, second, strict=True)})
    components = Components(500)
    components.join(second[::-1], first[::-1])
    assert components.all_roots().tolist() == expected
    halves = Components(500)
    halves.join(first[:200], second[:200])
    halves.join(first[200:], second[200:])
    assert halves.all_roots().tolist() == expected


def test_similarities_are_those_of_sets_also_when_taken_in_portions(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    monkeypatch.setattr(sets, "_AT_ONCE", 50)
    draw = random.Random(9)
    given = [" ".join(draw.choices("abcdefgh", k=draw.randint(0, 60))) for _ in range(40)]
    found, _ = shingled(given)
    left, right = np.triu_indices(40)
    with sets.Sets(tmp_path / "sets") as stored:
        stored.add(found)
        stored.seal()
        measured = stored.similarities(left, right)
    for one, other, similarity in zip(left, right, measured, strict=True):
        a, b = shingles(given[one]), shingles(given[other])
        assert similarity == pytest.approx(jaccard(a, b) if a | b else 0)


def test_the_numbers_last() -> None:
    """They are written to disk and compared between machines: a change of them is a change of what is found."""
    found, paragraphs = shingled(
        ["The ferry will stop for repairs.", "渡船要停航修理六个星期", "Sail day", "", "a b\n" + "Ab. " * 60]
    )
    assert found.ends.tolist() == [2, 6, 7, 7, 10]
    assert [f"{key:x}" for key in found.hashes[:2].tolist()] == ["bceb882c56f86d67", "fd4e20f6212684f0"]
    assert [f"{key:x}" for key in paragraphs.keys.tolist()] == ["dc0a8ab7e1736998"]
    assert (paragraphs.texts.tolist(), paragraphs.starts.tolist(), paragraphs.ends.tolist()) == (
        [4],
        [4],
        [244],
    )
    keys = Banding.of(0.8).keys(found)
    assert keys.shape == (21, 5)
    assert [f"{key:x}" for key in keys[:2, 0].tolist()] == ["99d41a36cf3da888", "1e46cce624f66e77"]


@pytest.mark.parametrize(
    ("least", "banding"),
    [(0.3, (64, 2)), (0.5, (42, 3)), (0.7, (32, 4)), (0.8, (21, 6)), (0.9, (14, 9)), (1.0, (4, 32))],
)
def test_bands_find_what_is_similar_enough(least: float, banding: tuple[int, int]) -> None:
    assert Banding.of(least) == banding
    assert 1 - (1 - least ** banding[1]) ** banding[0] >= 0.995


@pytest.mark.parametrize("least", [0.0, 0.29, 1.01, float("nan")])
def test_similarities_that_cannot_be_looked_for(least: float) -> None:
    with pytest.raises(InputError, match=r"give 0\.3 to 1"):
        Corpus(least)


def test_without_a_column_text() -> None:
    with pytest.raises(InputError, match="there is no column `text`; the columns are: body"):
        near_duplicates(pa.table({"body": ["x"]}))


def test_without_ids_the_number_of_the_row_is_the_id() -> None:
    text = article(random.Random(10))
    found = near_duplicates(pa.table({"text": [text, "Sail", text]}))
    assert found["near_duplicate_of"].to_pylist() == [None, None, "0"]
