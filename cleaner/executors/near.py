"""Find near-duplicates across the parts of a job, before these are placed.

One machine does it, the one that started the job: it reads the texts of all parts and leaves the marks of each part
beside it. What cleaning takes is many times as much.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from cleaner.duplicates.near import Corpus, Found
from cleaner.duplicates.tables import COLUMNS
from cleaner.executors.parts import attempt, file_of
from cleaner.io.durable import parquet_file, sync_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cleaner.duplicates.marking import NearDuplicates
    from cleaner.executors.parts import Plan

__all__ = ["find_near", "near_marks"]

_ROWS = 1_000
_NOTE = "near.json"


def find_near(plan: Plan, look: NearDuplicates, rows: Mapping[int, int]) -> Found:
    """Write the marks of all parts to the working folder and return what was found; what was found before is kept.

    Args:
        plan: of the job.
        look: how near-duplicates are looked for.
        rows: of each part, by number, in the order of the output.

    Raises:
        OSError: a file cannot be read or written.

    """
    work = Path(plan.work)
    if (work / _NOTE).exists():
        return msgspec.json.decode((work / _NOTE).read_bytes(), type=Found)
    with attempt(plan) as folder, Corpus(look.jaccard, memory=look.memory, scratch=folder) as corpus:
        for number in rows:
            for batch in _texts(work / file_of(number, "cleaned"), (*look.columns, "rejected")):
                corpus.add(batch)
        found = corpus.find()
        first = 0
        for number, count in rows.items():
            with parquet_file(folder / file_of(number, "near"), COLUMNS) as writer:
                for start in range(0, count, _ROWS):
                    size = min(_ROWS, count - start)
                    writer.write_table(corpus.marks(first + start, size), row_group_size=size)
            first += count
        (folder / _NOTE).write_bytes(msgspec.json.encode(found))
        for name in (
            *(file_of(number, "near") for number in rows),
            _NOTE,
        ):  # last what says that all is there
            (folder / name).replace(work / name)
        sync_folder(work)
    return found


def near_marks(plan: Plan, number: int) -> pa.Table | None:
    """Return the marks of the rows of a part, or None where nobody looked for near-duplicates."""
    path = Path(plan.work) / file_of(number, "near")
    return pq.read_table(path, schema=COLUMNS, use_threads=False) if path.exists() else None


def _texts(path: Path, columns: Sequence[str]) -> Iterator[pa.RecordBatch]:
    with pq.ParquetFile(path) as file:
        yield from file.iter_batches(_ROWS, columns=list(columns), use_threads=False)
