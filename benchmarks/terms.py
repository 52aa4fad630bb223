"""Choose the terms of a card: conditions met in boosted trees, added one by one, all points fitted anew each time.

A boosted model of many trees judges better than a short list of terms, but nobody can read it and it asks
for everything. So its branches are only candidates. The term is taken next that lessens the loss most,
counted by documents: what a term gains is held against how much that gain differs from document to
document, since lines of one page resemble each other and a term that serves one page must not pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Bins = NDArray[np.uint8]
    Asked = tuple[tuple[int, bool, int], ...]  # (column, is at least, bin)

CONDITIONS = 3
TREES = 200
OBSERVATIONS = 90
BINS = 14
PRIOR = 60.0  # of the points of each term; lines weigh one on average
DOUBT = 6.0  # how much of what differs between documents is taken off a gain
REFIT = 3  # terms after which the points of all are fitted anew
CANDIDATES = 2000
NEWS = 0.05  # what a term's gain must exceed others' by for each observation that no term has asked for


class Chosen(NamedTuple):
    """Points of the base and of each term, in hundredths of log odds."""

    points: list[float]
    asked: list[Asked]


def round_figure(value: float) -> int:
    """Round to two digits that are easy to read."""
    if abs(value) < 20:
        return round(value)
    step = 10 ** (len(str(int(abs(value)))) - 2)
    digits = round(value / step)
    return int((digits if digits < 20 else 5 * round(digits / 5)) * step)


def edges_of(column: Floats) -> NDArray[np.int64]:
    """Return the round figures that a column may be compared with."""
    low = column.min()
    places = np.linspace(0, 1, BINS + 2)[1:-1]
    found = np.quantile(column, places).tolist()
    if (column > low).any():
        found += np.quantile(column[column > low], places[::2]).tolist()
    edges = {round_figure(np.ceil(value)) for value in found}
    return np.array(sorted(edge for edge in edges if low < edge <= column.max()) or [int(low) + 1])


def binned(seen: Floats, edges: Sequence[NDArray[np.int64]]) -> Bins:
    """Return for each value how many of the column's edges it reaches."""
    columns = [np.searchsorted(edge, seen[:, place], side="right") for place, edge in enumerate(edges)]
    return np.column_stack(columns).astype(np.uint8)


def boosted(bins: Bins, drop: NDArray[np.int64], weight: Floats, seed: int = 0) -> Any:
    """Return trees boosted on the log loss; `seed` says which lines and columns each tree sees."""
    import lightgbm

    model = lightgbm.LGBMClassifier(
        n_estimators=TREES, num_leaves=8, learning_rate=0.08, reg_lambda=30, min_child_samples=150,
        subsample=0.6, subsample_freq=1, colsample_bytree=0.25, n_jobs=1, verbose=-1, random_state=seed, deterministic=True,
    )  # fmt: skip
    return model.fit(bins, drop, sample_weight=weight)


def candidates(model: Any) -> list[Asked]:
    """Return the conditions on the way to every node of the trees that at most three say."""
    found: dict[Asked, None] = {}

    def walk(node: dict[str, Any], path: dict[tuple[int, bool], int]) -> None:
        if len(path) > CONDITIONS:
            return
        if path:
            found[tuple((column, more, figure) for (column, more), figure in sorted(path.items()))] = None
        if "leaf_value" in node:
            return
        column, figure = node["split_feature"], int(node["threshold"]) + 1
        below, above = path.get((column, False), figure), path.get((column, True), figure)
        walk(node["left_child"], {**path, (column, False): min(figure, below)})
        walk(node["right_child"], {**path, (column, True): max(figure, above)})

    for tree in model.booster_.dump_model()["tree_info"]:
        walk(tree["tree_structure"], {})
    return list(found)


def holds(bins: Bins, asked: Asked) -> NDArray[np.bool_]:
    """Tell of which lines everything asked is true."""
    held = np.ones(len(bins), np.bool_)
    for column, more, figure in asked:
        held &= bins[:, column] >= figure if more else bins[:, column] < figure
    return held


def points_of(bins: Bins, chosen: Chosen) -> NDArray[np.float64]:
    points = np.full(len(bins), chosen.points[0])
    for value, asked in zip(chosen.points[1:], chosen.asked, strict=True):
        points += value * holds(bins, asked)
    return points


