"""Find duplicates across the parts of a job, and give each part its place in the output with its marks.

Texts are compared by their fingerprint, as on one machine: the first in the order of the input stays, and
`duplicate_of` of the others names it. Fingerprints are divided into ranges; one task looks for those of a
range in all parts, which have theirs sorted.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cleaner.executors.near import near_marks
from cleaner.executors.parts import KEYS, Part, Plan, attempt, file_of
from cleaner.io import journal
from cleaner.io.durable import parquet_file, sync_folder
from cleaner.io.groups import QUARANTINE, Group
from cleaner.io.journal import Journal
from cleaner.io.parquet import PartWriter, record_schema
from cleaner.io.raw import Place
from cleaner.io.store import Disk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleaner.duplicates.marking import NearDuplicates

__all__ = ["ROWS_PER_RANGE", "Placed", "Range", "Unplaced", "find_marks", "place_part", "ranges"]

ROWS_PER_RANGE = 10_000_000
"""Rows that one task compares; about 1 GB of memory."""

_MARKS = pa.schema([("part", pa.int64()), ("row", pa.int64()), ("duplicate_of", pa.string())])
_MARKS_PER_GROUP = 16_384


class Range(NamedTuple):
    """Fingerprints from `low` to `high`, both included; `number` is the place of the range."""

    number: int
    low: int
    high: int

    @property
    def file(self) -> str:
        """The file of its marks in the working folder."""
        return f"marks-{self.number:05}.parquet"


class Unplaced(NamedTuple):
    """A part that is cleaned; `before` rows of the output stand before its own."""

    part: Part
    before: int
    ranges: tuple[Range, ...]


class Placed(NamedTuple):
    """A part in the output, how many of its rows are duplicates, and how many were rejected as near-duplicates."""

    part: journal.Part
    duplicates: int
    rejected: int = 0


def ranges(rows: int, most: int = ROWS_PER_RANGE) -> tuple[Range, ...]:
    """Return ranges that hold about `most` of so many rows each: fingerprints are spread evenly."""
    count = max(1, -(-rows // most))
    cuts = [(number << 64) // count for number in range(count + 1)]
    return tuple(Range(number, cuts[number], cuts[number + 1] - 1) for number in range(count))


def find_marks(plan: Plan, parts: Sequence[int], wanted: Range) -> int:
    """Write the marks of the duplicates in a range of these parts, and return how many there are.

    Raises:
        OSError: a file cannot be read or written.

    """
    tables = [_keys(Path(plan.work) / file_of(part, "keys"), wanted) for part in parts]
    numbers = np.repeat(np.array(parts, np.int64), [table.num_rows for table in tables])
    keys = pa.concat_tables([*tables, KEYS.empty_table()])
    prints = keys["fingerprint"].to_numpy()
    order = np.argsort(prints, kind="stable")  # rows of the same text stay in the order of the input
    prints = prints[order]
    begins = np.ones(len(prints), bool)
    begins[1:] = prints[1:] != prints[:-1]
    again = np.flatnonzero(~begins)
    first = np.maximum.accumulate(np.where(begins, np.arange(len(prints)), 0))[again]
    columns = [
        numbers[order[again]],
        keys["row"].to_numpy()[order[again]],
        keys["id"].take(pa.array(order[first])),
    ]
    marks = pa.table(columns, schema=_MARKS).sort_by([("part", "ascending"), ("row", "ascending")])
    with attempt(plan) as folder:
        with parquet_file(folder / wanted.file, _MARKS) as writer:
            writer.write_table(marks, row_group_size=_MARKS_PER_GROUP)
        (folder / wanted.file).replace(Path(plan.work) / wanted.file)
    return len(again)


def place_part(plan: Plan, near: NearDuplicates | None, unplaced: Unplaced) -> Placed:
    """Write a part to the output, its duplicates and near-duplicates marked, what is rejected or could not be cleaned beside it.

    The files in the working folder stay: a second machine may be doing the same.

    Raises:
        OSError: a file cannot be read or written.

    """
    part, before, spans = unplaced
    work, number = Path(plan.work), part.number
    marks = pa.concat_tables([_marks(work / span.file, number) for span in spans])
    with attempt(plan) as folder:
        notes = Journal(folder / "beside", Disk())
        for made in (notes.folder, folder / "rows"):
            made.mkdir()
        writer = PartWriter(folder / "rows", record_schema(plan.metadata), notes, plan.by, number)
        found = None if near is None else near_marks(plan, part.number)
        rejected = first = 0
        try:
            for group in _groups(work, part, marks, before):
                record, count = group.record, 0
                if near is not None and found is not None:
                    record, count = near.applied(record, found.slice(first, record.num_rows))
                first += group.record.num_rows
                rejected += count
                writer.add(group._replace(record=record))
        except BaseException:
            writer.abort()
            raise
        placed = next(iter(notes.finished()), journal.Part(number, [], 0, (0, 0)))
        moves = [(notes.folder / name, work / name) for name in (placed.quarantine, placed.rejected) if name]
        moves += [(folder / "rows" / name, Path(plan.folder) / name) for name in placed.files]
        for made, place in moves:
            place.parent.mkdir(exist_ok=True)
            made.replace(place)
            sync_folder(place.parent)
    return Placed(placed, marks.num_rows, rejected)


def _groups(work: Path, part: Part, marks: pa.Table, before: int) -> Iterator[Group]:
    """Yield the row groups of a cleaned part, marked; the last has all that could not be cleaned."""
    rows, first = marks["row"].to_numpy(), 0
    with pq.ParquetFile(work / file_of(part.number, "cleaned")) as file:
        count = file.num_row_groups
        for number in range(count):
            table = file.read_row_group(number, use_threads=False)
            begin, end = np.searchsorted(rows, (first, first + table.num_rows))
            last = number == count - 1
            record = _marked(table, rows[begin:end] - first, marks["duplicate_of"][begin:end])
            yield Group(
                record, _failed(work / file_of(part.number, "failed"), before, wanted=last), Place(), last
            )
            first += table.num_rows


def _marked(table: pa.Table, rows: np.ndarray, names: pa.ChunkedArray) -> pa.Table:
    found = np.full(table.num_rows, -1)
    found[rows] = np.arange(len(rows))
    column = names.combine_chunks().take(pa.array(found, mask=found < 0))
    place = table.schema.get_field_index("duplicate_of")
    return table.set_column(place, table.schema.field(place), column)


def _failed(path: Path, before: int, *, wanted: bool) -> pa.Table:
    """Return what could not be cleaned, by its rows in the whole output."""
    if not wanted or not path.exists():
        return QUARANTINE.empty_table()
    table = pq.read_table(path, use_threads=False)
    return table.set_column(0, QUARANTINE.field(0), pc.add(table["row"], before))


def _keys(path: Path, wanted: Range) -> pa.Table:
    low, high = (pa.scalar(bound, pa.uint64()) for bound in (wanted.low, wanted.high))
    field = pc.field("fingerprint")
    return pq.read_table(path, schema=KEYS, filters=(field >= low) & (field <= high), use_threads=False)


def _marks(path: Path, number: int) -> pa.Table:
    return pq.read_table(path, schema=_MARKS, filters=pc.field("part") == number, use_threads=False)
