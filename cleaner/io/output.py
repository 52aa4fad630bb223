"""Where the documents go: one file, a folder of parts, or standard output."""

from __future__ import annotations

import errno
import os
import re
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from cleaner.io.errors import InputError, OutputError
from cleaner.io.groups import QUARANTINE, Sizes
from cleaner.io.journal import Journal, Part
from cleaner.io.jsonl import jsonl_file, write_lines
from cleaner.io.parquet import PartWriter, join, record_schema, rows_of
from cleaner.io.raw import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pyarrow as pa

    from cleaner.io.groups import Group
    from cleaner.io.sources import Source

__all__ = ["Files", "Output", "Stdout", "Target"]

_FILES = (".parquet", ".pq", ".jsonl", ".ndjson", ".jsonl.zst", ".jsonl.gz", ".ndjson.zst", ".ndjson.gz")
_PART = re.compile(r"part-\d{5,}\.parquet")


class Target:
    """An output by its name: what it is, and the files that belong to it.

    Raises:
        InputError: the name says no format.

    """

    def __init__(self, name: str, quarantine: Path | None = None) -> None:
        self.path = Path(name)
        self.is_stdout = name == "-"
        known = next((suffix for suffix in _FILES if self.path.name.lower().endswith(suffix)), None)
        self.is_folder = not self.is_stdout and (
            self.path.is_dir() or name.endswith(("/", os.sep)) or (not self.path.suffix and known is None)
        )
        if known is None and not self.is_folder and not self.is_stdout:
            raise InputError(
                f"{name}: the suffix names no format: use one of {', '.join(_FILES[:6])}, or a folder"
            )
        self.is_lines = self.is_stdout or (known is not None and "parquet" not in known and known != ".pq")
        stem = self.path.name.removesuffix(known or "")
        self.work = self.path.with_name(f".{self.path.name}.cleaner")
        beside = None if self.is_stdout else self.path.with_name(f"{stem}.quarantine.parquet")
        self.quarantine = quarantine or beside
        self.rejected = None if self.is_stdout else self.path.with_name(f"{stem}.rejected.parquet")

    @property
    def files(self) -> list[Path]:
        """The files and folders that belong to the output, which are never inputs."""
        return [path for path in (self.path, self.quarantine, self.rejected) if path and not self.is_stdout]

    def check(self, *, overwrite: bool, resume: bool) -> None:
        """Make sure that the output can be written and nothing is lost by it.

        Raises:
            InputError: it is there already, or its folder is not, or cannot be written to.

        """
        if self.is_stdout:
            if resume:
                raise InputError("standard output cannot be resumed: name a file or a folder")
            return
        parent = self.path.parent
        if not parent.is_dir():
            raise InputError(f"there is no folder {parent}: create it first")
        if not os.access(parent, os.W_OK) or (self.path.is_dir() and not os.access(self.path, os.W_OK)):
            raise InputError(f"{parent} is not writable: choose another folder or change its permissions")
        if overwrite or resume:
            return
        if Journal(self.work).begun:
            raise InputError(
                f"an unfinished run of {self.path} is there: give --resume to go on, or --overwrite to start again"
            )
        if self.path.is_dir():
            if any(self.path.iterdir()):
                raise InputError(
                    f"{self.path} is not empty: give --overwrite to replace its parts, or another name"
                )
        elif self.path.exists():
            raise InputError(f"{self.path} exists: give --overwrite to replace it, or another name")

    @property
    def exists(self) -> bool:
        """Tell whether a finished output is there."""
        return any(self.path.iterdir()) if self.path.is_dir() else self.path.exists()


