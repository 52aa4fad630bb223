"""Divide large files into stretches that machines read on their own: row groups, or whole lines.

A file of another format, or one that is compressed as a whole, can be read from its front only and stays one.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from cleaner.io.opening import Meter, Pieces, Within, opened
from cleaner.io.sources import Source, Stretch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any, BinaryIO

__all__ = ["Sized", "count_lines", "divided", "numbered", "uncounted"]

_BLOCK = 1 << 20


class Sized(NamedTuple):
    """A source, or a stretch of one, and its bytes on disk."""

    source: Source
    bytes: int


def divided(sources: Iterable[Source], most: int) -> Iterator[Sized]:
    """Yield the sources in their order, those larger than `most` bytes in stretches where their format allows it."""
    for source in sources:
        divide = _DIVIDE.get(source.format)
        if source.size <= most or source.compression or divide is None:
            yield Sized(source, source.size)
            continue
        try:
            with opened(source, Meter()) as stream:
                stretches = list(divide(stream, source.size, most))
        except Exception:  # noqa: BLE001 - it cannot be read: who cleans it says so in a row
            stretches = []
        if len(stretches) < 2:
            yield Sized(source, source.size)
        else:
            yield from (Sized(source._replace(stretch=stretch), size) for stretch, size in stretches)


def uncounted(sources: Iterable[Source]) -> list[Source]:
    """Return the stretches whose lines must be counted to know the numbers of the lines behind them."""
    lines = [source for source in sources if source.stretch and source.format == "jsonl"]
    return [before for before, after in pairwise(lines) if before.path == after.path]


def count_lines(source: Source) -> int:
    """Return the number of lines of a stretch.

    Raises:
        OSError: it cannot be read.

    """
    assert source.stretch is not None
    with opened(source, Meter()) as stream:
        within: Any = Within(stream, source.stretch.begin, source.stretch.end)
        pieces = Pieces(within)
        return sum(block.count(b"\n") for block in iter(lambda: pieces.read(_BLOCK), b""))


def numbered(sources: Iterable[Source], counts: Mapping[Source, int]) -> Iterator[Source]:
    """Yield sources, their stretches with the number of lines before them; `counts` are those of `uncounted`."""
    before: dict[str, int] = {}
    for source in sources:
        stretch = source.stretch
        if stretch is None or source.format != "jsonl":
            yield source
            continue
        first = before.get(source.path, 0)
        before[source.path] = first + counts.get(source, 0)
        yield source._replace(stretch=stretch._replace(first=first))


def _lines(stream: BinaryIO, size: int, most: int) -> Iterator[tuple[Stretch, int]]:
    """Yield stretches of about the same size that begin behind the end of a line; nothing knows their numbers yet."""
    step = -(-size // -(-size // most))
    cuts = [0]
    while cuts[-1] + step < size:
        cut = _behind_line(stream, cuts[-1] + step - 1)
        if cut is None or cut >= size:
            break
        cuts.append(cut)
    for begin, end in pairwise([*cuts, size]):
        yield Stretch(begin, end), end - begin


def _behind_line(stream: BinaryIO, place: int) -> int | None:
    """Return where the next line begins behind a place; None if none does."""
    stream.seek(place)
    while block := stream.read(_BLOCK // 16):
        found = block.find(b"\n")
        if found >= 0:
            return place + found + 1
        place += len(block)
    return None


def _groups(stream: BinaryIO, _: int, most: int) -> Iterator[tuple[Stretch, int]]:
    import pyarrow.parquet as pq

    metadata = pq.ParquetFile(stream).metadata
    begin = first = rows = held = 0
    for group in range(metadata.num_row_groups):
        about = metadata.row_group(group)
        size = sum(about.column(column).total_compressed_size for column in range(about.num_columns))
        if group > begin and held + size > most:
            yield Stretch(begin, group, first), held
            begin, first, held = group, rows, 0
        rows += about.num_rows
        held += size
    yield Stretch(begin, metadata.num_row_groups, first), held


_DIVIDE: Mapping[str, Callable[[BinaryIO, int, int], Iterator[tuple[Stretch, int]]]] = {
    "jsonl": _lines,
    "parquet": _groups,
}
