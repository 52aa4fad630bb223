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
        self._seen.execute("CREATE TABLE seen (fingerprint INTEGER PRIMARY KEY, row INTEGER, id TEXT)")
        self._seen.execute("BEGIN")
        self._rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._seen.close()

    def marked(self, outcome: pa.RecordBatch) -> pa.RecordBatch:
        """Return rows of the record with `duplicate_of` set to the id of the first document with the same text."""
        place = outcome.schema.get_field_index("duplicate_of")
        columns = outcome.columns
        columns[place] = self._seen_before(outcome)
        return pa.RecordBatch.from_arrays(columns, schema=outcome.schema)

    def remember(self, rows: pa.RecordBatch) -> None:
        """Take rows that an earlier run wrote as seen; their `duplicate_of` says which of them were first."""
        self._seen_before(rows.filter(rows.column("duplicate_of").is_null()))

    def _seen_before(self, rows: pa.RecordBatch) -> pa.Array:
        """Return for each row the id of the first with the same text, null for the first itself; remember these.

        Most batches hold no duplicate, which is known when all of their rows could be inserted.
        """
        known = [
            (key, number, name or "")
            for number, (key, name) in enumerate(
                zip(_keys(rows), rows.column("id").to_pylist(), strict=True), self._rows
            )
            if key is not None
        ]
        before, self._rows = self._rows, self._rows + rows.num_rows
        held = self._seen.total_changes
        self._seen.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", known)
        if self._seen.total_changes - held == len(known):
            return pa.nulls(rows.num_rows, pa.string())
        found: list[str | None] = [None] * rows.num_rows
        for key, number, _ in known:
            first, name = self._seen.execute(
                "SELECT row, id FROM seen WHERE fingerprint = ?", (key,)
            ).fetchone()
            found[number - before] = None if first == number else name
        return pa.array(found, pa.string())


def _keys(rows: pa.RecordBatch) -> list[int | None]:
    """Return the fingerprints as SQLite holds integers, None where there is no text to compare."""
    column = rows.column("fingerprint")
    keys = column.fill_null(0).to_numpy(zero_copy_only=False).view(np.int64).tolist()
    known = zip(keys, column.is_valid().to_pylist(), rows.column("chars_out").to_pylist(), strict=True)
    return [key if valid and count else None for key, valid, count in known]
