"""Find documents that were in the run before, however many they are."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Self

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Duplicates"]


class Duplicates:
    """Marks documents whose cleaned text stood in the run before; a context manager.

    Texts are compared by their fingerprint, so case, quotes and spaces make no difference. What was seen
    lies in a temporary database that goes to disk when it grows and leaves nothing behind. Empty texts
    and documents with an error are no duplicates of each other.
    """

    def __init__(self) -> None:
        self._seen = sqlite3.connect("", isolation_level=None)
        self._seen.execute("PRAGMA journal_mode = OFF")
        self._seen.execute("PRAGMA synchronous = OFF")
        self._seen.execute("PRAGMA cache_size = -65536")
        self._seen.execute("CREATE TABLE seen (fingerprint INTEGER PRIMARY KEY, id TEXT) WITHOUT ROWID")
        self._seen.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._seen.close()

    def marked(self, outcome: pa.RecordBatch) -> pa.RecordBatch:
        """Return rows of the record with `duplicate_of` set to the id of the first document with the same text."""
        found = [
            None if key is None else self._first(key, name)
            for key, name in zip(_keys(outcome), outcome.column("id").to_pylist(), strict=True)
        ]
        place = outcome.schema.get_field_index("duplicate_of")
        columns = outcome.columns
        columns[place] = pa.array(found, pa.string())
        return pa.RecordBatch.from_arrays(columns, schema=outcome.schema)

    def remember(self, rows: pa.RecordBatch) -> None:
        """Take rows that an earlier run wrote as seen; their `duplicate_of` says which of them were first."""
        firsts = rows.filter(rows.column("duplicate_of").is_null())
        for key, name in zip(_keys(firsts), firsts.column("id").to_pylist(), strict=True):
            if key is not None:
                self._first(key, name)

    def _first(self, key: int, name: str | None) -> str | None:
        """Return the id that was seen with this key, or None and remember this one."""
        if self._seen.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, name or "")).rowcount:
            return None
        (first,) = self._seen.execute("SELECT id FROM seen WHERE fingerprint = ?", (key,)).fetchone()
        known: str = first
        return known


def _keys(rows: pa.RecordBatch) -> list[int | None]:
    """Return the fingerprints as SQLite holds integers, None where there is no text to compare."""
    column = rows.column("fingerprint")
    keys = column.fill_null(0).to_numpy(zero_copy_only=False).view(np.int64).tolist()
    known = zip(keys, column.is_valid().to_pylist(), rows.column("chars_out").to_pylist(), strict=True)
    return [key if valid and count else None for key, valid, count in known]
