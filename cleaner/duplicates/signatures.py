"""MinHash signatures of shingles, and the bands by which texts that may be alike find each other.

Signatures come from rensa: 128 numbers for each text, of which two texts share a part that is their Jaccard
similarity, about. A band is some of the 128 in a row; texts that are alike in a whole band are compared. With `r`
numbers to a band and `b` bands, texts of similarity `s` meet with probability `1 - (1 - s**r)**b`
(Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, 3.4).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cleaner.duplicates.hashing import BASE, mixed, powers
from cleaner.io.errors import DISTRIBUTION, InputError, missing_library

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.duplicates.shingles import Shingles

__all__ = ["LEAST", "SLOTS", "Banding"]

SLOTS = 128
"""Numbers of a signature."""

LEAST = 0.3
"""The lowest similarity that can be looked for; below, unrelated texts begin to meet."""

_SEED = 42
_ALGORITHM = 2  # of rensa; another one makes other signatures, and so other candidates
_CERTAINTY = 0.995


class Banding(NamedTuple):
    """How a signature is cut into bands, of `rows` numbers each."""

    bands: int
    rows: int

    @classmethod
    def of(cls, jaccard: float) -> Banding:
        """Return the fewest bands in which texts of this similarity meet with a probability of .995 or more.

        Raises:
            InputError: the similarity is not from 0.3 to 1.

        """
        if not LEAST <= jaccard <= 1:
            raise InputError(
                f"a Jaccard similarity of {jaccard:g} cannot be looked for: give {LEAST} to 1, such as 0.8"
            )
        fitting = [
            cls(SLOTS // rows, rows)
            for rows in range(1, 33)
            if 1 - (1 - jaccard**rows) ** (SLOTS // rows) >= _CERTAINTY
        ]
        return fitting[-1]

    def keys(self, shingles: Shingles) -> NDArray[np.uint64]:
        """Return a row for each band, with a number for each text; texts without shingles have numbers without meaning.

        Raises:
            InputError: rensa is missing, or is another version.

        """
        signatures = _signatures(shingles)[:, : self.bands * self.rows]
        cut = signatures.reshape(len(signatures), self.bands, self.rows)
        keys = np.zeros(cut.shape[:2], np.uint64)
        for column, power in enumerate(powers(BASE, self.rows)):
            keys += cut[:, :, column] * power
        return np.ascontiguousarray(mixed(keys).T)


def _signatures(shingles: Shingles) -> NDArray[np.uint64]:
    if not len(shingles.ends):
        return np.zeros((0, SLOTS), np.uint64)
    offsets = np.concatenate(([0], shingles.ends)).astype(np.uint64)
    matrix = rensa().RMinHash.digest_matrix_from_flat_token_hashes(shingles.hashes, offsets, SLOTS, _SEED)
    return np.array(matrix.to_rows(), np.uint64)


def rensa() -> Any:
    """Return the library of the signatures.

    Raises:
        InputError: it is missing, or makes other signatures than those that were measured.

    """
    try:
        import rensa as library
    except ImportError as error:
        raise missing_library("looking for near-duplicates", "duplicates") from error
    made = library.RMinHash.ALGORITHM_VERSION
    if made != _ALGORITHM:
        raise InputError(
            f"this version of rensa makes signatures of another kind ({made}, wanted {_ALGORITHM}): "
            f'pip install "{DISTRIBUTION}[duplicates]"'
        )
    return library
