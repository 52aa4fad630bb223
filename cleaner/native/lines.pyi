from collections.abc import Callable, Sequence

def table(
    texts: Sequence[str], fold_char: Callable[[int], str | None], fold_line: Callable[[str], str]
) -> tuple[bytes, bytes, bytes, bytes, bytes, bytes, bytes]: ...
