"""Dates as inputs write them, as ISO 8601."""

from __future__ import annotations

import re
from datetime import UTC, datetime

__all__ = ["iso_date"]

_PLAIN = re.compile(r"\d{4}-\d\d-\d\d")
_YEAR = re.compile(r"\d{4}")
_YEAR_FIRST = re.compile(r"\d{4}(?:\D|\d{10}$)")
_DOTTED = re.compile(r"\d{1,2}\.\s?\d{1,2}\.")
_NUMBER = re.compile(r"\d{10,13}(?:\.\d+)?")
_LONGEST = 100  # characters
_SECONDS = (10**9, 10**10)  # 2001 to 2286
_THOUSANDS = (10**12, 10**13)  # the same in milliseconds
_ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
"""Hours from UTC of the names in RFC 2822; another name says too little to be read."""

_FILLERS = (datetime(1999, 2, 3), datetime(2004, 6, 5))  # noqa: DTZ001 - they only show what a text leaves open


def iso_date(text: str) -> str:
    """Return a date, or date and time, in ISO 8601; as given where it cannot be read or is ambiguous.

    `5 January 2024` and `05.01.2024` become `2024-01-05`; `Fri, 05 Jan 2024 10:00:00 GMT` and seconds or
    milliseconds since 1970 become `2024-01-05T10:00:00+00:00`. A time of midnight without a zone is taken
    for none. `05/01/2024`, which is two days, `5.1.24`, `January 2024` and `yesterday` stay as they are. Nothing
    depends on the day, the place or the language of the machine.
    """
    bare = text.strip()
    if _PLAIN.fullmatch(bare):
        return bare
    if not bare or len(bare) > _LONGEST:
        return text
    try:
        found = _of_number(float(bare)) if _NUMBER.fullmatch(bare) else _of_words(bare)
    except (ValueError, OverflowError, LookupError, TypeError, AttributeError):
        return text  # the parser raises what it likes at texts that are no dates
    return text if found is None else _written(found)


def _of_number(number: float) -> datetime | None:
    if _SECONDS[0] <= number < _SECONDS[1]:
        return datetime.fromtimestamp(number, UTC)
    if _THOUSANDS[0] <= number < _THOUSANDS[1]:
        return datetime.fromtimestamp(number / 1000, UTC)
    return None


def _of_words(text: str) -> datetime | None:
    """Return what a text says, if it says a whole date and there is one way to read it."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    if not _YEAR.search(text):
        return None  # the century of a short year would depend on the day of the run
    from dateutil.parser import parse

    orders = (False,) if _YEAR_FIRST.match(text) else (True,) if _DOTTED.match(text) else (False, True)
    readings = {
        parse(text, default=filler, dayfirst=day_first, tzinfos=_zone)
        for filler in _FILLERS
        for day_first in orders
    }
    return readings.pop() if len(readings) == 1 else None


def _zone(name: str | None, seconds: int | None) -> int | None:
    return seconds if name is None or seconds is not None else _ZONES[name] * 3600


def _written(found: datetime) -> str:
    if found.tzinfo is None and (found.hour, found.minute, found.second, found.microsecond) == (0, 0, 0, 0):
        return found.date().isoformat()
    return found.isoformat()
