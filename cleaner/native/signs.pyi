from numpy import bool_, int64
from numpy.typing import NDArray

VIEWS: dict[str, int]

class Lines:
    def __init__(self, first: NDArray[int64], count: int) -> None: ...
    def see(self, columns: NDArray[int64], views: NDArray[int64], found: NDArray[int64]) -> None: ...
    def counted(self, column: NDArray[int64], copies: NDArray[int64], nth: NDArray[int64]) -> None: ...

class Terms:
    def __init__(
        self,
        seen: NDArray[int64],
        at_least: NDArray[bool_],
        figures: NDArray[int64],
        terms: NDArray[int64],
    ) -> None: ...
    def weigh(
        self, observed: NDArray[int64], rows: NDArray[int64], weights: NDArray[int64], points: NDArray[int64]
    ) -> None: ...
    def hold(self, observed: NDArray[int64], rows: NDArray[int64], held: NDArray[bool_]) -> None: ...

def likeness(
    data: bytes,
    bounds: NDArray[int64],
    patterns: NDArray[int64],
    begins: NDArray[int64],
    ends: NDArray[int64],
) -> None: ...
