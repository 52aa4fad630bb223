from collections.abc import Sequence

from numpy import int64
from numpy.typing import NDArray

class Words:
    def __init__(self, words: Sequence[tuple[bytes, bool, tuple[int, ...]]]) -> None: ...
    def cover(self, data: bytes, bounds: NDArray[int64], longest: int, covered: NDArray[int64]) -> None: ...
