"""What is known of the texts of a corpus while near-duplicates are looked for, in DuckDB, which goes to disk when it grows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pyarrow as pa

from cleaner.duplicates.clusters import Members
from cleaner.io.errors import missing_library
from cleaner.schema import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

    from cleaner.duplicates.clusters import Represented
    from cleaner.duplicates.shingles import Ints, Paragraphs

__all__ = ["COLUMNS", "Tables", "duckdb"]

COLUMNS = pa.schema(
    [SCHEMA.field(name) for name in ("near_duplicate_of", "cluster_size", "similarity", "shared_paragraphs")]
)
"""The columns of the record that say what is near what."""

_AT_ONCE = 1 << 20  # rows

_MARKS = """
    SELECT d.row, c.of, coalesce(c.size, 1), c.similarity, p.shared
    FROM (SELECT row FROM texts WHERE row >= $first AND row < $behind) d
    LEFT JOIN (SELECT * FROM clustered WHERE row >= $first AND row < $behind) c ON c.row = d.row
    LEFT JOIN (
        SELECT row, list({'start': first, 'end': behind, 'documents': documents} ORDER BY first) AS shared
        FROM shared WHERE row >= $first AND row < $behind GROUP BY row
    ) p ON p.row = d.row
    ORDER BY d.row
"""


class Tables:
    """Texts, their bands and paragraphs; a context manager.

    Args:
        folder: for what does not fit into memory.
        memory: bytes that DuckDB may use.
        bands: of each text.
        threads: that DuckDB may use.

    """

    def __init__(self, folder: Path, memory: int, bands: int, threads: int) -> None:
        self._bands = bands
        self._database: Any = duckdb().connect(
            str(folder / "texts.duckdb"),
            config={
                "memory_limit": f"{memory}B",
                "temp_directory": str(folder / "spilled"),
                "threads": threads,
                "preserve_insertion_order": "false",
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
            },
        )
        self._run("SET enable_progress_bar = false")
        self._run(
            "CREATE TABLE texts (row BIGINT, id VARCHAR, date VARCHAR, characters BIGINT, size BIGINT, content UBIGINT)"
        )
        columns = ", ".join(f"band{number} UBIGINT" for number in range(bands))
        self._run(f"CREATE TABLE bands (row BIGINT, size BIGINT, content UBIGINT, {columns})")
        self._run("CREATE TABLE paragraphs (row BIGINT, first INTEGER, behind INTEGER, key UBIGINT)")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def add(self, texts: pa.Table, bands: NDArray[np.uint64], paragraphs: Paragraphs, rows: Ints) -> None:
        """Add texts: their columns, a row of `bands` for each band, and the paragraphs of the texts, which are `rows`."""
        self._insert("texts", texts)
        keys = {f"band{number}": keys for number, keys in enumerate(bands)}
        self._insert(
            "bands", pa.table({**{name: texts[name] for name in ("row", "size", "content")}, **keys})
        )
        found = [rows[paragraphs.texts], paragraphs.starts, paragraphs.ends, paragraphs.keys]
        self._insert("paragraphs", pa.table(found, names=["row", "first", "behind", "key"]))

    def same(self) -> tuple[Ints, Ints]:
        """Find texts of the same shingles; return them and the first of each, and leave them out of the bands."""
        self._run("""
            CREATE TABLE same AS SELECT row, first FROM texts JOIN (
                SELECT content, min(row) AS first FROM texts GROUP BY content HAVING count(*) > 1
            ) USING (content) WHERE row <> first
        """)
        found = self._read("SELECT row, first FROM same").to_arrow_table()
        return found["row"].to_numpy(), found["first"].to_numpy()

    def buckets(self) -> Iterator[tuple[Ints, Ints]]:
        """Yield buckets: texts of which some meet in a band, and where each bucket ends.

        In a bucket the larger set comes first. About a million texts are yielded at once, and a bucket always whole.
        """
        for number in range(self._bands):
            self._run(f"""
                CREATE OR REPLACE TEMP TABLE meeting AS
                WITH met AS (SELECT row, size, content, band{number} AS key FROM bands ANTI JOIN same USING (row))
                SELECT row, key, size, content FROM met
                SEMI JOIN (SELECT key FROM met GROUP BY key HAVING count(*) > 1) USING (key)
            """)  # noqa: S608 - a number of ours
            meeting = self._read("SELECT row, key FROM meeting ORDER BY key, size DESC, content")
            yield from _whole_buckets(meeting.to_arrow_reader(_AT_ONCE))

    def ranked(self, members: Ints, components: Ints) -> Members:
        """Return texts by component, those of each in the order in which they are to represent others.

        The longest comes first; of several the earliest, and of those the one with the lowest id.
        """
        self._register("member", pa.table({"row": members, "component": components}))
        found = self._read("""
            SELECT row, component, content FROM member JOIN texts USING (row)
            ORDER BY component, characters DESC, date NULLS LAST, id NULLS LAST, content, row
        """).to_arrow_table()
        return Members(*(found[name].to_numpy() for name in ("row", "component", "content")))

    def finish(self, texts: Ints, represented: Represented) -> None:
        """Take which text represents which, and count shared paragraphs."""
        columns = {"row": texts, "representative": represented.by, "similarity": represented.similarity}
        self._register("represented", pa.table(columns))
        self._run("""
            CREATE TABLE clustered AS
            SELECT m.row, count(*) OVER (PARTITION BY m.representative) AS size, m.row = m.representative AS represents,
                CASE WHEN m.row <> m.representative THEN t.id END AS of,
                CASE WHEN m.row <> m.representative THEN m.similarity END AS similarity
            FROM represented m JOIN texts t ON t.row = m.representative ORDER BY m.row
        """)
        self._run("""
            CREATE TABLE shared AS SELECT row, first, behind, documents FROM paragraphs JOIN (
                SELECT key, count(DISTINCT row) AS documents FROM paragraphs GROUP BY key HAVING min(row) <> max(row)
            ) USING (key) ORDER BY row, first
        """)

    def marks(self, first: int, count: int) -> pa.Table:
        """Return the marks (`COLUMNS`) of so many rows of the corpus from `first` on; null for rows without a text."""
        found = self._read(_MARKS, {"first": first, "behind": first + count}).to_arrow_table()
        places = np.full(count, -1)
        places[found.column(0).to_numpy() - first] = np.arange(found.num_rows)
        named = found.drop_columns(["row"]).rename_columns(COLUMNS.names).cast(COLUMNS).combine_chunks()
        return named.take(pa.array(places, mask=places < 0))

    def totals(self) -> dict[str, int]:
        """Return how many texts there are, how many of them near another that represents them, in how many clusters, and how many have shared paragraphs."""
        found = self._read("""
            SELECT (SELECT count(*) FROM texts), count(*) FILTER (NOT represents),
                count(*) FILTER (represents AND size > 1),
                (SELECT count(DISTINCT row) FROM shared)
            FROM clustered
        """).fetchall()[0]
        return dict(zip(("texts", "near_duplicates", "clusters", "sharing"), found, strict=True))

    def _insert(self, name: str, table: pa.Table) -> None:
        self._register("added", table)
        self._run(f"INSERT INTO {name} SELECT * FROM added")  # noqa: S608 - a name of ours
        self._database.unregister("added")

    def _register(self, name: str, table: pa.Table) -> None:
        self._database.register(name, table)

    def _run(self, statement: str) -> None:
        self._database.execute(statement)

    def _read(self, query: str, values: object = None) -> Any:
        return self._database.sql(query, params=values)


def duckdb() -> Any:
    """Return the library of the joins.

    Raises:
        InputError: it is missing.

    """
    try:
        import duckdb as library
    except ImportError as error:
        raise missing_library("looking for near-duplicates", "duplicates") from error
    return library


def _whole_buckets(stream: Any) -> Iterator[tuple[Ints, Ints]]:
    """Yield the texts of a stream of texts and keys, ordered by key, such that no key is divided."""
    texts, keys = np.zeros(0, np.int64), np.zeros(0, np.uint64)
    for batch in stream:
        texts = np.concatenate((texts, batch.column(0).to_numpy()))
        keys = np.concatenate((keys, batch.column(1).to_numpy()))
        last = int(np.searchsorted(keys, keys[-1]))
        if last:
            yield texts[:last], _ends(keys[:last])
            texts, keys = texts[last:], keys[last:]
    if len(texts):
        yield texts, _ends(keys)


def _ends(keys: NDArray[np.uint64]) -> Ints:
    return np.append(np.flatnonzero(keys[1:] != keys[:-1]) + 1, len(keys))
