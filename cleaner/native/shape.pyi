from collections.abc import Sequence

from numpy import int64, uint16
from numpy.typing import NDArray

NAMES: list[str]

def columns(
    texts: Sequence[str],
    document: NDArray[int64],
    start: NDArray[int64],
    end: NDArray[int64],
    classes: NDArray[uint16],
    found: NDArray[int64],
) -> None: ...
