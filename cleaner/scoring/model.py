"""The file of a line model: written by `training/`, read with suspicion.

A file is one line of text, `cleaner line model 1` and the SHA-256 of what follows, then a MessagePack object
compressed with zlib. Everything is checked before it is used: a damaged file gets an error that says so, and a
forged one can do no more than give wrong points.
"""

from __future__ import annotations

import hashlib
import zlib
from functools import lru_cache
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from cleaner.native import score

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

__all__ = ["GROUPS", "LineModel", "ModelError", "load_model"]

GROUPS = ("says", "looks", "stands", "around", "repeats")
"""What the points of a line are made of, in the order in which they are shown."""

HEAD = b"cleaner line model 1 "
LARGEST = 32 << 20  # bytes of an unpacked model
_NORM = 1024  # the weights of a line are multiplied with a whole number, and shifted by ten bits
_MOST_HASHES = 4096
_HIGHEST = 320  # of the points of words, so that a hundred times their mean fits into 16 bits


class ModelError(ValueError):
    """A model file that cannot be used: the message names the file and what is wrong."""


class LineModel(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line model.

    Attributes:
        about: what it was trained on, for people.
        bits: bits of a hash; the lowest eight are the check, the others the place.
        checks: for each place the check of the hash that stands there.
        weights: for each place the weight (int8) of that hash.
        scale: points of words for a sum of weights of 1.
        base: points of words of a line without any.
        observations: names of what is observed of a line (see `cleaner.rules.observe`), each with its group.
        column: for each question (int32) the observation it asks about.
        least: for each question (int16) the figure from which on the answer is yes.
        asked: for each tree its questions (int32), the first decides the lowest bit of the leaf.
        leaves: for each tree the points (int32) of each leaf.
        means: for each tree the mean points (int32) of what the first questions leave open: of the whole tree, of
            the two halves behind the first question, and so on. They say what each answer adds.
        depth: questions of each tree.

    """

    about: str
    bits: int
    checks: bytes
    weights: bytes
    scale: int
    base: int
    observations: tuple[tuple[str, str], ...]
    column: bytes
    least: bytes
    asked: bytes
    leaves: bytes
    means: bytes
    depth: int

    def __post_init__(self) -> None:
        """Check that the parts fit each other.

        Raises:
            ValueError: they do not.

        """
        if not 9 <= self.bits <= 32 or not 1 <= self.depth <= 8:
            raise ValueError("bits or depth out of range")
        if not len(self.checks) == len(self.weights) == 1 << (self.bits - 8):
            raise ValueError("the table of words has a wrong size")
        if len(self.column) != 2 * len(self.least) or len(self.column) % 4:
            raise ValueError("the questions have a wrong size")
        trees, left = divmod(len(self.asked), 4 * self.depth)
        leaves = 1 << self.depth
        if left or len(self.leaves) != 4 * trees * leaves or len(self.means) != 4 * trees * (leaves - 1):
            raise ValueError("the trees have a wrong size")
        if any(group not in GROUPS for _, group in self.observations):
            raise ValueError("an observation belongs to no group")
        if not (abs(self.scale) < 1 << 20 and abs(self.base) < 1 << 20):
            raise ValueError("a figure is out of range")
        if len(self.column) and not 0 <= self._columns.min() <= self._columns.max() < len(self.observations):
            raise ValueError("a question is about no observation")
        _ = self.trees

    @property
    def _columns(self) -> NDArray[np.int32]:
        return np.frombuffer(self.column, np.int32)

    @property
    def trees(self) -> score.Trees:
        """The trees, ready to be asked."""
        return _trees(self.column, self.least, self.asked, self.leaves, self.depth)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the observations."""
        return tuple(name for name, _ in self.observations)

    def said(self, reader: score.Reader, data: bytes, bounds: Ints) -> Ints:
        """Return for each distinct folded line the points of its words, positive where it speaks like furniture."""
        sums = np.zeros(len(bounds) - 1, np.int64)
        checks, weights = np.frombuffer(self.checks, np.uint8), np.frombuffer(self.weights, np.int8)
        reader.weigh(data, bounds, checks, weights, _norms(self.scale), sums)
        return np.clip(sums + self.base, -_HIGHEST, _HIGHEST)

    def scored(self, seen: NDArray[np.int16]) -> Ints:
        """Return the points of lines; `seen` has a row for each observation and a column for each line."""
        points = np.zeros(seen.shape[1], np.int64)
        self.trees.add(np.ascontiguousarray(seen), points)
        return points

    def written(self) -> bytes:
        """Return the model as the bytes of a file."""
        packed = zlib.compress(msgspec.msgpack.encode(self), 9)
        return HEAD + hashlib.sha256(packed).hexdigest().encode() + b"\n" + packed

    @classmethod
    def of(cls, data: bytes, name: str = "the line model") -> LineModel:
        """Read a model from the bytes of a file.

        Raises:
            ModelError: it is none, or damaged.

        """
        head, _, packed = data.partition(b"\n")
        if not head.startswith(HEAD):
            raise ModelError(f"{name}: is no line model of version 1: write one with training/train.py")
        if head.removeprefix(HEAD).decode("ascii", "replace") != hashlib.sha256(packed).hexdigest():
            raise ModelError(f"{name}: is damaged, its content does not have the hash in its first line")
        try:
            reading = zlib.decompressobj()
            raw = reading.decompress(packed, LARGEST)
            if not reading.eof or reading.unused_data:
                raise ModelError(
                    f"{name}: does not end where it should, or holds more than {LARGEST >> 20} MB"
                )
            return msgspec.msgpack.decode(raw, type=cls)
        except (zlib.error, msgspec.MsgspecError, ValueError) as error:
            raise ModelError(f"{name}: cannot be used: {error}") from error


@lru_cache(maxsize=4)
def load_model(path: Path, digest: str = "") -> LineModel:
    """Read a model file once; with `digest`, it must be the file that has this SHA-256.

    Raises:
        ModelError: there is none, another one, or it cannot be used.

    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror or error}") from error
    if digest and hashlib.sha256(data).hexdigest() != digest:
        raise ModelError(f"{path}: is not the model that the rules were loaded with: start again")
    return LineModel.of(data, str(path))


@lru_cache(maxsize=4)
def _norms(scale: int) -> NDArray[np.int32]:
    """Return for each number of hashes `scale` * 1024 divided by its root, rounded."""
    counts = np.maximum(np.arange(_MOST_HASHES), 1)
    return np.round(scale * _NORM / np.sqrt(counts)).astype(np.int32)


@lru_cache(maxsize=4)
def _trees(column: bytes, least: bytes, asked: bytes, leaves: bytes, depth: int) -> score.Trees:
    return score.Trees(
        np.frombuffer(column, np.int32),
        np.frombuffer(least, np.int16),
        np.frombuffer(asked, np.int32).reshape(-1, depth),
        np.frombuffer(leaves, np.int32).reshape(-1, 1 << depth),
    )
