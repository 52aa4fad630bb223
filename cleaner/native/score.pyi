import numpy as np
from numpy.typing import NDArray

KINDS: dict[str, int]

class Reader:
    def __init__(self, classes: NDArray[np.uint16], bits: int) -> None: ...
    def hashed(self, data: bytes, bounds: NDArray[np.int64]) -> tuple[bytes, bytes]: ...
    def weigh(
        self,
        data: bytes,
        bounds: NDArray[np.int64],
        checks: NDArray[np.uint8],
        weights: NDArray[np.int8],
        norms: NDArray[np.int32],
        sums: NDArray[np.int64],
    ) -> None: ...
    def parts(self, line: bytes) -> list[tuple[int, int, int, int]]: ...

class Trees:
    def __init__(
        self,
        column: NDArray[np.int32],
        least: NDArray[np.int16],
        asked: NDArray[np.int32],
        leaves: NDArray[np.int32],
    ) -> None: ...
    def add(self, columns: NDArray[np.int16], points: NDArray[np.int64]) -> None: ...
