"""Divide inputs into parts that any machine can clean, each to a file that is whole or not there.

A part is a few files, or one large one. Its name follows from its place in the list of inputs, and its
bytes from these files and the settings alone: it does not matter which machine cleans it, or how often.
"""

from __future__ import annotations

import json
import shutil
import uuid
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cleaner import __version__
from cleaner.executors.pieces import BATCH_BYTES
from cleaner.io.durable import parquet_file
from cleaner.io.errors import InputError
from cleaner.io.parquet import record_schema
from cleaner.io.reading import ReadOptions, fields_of, read_batches
from cleaner.io.sources import find_sources
from cleaner.record import storable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from cleaner.io.sources import Source
    from cleaner.settings import Settings

    BatchFunction = Callable[[pa.RecordBatch], pa.RecordBatch]

__all__ = ["PART_BYTES", "Job", "Part", "PartTotals", "clean_part", "total"]

PART_BYTES = 256 << 20
"""Input of a part, on disk: some minutes of work, lost when a machine dies."""

_WORK = ".cleaner"
_SUCCESS = "_SUCCESS"


class Part(NamedTuple):
    """Files that are cleaned together, and where their rows go.

    `absolute` are the paths at which other machines find the sources, which keep their own in the record.
    """

    name: str
    sources: tuple[Source, ...]
    absolute: tuple[str, ...]
    folder: str
    metadata: Mapping[str, str]


class PartTotals(NamedTuple):
    """Counts of the rows of one part, or of many."""

    documents: int = 0
    failed: int = 0
    chars_in: int = 0
    chars_out: int = 0


class Job:
    """A folder of parts in the making.

    The folder holds finished parts only, hidden working files aside, and `_SUCCESS` when all are there.

    Args:
        inputs: files and folders that all machines see under the same path.
        folder: where the parts go; likewise.
        settings: what cleaning does.
        part_bytes: about how much input a part has.

    Raises:
        InputError: an input cannot be used, or is standard input.

    """

    def __init__(
        self, inputs: Sequence[str], folder: str | Path, settings: Settings, part_bytes: int = PART_BYTES
    ) -> None:
        if "-" in inputs:
            raise InputError("standard input cannot be read by other machines: name files or folders")
        self.folder = Path(folder).absolute()
        sources = find_sources([str(name) for name in inputs]).sources
        self._plan = json.dumps(
            {
                "metadata": metadata_of(settings),
                "part_bytes": part_bytes,
                "inputs": [
                    [source.id, storable(source.path), source.size, source.stamp] for source in sources
                ],
            },
            indent=0,
        )
        metadata = metadata_of(settings)
        self._kept: list[Path] = []
        self.parts = [
            Part(
                f"part-{number:05}.parquet",
                tuple(group),
                tuple(str(Path(source.path).absolute()) for source in group),
                str(self.folder),
                metadata,
            )
            for number, group in enumerate(_grouped(sources, part_bytes))
        ]

    def begin(self, *, overwrite: bool = False, resume: bool = False) -> list[Part]:
        """Make the folder ready and return the parts that are to be cleaned.

        Args:
            overwrite: remove what an earlier job left there.
            resume: keep the parts that an earlier job with the same inputs and settings finished.

        Raises:
            InputError: the folder is not empty, or what is there was made otherwise.

        """
        if not self.folder.parent.is_dir():
            raise InputError(f"there is no folder {self.folder.parent}: create it first")
        self.folder.mkdir(exist_ok=True)
        plan = self.folder / _WORK / "plan.json"
        found = sorted(path.name for path in self.folder.iterdir())
        if found and not (overwrite or resume):
            raise InputError(
                f"{self.folder} is not empty: give --resume to go on with an unfinished job, --overwrite to replace it, or another name"
            )
        if resume and found:
            if not plan.exists() or plan.read_text(encoding="utf-8") != self._plan:
                raise InputError(
                    f"{self.folder} was made from other inputs or settings, which --resume must not mix: give --overwrite, or another name"
                )
        elif overwrite:
            self._clear(found)
        plan.parent.mkdir(exist_ok=True)
        plan.write_text(self._plan, encoding="utf-8")
        self._kept = [
            path for path in map(self.folder.joinpath, [part.name for part in self.parts]) if path.exists()
        ]
        kept = {path.name for path in self._kept}
        return [part for part in self.parts if part.name not in kept]

    def finish(self, done: Iterable[PartTotals]) -> PartTotals:
        """Mark the job as done, and return the totals of `done` and of the parts that were kept."""
        for left in self.folder.glob(f"{_WORK}/attempt-*"):
            shutil.rmtree(left, ignore_errors=True)  # of tasks that were killed
        (self.folder / _SUCCESS).touch()
        return total([*done, *map(_counted, self._kept)])

    def _clear(self, found: Sequence[str]) -> None:
        own = {_WORK, _SUCCESS}
        foreign = [name for name in found if name not in own and not name.startswith("part-")]
        if foreign:
            raise InputError(
                f"{self.folder} holds files of others, such as {foreign[0]}: choose another folder"
            )
        for name in found:
            path = self.folder / name
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def clean_part(part: Part, function: BatchFunction) -> PartTotals:
    """Clean a part and give its file its name when it is whole; doing it twice, even at once, does no harm.

    Raises:
        OSError: the folder cannot be written to.

    """
    final = Path(part.folder) / part.name
    attempt = final.parent / _WORK / f"attempt-{uuid.uuid4().hex}"
    attempt.mkdir(parents=True)
    totals = []
    try:
        schema = record_schema(part.metadata)
        with parquet_file(attempt / part.name, schema) as output:
            for batch in _read(part):
                cleaned = function(batch)
                output.write_table(pa.Table.from_batches([cleaned]).select(schema.names).cast(schema))
                totals.append(_totals(cleaned))
        (attempt / part.name).replace(final)
    finally:
        shutil.rmtree(attempt, ignore_errors=True)
    return total(totals)


