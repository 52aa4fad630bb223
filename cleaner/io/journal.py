"""The notes of a run, kept beside its output while it lasts: what it reads, how, and which parts are done."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from cleaner.io.durable import parquet_file, partial, settle
from cleaner.io.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cleaner.io.sources import Source
    from cleaner.io.store import Store

__all__ = ["Journal", "Part"]

_INPUTS = pa.schema([(name, pa.string()) for name in ("id", "path", "size", "stamp")])


class Part(msgspec.Struct, frozen=True):
    """A part of the output that is finished; `next` is the first document behind it, as a `Place`."""

    number: int
    files: list[str]
    rows: int
    next: tuple[int, int]
    quarantine: str | None = None
    rejected: str | None = None


class Journal:
    """A folder with the configuration of a run, its inputs and a line for each finished part.

    It lies in the same place as the output, so that a run can be gone on with wherever that is reached from.
    """

    def __init__(self, folder: Path, store: Store) -> None:
        self.folder = folder
        self.store = store
        self._config = folder / "config.json"
        self._inputs = folder / "inputs.parquet"
        self._parts = folder / "parts.jsonl"
        self._lock_file = folder / "lock"
        self._lock: Any = None

    @property
    def begun(self) -> bool:
        """Tell whether there is a run to go on with."""
        return self.store.holds(self._config)

    def begin(self, config: Mapping[str, Any], sources: Sequence[Source]) -> None:
        """Start the notes of a new run, and forget those of another.

        Raises:
            InputError: another process writes this output.

        """
        self.folder.mkdir(exist_ok=True)
        self.lock()
        self.store.send(self._lock_file)  # from here on an older output is no longer taken for a finished one
        self.store.remove(self._config)
        for path in self.store.files(self.folder):
            if path != self._lock_file:
                self.store.remove(path)
        for path in filter(Path.is_dir, self.folder.iterdir()):  # those of a job in parts
            shutil.rmtree(path)
        with parquet_file(self._inputs, _INPUTS) as writer:
            writer.write_table(_table(sources))
        self.store.send(self._inputs)
        partial(self._config).write_bytes(msgspec.json.format(msgspec.json.encode(config)))
        settle(self._config)
        self.store.send(self._config)  # last: from here on there is something to go on with

    def resume(self, config: Mapping[str, Any], sources: Sequence[Source]) -> list[Part]:
        """Return the parts that an earlier run finished.

        Raises:
            InputError: the configuration or the inputs are others; the message says which.

        """
        self.folder.mkdir(exist_ok=True)
        self.lock()
        for path in (self._config, self._inputs, self._parts):
            if self.store.holds(path):
                self.store.fetch(path)
        before = msgspec.json.decode(self._config.read_bytes())
        now = msgspec.json.decode(msgspec.json.encode(config))
        changed = [
            f"{name} was {_short(before.get(name))} and is {_short(now.get(name))}"
            for name in sorted({*before, *now})
            if before.get(name) != now.get(name)
        ] or _changed(pq.read_table(self._inputs), _table(sources))
        if changed:
            self.unlock()
            raise InputError(
                f"cannot resume: {'; '.join(changed[:5])}: run it as before, or start again with --overwrite"
            )
        return self.finished()

    def add(self, part: Part) -> None:
        """Note a finished part; its files are in place."""
        with self._parts.open("ab") as file:
            file.write(msgspec.json.encode(part) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        self.store.send(self._parts)

    def remove(self) -> None:
        """Forget the run, since its output is whole."""
        self.store.remove(self._config)
        self.store.remove_folder(self.folder)
        self.unlock()

    def lock(self) -> None:
        """Keep other processes from writing the same output, as long as this one lives.

        At an address nothing can do that.

        Raises:
            InputError: another one does.

        """
        self._lock = self._lock_file.open("wb")
        try:
            import fcntl
        except ImportError:  # not everywhere
            return
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.unlock()
            raise InputError(
                f"another run is writing this output (its notes are in {self.folder})"
            ) from error

    def unlock(self) -> None:
        """Let other processes write the output."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def finished(self) -> list[Part]:
        """Return the noted parts by number; a line that a kill cut short is cut off, so that the next one stands alone."""
        if not self._parts.exists():
            return []
        data = self._parts.read_bytes()
        whole = data[: data.rfind(b"\n") + 1]
        if len(whole) < len(data):
            with self._parts.open("rb+") as file:
                file.truncate(len(whole))
        parts = [msgspec.json.decode(line, type=Part) for line in whole.splitlines()]
        return sorted(parts, key=lambda part: part.number)


def _table(sources: Sequence[Source]) -> pa.Table:
    rows = [(source.id, source.path, str(source.size), source.stamp) for source in sources]
    columns = [
        [os.fsencode(row[index]).decode("utf-8", "backslashreplace") for row in rows] for index in range(4)
    ]
    return pa.Table.from_arrays([pa.array(column, pa.string()) for column in columns], schema=_INPUTS)


def _changed(before: pa.Table, now: pa.Table) -> list[str]:
    if before.equals(now):
        return []
    first, second = before.to_pylist(), now.to_pylist()
    for old, new in zip(first, second, strict=False):
        if old["path"] != new["path"]:
            return [f"the input {min(old['path'], new['path'])} was added or removed"]
        if old != new:
            return [f"the input {new['path']} was changed"]
    return [f"there were {len(first)} inputs and are {len(second)}"]


def _short(value: object) -> str:
    return msgspec.json.encode(value).decode()[:80]
