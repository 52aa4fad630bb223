"""The memory itself: a table of the lines that a site repeats, with a verdict on each; a Parquet file to read and edit."""

from __future__ import annotations

import hashlib
import os
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from cleaner.document import LEVELS
from cleaner.fold import fold
from cleaner.memory.observe import BEGIN, END, WHOLE
from cleaner.memory.ruled import rule_of
from cleaner.rules.affixes import digits_folded
from cleaner.rules.kinds.remembered import Known, Remark

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

__all__ = ["MEMORY", "PARTS", "VERDICTS", "Memory", "MemoryFileError", "read_memory", "shared"]

PARTS = {WHOLE: "line", BEGIN: "begin", END: "end"}
VERDICTS = ("drop", "flag", "keep")
PLACES = ("head", "tail", "any")

MEMORY = pa.schema(
    [
        pa.field("site", pa.string()),
        pa.field("line", pa.string()),
        pa.field("part", pa.string()),
        pa.field("verdict", pa.string()),
        pa.field("artifact", pa.string()),
        pa.field("level", pa.string()),
        pa.field("place", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("documents", pa.int64()),
        pa.field("of", pa.int64()),
        pa.field("groups", pa.int64()),
        pa.field("occurrences", pa.int64()),
        pa.field("head", pa.int64()),
        pa.field("tail", pa.int64()),
        pa.field("below", pa.string()),
        pa.field("below_same", pa.int64()),
        pa.field("followers", pa.int64()),
        pa.field("above", pa.string()),
        pa.field("above_same", pa.int64()),
        pa.field("judged", pa.string()),
    ]
)
"""One row for each line that a site repeats.

`verdict` is what becomes of the line, and a person's to change; `judged` is what we made of it. `part` says whether the
whole line is meant, or what begins or ends as `line` does. `documents` of the `of` documents of the site hold it,
`groups` of them are not nearly equal; `occurrences` are in all, `head` and `tail` of them near an end of the document.
`below` is the commonest line below and stands there in `below_same` documents, `followers` counts the different ones;
`above` and `above_same` speak of the line above. Neighbours that the site does not repeat are not named.
"""

_FORMAT = {b"cleaner.memory": b"1"}
_MOST_ROWS = 20_000_000
_NEEDED = ("site", "line", "part", "verdict", "artifact", "level", "place", "documents", "of")


class MemoryFileError(ValueError):
    """A file that is no memory; the message names file and row, and says what to do."""


class Memory:
    """What sites repeat, and what is to become of it. Immutable; picklable."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Memory) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __reduce__(self) -> tuple[Any, ...]:
        return Memory, (self.table,)

    def __repr__(self) -> str:
        return f"<Memory {self.digest}: {len(self)} lines of {len(self.sites)} sites>"

    @cached_property
    def digest(self) -> str:
        """16 hex digits that change with everything that decides."""
        digest = hashlib.sha256()
        for name in _NEEDED:
            for value in self.table.column(name).to_pylist():
                digest.update(f"{value}\0".encode("utf-8", "replace"))
        return digest.hexdigest()[:16]

    @cached_property
    def sites(self) -> tuple[str, ...]:
        """The sites of which something is remembered."""
        return tuple(sorted(pc.unique(self.table.column("site")).to_pylist()))

    def rows(self, site: str | None = None) -> Iterator[dict[str, Any]]:
        """Yield the rows, or those of a site."""
        table = self.table if site is None else self.table.filter(pc.equal(self.table.column("site"), site))
        for batch in table.to_batches(max_chunksize=10_000):
            yield from batch.to_pylist()

    @cached_property
    def known(self) -> Mapping[str, Known]:
        """What the rules ask: by site the lines that are not simply kept."""
        kept = pc.not_equal(self.table.column("verdict"), "keep")
        found: dict[str, Known] = {}
        for row in Memory(self.table.filter(kept)).rows():
            known = found.setdefault(row["site"], Known({}, {}, {}))
            key = digits_folded(fold(row["line"]).encode("utf-8", "surrogatepass"))
            getattr(known, row["part"])[key] = Remark(rule_of(row), row["place"], _note(row))
        return found

    def save(self, path: Path | str) -> None:
        """Write the memory as a Parquet file."""
        import pyarrow.parquet as pq

        pq.write_table(self.table.replace_schema_metadata(_FORMAT), path, compression="zstd")


def _note(row: Mapping[str, Any]) -> str:
    where = {"head": ", at the head", "tail": ", at the tail"}.get(row["place"], "")
    begun = {"begin": f"begins as in {row['line']!r}: ", "end": f"ends as in {row['line']!r}: "}.get(
        row["part"], ""
    )
    return f"{begun}in {row['documents']} of {row['of']} documents of {row['site']}{where}"


def read_memory(path: Path | str) -> Memory:
    """Read a memory from its file.

    Raises:
        MemoryFileError: the file cannot be read, is no memory, or says something that a memory cannot say.

    """
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(path)
        names = file.schema_arrow.names
        if missing := [name for name in _NEEDED if name not in names]:
            raise MemoryFileError(
                f"{path} is no memory: it has no column {', '.join(missing)}; write one with `cleaner learn`"
            )
        if file.metadata.num_rows > _MOST_ROWS:
            raise MemoryFileError(
                f"{path} has {file.metadata.num_rows:,} rows; at most {_MOST_ROWS:,} are read"
            )
        table = file.read(columns=[name for name in MEMORY.names if name in names])
        for field in MEMORY:
            if field.name not in names:
                table = table.append_column(field, pa.nulls(len(table), field.type))
        table = table.select(MEMORY.names).cast(MEMORY)
    except OSError as error:
        raise MemoryFileError(f"memory {path}: cannot be read: {error.strerror or error}") from error
    except pa.ArrowException as error:
        raise MemoryFileError(f"memory {path}: is no Parquet file of a memory: {error}") from error
    _check(path, table)
    return Memory(table)


def shared(memory: Memory | str | None) -> Memory:
    """Return a memory; that of a file is read once, and again when the file has changed.

    Raises:
        MemoryFileError: as `read_memory`.

    """
    if memory is None:
        return Memory(MEMORY.empty_table())
    if isinstance(memory, Memory):
        return memory
    try:
        stat = os.stat(memory)  # noqa: PTH116 - an address is no path
    except OSError as error:
        size = memory[:1].isdigit() and "." not in memory
        hint = "the limit of a worker is --worker-memory now" if size else "write one with `cleaner learn`"
        raise MemoryFileError(
            f"memory {memory}: cannot be read: {error.strerror or error}; {hint}"
        ) from error
    return _read(memory, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=8)
def _read(path: str, changed: int, size: int) -> Memory:
    del changed, size
    return read_memory(path)


def _check(path: Path | str, table: pa.Table) -> None:
    """Make sure that every row says what a row may say.

    Raises:
        MemoryFileError: one does not.

    """
    from cleaner.artifacts import ARTIFACTS

    known = {
        "part": (*PARTS.values(),),
        "verdict": VERDICTS,
        "level": (*LEVELS, None),
        "place": PLACES,
        "artifact": (*ARTIFACTS, None),
    }
    for name, values in known.items():
        column = table.column(name).to_pylist()
        wrong = next((row for row, value in enumerate(column) if value not in values), None)
        if wrong is not None:
            said = ", ".join(str(value) for value in values if value is not None)
            raise MemoryFileError(
                f"memory {path}: row {wrong}: {name} is {column[wrong]!r}; it may be {said}"
            )
    for name in ("site", "line"):
        if table.column(name).null_count:
            raise MemoryFileError(f"memory {path}: a row has no {name}")
