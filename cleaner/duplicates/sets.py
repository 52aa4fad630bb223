"""The shingles of a whole corpus in a file, and the true Jaccard similarity of pairs of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import numpy as np

from cleaner.duplicates.hashing import ragged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

    from cleaner.duplicates.shingles import Hashes, Ints, Shingles

    Floats = NDArray[np.float64]

__all__ = ["Sets", "similarities"]

_PAIR_BITS = 20
_AT_ONCE = 1 << 21  # hashes


class Sets:
    """Sets of shingles by number, in the order in which they were added; eight bytes a shingle on the disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._ends: list[Ints] = []
        self._count = 0

    def __enter__(self) -> Self:
        self._file = self._path.open("wb")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)

    def add(self, shingles: Shingles) -> None:
        """Add the sets of some texts."""
        self._file.write(shingles.hashes.data)
        self._ends.append(shingles.ends + self._count)
        self._count += len(shingles.hashes)

    def seal(self) -> None:
        """Make ready to compare; nothing is added from here on."""
        self._file.flush()
        ends = np.concatenate([np.zeros(1, np.int64), *self._ends])
        self._starts, self._ends = ends[:-1], []
        self.sizes: Ints = np.diff(ends)

    def similarities(self, first: Ints, second: Ints) -> Floats:
        """Return the Jaccard similarity of each pair of texts, given by their numbers."""
        found = np.zeros(len(first))
        for chosen in _portions(self.sizes[first] + self.sizes[second]):
            left, right = first[chosen], second[chosen]
            hashes = np.memmap(
                self._path, np.uint64, "r"
            )  # for these alone: what was read before leaves the memory
            found[chosen] = similarities(
                self._of(hashes, left), self.sizes[left], self._of(hashes, right), self.sizes[right]
            )
        return found

    def _of(self, hashes: Hashes, texts: Ints) -> Hashes:
        """Return the shingles of texts, one behind the other."""
        found: Hashes = hashes[ragged(self._starts[texts], self.sizes[texts])]
        return np.asarray(found)


def similarities(left: Hashes, left_sizes: Ints, right: Hashes, right_sizes: Ints) -> Floats:
    """Return the Jaccard similarity of pairs of sets: what both have, divided by what either has.

    Args:
        left: the distinct hashes of the first set of each pair, one set behind the other.
        left_sizes: how many each of these sets has; at most 2**20 sets.
        right: those of the second sets.
        right_sizes: likewise.

    Of each hash 44 bits are compared: of a thousand in a set, two that differ are taken for equal once in 30 million pairs.

    """
    keys = np.concatenate((_tagged(left, left_sizes), _tagged(right, right_sizes)))
    keys.sort()
    again = keys[1:][keys[1:] == keys[:-1]] >> np.uint64(64 - _PAIR_BITS)
    both = np.bincount(again.astype(np.int64), minlength=len(left_sizes))
    return np.asarray(both / np.maximum(left_sizes + right_sizes - both, 1))


def _tagged(hashes: Hashes, sizes: Ints) -> Hashes:
    pairs = np.repeat(np.arange(len(sizes), dtype=np.uint64), sizes)
    return np.asarray(pairs << np.uint64(64 - _PAIR_BITS) | hashes >> np.uint64(_PAIR_BITS))


def _portions(sizes: Ints) -> Iterator[slice]:
    """Yield stretches of pairs that have about as many hashes as are compared at once; a pair is never divided."""
    before = np.cumsum(sizes)
    start = 0
    while start < len(sizes):
        done = before[start - 1] if start else 0
        stop = int(np.searchsorted(before, done + _AT_ONCE))
        stop = min(max(stop, start + 1), start + (1 << _PAIR_BITS))
        yield slice(start, stop)
        start = stop
