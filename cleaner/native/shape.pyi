from collections.abc import Sequence

from numpy import int64, uint16
from numpy.typing import NDArray

NAMES: list[str]

class Shapes:
    def __init__(self, classes: NDArray[uint16]) -> None: ...
    def columns(
        self,
        texts: Sequence[str],
        document: NDArray[int64],
        start: NDArray[int64],
        end: NDArray[int64],
        found: NDArray[int64],
    ) -> None: ...
