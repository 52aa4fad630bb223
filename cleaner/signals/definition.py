"""What a signal is: its name in the field, its unit, its formula and who published it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Signal", "ratio"]


class Signal(NamedTuple):
    """One number about a text.

    `unit` is "fraction" (0 to 1 unless said otherwise), "ratio", "characters" or what is counted. A
    fraction or ratio of an empty whole is null. Counts are int64, all else float64.
    """

    name: str
    unit: str
    definition: str
    source: str
    diverges: str = ""
    """Where known implementations differ from this one."""

    @property
    def is_count(self) -> bool:
        """Whether the number is a whole one."""
        return self.unit.startswith("count")


def ratio(part: NDArray[np.int64], whole: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return part / whole, NaN (which is written as null) where the whole is zero."""
    result = np.full(len(whole), np.nan)
    np.divide(part, whole, out=result, where=whole != 0)
    return result
