from numpy import bool_, int8, int64, uint8
from numpy.typing import NDArray

VERDICTS: dict[str, int]

def decide(
    hits: NDArray[int64],
    witnesses: NDArray[int64],
    treated: NDArray[uint8],
    holds: NDArray[uint8],
    keepers: NDArray[int64],
    chars: NDArray[int64],
    first: NDArray[int64],
    taken: NDArray[int64],
    verdict: NDArray[int8],
    keeper: NDArray[int64],
) -> None: ...
def spans(
    alive: NDArray[bool_],
    start: NDArray[int64],
    end: NDArray[int64],
    after_blank: NDArray[bool_],
    first: NDArray[int64],
    sizes: NDArray[int64],
    low: NDArray[int64],
    high: NDArray[int64],
) -> None: ...
