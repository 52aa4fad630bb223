"""The first step: what a line says, as weights of hashed words (logistic regression)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import SGDClassifier

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from pages import Pages

STEPS = 8  # of a weight for 1 nat
SCALE = 2  # points for a weight of 1: a nat is 16 points
_HIGHEST = 320
_SITES = 3  # a word must have been seen on so many sites: none of a single text gets a weight


class Weights(NamedTuple):
    """The weight of each known hash."""

    hashes: NDArray[np.uint32]
    weights: NDArray[np.int8]
    base: int

    def tables(self, bits: int) -> tuple[bytes, bytes]:
        """Return checks and weights by place; of hashes with one place the heaviest stays."""
        checks, weights = np.zeros(1 << (bits - 8), np.uint8), np.zeros(1 << (bits - 8), np.int8)
        order = np.argsort(np.abs(self.weights.astype(int)), kind="stable")
        hashes, values = self.hashes[order], self.weights[order]
        checks[hashes >> 8], weights[hashes >> 8] = hashes & 0xFF, values
        return checks.tobytes(), weights.tobytes()

    def kept(self, bits: int) -> Weights:
        """Return the weights that are left when each place holds one hash."""
        checks, weights = (np.frombuffer(table, np.uint8) for table in self.tables(bits))
        stays = (checks[self.hashes >> 8] == self.hashes & 0xFF) & (self.weights != 0)
        del weights
        return Weights(self.hashes[stays], self.weights[stays], self.base)


def known(pages: Pages, rows: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Return the hashes, ascending, that some of the lines hold on enough sites."""
    _, site = np.unique(pages.site, return_inverse=True)
    pairs = np.unique(np.stack([site[pages.document[rows]], pages.key[rows]]), axis=1)
    _, inside, counts = _hashes_of(pages, pairs[1])
    seen = np.sort(np.repeat(pairs[0].astype(np.int64), counts) << 32 | pages.hashes[inside])
    seen = seen[np.concatenate(([True], seen[1:] != seen[:-1]))]
    found, sites = np.unique(seen & 0xFFFFFFFF, return_counts=True)
    return found[sites >= _SITES].astype(np.uint32)


def places_of(pages: Pages, hashes: NDArray[np.uint32]) -> NDArray[np.int32]:
    """Return for each hash of the pages its place among `hashes`, or -1."""
    found = np.empty(len(pages.hashes), np.int32)
    for start in range(0, len(found), 1 << 22):
        part = pages.hashes[start : start + (1 << 22)]
        place = np.minimum(np.searchsorted(hashes, part), len(hashes) - 1)
        found[start : start + (1 << 22)] = np.where(hashes[place] == part, place, -1)
    return found


def fit(
    pages: Pages,
    places: NDArray[np.int32],
    hashes: NDArray[np.uint32],
    rows: NDArray[np.int64],
    weight: NDArray[np.float64],
) -> Weights:
    """Fit weights to the labels of some lines."""
    begins, inside, counts = _hashes_of(pages, pages.key[rows])
    column = places[inside]
    value = np.repeat((1 / np.sqrt(np.maximum(counts, 1))).astype(np.float32), counts)
    held = column >= 0
    begins = np.concatenate(([0], np.cumsum(held)))[begins]
    matrix = csr_matrix((value[held], column[held], begins), shape=(len(rows), len(hashes)))
    model = SGDClassifier(loss="log_loss", alpha=2e-6, max_iter=6, tol=None, average=True, random_state=0)
    model.fit(matrix, pages.label[rows], sample_weight=weight / weight.mean())
    weights = np.clip(np.round(model.coef_[0] * STEPS), -127, 127).astype(np.int8)
    return Weights(hashes, weights, round(float(model.intercept_[0]) * STEPS * SCALE))


def points_of(pages: Pages, places: NDArray[np.int32], fitted: Weights) -> NDArray[np.int64]:
    """Return the points of the words of each line, as the package works them out."""
    value = np.where(places >= 0, fitted.weights[np.maximum(places, 0)], 0).astype(np.int64)
    sums = np.concatenate(([0], np.cumsum(value)))
    sums = sums[pages.begins[1:]] - sums[pages.begins[:-1]]
    norms = np.round(SCALE * 1024 / np.sqrt(np.maximum(np.diff(pages.begins), 1))).astype(np.int64)
    return np.clip((sums * norms >> 10) + fitted.base, -_HIGHEST, _HIGHEST)[pages.key]


def _hashes_of(
    pages: Pages, keys: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return for some distinct lines where each begins among their hashes, the places of these, and how many each has."""
    counts = pages.begins[keys + 1] - pages.begins[keys]
    begins = np.concatenate(([0], np.cumsum(counts)))
    return begins, np.repeat(pages.begins[keys] - begins[:-1], counts) + np.arange(begins[-1]), counts