def chosen_of(
    bins: Bins,
    drop: NDArray[np.int64],
    weight: Floats,
    document: NDArray[np.int64],
    many: int,
    seed: int = 0,
) -> Chosen:
    """Choose `many` terms for lines that stand document by document."""
    asked = _branches(bins, drop, weight, seed)
    weight = (weight / weight.mean()).astype(np.float32)
    begins = np.flatnonzero(np.diff(document, prepend=-1))
    asked, held = _promising(bins, drop, weight, asked)
    columns = [{column for column, _, _ in one} for one in asked]
    base = np.ones((len(drop), many + 1), np.float32)
    points, taken, known = _fitted(base[:, :1], drop, weight, np.zeros(1), 3), [], set()
    free = np.ones(len(asked), np.bool_)
    for step in range(many):
        if step % REFIT == 0:
            points = _fitted(base[:, : step + 1], drop, weight, points, 1)
            total = base[:, : step + 1] @ points.astype(np.float32)
        chance = 1 / (1 + np.exp(-total))
        slope = weight * (drop - chance).astype(np.float32)
        if step % REFIT == 0:
            curve = (weight * chance * (1 - chance)) @ held + PRIOR
        price = np.array([1 / (1 + NEWS * len(each - known)) for each in columns])
        gain = np.where(free, (slope @ held) ** 2 / curve * price, -1)
        best = np.argsort(-gain, kind="stable")[:40]
        by_document = np.add.reduceat(slope[:, None] * held[:, best], begins, axis=0)
        sure = by_document.sum(0) ** 2 - DOUBT * (by_document**2).sum(0)
        place = int(best[np.argmax(np.where(free[best], sure / curve[best] * price[best], -np.inf))])
        free[place] = False
        taken.append(place)
        known |= columns[place]
        base[:, step + 1] = held[:, place]
        points = np.append(points, (slope @ held[:, place]) / curve[place])
        total += np.float32(points[-1]) * held[:, place]
    points = _fitted(base, drop, weight, points, 5)
    return Chosen([100 * float(value) for value in points], [asked[place] for place in taken])


def _branches(bins: Bins, drop: NDArray[np.int64], weight: Floats, seed: int) -> list[Asked]:
    """Return the conditions of trees that may only ask for the observations that told most in a first model."""
    told = boosted(bins, drop, weight, seed).booster_.feature_importance("gain")
    best = np.sort(np.argsort(-told, kind="stable")[:OBSERVATIONS])
    found = candidates(boosted(bins[:, best], drop, weight, seed))
    return [tuple((int(best[column]), more, figure) for column, more, figure in one) for one in found]


def _promising(
    bins: Bins, drop: NDArray[np.int64], weight: Floats, asked: list[Asked]
) -> tuple[list[Asked], Floats]:
    """Return the candidates that say most by themselves, and of which lines each is true."""
    slope = weight * (drop - np.average(drop, weights=weight)).astype(np.float32)
    told = []
    for one in asked:
        held = holds(bins, one)
        told.append(abs(slope[held].sum()) / np.sqrt(weight[held].sum() + PRIOR))
    most = np.sort(np.argsort(-np.array(told), kind="stable")[:CANDIDATES])
    asked = [asked[place] for place in most]
    return asked, np.column_stack([holds(bins, one) for one in asked]).astype(np.float32)


def _chance(base: Floats, points: NDArray[np.float64]) -> Floats:
    chance: Floats = 1 / (1 + np.exp(-(base @ points.astype(np.float32))))
    return chance


def _fitted(
    base: Floats, drop: NDArray[np.int64], weight: Floats, points: NDArray[np.float64], steps: int
) -> NDArray[np.float64]:
    """Take Newton's steps towards the points of least loss, with a prior on all but the base."""
    prior = np.full(len(points), PRIOR)
    prior[0] = 1e-3
    for _ in range(steps):
        chance = _chance(base, points)
        curve = (base * (weight * chance * (1 - chance))[:, None]).T @ base
        slope = base.T @ (weight * (drop - chance)) - prior * points
        points = points + np.linalg.solve(curve.astype(np.float64) + np.diag(prior), slope)
    return points
