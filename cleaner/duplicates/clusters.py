"""Which document stands for which, among those that are connected.

Of a component the first document, in the order of rank, represents all that are near it; of those that are left the
first represents all that are near that one, and so on: a greedy maximal independent set. So every document is near the
one that represents it, and no two that represent others are near each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.duplicates.hashing import Hashes, Ints
    from cleaner.duplicates.sets import Floats

    class Measure(Protocol):
        """Measures pairs of texts."""

        def __call__(self, first: Ints, second: Ints) -> Floats:
            """Return the similarity of each pair, or something below the least that counts."""


__all__ = ["Members", "Represented", "represent"]

_LARGE = 1_000
_MOST = 100  # that represent others in a component larger than that; the rest stand alone


class Members(NamedTuple):
    """The texts of components, one component behind the other, each in the order of rank.

    `components` says which one a text is of, and `contents` is equal for texts of equal shingles.
    """

    texts: Ints
    components: Ints
    contents: Hashes


class Represented(NamedTuple):
    """For each text the one that represents it, itself perhaps, and its similarity to that."""

    by: Ints
    similarity: Floats


def represent(members: Members, measure: Measure, least: float) -> Represented:
    """Choose who represents whom.

    Args:
        members: the texts.
        measure: their similarities.
        least: the similarity of a text to the one that represents it.

    """
    texts, components, contents = members
    by, similarity = texts.copy(), np.ones(len(texts))
    large = np.bincount(components, minlength=1)[components] > _LARGE
    left = np.arange(len(texts))
    done = 0
    while len(left):
        begins = np.ones(len(left), np.bool_)
        begins[1:] = components[left[1:]] != components[left[:-1]]
        pivots = np.repeat(left[begins], np.diff(np.append(np.flatnonzero(begins), len(left))))
        found = _similarities(contents, texts, left, pivots, measure)
        near = found >= least
        by[left[near]], similarity[left[near]] = texts[pivots[near]], found[near]
        left = left[~near]
        done += 1
        if done == _MOST:
            left = left[~large[left]]
    return Represented(by, similarity)


def _similarities(
    contents: Hashes, texts: Ints, left: Ints, pivots: Ints, measure: Measure
) -> NDArray[np.float64]:
    found = np.ones(len(left))
    unlike = np.flatnonzero(contents[left] != contents[pivots])
    found[unlike] = measure(texts[left[unlike]], texts[pivots[unlike]])
    return found