def total(counts: Iterable[PartTotals]) -> PartTotals:
    """Return the sum of counts."""
    return PartTotals(*map(sum, zip(PartTotals(), *counts, strict=True)))


def metadata_of(settings: Settings) -> dict[str, str]:
    """Say in a file how it was made; no part of it is where or in how many parts."""
    return {
        "version": __version__,
        "level": settings.level,
        "rules": settings.rules_hash(),
        "settings": json.dumps(settings.described(), sort_keys=True),
        "reading": json.dumps({"format": None, **fields_of(ReadOptions())}, sort_keys=True),
    }


def _grouped(sources: Sequence[Source], part_bytes: int) -> Iterator[list[Source]]:
    group: list[Source] = []
    held = 0
    for source in sources:
        if group and held + source.size > part_bytes:
            yield group
            group, held = [], 0
        group.append(source)
        held += source.size
    if group:
        yield group


def _read(part: Part) -> Iterator[pa.RecordBatch]:
    """Read the files of a part where they lie for this machine; the record names them as they were given."""
    sources = [source._replace(path=path) for source, path in zip(part.sources, part.absolute, strict=True)]
    given = {
        storable(path): storable(source.path)
        for source, path in zip(part.sources, part.absolute, strict=True)
    }
    for batch in read_batches(sources, BATCH_BYTES):
        place = batch.schema.get_field_index("source")
        names = pa.array([given.get(name, name) for name in batch.column(place).to_pylist()], pa.string())
        yield batch.set_column(place, batch.schema.field(place), names)


def _totals(batch: pa.RecordBatch | pa.Table) -> PartTotals:
    return PartTotals(
        batch.num_rows,
        batch.num_rows - batch.column("error").null_count,
        pc.sum(batch.column("chars_in")).as_py() or 0,
        pc.sum(batch.column("chars_out")).as_py() or 0,
    )


def _counted(path: Path) -> PartTotals:
    return _totals(pq.read_table(path, columns=["error", "chars_in", "chars_out"]))
