"""Profiles: published thresholds on signals, as data. They say which texts would pass, and drop none.

A profile is a TOML file under `rules/profiles/`:

    title = "FineWeb"
    source = "where the thresholds were published"

    [[tests]]
    signal = "gopher.stop_words"
    min = 2                       # the text passes if the signal is not below it
    languages = ["en"]            # tested in these languages only; without it, in all
    language.de = { min = 3 }     # other thresholds for one language
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cleaner.shipped import packs_root
from cleaner.signals import DEFINITIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["Bounds", "Profile", "Test", "evaluate", "load", "names", "packs_root"]


class Bounds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The least and the greatest value that pass, both inclusive."""

    min: float | None = None
    max: float | None = None


class Test(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Bounds on one signal, for all languages or some, with others for some languages."""

    signal: str
    min: float | None = None
    max: float | None = None
    languages: list[str] | None = None
    language: dict[str, Bounds] = {}


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A named set of tests; a text passes if it passes every one."""

    title: str
    source: str
    tests: list[Test]
    notes: str = ""


def names() -> list[str]:
    """Return the names of the profiles that are shipped."""
    return sorted(path.stem for path in (packs_root() / "profiles").glob("*.toml"))


@cache
def load(profile: str) -> Profile:
    """Return the shipped profile of that name, or the one in that file if `profile` ends in .toml.

    Raises:
        ValueError: there is no such profile, or it is not a valid one; the message says why.

    """
    path = Path(profile) if profile.endswith(".toml") else packs_root() / "profiles" / f"{profile}.toml"
    if not path.is_file():
        raise ValueError(f"no profile {profile!r}; there are: {', '.join(names())}, or give a .toml file")
    try:
        loaded = msgspec.toml.decode(path.read_bytes(), type=Profile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: {error}") from error
    for test in loaded.tests:
        if test.signal not in DEFINITIONS:
            raise ValueError(f"{path}: no signal is named {test.signal!r}")
        if test.min is None and test.max is None and not test.language:
            raise ValueError(f"{path}: the test of {test.signal} has neither min nor max")
    return loaded


def evaluate(
    signals: pa.StructArray, languages: Sequence[str | None], profile: Profile
) -> tuple[pa.BooleanArray, pa.ListArray]:
    """Return for each row whether it passes the profile, and the reasons why not.

    `languages` has the code of each row or None. A reason names signal and bound, as in
    `fineweb.char_dup_frac > 0.01`. A signal that is null, because the text is empty of what it measures,
    fails its test, with `fineweb.line_punct_frac is null`. A row without signals has neither verdict nor
    reasons: both are null.
    """
    rows = len(signals)
    groups = _rows_of_languages(languages)
    reasons: list[list[str]] = [[] for _ in range(rows)]
    for test in profile.tests:
        column = signals.field(test.signal)
        values = pc.cast(column, pa.float64()).to_numpy(zero_copy_only=False)
        for language, chosen in groups.items():
            if test.languages is not None and language not in test.languages:
                continue
            bounds = test.language.get(language or "", Bounds(test.min, test.max))
            _judge(test.signal, values[chosen], chosen, bounds, reasons)
    unknown = signals.is_null().to_numpy(zero_copy_only=False)
    passes = pa.array([not found for found in reasons], pa.bool_(), mask=unknown)
    return passes, pa.array(reasons, pa.list_(pa.string()), mask=unknown)


def _rows_of_languages(languages: Sequence[str | None]) -> dict[str | None, NDArray[np.int64]]:
    rows: dict[str | None, list[int]] = {}
    for row, language in enumerate(languages):
        rows.setdefault(language, []).append(row)
    return {language: np.array(found, dtype=np.int64) for language, found in rows.items()}


def _judge(
    signal: str,
    values: NDArray[np.float64],
    rows: NDArray[np.int64],
    bounds: Bounds,
    reasons: list[list[str]],
) -> None:
    """Add a reason to each of the rows whose value is out of bounds."""
    if bounds.min is None and bounds.max is None:
        return
    for row in rows[np.isnan(values)].tolist():
        reasons[row].append(f"{signal} is null")
    if bounds.min is not None:
        for row in rows[values < bounds.min].tolist():
            reasons[row].append(f"{signal} < {bounds.min:g}")
    if bounds.max is not None:
        for row in rows[values > bounds.max].tolist():
            reasons[row].append(f"{signal} > {bounds.max:g}")
