"""Hashes of 64 bits, many at once. They last: the numbers of shingles and bands are made with them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Hashes = NDArray[np.uint64]
    Ints = NDArray[np.int64]

__all__ = ["BASE", "INVERSE", "mixed", "powers", "ragged"]

BASE = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64
INVERSE = pow(BASE, -1, 1 << 64)
_TABLE = 1 << 20


def mixed(values: Hashes) -> Hashes:
    """Return each value with its bits mixed (part of the finaliser of splitmix64); no two become one."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.asarray(values ^ (values >> np.uint64(27)))


def powers(base: int, count: int) -> Hashes:
    """Return the first powers of `base` modulo 2**64; the table is kept as far as common batches need it."""
    return _powers(base, _TABLE)[:count] if count <= _TABLE else _powers.__wrapped__(base, count)


@cache
def _powers(base: int, count: int) -> Hashes:
    found = np.full(count, base, np.uint64)
    found[0] = 1
    return np.multiply.accumulate(found)


def ragged(starts: Ints, sizes: Ints) -> Ints:
    """Return all places of spans that begin at `starts`, one behind the other."""
    ends = np.cumsum(sizes)
    return np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(starts - ends + sizes, sizes)
