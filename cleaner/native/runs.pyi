from numpy import int64
from numpy.typing import NDArray

def runs(
    ids: NDArray[int64],
    lengths: NDArray[int64],
    counts: NDArray[int64],
    vocabulary: int,
    greedy: bool,
    found: NDArray[int64],
) -> bytes: ...
