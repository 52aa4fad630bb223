"""What holds of repair for any string."""

from __future__ import annotations

import random
import re
from itertools import pairwise

import adversarial
import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaner import edits
from cleaner.repair import FLAGS, STEPS, repair

LEVELS = st.sampled_from(["safe", "balanced", "strict"])
ANY = st.text(st.characters(codec=None), max_size=60)
NASTY = st.lists(
    st.one_of(
        st.sampled_from([*adversarial.SINGLES, *adversarial.TOKENS, *adversarial.CLEAN]),
        st.sampled_from(adversarial.MOJIBAKE_CHARACTERS),
        st.text(max_size=4),
    ),
    max_size=25,
).map("".join)
TEXTS = st.one_of(ANY, NASTY)


WRAPPED = "the lines of this letter were broken where the screen of the writer ended and\n" * 12


def tidied(text: str) -> str:
    """Return `text` with blank lines as repair leaves them."""
    text = re.sub("\n{3,}", "\n\n", text).lstrip("\n")
    return re.sub(r"\n+\Z", "\n", text)


@given(TEXTS, LEVELS)
@example("\ud83d\ude00 \udfff\x00\r\n\u2028", "safe")
def test_edits_tell_the_whole_change(text: str, level: str) -> None:
    repaired = repair([text], level=level)[0]
    assert edits.apply(text, repaired.edits) == repaired.text
    assert edits.restore(repaired.text, repaired.edits) == text
    for edit in repaired.edits:
        assert edit.stage == "repair"
        assert edit.before == text[edit.start : edit.end]
        assert edit.rule in (STEPS if edit.applied else FLAGS)
        assert (edit.before == edit.after) is not edit.applied
    reported = [edit.rule for edit in repaired.edits if not edit.applied]
    assert sorted(repaired.flags) == sorted(set(reported))
    assert all(reported.count(rule) <= 20 for rule in reported)


@given(TEXTS, LEVELS)
def test_repair_of_repaired_text_changes_nothing(text: str, level: str) -> None:
    once = repair([text], level=level)[0].text
    again = repair([once], level=level)[0]
    assert again.text is once
    assert not any(edit.applied for edit in again.edits)


@given(TEXTS, LEVELS)
def test_repaired_text_has_the_promised_form(text: str, level: str) -> None:
    repaired = repair([text], level=level)[0].text
    lines = repaired.removesuffix("\n").split("\n") if repaired else []
    assert all(line == line.rstrip() for line in lines)
    assert all(first.strip() or second.strip() for first, second in pairwise(lines))
    assert not lines or (lines[0].strip() and lines[-1].strip())
    assert not re.search("[\r\v\f\x85\u2028\u2029]", repaired)
    assert pa.array([repaired]).to_pylist() == [repaired]


@given(st.lists(NASTY, min_size=1, max_size=4), LEVELS, st.integers(0, 1000))
def test_lines_left_after_deletion_need_no_repair(parts: list[str], level: str, seed: int) -> None:
    repaired = repair(["\n".join(parts)], level=level)[0].text
    chance = random.Random(seed)
    left = "\n".join(line for line in repaired.split("\n") if chance.random() < 0.6)
    assert repair([left], level=level)[0].text == tidied(left)


@given(st.lists(TEXTS, max_size=6), LEVELS)
def test_a_text_is_repaired_alike_in_any_batch(texts: list[str], level: str) -> None:
    assert repair(texts, level=level) == [repair([text], level=level)[0] for text in texts]


@settings(max_examples=30)
@given(st.integers(1, 200), st.sampled_from(["\r\n", "\r", " \n", "\u2028", "\n\n\n"]))
def test_line_ends_cost_one_edit_each(count: int, end: str) -> None:
    repaired = repair([f"é line{end}" * count])[0]
    assert len(repaired.edits) == count
    assert repaired.text.count("é line") == count


@given(
    st.lists(st.sampled_from(["", "\n" * 12, "line\n" * 12, "no end", WRAPPED, "é " + WRAPPED]), max_size=6)
)
def test_wrapped_lines_are_reported_alike_in_any_batch(texts: list[str]) -> None:
    for text, repaired in zip(texts, repair(texts), strict=True):
        assert ("repair/hard-wrap" in repaired.flags) is (WRAPPED in text)
        assert repaired == repair([text])[0]


def test_long_lines_reach_a_fixed_point_too() -> None:
    for filler in ("Ã© and so on ", "x&eacute;", "ÃƒÂ©", "ab\u0301", "â€œquote” "):
        text = "é" + filler * (250_000 // len(filler))
        repaired = repair([text])[0]
        assert edits.restore(repaired.text, repaired.edits) == text
        assert repair([repaired.text])[0].text == repaired.text


def test_clean_texts_come_back_as_the_same_object() -> None:
    texts = ["", "plain\n\ntext\n", *adversarial.CLEAN]
    for text, repaired in zip(texts, repair(texts), strict=True):
        assert repaired.text is text
        assert repaired.edits == ()
        assert repaired.flags == ()
