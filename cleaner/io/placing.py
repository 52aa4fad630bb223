"""Put finished parts where they belong, with marks for which the whole output had to be there first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pyarrow.parquet as pq

from cleaner.io.groups import QUARANTINE, Group
from cleaner.io.journal import Journal
from cleaner.io.parquet import PartWriter
from cleaner.io.raw import Place
from cleaner.io.store import Disk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path

    import pyarrow as pa

    from cleaner.io.journal import Part
    from cleaner.io.target import Target

    Marker = Callable[[int, pa.Table], pa.Table]
    """Takes the number of the first of some rows, and these; returns them marked, some of them rejected perhaps."""

    class Look(Protocol):
        """Looks at a whole output."""

        @property
        def columns(self) -> Sequence[str]:
            """The columns of the record that it looks at."""

        def __call__(self, rows: Iterator[pa.RecordBatch]) -> AbstractContextManager[Marker]:
            """Look at `columns` of all rows, in their order, and return what marks them."""


__all__ = ["Look", "Marker", "place"]

_ROWS = 1_000


def place(
    parts: Sequence[Part], target: Target, schema: pa.Schema, look: Look, by: str | None = None
) -> list[Part]:
    """Look at the rows of parts that lie in the working folder, and write them to the output, marked.

    A folder gets its parts; those of one file go to the folder `placed`, to be joined. The parts in the working
    folder stay, so all this can be done again.

    Args:
        parts: the parts, of one file each.
        target: the output.
        schema: of the record.
        look: returns what marks the rows.
        by: a column by whose values the parts of a folder are divided.

    Returns:
        The parts as they were placed; what was rejected on the way lies in the folder `placed`.

    """
    files = [target.work / part.files[0] for part in parts]
    for path in files:
        target.store.fetch(path)
    folder = target.work / "placed"
    target.store.remove_folder(folder)
    folder.mkdir()
    notes = Journal(folder, target.store if target.is_folder else Disk())
    first = 0
    with look(_rows(files, look.columns)) as marked:
        for part, path in zip(parts, files, strict=True):
            writer = PartWriter(target.path if target.is_folder else folder, schema, notes, by, part.number)
            try:
                for group in _groups(path, marked, first):
                    first += group.next.row
                    writer.add(group)
            except BaseException:
                writer.abort()
                raise
    return notes.finished()


def _rows(files: Sequence[Path], columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    for path in files:
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(_ROWS, columns=list(columns), use_threads=False)


def _groups(path: Path, marked: Marker, first: int) -> Iterator[Group]:
    """Yield the row groups of a part, marked; the place behind a group says how many rows were read for it."""
    with pq.ParquetFile(path) as file:
        last = max(file.num_row_groups, 1) - 1
        for number in range(last + 1):
            rows = file.read_row_group(number, use_threads=False) if file.num_row_groups else file.read()
            yield Group(
                marked(first, rows), QUARANTINE.empty_table(), Place(0, rows.num_rows), number == last
            )
            first += rows.num_rows
