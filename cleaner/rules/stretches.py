"""Stretches and repeats in columns, by plain array arithmetic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

__all__ = ["begins", "distinct", "in_runs", "repeated"]


def begins(values: Ints) -> Ints:
    """Return the places where a stretch of equal values begins."""
    new = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return np.flatnonzero(new)


def distinct(values: Ints) -> Ints:
    """Return the values without repeats, ascending."""
    ordered = np.sort(values)
    return ordered[begins(ordered)]


def in_runs(rows: Ints, documents: Ints, at_least: int) -> Ints:
    """Return those of `rows`, ascending, that stand in runs of so many or more lines of one document.

    Args:
        rows: numbers of lines.
        documents: the document of each of them.
        at_least: the length of a run.

    """
    if len(rows) < at_least:
        return rows[:0]
    parted = np.ones(len(rows) + 1, np.bool_)
    parted[1:-1] = rows[1:] != rows[:-1] + 1
    parted[1:-1] |= documents[1:] != documents[:-1]
    places = np.flatnonzero(parted)
    lengths = places[1:] - places[:-1]
    return rows[np.repeat(lengths >= at_least, lengths)]


def repeated(document: Ints, key: Ints) -> Ints:
    """Return the places whose (document, key) occurs more than once."""
    if len(key) < 2:
        return np.empty(0, np.int64)
    order = np.lexsort((key, document))
    key, document = key[order], document[order]
    same = (key[1:] == key[:-1]) & (document[1:] == document[:-1])
    several = np.zeros(len(key), np.bool_)
    several[order[1:][same]] = True
    several[order[:-1][same]] = True
    return np.flatnonzero(several)
