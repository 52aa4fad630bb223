"""Dates of inputs: those that can be read in one way become ISO, the others stay."""

from __future__ import annotations

import time
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.dates import iso_date

READ = {
    "2024-01-05": "2024-01-05",
    " 20240105 ": "2024-01-05",
    "2024-01-05 00:00:00": "2024-01-05",
    "2024-01-05T10:00:00Z": "2024-01-05T10:00:00+00:00",
    "2024-01-05 10:00:00.5": "2024-01-05T10:00:00.500000",
    "2024/1/5": "2024-01-05",
    "20240105103000": "2024-01-05T10:30:00",
    "January 5, 2024": "2024-01-05",
    "5th of March 2021": "2021-03-05",
    "Fri, 05 Jan 2024 10:00:00 +0200": "2024-01-05T10:00:00+02:00",
    "Jan 5, 2024 10:00 AM EST": "2024-01-05T10:00:00-05:00",
    "05.01.2024": "2024-01-05",
    "25/01/2024": "2024-01-25",
    "01/25/2024": "2024-01-25",
    "1704448800": "2024-01-05T10:00:00+00:00",
    "1704448800000": "2024-01-05T10:00:00+00:00",
}

LEFT = [
    "", "2024", "2024-01", "January 2024", "yesterday", "10", "Monday", "12:30", "05/01/2024", "5.1.24", "31/12/99",
    "2024-02-30", "Jan 5, 2024 10:00 XYZ", "published on January 5, 2024", "5. Januar 2024", "1.2.3.4", "123456789",
    "nan", "x" * 1000,
]  # fmt: skip


@pytest.mark.parametrize("text", READ)
def test_what_can_be_read_becomes_iso(text: str) -> None:
    assert iso_date(text) == READ[text]
    assert iso_date(READ[text]) == READ[text]


@pytest.mark.parametrize("text", LEFT)
def test_what_is_no_whole_date_or_two_stays(text: str) -> None:
    assert iso_date(text) == text


@given(st.text(st.sampled_from("0123456789 -/:.,TZ+abJanFebpm°\x00é年"), max_size=30))
def test_no_text_raises_and_a_second_reading_changes_nothing(text: str) -> None:
    assert iso_date(iso_date(text)) == iso_date(text)


@given(st.dates(date(1000, 1, 1)), st.sampled_from(["%d %B %Y", "%B %d, %Y", "%Y/%m/%d", "%d.%m.%Y"]))
def test_every_day_comes_back(day: date, layout: str) -> None:
    assert iso_date(day.strftime(layout)) == day.isoformat()


@given(st.datetimes(datetime(1000, 1, 1)))  # noqa: DTZ001 - of no zone
def test_every_time_comes_back(moment: datetime) -> None:
    assert datetime.fromisoformat(iso_date(str(moment))) == moment


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process is set on POSIX")
def test_the_zone_of_the_machine_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for zone in ("UTC", "CET-1CEST"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        found.append([iso_date(text) for text in (*READ, "Jan 5, 2024 10:00 CET")])
    monkeypatch.undo()
    time.tzset()
    assert found[0] == found[1]
