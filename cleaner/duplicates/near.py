"""Find near-duplicates in a corpus: documents that say the same, and paragraphs that stand in several of them.

1. Each text becomes a set of shingles, and the set a signature (`shingles`, `signatures`).
2. Texts whose signatures are alike in a band are compared, by the sets themselves (`tables`, `pairs`, `sets`).
3. Of what is connected, by whatever chain, some texts represent those that are near them (`components`, `clusters`).

Nothing depends on the order of the documents.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cleaner.duplicates import JACCARD
from cleaner.duplicates.clusters import represent
from cleaner.duplicates.components import Components
from cleaner.duplicates.files import batches_of, found_files
from cleaner.duplicates.pairs import compare_buckets
from cleaner.duplicates.sets import Sets
from cleaner.duplicates.shingles import Paragraphs, Shingles, shingled
from cleaner.duplicates.signatures import Banding, rensa
from cleaner.duplicates.tables import COLUMNS, Tables
from cleaner.io.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from types import TracebackType

    from numpy.typing import NDArray

    from cleaner.duplicates.sets import Floats
    from cleaner.duplicates.shingles import Ints

__all__ = ["MEMORY", "Corpus", "Found", "near_duplicates"]

MEMORY = 1 << 30
"""Bytes that the joins may take in memory; what is more goes to disk."""

_CHARACTERS = 1_000_000  # of the texts that are taken at once
_ROWS = 20_000  # rows that are gathered before they are stored


class Found(NamedTuple):
    """What was found: texts looked at, those that another represents, clusters, texts with shared paragraphs."""

    texts: int
    near_duplicates: int
    clusters: int
    sharing: int


class Corpus:
    """Takes the documents of a corpus, finds what is near what, and returns the marks; a context manager.

    Args:
        jaccard: the similarity of shingles from which on two texts are near-duplicates, 0.3 to 1.
        memory: bytes for the joins.
        scratch: a folder for temporary files, about one and a half times the size of the texts.

    Raises:
        InputError: the similarity cannot be looked for, or a library is missing.

    """

    def __init__(
        self, jaccard: float = JACCARD, *, memory: int = MEMORY, scratch: str | Path | None = None
    ) -> None:
        self._least = jaccard - 1e-9  # a quotient that should be just that may be a trifle less
        self._banding = Banding.of(jaccard)
        rensa()
        self._memory = memory
        self._scratch = scratch
        self._rows = 0
        self._open = ExitStack()
        self._numbers: list[Ints] = []  # of the rows that have a text
        self._waiting: list[_Taken] = []

    def __enter__(self) -> Self:
        folder = Path(tempfile.mkdtemp(prefix="near-", dir=self._scratch))
        self._open.callback(shutil.rmtree, folder, ignore_errors=True)
        try:
            self._sets = self._open.enter_context(Sets(folder / "shingles"))
            threads = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
            tables = Tables(folder, self._memory, self._banding.bands, threads)
            self._tables = self._open.enter_context(tables)
        except BaseException:
            self._open.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    def add(self, rows: pa.RecordBatch) -> None:
        """Take the next rows: `text`, and where there are such columns `id`, `date`, `error` and `rejected`.

        Rows with an error, those that are rejected, and those without a word are passed over.

        Raises:
            InputError: there is no column `text`.

        """
        names = rows.schema.names
        if "text" not in names:
            raise InputError(f"there is no column `text`; the columns are: {', '.join(names) or 'none'}")
        text = rows.column("text").cast(pa.string())
        wanted = pc.is_valid(text)
        for name in {"error", "rejected"}.intersection(names):
            wanted = pc.and_(wanted, pc.is_null(rows.column(name)))
        places = np.flatnonzero(wanted.to_numpy(zero_copy_only=False))
        known = {
            name: rows.column(name).cast(pa.string())
            if name in names
            else pa.nulls(rows.num_rows, pa.string())
            for name in ("id", "date")
        }
        if "id" not in names:
            known["id"] = pa.array(map(str, range(self._rows, self._rows + rows.num_rows)), pa.string())
        lengths = pc.utf8_length(text).fill_null(0).to_numpy(zero_copy_only=False)[places]
        for start, stop in _portions(lengths):
            chosen = pa.array(places[start:stop])
            self._take(text.take(chosen), {name: column.take(chosen) for name, column in known.items()},
                       lengths[start:stop], places[start:stop] + self._rows)  # fmt: skip
        self._rows += rows.num_rows

    def find(self) -> Found:
        """Find what is near what; nothing is added from here on."""
        self._store()
        self._sets.seal()
        rows = np.concatenate([np.zeros(0, np.int64), *self._numbers])
        components = Components(len(rows))
        same, first = self._tables.same()
        components.join(np.searchsorted(rows, same), np.searchsorted(rows, first))
        for texts, ends in self._tables.buckets():
            compare_buckets(np.searchsorted(rows, texts), ends, self._alike, components)
        roots = components.all_roots()
        clustered = np.flatnonzero(np.bincount(roots, minlength=len(roots))[roots] > 1)
        members = self._tables.ranked(rows[clustered], roots[clustered])
        numbers = members._replace(texts=np.searchsorted(rows, members.texts))
        chosen = represent(numbers, self._measure, self._least)
        self._tables.finish(members.texts, chosen._replace(by=rows[chosen.by]))
        return Found(**self._tables.totals())

    def marks(self, first: int, count: int) -> pa.Table:
        """Return `near_duplicate_of`, `cluster_size`, `similarity` and `shared_paragraphs` of some rows."""
        return self._tables.marks(first, count)

    def _take(self, text: pa.Array, known: dict[str, pa.Array], characters: Ints, rows: Ints) -> None:
        shingles, paragraphs = shingled(text.to_pylist())
        filled = shingles.sizes > 0
        columns = {"row": rows, **known, "characters": characters,
                   "size": shingles.sizes, "content": shingles.contents}  # fmt: skip
        table = pa.table(columns).filter(pa.array(filled))
        self._sets.add(Shingles(shingles.hashes, shingles.ends[filled]))
        self._numbers.append(rows[filled])
        self._waiting.append(_Taken(table, self._banding.keys(shingles)[:, filled], paragraphs, rows))
        if sum(taken.table.num_rows for taken in self._waiting) >= _ROWS:
            self._store()

    def _store(self) -> None:
        """Hand over what waits; DuckDB takes many rows at once faster than a few."""
        if not self._waiting:
            return
        starts = np.cumsum([0, *(len(taken.rows) for taken in self._waiting)])
        several = [taken.paragraphs for taken in self._waiting]
        numbered = [
            each._replace(texts=each.texts + start) for each, start in zip(several, starts, strict=False)
        ]
        self._tables.add(
            pa.concat_tables([taken.table for taken in self._waiting]),
            np.concatenate([taken.bands for taken in self._waiting], axis=1),
            Paragraphs(*map(np.concatenate, zip(*numbered, strict=True))),
            np.concatenate([taken.rows for taken in self._waiting]),
        )
        self._waiting = []

    def _alike(self, first: Ints, second: Ints) -> NDArray[np.bool_]:
        return self._measure(first, second) >= self._least

    def _measure(self, first: Ints, second: Ints) -> Floats:
        """Return the similarities of pairs; 0 for those of which one is too small to be near the other."""
        sizes = self._sets.sizes
        found = np.zeros(len(first))
        smaller, larger = np.minimum(sizes[first], sizes[second]), np.maximum(sizes[first], sizes[second])
        likely = np.flatnonzero(smaller >= self._least * larger)
        found[likely] = self._sets.similarities(first[likely], second[likely])
        return found


class _Taken(NamedTuple):
    table: pa.Table
    bands: NDArray[np.uint64]
    paragraphs: Paragraphs
    rows: Ints


def _portions(lengths: Ints) -> Iterator[tuple[int, int]]:
    """Yield from where to where texts are taken at once; a long one stands alone."""
    before = np.cumsum(lengths + 1)
    start = 0
    while start < len(lengths):
        done = int(before[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(before, done + _CHARACTERS, side="right")))
        yield start, stop
        start = stop


def near_duplicates(
    documents: str | Path | pa.Table | pa.RecordBatch | Iterable[pa.RecordBatch],
    *,
    jaccard: float = JACCARD,
    memory: int = MEMORY,
    scratch: str | Path | None = None,
) -> pa.Table:
    """Return for each document which other it is near to, and which of its paragraphs stand in others.

    Args:
        documents: with a column `text`, and `id` and `date` where there are any; or the path of such a Parquet file, or of a
            folder of them.
        jaccard: the similarity of shingles from which on two texts are near-duplicates, 0.3 to 1.
        memory: bytes for the joins; what is more goes to disk.
        scratch: a folder for temporary files.

    Returns:
        A row for each document, in their order: `near_duplicate_of` (the id of the document that represents it, null
        for one that represents others or stands alone), `cluster_size` (documents with the same representative, that
        included), `similarity` (Jaccard, to the representative) and `shared_paragraphs`. All are null for documents without a word.

    Raises:
        InputError: there is no column `text`, the similarity cannot be looked for, or a library is missing.

    """
    count = 0
    with Corpus(jaccard, memory=memory, scratch=scratch) as corpus:
        for batch in _batches(documents):
            corpus.add(batch)
            count += batch.num_rows
        corpus.find()
        found: Sequence[pa.Table] = [
            corpus.marks(first, min(_ROWS, count - first)) for first in range(0, count, _ROWS)
        ]
    return pa.concat_tables([*found, COLUMNS.empty_table()])


def _batches(
    documents: str | Path | pa.Table | pa.RecordBatch | Iterable[pa.RecordBatch],
) -> Iterable[pa.RecordBatch]:
    if isinstance(documents, (str, Path)):
        return batches_of(found_files([documents]))
    if isinstance(documents, pa.Table):
        return documents.to_batches()  # type: ignore[no-any-return]
    return [documents] if isinstance(documents, pa.RecordBatch) else documents
