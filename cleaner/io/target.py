"""An output by its name: what it is, where it lies, and whether it can be written."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner.io.errors import InputError
from cleaner.io.journal import Journal
from cleaner.io.remote import has_scheme
from cleaner.io.store import Disk, Remote

if TYPE_CHECKING:
    from cleaner.io.groups import Sizes
    from cleaner.io.store import Store

__all__ = ["Target", "sizes_of"]

_FILES = (".parquet", ".pq", ".jsonl", ".ndjson", ".jsonl.zst", ".jsonl.gz", ".ndjson.zst", ".ndjson.gz")


class Target:
    """An output by its name: what it is, and the files that belong to it.

    Raises:
        InputError: the name says no format.

    """

    def __init__(self, name: str, quarantine: Path | None = None) -> None:
        name = name.removeprefix("file://")
        remote = Remote(name) if has_scheme(name) else None
        self.store: Store = remote or Disk()
        self.is_remote = remote is not None
        self.path = remote.room / name.rstrip("/").rpartition("/")[2] if remote else Path(name)
        self.name = name if remote else str(self.path)
        self.is_stdout = name == "-"
        known = next((suffix for suffix in _FILES if self.path.name.lower().endswith(suffix)), None)
        self.is_folder = not self.is_stdout and (
            self.path.is_dir() or name.endswith(("/", os.sep)) or (not self.path.suffix and known is None)
        )
        if known is None and not self.is_folder and not self.is_stdout:
            raise InputError(
                f"{name}: the suffix names no format of output: use {', '.join(_FILES[:6])}, or a folder, as in {name}/"
            )
        self.is_lines = self.is_stdout or (known is not None and "parquet" not in known and known != ".pq")
        if quarantine is not None and ":/" in str(quarantine):
            raise InputError("--quarantine takes a path here; without it the file lies beside the output")
        stem = self.path.name.removesuffix(known or "")
        self.work = self.path.with_name(f".{self.path.name}.cleaner")
        beside = None if self.is_stdout else self.path.with_name(f"{stem}.quarantine.parquet")
        self.quarantine = quarantine or beside
        self.rejected = None if self.is_stdout else self.path.with_name(f"{stem}.rejected.parquet")

    @property
    def files(self) -> list[str]:
        """The files and folders that belong to the output, which are never inputs, as paths or addresses."""
        if self.is_stdout:
            return [str(self.quarantine)] if self.quarantine else []
        return [self.store.name(path) for path in (self.path, self.quarantine, self.rejected) if path]

    def check(self, *, overwrite: bool, resume: bool) -> None:
        """Make sure that the output can be written and nothing is lost by it.

        Raises:
            InputError: it is there already, or its folder is not, or cannot be written to.

        """
        if self.is_stdout:
            if resume:
                raise InputError("standard output cannot be resumed: name a file or a folder")
            return
        for path in (self.path, self.quarantine):
            self._check_folder(path)
        if overwrite or resume:
            return
        try:
            self._check_free()
        except InputError:
            raise
        except OSError as error:
            raise InputError(f"{self.name} cannot be reached: {error.strerror or error}") from error

    def _check_folder(self, path: Path | None) -> None:
        if path is None or (self.is_remote and path.is_relative_to(self.path.parent)):
            return
        if not path.parent.is_dir():
            raise InputError(f"there is no folder {path.parent}: create it first")
        if not os.access(path.parent, os.W_OK) or (path.is_dir() and not os.access(path, os.W_OK)):
            raise InputError(
                f"{path.parent} is not writable: choose another folder or change its permissions"
            )

    def _check_free(self) -> None:
        if Journal(self.work, self.store).begun:
            raise InputError(
                f"an unfinished run of {self.name} is there: give --resume to go on, or --overwrite to start again"
            )
        if not self.exists:
            return
        if self.is_folder:
            raise InputError(
                f"{self.name} is not empty: give --overwrite to replace its parts, or another name"
            )
        raise InputError(f"{self.name} exists: give --overwrite to replace it, or another name")

    @property
    def exists(self) -> bool:
        """Tell whether an output is there, finished or not."""
        return bool(self.store.files(self.path)) if self.is_folder else self.store.holds(self.path)

    @property
    def is_complete(self) -> bool:
        """Tell whether a finished output is there."""
        return self.exists and not self.store.holds(self.work)

    @property
    def has_quarantine(self) -> bool:
        """Tell whether documents were set aside."""
        return self.quarantine is not None and self.store.holds(self.quarantine)


def sizes_of(target: Target, sizes: Sizes, rows_per_file: int | None) -> Sizes:
    """Return how an output is cut: parts of a folder are large, those of a file are there to resume from."""
    if target.is_stdout:
        return sizes._replace(group_rows=500, group_bytes=1 << 20)
    if target.is_folder:
        return sizes._replace(part_rows=rows_per_file)
    return sizes._replace(part_bytes=1)
