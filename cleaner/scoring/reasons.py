"""Why a line has its points: five groups that add up to them, and the words that weigh most."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.scoring.model import GROUPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.native import score
    from cleaner.scoring.model import LineModel

__all__ = ["Reason", "heaviest_words", "reasons"]

_WORD_KINDS = (1, 2, 3, 4)  # words, pairs, triples, whole lines
_LEAST = 4  # a weight below that says nothing
_AT_ONCE = 512  # lines; what is worked out for them stays in the cache


class Reason(NamedTuple):
    """The points of a line by group (see `GROUPS`); with `base` they add up to `points`."""

    points: int
    base: int
    groups: dict[str, int]

    def __str__(self) -> str:
        parts = ", ".join(f"{name} {value:+d}" for name, value in self.groups.items())
        return f"{self.points} points: {parts}, every line {self.base:+d}"


def reasons(model: LineModel, seen: NDArray[np.int16]) -> list[Reason]:
    """Return the reasons of some lines, given as columns of `seen`.

    Each question of a tree moves the mean of the leaves that are still open; that move belongs to the group of what
    was asked. So the moves of a tree add up from its mean to the points of its leaf.
    """
    found: list[Reason] = []
    for start in range(0, seen.shape[1], _AT_ONCE):
        totals, base = _totals(model, seen[:, start : start + _AT_ONCE])
        found += [
            Reason(base + sum(each), base, dict(zip(GROUPS, each, strict=True))) for each in totals.T.tolist()
        ]
    return found


def _totals(model: LineModel, seen: NDArray[np.int16]) -> tuple[NDArray[np.int64], int]:
    """Return the points of each group (first axis) for each line, and what every line has."""
    depth = model.depth
    asked = np.frombuffer(model.asked, np.int32).reshape(-1, depth)
    leaves = np.frombuffer(model.leaves, np.int32).reshape(-1, 1 << depth)
    means = np.frombuffer(model.means, np.int32).reshape(len(asked), -1)
    column, least = np.frombuffer(model.column, np.int32), np.frombuffer(model.least, np.int16)
    group = np.array([GROUPS.index(each) for _, each in model.observations], np.int64)
    answers = seen[column] >= least[:, None]  # questions, lines
    totals = np.zeros((len(GROUPS), seen.shape[1]), np.int64)
    trees = np.arange(len(asked))
    place = np.zeros((len(asked), seen.shape[1]), np.int64)
    before = np.broadcast_to(means[:, :1], place.shape)
    for level in range(depth):
        place |= answers[asked[:, level]].astype(np.int64) << level
        last = level + 1 == depth
        after = leaves[trees[:, None], place] if last else means[trees[:, None], (2 << level) - 1 + place]
        moved, of = after - before, group[column[asked[:, level]]]
        for each in range(len(GROUPS)):
            totals[each] += moved[of == each].sum(axis=0)
        before = after
    return totals, int(means[:, 0].sum())


def heaviest_words(model: LineModel, reader: score.Reader, key: str, count: int = 3) -> list[tuple[str, int]]:
    """Return the parts of a folded line that speak most for furniture (or for text), with their weights."""
    data = key.encode("utf-8", "surrogatepass")
    found: dict[str, int] = {}
    for kind, low, high, hashed in reader.parts(data):
        if kind in _WORD_KINDS and model.checks[hashed >> 8] == hashed & 0xFF:
            weight = int.from_bytes(model.weights[hashed >> 8 : (hashed >> 8) + 1], signed=True)
            text = data[low:high].decode("utf-8", "replace")
            if abs(weight) > abs(found.get(text, 0)):
                found[text] = weight
    ordered = sorted(found.items(), key=lambda each: (-abs(each[1]), each[0]))
    return [each for each in ordered[:count] if abs(each[1]) >= _LEAST]
