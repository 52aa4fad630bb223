"""Which of the texts that meet in a band are compared.

Of a small bucket every pair is. A large one, such as the pages of a site that differ in a number only, would have
too many; there one text is compared with all others, those that are alike leave, and the same is done with the
first of the rest. That ends after three rounds if few leave, and after 16 in any case, so the work grows with the
number of texts. Pairs that are known to be of one cluster are passed over.

The order of the texts in a bucket is that of what they say, so what is compared does not depend on their order in
the corpus.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from cleaner.duplicates.components import Components
    from cleaner.duplicates.shingles import Ints

    class Compare(Protocol):
        """Says of pairs of texts whether they are alike."""

        def __call__(self, first: Ints, second: Ints) -> NDArray[np.bool_]:
            """Return True for each pair that is."""


__all__ = ["SMALL", "compare_buckets"]

SMALL = 16
"""Texts of a bucket of which all pairs are compared."""

_ROUNDS = 16
_ROUNDS_AT_LEAST = 3
_WORTHWHILE = 0.05  # of the texts of a bucket, to leave in a round


def compare_buckets(texts: Ints, ends: Ints, alike: Compare, components: Components) -> None:
    """Compare the texts of buckets with each other and join those that are alike.

    Args:
        texts: their numbers, one bucket behind the other, each in an order that depends on what they say only.
        ends: where each bucket ends.
        alike: compares pairs.
        components: what was joined so far.

    """
    sizes = np.diff(ends, prepend=0)
    for first, second in _all_pairs(texts, ends, sizes):
        _compare(first, second, alike, components)
    large = np.flatnonzero(sizes > SMALL)
    if len(large):
        chosen = np.repeat(sizes > SMALL, sizes)
        _rounds(texts[chosen], np.repeat(np.arange(len(large)), sizes[large]), alike, components)


def _all_pairs(texts: Ints, ends: Ints, sizes: Ints) -> Iterator[tuple[Ints, Ints]]:
    """Yield all pairs of the small buckets, those of buckets of one size together."""
    for size in range(2, SMALL + 1):
        of_size = ends[sizes == size]
        if len(of_size):
            members = texts[of_size[:, None] - size + np.arange(size)]
            left, right = np.triu_indices(size, 1)
            yield members[:, left].ravel(), members[:, right].ravel()


def _compare(first: Ints, second: Ints, alike: Compare, components: Components) -> None:
    apart = components.roots(first) != components.roots(second)
    first, second = first[apart], second[apart]
    found = alike(first, second)
    components.join(first[found], second[found])


def _rounds(texts: Ints, buckets: Ints, alike: Compare, components: Components) -> None:
    """Compare the first text of each bucket with its others, round by round."""
    for number in range(_ROUNDS):
        if not len(texts):
            return
        begins = np.ones(len(texts), np.bool_)
        begins[1:] = buckets[1:] != buckets[:-1]
        sizes = np.diff(np.append(np.flatnonzero(begins), len(texts)))
        pivots = np.repeat(texts[begins], sizes)
        _compare(pivots[~begins], texts[~begins], alike, components)
        left = components.roots(texts) != components.roots(pivots)
        rest = np.add.reduceat(left, np.flatnonzero(begins), dtype=np.int64)
        goes_on = rest > 1
        if number + 1 >= _ROUNDS_AT_LEAST:
            goes_on &= sizes - rest > np.maximum(_WORTHWHILE * sizes, 1)
        left &= np.repeat(goes_on, sizes)
        texts, buckets = texts[left], buckets[left]
