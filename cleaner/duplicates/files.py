"""Mark near-duplicates in Parquet files that are there already."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cleaner.duplicates.tables import COLUMNS
from cleaner.io.durable import parquet_file
from cleaner.io.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cleaner.duplicates.marking import NearDuplicates

__all__ = ["batches_of", "found_files", "mark_files"]

_ROWS = 1_000
_ROLES = ("id", "date", "text", "error", "rejected")


class _Place(NamedTuple):
    """A file, and where it goes."""

    source: Path
    target: Path


def mark_files(
    inputs: Sequence[str | Path],
    look: NearDuplicates,
    *,
    output: str | Path | None = None,
    columns: Mapping[str, str] | None = None,
) -> None:
    """Mark near-duplicates across Parquet files, as one corpus.

    Row groups, other columns and their order stay as they are. A file appears when it is whole; one that is
    marked in its place is replaced then.

    Args:
        inputs: files, and folders that are searched to the bottom.
        look: how near-duplicates are looked for.
        output: a file for one, a folder for several; without it the files are marked in their places.
        columns: what the columns `text`, `id` and `date` are called, where that is something else.

    Raises:
        InputError: a file cannot be read, has no texts, or an output is in the way; near-duplicates are to be rejected,
            but there is no output other than the input.

    """
    look.check()
    files = found_files(inputs)
    if look.reject and output is None:
        raise InputError("rejecting takes rows out of files: name another output for what is kept")
    places = [
        _Place(file, target) for file, target in zip(files, _targets(inputs, files, output), strict=True)
    ]
    for _, target in places:
        target.parent.mkdir(parents=True, exist_ok=True)
    first = 0
    with look(batches_of(files, columns)) as mark, _Rejected(places[0].target, output) as aside:
        for source, target in places:
            with pq.ParquetFile(source) as file:
                schema = _schema(file.schema_arrow, look)
                with parquet_file(target, schema) as writer:
                    for number in range(file.num_row_groups):
                        rows = file.read_row_group(number, use_threads=False)
                        marked = mark(first, rows)
                        first += rows.num_rows
                        kept = aside.add(marked, schema) if look.reject else marked
                        writer.write_table(kept.select(schema.names).cast(schema), max(kept.num_rows, 1))


def found_files(inputs: Sequence[str | Path]) -> list[Path]:
    """Return the Parquet files among files and in folders.

    Raises:
        InputError: there is no such file or folder, or none in a folder.

    """
    found: list[Path] = []
    for path in map(Path, inputs):
        if not path.exists():
            raise InputError(f"there is no file {path}: check the path")
        inside = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
        if not inside:
            raise InputError(f"{path} holds no .parquet file")
        found += inside
    return found


def batches_of(files: Sequence[Path], columns: Mapping[str, str] | None = None) -> Iterator[pa.RecordBatch]:
    """Yield what is compared of the rows of Parquet files.

    Raises:
        InputError: a file cannot be read.

    """
    called = {role: (columns or {}).get(role, role) for role in _ROLES}
    for path in files:
        try:
            with pq.ParquetFile(path) as file:
                there = {role: name for role, name in called.items() if name in file.schema_arrow.names}
                if "text" not in there:
                    raise InputError(f"{path}: there is no column {called['text']!r}; the columns are: {', '.join(file.schema_arrow.names)}")  # fmt: skip
                for batch in file.iter_batches(_ROWS, columns=list(there.values()), use_threads=False):
                    named = [batch.column(name) for name in there.values()]
                    yield pa.RecordBatch.from_arrays(named, names=list(there))
        except (OSError, pa.ArrowException) as error:
            raise InputError(f"{path}: is no Parquet file that can be read: {error}") from error


def _targets(inputs: Sequence[str | Path], files: Sequence[Path], output: str | Path | None) -> list[Path]:
    if output is None:
        return list(files)
    target = Path(output)
    several = len(files) > 1 or Path(inputs[0]).is_dir() or str(output).endswith("/") or target.is_dir()
    bases = [Path(path) for path in inputs if Path(path).is_dir()]
    targets = [target / _below(file, bases) for file in files] if several else [target]
    taken = [path for path in targets if path.exists()]
    if taken:
        raise InputError(f"{taken[0]} exists: choose another output, or remove it")
    if len(set(targets)) < len(targets):
        raise InputError("two of the files have the same name: give their folder instead")
    return targets


def _below(file: Path, bases: Sequence[Path]) -> Path:
    base = next((base for base in bases if file.is_relative_to(base)), file.parent)
    return file.relative_to(base)


def _schema(given: pa.Schema, look: NearDuplicates) -> pa.Schema:
    wanted = [*COLUMNS, pa.field("rejected", pa.string())] if look.reject else list(COLUMNS)
    for field in wanted:
        place = given.get_field_index(field.name)
        given = given.append(field) if place < 0 else given.set(place, field)
    said = {b"cleaner.near_duplicates": json.dumps(look.described(), sort_keys=True).encode()}
    return given.with_metadata({**(given.metadata or {}), **said})


class _Rejected:
    """The file beside an output that takes the rows that are rejected; there is none without such rows."""

    def __init__(self, target: Path, output: str | Path | None) -> None:
        place = target if output is None or Path(output) == target else Path(output)
        self._path = place.with_name(f"{place.name.removesuffix('.parquet')}.rejected.parquet")
        self._open = ExitStack()
        self._writer: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._open.__exit__(*error)  # type: ignore[arg-type]

    def add(self, rows: pa.Table, schema: pa.Schema) -> pa.Table:
        """Take the rejected rows, and return the others."""
        rejected = pc.is_valid(rows["rejected"])
        if not pc.any(rejected).as_py():
            return rows
        if self._writer is None:
            self._schema = schema
            self._writer = self._open.enter_context(parquet_file(self._path, schema))
        taken = rows.filter(rejected)
        self._writer.write_table(taken.select(self._schema.names).cast(self._schema), taken.num_rows)
        return rows.filter(pc.invert(rejected))
