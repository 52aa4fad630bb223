from numpy import int64, uint8, uint32
from numpy.typing import NDArray

NAMES: list[str]

def columns(
    codes: NDArray[uint32],
    ends: NDArray[int64],
    flags: NDArray[uint8],
    marks: NDArray[uint8],
    stop_words: NDArray[int64],
    found: NDArray[int64],
) -> None: ...
def counted(
    codes: NDArray[uint32], ends: NDArray[int64], flags: NDArray[uint8], flag: int, found: NDArray[int64]
) -> None: ...
