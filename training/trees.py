"""The second step: trees of equal depth over observations (CatBoost), as whole numbers."""

from __future__ import annotations

import json
import math
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from catboost import CatBoostClassifier, Pool

if TYPE_CHECKING:
    from numpy.typing import NDArray

DEPTH = 6
POINTS = 100  # for 1 nat


class Grown(NamedTuple):
    """Trees in the form of `cleaner.scoring.LineModel`."""

    column: NDArray[np.int32]
    least: NDArray[np.int16]
    asked: NDArray[np.int32]
    leaves: NDArray[np.int32]
    means: NDArray[np.int32]


def fit(
    seen: NDArray[np.float32], label: NDArray[np.int8], weight: NDArray[np.float64], trees: int, threads: int
) -> CatBoostClassifier:
    """Grow trees; `seen` has a row for each line."""
    model = CatBoostClassifier(
        iterations=trees, depth=DEPTH, learning_rate=0.18, border_count=48, l2_leaf_reg=6, random_seed=0,
        loss_function="Logloss", bootstrap_type="Bernoulli", subsample=0.7, thread_count=threads,
        verbose=0, allow_writing_files=False,
    )  # fmt: skip
    return model.fit(Pool(seen, label, weight=weight / weight.mean()))


def grown(model: CatBoostClassifier) -> Grown:
    """Return the trees in whole numbers."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "trees.json")
        model.save_model(str(path), format="json")
        held = json.loads(path.read_text("utf-8"))
    factor, (bias,) = held["scale_and_bias"][0], held["scale_and_bias"][1]
    questions: dict[tuple[int, int], int] = {}
    asked, leaves, means = [], [], []
    for number, tree in enumerate(held["oblivious_trees"]):
        own = [questions.setdefault(_question(split), len(questions)) for split in tree["splits"]]
        values = np.array(tree["leaf_values"]) * factor + (bias if number == 0 else 0)
        weights = np.array(tree["leaf_weights"], np.float64)
        for _ in range(DEPTH - len(own)):  # a tree that stopped early: the last answers change nothing
            own.append(own[-1] if own else questions.setdefault((0, 0), len(questions)))
            values, weights = np.tile(values, 2), np.tile(weights / 2, 2)
        asked.append(own)
        leaves.append(np.round(values * POINTS))
        means.append(_means(values * POINTS, weights))
    column, least = np.array(list(questions), np.int64).reshape(-1, 2).T
    return Grown(
        column.astype(np.int32), np.clip(least, -32768, 32767).astype(np.int16),
        np.array(asked, np.int32), np.array(leaves).astype(np.int32), np.array(means).astype(np.int32),
    )  # fmt: skip


def _question(split: dict[str, Any]) -> tuple[int, int]:
    """Return the observation and the least whole number that is above the border."""
    return split["float_feature_index"], math.floor(split["border"]) + 1


def _means(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of what the first 0, 1, ... questions leave open."""
    weights = weights + 1e-9
    found = []
    for level in range(DEPTH):
        place = np.arange(len(values)) & ((1 << level) - 1)
        found.append(np.bincount(place, values * weights) / np.bincount(place, weights))
    return np.round(np.concatenate(found))
