from collections.abc import Callable, Sequence

from numpy import int64
from numpy.typing import NDArray

def table(
    texts: Sequence[str], fold_char: Callable[[int], str | None], fold_line: Callable[[str], str]
) -> tuple[bytes, ...]: ...
def joined(
    data: bytes, bounds: NDArray[int64], key: NDArray[int64], first: NDArray[int64]
) -> list[bytes]: ...
