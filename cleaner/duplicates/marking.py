"""Mark the rows of an output as near-duplicates, and reject them where that is wanted."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import pyarrow as pa
import pyarrow.compute as pc

from cleaner.duplicates import JACCARD
from cleaner.duplicates.near import MEMORY, Corpus
from cleaner.duplicates.signatures import Banding, rensa
from cleaner.duplicates.tables import duckdb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

__all__ = ["NearDuplicates", "with_marks"]


@dataclass(frozen=True, slots=True)
class NearDuplicates:
    """A look at a whole output for near-duplicates (`cleaner.io.placing.Look`).

    `jaccard` is the similarity from which on texts are near-duplicates. With `reject` those that are as similar as
    that to the document that represents them get a reason in `rejected`. `memory` is what the joins may take,
    `scratch` a folder for temporary files. `on_found` is told how many near-duplicates there are, clusters of them,
    documents that share paragraphs, and near-duplicates that were rejected.
    """

    columns: ClassVar[tuple[str, ...]] = ("id", "date", "text", "error")

    jaccard: float = JACCARD
    reject: bool = False
    memory: int = MEMORY
    scratch: Path | None = None
    on_found: Callable[[int, int, int, int], object] | None = None

    def check(self) -> None:
        """Make sure that it can be done.

        Raises:
            InputError: the similarity cannot be looked for, or a library is missing.

        """
        Banding.of(self.jaccard)
        rensa()
        duckdb()

    def described(self) -> dict[str, object]:
        """Return what was asked for, for the metadata of a file."""
        return {"jaccard": self.jaccard, "reject": self.reject}

    @contextmanager
    def __call__(self, rows: Iterable[pa.RecordBatch]) -> Iterator[Callable[[int, pa.Table], pa.Table]]:
        """Look at all rows and return what marks them, given the number of the first."""
        with Corpus(self.jaccard, memory=self.memory, scratch=self.scratch) as corpus:
            for batch in rows:
                corpus.add(batch)
            found = corpus.find()
            rejected = 0

            def mark(first: int, rows: pa.Table) -> pa.Table:
                nonlocal rejected
                marked, count = self.applied(rows, corpus.marks(first, rows.num_rows))
                rejected += count
                return marked

            yield mark
        if self.on_found is not None:
            self.on_found(found.near_duplicates, found.clusters, found.sharing, rejected)

    def applied(self, rows: pa.Table, marks: pa.Table) -> tuple[pa.Table, int]:
        """Return rows with their marks, rejected where that is wanted, and how many were."""
        rows = with_marks(rows, marks)
        if not self.reject:
            return rows, 0
        near = pc.is_valid(rows["near_duplicate_of"])
        reasons = pc.binary_join_element_wise(
            pa.scalar("near_duplicates: similarity"), pc.cast(pc.round(rows["similarity"], 3), pa.string()),
            pa.scalar("to"), rows["near_duplicate_of"], " ",
        )  # fmt: skip
        given = rows["rejected"] if "rejected" in rows.column_names else pa.nulls(rows.num_rows, pa.string())
        return _with(rows, "rejected", pc.if_else(near, reasons, given)), pc.sum(near).as_py() or 0


def with_marks(rows: pa.Table, marks: pa.Table) -> pa.Table:
    """Return rows with the columns of `marks`, in the place of those they have."""
    for field in marks.schema:
        rows = _with(rows, field.name, marks[field.name])
    return rows


def _with(rows: pa.Table, name: str, column: pa.ChunkedArray) -> pa.Table:
    place = rows.schema.get_field_index(name)
    field = pa.field(name, column.type) if place < 0 else rows.schema.field(place)
    return rows.append_column(field, column) if place < 0 else rows.set_column(place, field, column)
