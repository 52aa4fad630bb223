"""Connected components of a graph whose edges are found bit by bit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from cleaner.duplicates.shingles import Ints

__all__ = ["Components"]


class Components:
    """Nodes 0 to `count` - 1, each alone at first. The root of a component is its lowest node.

    Hooking and pointer jumping (Shiloach, Vishkin: An O(log n) parallel connectivity algorithm, 1982). What
    comes out depends on the edges, not on their order.
    """

    def __init__(self, count: int) -> None:
        self._parents: Ints = np.arange(count)

    def join(self, first: Ints, second: Ints) -> None:
        """Add edges."""
        while len(first):
            left, right = self.roots(first), self.roots(second)
            apart = left != right
            first, second, left, right = first[apart], second[apart], left[apart], right[apart]
            np.minimum.at(self._parents, np.maximum(left, right), np.minimum(left, right))

    def roots(self, nodes: Ints) -> Ints:
        """Return the root of each of these nodes."""
        found = self._parents[nodes]
        while True:
            above = self._parents[found]
            if np.array_equal(above, found):
                break
            found = above
        self._parents[nodes] = found
        return found

    def all_roots(self) -> Ints:
        """Return the root of every node."""
        return self.roots(np.arange(len(self._parents)))
