"""Edits: carried out, undone, joined."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.document import Edit
from cleaner.edits import apply, compose, restore


@st.composite
def edited(draw: st.DrawFn, text: str) -> list[Edit]:
    """Return edits of `text` that do not overlap, some of them flags."""
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    found = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=False):
        if (found and start < found[-1].end) or start == end:
            continue
        after = draw(st.text("xyz\n", max_size=3))
        applied = draw(st.booleans())
        before = text[start:end]
        found.append(Edit("rules", f"r{start}", start, end, before, after if applied else before, applied))
    return found


texts = st.text("abcdé\n", max_size=40)


@given(st.data(), texts)
def test_restore_undoes_apply(data: st.DataObject, text: str) -> None:
    edits = data.draw(edited(text))
    assert restore(apply(text, edits), edits) == text


@given(st.data(), texts)
def test_two_rounds_joined_do_what_they_did_one_after_the_other(data: st.DataObject, text: str) -> None:
    first = data.draw(edited(text))
    between = apply(text, first)
    second = data.draw(edited(between))
    joined = compose(text, first, second)
    assert apply(text, joined) == apply(between, second)
    assert restore(apply(between, second), joined) == text


def test_edits_that_do_not_fit_are_refused() -> None:
    edit = Edit("rules", "r", 0, 3, "abc")
    with pytest.raises(ValueError, match="does not describe"):
        apply("xyz", [edit])
    with pytest.raises(ValueError, match="overlap"):
        apply("abcd", [edit, Edit("rules", "s", 2, 4, "cd")])
    with pytest.raises(ValueError, match="did not produce"):
        restore("zz", [Edit("rules", "r", 0, 1, "a", "b")])


def test_an_edit_over_earlier_ones_swallows_them() -> None:
    first = [Edit("rules", "trim", 3, 5, "de")]
    second = [Edit("rules", "drop", 0, 4, "abcf")]
    assert compose("abcdef\ng", first, second) == [Edit("rules", "drop", 0, 6, "abcdef")]
