"""Parquet files joined by copying their row groups are what one writer would have made of them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.io.parquet import join

SCHEMA = pa.schema(
    {
        "name": pa.string(),
        "yes": pa.bool_(),
        "number": pa.float64(),
        "list": pa.list_(pa.struct([("code", pa.string()), ("count", pa.uint64())])),
        "data": pa.large_binary(),
    },
    metadata={"cleaner.level": "safe", "long": "x" * 300},
)

ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.none() | st.text(max_size=9),
            "yes": st.none() | st.booleans(),
            "number": st.none() | st.floats(allow_nan=False),
            "list": st.none()
            | st.lists(
                st.fixed_dictionaries({"code": st.text(max_size=2), "count": st.integers(0, 2**64 - 1)})
            ),
            "data": st.none() | st.binary(max_size=20),
        }
    ),
    max_size=4,
)


def write(path: Path, tables: list[pa.Table]) -> Path:
    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for table in tables:
            writer.write_table(table, row_group_size=max(table.num_rows, 1))
    return path


@given(parts=st.lists(st.lists(ROWS, min_size=1, max_size=3), max_size=20))
def test_joined_files_are_those_of_one_writer(parts: list[list[list[dict[str, object]]]]) -> None:
    tables = [[pa.Table.from_pylist(rows, SCHEMA) for rows in part] for part in parts]
    with TemporaryDirectory() as name:
        folder = Path(name)
        files = [write(folder / f"{number}.parquet", part) for number, part in enumerate(tables)]
        join(files, folder / "joined.parquet", SCHEMA)
        write(folder / "one.parquet", [table for part in tables for table in part])
        assert (folder / "joined.parquet").read_bytes() == (folder / "one.parquet").read_bytes()
        assert not list(folder.glob(".*"))


@pytest.mark.parametrize("cut", [0, 3, 9, 100, -1])
def test_a_part_that_is_cut_off_leaves_nothing(tmp_path: Path, cut: int) -> None:
    part = write(tmp_path / "part.parquet", [pa.Table.from_pylist([{"name": "a"}], SCHEMA)])
    part.write_bytes(part.read_bytes()[:cut])
    with pytest.raises(OSError, match="no whole Parquet file"):
        join([part], tmp_path / "joined.parquet", SCHEMA)
    assert [path.name for path in tmp_path.iterdir()] == ["part.parquet"]
