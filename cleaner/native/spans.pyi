from numpy import int64, uint8, uint32
from numpy.typing import NDArray

def code_points(characters: str, found: NDArray[uint32]) -> None: ...
def split(
    codes: NDArray[uint32], flags: NDArray[uint8], ends: NDArray[int64]
) -> tuple[bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bytes, bool]: ...
def firsts(
    codes: NDArray[uint32],
    starts: NDArray[int64],
    ends: NDArray[int64],
    groups: NDArray[int64] | None,
    found: NDArray[int64],
) -> None: ...
def totals(
    ids: NDArray[int64], values: NDArray[int64], heads: NDArray[int64], found: NDArray[int64]
) -> None: ...
def sentences(
    ids: NDArray[int64], said: NDArray[uint8], ends: NDArray[int64], found: NDArray[int64]
) -> None: ...
