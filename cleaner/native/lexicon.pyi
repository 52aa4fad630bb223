from collections.abc import Iterable, Sequence

from numpy import int32, int64, uint8
from numpy.typing import NDArray

class Lexicon:
    def __init__(
        self,
        classes: NDArray[uint8],
        entries: Iterable[tuple[str, int, int, bool]],
        open_language: int,
        always: int,
        joining: int,
    ) -> None: ...
    def split(self, text: str) -> list[str]: ...
    def of(
        self,
        data: bytes,
        bounds: NDArray[int64],
        chars: NDArray[int64],
        longest: int,
        most: int,
        columns: NDArray[int32],
        counts: NDArray[uint8],
    ) -> tuple[bytes, bytes]: ...
    def names(
        self,
        data: bytes,
        bounds: NDArray[int64],
        key: NDArray[int64],
        texts: Sequence[str],
        document: NDArray[int64],
        start: NDArray[int64],
        end: NDArray[int64],
        rows: NDArray[int64],
        allowed: int,
        found: NDArray[int32],
    ) -> None: ...