class Output(Protocol):
    """Takes row groups in order; `start` is the first document it wants and `rows` how many it has."""

    start: Place
    rows: int

    def replay(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows that an earlier run finished."""

    def add(self, group: Group) -> None:
        """Take a row group."""

    def finish(self) -> None:
        """Make the output whole."""

    def abort(self) -> None:
        """Give up what is not finished."""


class Files:
    """One file or a folder of parts; finished parts outlive the end of this process.

    Args:
        target: what to write.
        config: of the run, for the journal; a run is resumed only with the same.
        sources: its inputs, likewise.
        metadata: of the files.
        by: a column by whose values the parts of a folder are divided.
        resume: go on with what an earlier run finished, if there was one.

    """

    def __init__(
        self,
        target: Target,
        config: Mapping[str, Any],
        sources: Sequence[Source],
        metadata: Mapping[str, str],
        *,
        by: str | None = None,
        resume: bool = False,
    ) -> None:
        self._target = target
        self._schema = record_schema(metadata)
        self._journal = Journal(target.work)
        with explained(target.path, 0):
            if target.is_folder:
                target.path.mkdir(exist_ok=True)
            going_on = resume and self._journal.begun
            self._parts = self._journal.resume(config, sources) if going_on else []
            if not going_on:
                self._clear()
                self._journal.begin(config, sources)
        self._folder = target.path if target.is_folder else target.work
        last = self._parts[-1] if self._parts else Part(-1, [], 0, (0, 0))
        self.start = Place(*last.next)
        self.rows = sum(part.rows for part in self._parts)
        self._writer = PartWriter(self._folder, self._schema, self._journal, by, last.number + 1)

    def replay(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows of the finished parts."""
        for part in self._parts:
            for name in part.files:
                yield from rows_of(self._folder, name)
            if part.rejected:
                yield from rows_of(self._journal.folder, part.rejected)

    def add(self, group: Group) -> None:
        """Write a row group.

        Raises:
            OutputError: it cannot be written; finished parts are kept.

        """
        with explained(self._target.path, self.rows):
            self._writer.add(group)
        self.rows += group.record.num_rows

    def finish(self) -> None:
        """Join the parts where one file is wanted, write the files beside it, and forget the notes.

        Raises:
            OutputError: it cannot be written; finished parts are kept.

        """
        with explained(self._target.path, self.rows):
            parts = self._journal.finished()
            self._join_beside([part.quarantine for part in parts], self._target.quarantine, QUARANTINE)
            self._join_beside([part.rejected for part in parts], self._target.rejected, self._schema)
            files = [self._folder / name for part in parts for name in part.files]
            if self._target.is_lines:
                self._write_lines(files)
            elif not self._target.is_folder:
                join(files, self._target.path, self._schema)
        self._journal.remove()

    def _join_beside(self, names: Sequence[str | None], path: Path | None, schema: pa.Schema) -> None:
        """Write what parts put aside to the file beside the output; where there is nothing, there is no file."""
        found = [self._journal.folder / name for name in names if name]
        if found and path is not None:
            join(found, path, schema)
        elif path is not None:
            path.unlink(missing_ok=True)

    def abort(self) -> None:
        """Leave the finished parts and their notes for `resume`."""
        self._writer.abort()
        self._journal.unlock()

    def _write_lines(self, files: Sequence[Path]) -> None:
        with jsonl_file(self._target.path) as stream:
            for file in files:
                for batch in rows_of(file.parent, file.name):
                    write_lines(batch, stream)

    def _clear(self) -> None:
        """Remove the parts of an earlier output from the folder."""
        if not self._target.is_folder:
            return
        found = [path for path in self._target.path.rglob("*") if path.is_file()]
        foreign = [
            path for path in found if not _PART.fullmatch(path.name) and not path.name.endswith(".partial")
        ]
        if foreign:
            raise InputError(
                f"{self._target.path} holds files of others, such as {foreign[0].name}: choose another folder"
            )
        for path in found:
            path.unlink()


class Stdout:
    """JSON lines on standard output; what is quarantined goes to a file where one was named."""

    start = Place()

    def __init__(self, target: Target) -> None:
        self.rows = 0
        self._path = target.quarantine
        self._quarantine: list[pa.Table] = []

    def replay(self) -> Iterator[pa.RecordBatch]:
        """Yield nothing: there was no earlier run."""
        return iter(())

    def add(self, group: Group) -> None:
        """Write the rows.

        Raises:
            OutputError: nobody reads them.

        """
        with explained(Path("standard output"), self.rows):
            write_lines(group.record, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        self.rows += group.record.num_rows
        if self._path is not None and group.quarantine.num_rows:
            self._quarantine.append(group.quarantine)

    def finish(self) -> None:
        """Write the quarantine file."""
        if self._path is None or not self._quarantine:
            return
        from cleaner.io.durable import parquet_file

        with explained(self._path, self.rows), parquet_file(self._path, QUARANTINE) as writer:
            for table in self._quarantine:
                writer.write_table(table)

    def abort(self) -> None:
        """Leave what was written."""


def sizes_of(target: Target, sizes: Sizes, rows_per_file: int | None) -> Sizes:
    """Return how an output is cut: parts of a folder are large, those of a file are there to resume from."""
    if target.is_stdout:
        return sizes._replace(group_rows=500, group_bytes=1 << 20)
    if target.is_folder:
        return sizes._replace(part_rows=rows_per_file)
    return sizes._replace(part_bytes=1)


@contextmanager
def explained(path: Path, rows: int) -> Iterator[None]:
    """Turn an error of the system into a sentence that says what is kept.

    Raises:
        OutputError: an OSError was raised inside.

    """
    try:
        yield
    except (InputError, OutputError):
        raise
    except OSError as error:
        if error.errno == errno.EPIPE:
            raise OutputError("standard output was closed") from error
        cause = error.strerror or str(error)
        kept = f"; {rows:,} finished documents are kept: mend that and go on with --resume" if rows else ""
        raise OutputError(f"{path} cannot be written: {cause}{kept}") from error
