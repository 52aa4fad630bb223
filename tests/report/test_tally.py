"""Counting in bounded memory: exact while there is room, honest and the same in every run after that."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cleaner.report.tally import Recurrence, Tally


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(1, 9))))
def test_a_tally_with_room_is_exact(things: list[tuple[str, int]]) -> None:
    tally = Tally(10)
    for thing, count in things:
        tally.add(thing, count)
    assert tally.exact
    assert sum(tally.counts.values()) == sum(count for _, count in things)


def test_a_full_tally_keeps_what_is_counted_most() -> None:
    tally = Tally(5)
    for number in range(100):
        tally.add(f"rare {number}", 1)
        tally.add("often", 2)
    assert not tally.exact
    assert len(tally.counts) <= 10
    assert tally.most()[0] == ("often", 200)


def test_recurrence_is_the_share_of_places_whose_line_stands_elsewhere_too() -> None:
    recurrence = Recurrence(100)
    recurrence.add("a", "menu", 3)
    recurrence.add("a", "once", 1)
    assert recurrence.exact
    assert recurrence.share("a") == 0.75
    assert recurrence.share("b") is None


def test_recurrence_of_many_lines_is_a_sample_near_the_truth() -> None:
    recurrence = Recurrence(500)
    for number in range(8000):
        recurrence.add("a", f"line {number}", 1 + number % 2)
    assert not recurrence.exact
    assert abs(recurrence.share("a") - 2 / 3) < 0.08
