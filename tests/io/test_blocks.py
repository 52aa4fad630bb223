"""Tables read by whole columns give the documents that reading them row by row gives."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given
from hypothesis import strategies as st

from cleaner.io.opening import Meter
from cleaner.io.raw import RAW, Place, Raw
from cleaner.io.reading import ReadOptions, documents, read_batches
from cleaner.io.sources import find_sources

OPTIONS = ReadOptions()

WORDS = st.none() | st.text(max_size=5) | st.sampled_from(["", "id", "é"])
VALUES = {
    "text": {pa.string(): WORDS, pa.large_string(): st.text(max_size=40), pa.binary(): st.binary(max_size=9),
             pa.int64(): st.integers(0, 9), pa.dictionary(pa.int32(), pa.string()): st.text(max_size=3)},
    "html": {pa.string(): st.text(max_size=9), pa.large_binary(): st.binary(max_size=9)},
    "id": {pa.string(): WORDS, pa.int64(): st.none() | st.integers(-9, 9), pa.binary(): st.binary(max_size=4)},
    "url": {pa.large_string(): WORDS, pa.list_(pa.string()): st.lists(st.text(max_size=3), max_size=2)},
    "author": {pa.list_(pa.string()): st.none() | st.lists(st.text(max_size=3), max_size=2)},
    "tags": {pa.string(): st.sampled_from(["a, b", "", None]), pa.list_(pa.string()): st.none() | st.lists(WORDS)},
    "stars": {pa.float64(): st.none() | st.floats(allow_nan=False), pa.timestamp("ns"): st.integers(0, 10**18)},
    "more": {pa.struct([("a", pa.int64())]): st.none() | st.fixed_dictionaries({"a": st.integers(0, 9)})},
}  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> pa.Table:
    """Return a table with a text and some other columns; strings that are no UTF-8 come as they do in files."""
    names = [draw(st.sampled_from(["text", "html"]))]
    names += draw(st.lists(st.sampled_from(sorted(set(VALUES) - {"text", "html"})), unique=True))
    count = draw(st.integers(0, 12))
    columns = {}
    for name in names:
        kind = draw(st.sampled_from(list(VALUES[name])))
        values = draw(st.lists(VALUES[name][kind], min_size=count, max_size=count))
        columns[name] = pa.array(values, kind)
        if kind in (pa.string(), pa.large_string()) and draw(st.integers(0, 5)) == 0:
            wide = pa.large_binary() if kind == pa.large_string() else pa.binary()
            columns[name] = pa.array([value and b"\xff" + value.encode() for value in values], wide).view(
                kind
            )
    return pa.table(columns)


@given(table=tables(), batch_bytes=st.sampled_from([1, 900, 10**6]), start=st.integers(0, 14))
def test_blocks_are_rows(table: pa.Table, batch_bytes: int, start: int) -> None:
    with TemporaryDirectory() as folder:
        for name in ("a.parquet", "b.parquet"):
            pq.write_table(table, Path(folder) / name, row_group_size=5)
        (Path(folder) / "c.txt").write_text("a text")
        sources = find_sources([folder]).sources
        wanted = [
            (Place(number, row), raw)
            for number, source in enumerate(sources)
            for row, raw in enumerate(documents(source, OPTIONS, Meter()))
            if number or row >= start
        ]
        batches = list(read_batches(sources, batch_bytes, OPTIONS, start=Place(0, start)))
        assert all(batch.schema.equals(RAW) for batch in batches)
        if batch_bytes == 1:
            assert all(batch.num_rows == 1 for batch in batches)
        rows = [row for batch in batches for row in batch.to_pylist()]
        found = [(Place(row.pop("file"), row.pop("row")), Raw(**row)) for row in rows]
        assert found == wanted


def test_batches_of_many_small_documents_are_bounded(tmp_path: Path) -> None:
    for number in range(3):
        table = pa.table({"text": [f"{number} {row}" for row in range(3000)]})
        pq.write_table(table, tmp_path / f"{number}.parquet")
    batches = list(read_batches(find_sources([str(tmp_path)]).sources, 10**9, OPTIONS))
    assert [batch.num_rows for batch in batches] == [2000, 2000, 2000, 2000, 1000]
    assert sum(batch.num_rows for batch in batches) == 9000
