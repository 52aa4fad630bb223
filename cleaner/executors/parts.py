"""Clean a part of the input to a file that is whole or not there, on whatever machine, however often.

A part is a few files, or a stretch of a large one. Its bytes follow from these and the settings alone. It lies
in the working folder of the job with what is to be known of it, until `cleaner.executors.marks` gives it
its place in the output.
"""

from __future__ import annotations

import shutil
import uuid
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import pyarrow as pa
import pyarrow.compute as pc

from cleaner.io.durable import parquet_file, sync_folder
from cleaner.io.groups import QUARANTINE, Cutter, Group, Sizes
from cleaner.io.parquet import record_schema
from cleaner.io.reading import ReadOptions, read_batches
from cleaner.report.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from cleaner.executors.pieces import Shipped
    from cleaner.io.sources import Source

__all__ = ["KEYS", "Part", "Plan", "attempt", "clean_part", "file_of", "noted"]

KEYS = pa.schema([("fingerprint", pa.uint64()), ("row", pa.int64()), ("id", pa.string())])
"""What is needed of the rows of a part to find duplicates; sorted by its first two columns."""

_KEYS_PER_GROUP = 16_384
_ENDLESS = 1 << 62  # a part is one file, however large


class Part(NamedTuple):
    """Sources that are cleaned together, and their bytes on disk; `number` is its place among the parts."""

    number: int
    sources: tuple[Source, ...]
    bytes: int


class Plan(NamedTuple):
    """What all parts of a job share; paths are those that every machine sees.

    `function` is a batch function that returns `cleaner.executors.contain.OUTCOME`.
    """

    folder: str
    work: str
    metadata: dict[str, str]
    reading: ReadOptions
    batch_bytes: int
    sizes: Sizes
    by: str | None
    function: Shipped


def file_of(number: int, kind: str) -> str:
    """Return the name of a file of a part: `cleaned`, `failed`, `keys`, or the `note` that these are there."""
    return f"{kind}-{number:05}.{'json' if kind == 'note' else 'parquet'}"


@contextmanager
def attempt(plan: Plan) -> Iterator[Path]:
    """Make a folder for the files of one attempt; two of the same part are never in each other's way."""
    folder = Path(plan.work) / f"attempt-{uuid.uuid4().hex}"
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def clean_part(plan: Plan, part: Part) -> Summary:
    """Clean a part to its files in the working folder, and note that it is done.

    Raises:
        OSError: the folder cannot be written to.

    """
    summary = Summary()
    keys: list[pa.Table] = []
    with attempt(plan) as folder:
        with _Files(folder, plan, part) as files:
            cutter = Cutter(plan.sizes._replace(part_rows=None, part_bytes=_ENDLESS))
            for batch in read_batches(part.sources, plan.batch_bytes, plan.reading):
                outcome = plan.function(batch)
                keys.append(_keys(outcome, summary.documents))
                summary.add(outcome)
                for group in cutter.add(batch, outcome):
                    files.add(group)
            for group in cutter.rest():
                files.add(group)
        table = pa.concat_tables([*keys, KEYS.empty_table()])
        with parquet_file(folder / file_of(part.number, "keys"), KEYS) as writer:
            writer.write_table(
                table.sort_by([("fingerprint", "ascending"), ("row", "ascending")]),
                row_group_size=_KEYS_PER_GROUP,
            )
        (folder / file_of(part.number, "note")).write_bytes(summary.packed())
        for kind in (
            "cleaned",
            "failed",
            "keys",
            "note",
        ):  # the note comes last: it says that the others are there
            if (folder / file_of(part.number, kind)).exists():
                (folder / file_of(part.number, kind)).replace(Path(plan.work) / file_of(part.number, kind))
        sync_folder(Path(plan.work))
    return summary


def noted(work: Path, part: Part) -> Summary | None:
    """Return the counts of a part that is cleaned, or None."""
    try:
        return Summary.unpacked((work / file_of(part.number, "note")).read_bytes())
    except FileNotFoundError:
        return None


class _Files:
    """The files of a part in the making: its rows, and what could not be cleaned where there is any."""

    def __init__(self, folder: Path, plan: Plan, part: Part) -> None:
        self._rows = folder / file_of(part.number, "cleaned")
        self._failed = folder / file_of(part.number, "failed")
        self._schema = record_schema(plan.metadata)
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._writer = self._open.enter_context(parquet_file(self._rows, self._schema))
        self._wrong: Any = None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.__exit__(kind, error, trace)

    def add(self, group: Group) -> None:
        """Write a row group."""
        table = group.record.cast(self._schema)
        self._writer.write_table(table, row_group_size=max(table.num_rows, 1))
        if group.quarantine.num_rows:
            self._wrong = self._wrong or self._open.enter_context(parquet_file(self._failed, QUARANTINE))
            self._wrong.write_table(group.quarantine)


def _keys(outcome: pa.RecordBatch, before: int) -> pa.Table:
    """Return the rows that have a text to compare; `before` are the rows of the part before them."""
    rows = pa.array(range(before, before + outcome.num_rows), pa.int64())
    columns = [outcome.column("fingerprint"), rows, pc.fill_null(outcome.column("id"), "")]
    known = pc.and_kleene(
        pc.is_valid(outcome.column("fingerprint")), pc.greater(outcome.column("chars_out"), 0)
    )
    return pa.Table.from_arrays(columns, schema=KEYS).filter(known)
