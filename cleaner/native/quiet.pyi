from numpy import bool_, uint8
from numpy.typing import NDArray

class Quiet:
    def __init__(
        self, bits: NDArray[uint8], classes: NDArray[uint8], pairs: NDArray[bool_], decisive: NDArray[bool_]
    ) -> None: ...

def is_quiet(text: str, tables: Quiet | None) -> bool: ...
