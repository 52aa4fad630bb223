"""Where the documents go: one file, a folder of parts, or standard output."""

from __future__ import annotations

import errno
import re
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from cleaner.io.errors import InputError, OutputError
from cleaner.io.groups import QUARANTINE
from cleaner.io.journal import Journal, Part
from cleaner.io.jsonl import jsonl_file, write_lines
from cleaner.io.parquet import PartWriter, join, record_schema, rows_of
from cleaner.io.raw import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from cleaner.io.groups import Group
    from cleaner.io.placing import Look
    from cleaner.io.sources import Source
    from cleaner.io.target import Target

__all__ = ["Files", "Output", "Stdout"]

_PART = re.compile(r"part-\d{5,}\.parquet")


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
        look: a look at the whole output when all is there, which marks its rows before they are placed.

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
        look: Look | None = None,
    ) -> None:
        self._target = target
        self._look, self._by = look, by
        self._schema = record_schema(metadata)
        self._store = target.store
        self._journal = Journal(target.work, target.store)
        try:
            with explained(target.name, 0):
                target.store.open()
                self._parts = self._begun(config, sources, resume=resume)
        except BaseException:
            self._journal.unlock()
            target.store.close()
            raise
        self._folder = target.path if target.is_folder and look is None else target.work
        last = self._parts[-1] if self._parts else Part(-1, [], 0, (0, 0))
        self.start = Place(*last.next)
        self.rows = sum(part.rows for part in self._parts)
        by = by if look is None else None  # rows are divided when they are placed
        self._writer = PartWriter(self._folder, self._schema, self._journal, by, last.number + 1)

    def _begun(self, config: Mapping[str, Any], sources: Sequence[Source], *, resume: bool) -> list[Part]:
        """Return the parts of the run that is gone on with; else begin one, and replace what is there."""
        parts: list[Part] = []
        if resume and self._journal.begun:
            parts = self._journal.resume(config, sources)
        else:
            self._check_own()
            self._journal.begin(config, sources)
        if self._target.is_folder:
            self._target.path.mkdir(exist_ok=True)
            noted = {self._target.path / name for part in parts for name in part.files}
            for path in self._store.files(self._target.path):
                if path not in noted and _is_ours(path):
                    self._store.remove(path)
        return parts

    def replay(self) -> Iterator[pa.RecordBatch]:
        """Yield the rows of the finished parts."""
        for part in self._parts:
            for name in part.files:
                self._store.fetch(self._folder / name)
                yield from rows_of(self._folder, name)
                if self._folder != self._target.work:
                    self._store.drop(self._folder / name)
            if part.rejected:
                self._store.fetch(self._journal.folder / part.rejected)
                yield from rows_of(self._journal.folder, part.rejected)

    def add(self, group: Group) -> None:
        """Write a row group.

        Raises:
            OutputError: it cannot be written; finished parts are kept.

        """
        with explained(self._target.name, self.rows):
            self._writer.add(group)
        self.rows += group.record.num_rows

    def finish(self) -> None:
        """Join the parts where one file is wanted, write the files beside it, and forget the notes.

        Raises:
            OutputError: it cannot be written; finished parts are kept.

        """
        with explained(self._target.name, self.rows):
            parts = self._journal.finished()
            folder, rejected = self._folder, [part.rejected for part in parts]
            self._join_beside([part.quarantine for part in parts], self._target.quarantine, QUARANTINE)
            if self._look is not None:
                from cleaner.io.placing import place

                placed = place(parts, self._target, self._schema, self._look, self._by)
                folder = self._target.work / "placed"
                pairs = zip(parts, placed, strict=True)
                rejected = [name for part, after in pairs for name in (part.rejected, after.rejected and f"placed/{after.rejected}")]  # fmt: skip
                parts = placed
            self._join_beside(rejected, self._target.rejected, self._schema)
            if not self._target.is_folder:
                self._join([folder / name for part in parts for name in part.files])
            self._journal.remove()
        self._store.close()

    def _join(self, files: Sequence[Path]) -> None:
        for path in files:
            self._store.fetch(path)
        if self._target.is_lines:
            self._write_lines(files)
        else:
            join(files, self._target.path, self._schema)
        self._store.send(self._target.path)

    def _join_beside(self, names: Sequence[str | None], path: Path | None, schema: pa.Schema) -> None:
        """Write what parts put aside to the file beside the output; where there is nothing, there is no file."""
        found = [self._journal.folder / name for name in names if name]
        if path is None:
            return
        if not found:
            self._store.remove(path)
            return
        for part in found:
            self._store.fetch(part)
        join(found, path, schema)
        self._store.send(path)

    def abort(self) -> None:
        """Leave the finished parts and their notes for `resume`."""
        self._writer.abort()
        self._journal.unlock()
        self._store.close()

    def _write_lines(self, files: Sequence[Path]) -> None:
        with jsonl_file(self._target.path) as stream:
            for file in files:
                for batch in rows_of(file.parent, file.name):
                    write_lines(batch, stream)

    def _check_own(self) -> None:
        """Make sure that nothing but the parts of an earlier output is in the folder.

        Raises:
            InputError: there are other files.

        """
        found = self._store.files(self._target.path) if self._target.is_folder else []
        foreign = [path for path in found if not _is_ours(path)]
        if foreign:
            raise InputError(
                f"{self._target.name} holds files of others, such as {foreign[0].name}: choose another folder"
            )


def _is_ours(path: Path) -> bool:
    return _PART.fullmatch(path.name) is not None or path.name.endswith(".partial")


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
        with explained("standard output", self.rows):
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

        with explained(str(self._path), self.rows), parquet_file(self._path, QUARANTINE) as writer:
            for table in self._quarantine:
                writer.write_table(table)

    def abort(self) -> None:
        """Leave what was written."""


@contextmanager
def explained(name: str, rows: int) -> Iterator[None]:
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
        raise OutputError(f"{name} cannot be written: {cause}{kept}") from error
