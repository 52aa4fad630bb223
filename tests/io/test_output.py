"""What is written can be read by the libraries people use, and is laid out as asked."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest
import zstandard

from cleaner import SCHEMA
from cleaner.io.errors import InputError
from cleaner.io.groups import Sizes
from tests.io.corpus import cleaned

COUNT = 25


@pytest.fixture
def lines(tmp_path):
    path = tmp_path / "in.jsonl"
    rows = [
        {"id": f"d{n}", "text": f"text {n % 20}", "site": f"site{n % 3}/x" if n % 4 else None, "n": n}
        for n in range(COUNT)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


@pytest.fixture(params=["file", "folder"])
def parquet(request, tmp_path, lines):
    """Write one file, or a folder of parts, and return a pattern for it."""
    out = tmp_path / ("out.parquet" if request.param == "file" else "out")
    cleaned(lines, output=out, **({"rows_per_file": 10} if request.param == "folder" else {}))
    return out if request.param == "file" else out / "*.parquet"


IDS = [f"d{n}" for n in range(COUNT)]


def test_datasets_reads_it(parquet, tmp_path) -> None:
    datasets = pytest.importorskip("datasets", reason="pip install scraped-text-cleaner[readers]")
    table = datasets.load_dataset(
        "parquet", data_files=str(parquet), split="train", cache_dir=str(tmp_path / "cache")
    )
    assert table["id"][:] == IDS
    assert table[3]["text"] == "TEXT 3"
    assert table[0]["edits"] == []


def test_duckdb_reads_it(parquet) -> None:
    duckdb = pytest.importorskip("duckdb", reason="pip install scraped-text-cleaner[readers]")
    query = f"SELECT count(*), count(duplicate_of), max(len(edits)), max(metadata) FROM '{parquet}'"
    assert duckdb.connect().execute(query).fetchall()[0] == (COUNT, 5, 0, '{"n":9}')


def test_polars_reads_it(parquet) -> None:
    polars = pytest.importorskip("polars", reason="pip install scraped-text-cleaner[readers]")
    frame = polars.read_parquet(str(parquet))
    assert frame["id"].to_list() == IDS
    assert frame.filter(polars.col("duplicate_of").is_not_null())["duplicate_of"].to_list() == IDS[:5]


def test_pandas_reads_it(parquet) -> None:
    pandas = pytest.importorskip("pandas", reason="pip install scraped-text-cleaner[readers]")
    paths = sorted(parquet.parent.glob(parquet.name))
    frame = pandas.concat([pandas.read_parquet(path) for path in paths])
    assert frame["id"].to_list() == IDS


def test_parts_have_the_rows_that_were_asked_for(lines, tmp_path) -> None:
    cleaned(lines, output=f"{tmp_path}/out/", rows_per_file=10)
    parts = sorted((tmp_path / "out").iterdir())
    assert [part.name for part in parts] == ["part-00000.parquet", "part-00001.parquet", "part-00002.parquet"]
    assert [pq.read_metadata(part).num_rows for part in parts] == [10, 10, 5]
    for part in parts:
        schema = pq.read_schema(part)
        assert schema.equals(SCHEMA)
        assert b"cleaner.settings" in schema.metadata


def test_a_folder_is_divided_as_hive_does(lines, tmp_path) -> None:
    cleaned(lines, output=f"{tmp_path}/out/", rows_per_file=10, partition_by="site")
    folders = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert folders == [
        "site=__HIVE_DEFAULT_PARTITION__",
        "site=site0%2Fx",
        "site=site1%2Fx",
        "site=site2%2Fx",
    ]
    table = pa.dataset.dataset(tmp_path / "out", partitioning="hive").to_table()
    found = {row["id"]: row["site"] for row in table.to_pylist()}
    assert found == {f"d{n}": f"site{n % 3}/x" if n % 4 else None for n in range(COUNT)}
    duckdb = pytest.importorskip("duckdb", reason="pip install scraped-text-cleaner[readers]")
    query = f"SELECT count(*) FROM read_parquet('{tmp_path}/out/**/*.parquet', hive_partitioning=true) WHERE site = 'site1/x'"
    assert duckdb.connect().execute(query).fetchall()[0] == (
        sum(site == "site1/x" for site in found.values()),
    )


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.zst", "out.jsonl.gz"])
def test_json_lines_hold_the_record(lines, tmp_path, name) -> None:
    cleaned(lines, output=tmp_path / name)
    data = (tmp_path / name).read_bytes()
    if name.endswith("zst"):
        data = zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data)).read()
    elif name.endswith("gz"):
        data = __import__("gzip").decompress(data)
    rows = [json.loads(line) for line in data.splitlines()]
    assert [row["id"] for row in rows] == IDS
    assert list(rows[0]) == SCHEMA.names
    cleaned(tmp_path / name, output=tmp_path / "again.parquet")
    assert pq.read_table(tmp_path / "again.parquet")["id"].to_pylist() == IDS


def test_standard_output_takes_json_lines(lines, tmp_path, monkeypatch) -> None:
    written = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", written)
    with lines.open("a") as file:
        file.write("{broken\n")
    cleaned(lines, output="-", code=1, quarantine=tmp_path / "bad.parquet")
    rows = [json.loads(line) for line in written.buffer.getvalue().splitlines()]
    assert [row["id"] for row in rows][:-1] == IDS
    assert rows[-1]["error"]
    assert pq.read_table(tmp_path / "bad.parquet")["data"].to_pylist() == [b"{broken"]


def test_row_groups_are_cut_by_content(lines, tmp_path) -> None:
    for batch_bytes in (300, 1 << 20):
        out = tmp_path / f"{batch_bytes}.parquet"
        cleaned(lines, output=out, sizes=Sizes(group_bytes=7000), batch_bytes=batch_bytes)
        data = pq.read_metadata(out)
        assert [data.row_group(n).num_rows for n in range(data.num_row_groups)] == [7, 7, 7, 4]


def test_duplicates_name_the_first(tmp_path) -> None:
    texts = ["One text", "", "another", "one  text", "", "ONE TEXT", None]
    (tmp_path / "a.jsonl").write_text("".join(json.dumps({"id": str(n), "text": text}) + "\n" for n, text in enumerate(texts)))  # fmt: skip
    rows = cleaned(tmp_path / "a.jsonl", output=tmp_path / "out.parquet", code=1)
    assert [row["duplicate_of"] for row in rows] == [None, None, None, "0", None, "0", None]


def test_an_output_in_the_input_folder_is_no_input(tmp_path) -> None:
    (tmp_path / "a.txt").write_text("good")
    for _ in range(2):
        rows = cleaned(tmp_path, output=tmp_path / "out.parquet", overwrite=True)
        assert [row["id"] for row in rows] == ["a.txt"]
    (tmp_path / "out.parquet").unlink()
    for _ in range(2):
        cleaned(tmp_path, output=tmp_path / "out", overwrite=True)
        assert pq.read_table(tmp_path / "out")["id"].to_pylist() == ["a.txt"]


@pytest.mark.parametrize(
    ("output", "options", "message"),
    [
        ("out.xml", {}, "the suffix names no format"),
        ("out.parquet", {"rows_per_file": 5}, "--rows-per-file is for folders"),
        ("out.parquet", {"partition_by": "site"}, "--partition-by is for folders"),
        ("full", {}, "is not empty: give --overwrite"),
        ("full", {"overwrite": True}, "holds files of others, such as mine.txt"),
        ("-", {"resume": True}, "standard output cannot be resumed"),
        ("out.parquet", {"quarantine": Path("nowhere/q.parquet")}, "there is no folder nowhere"),
        ("out.parquet", {"quarantine": Path("s3://bucket/q.parquet")}, "--quarantine takes a path here"),
    ],
)
def test_outputs_that_cannot_be(lines, tmp_path, output, options, message) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with pytest.raises(InputError, match=message):
        cleaned(lines, output=output if output == "-" else tmp_path / output, **options)
    assert (tmp_path / "full" / "mine.txt").read_text() == "mine"


def test_a_folder_is_replaced_only_when_asked(lines, tmp_path) -> None:
    cleaned(lines, output=tmp_path / "out", rows_per_file=5)
    cleaned(lines, output=tmp_path / "out", overwrite=True)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["part-00000.parquet"]


def test_no_documents_are_an_empty_output(tmp_path) -> None:
    (tmp_path / "a.jsonl").write_text("")
    assert cleaned(tmp_path / "a.jsonl", output=tmp_path / "out.parquet") == []
    assert pq.read_schema(tmp_path / "out.parquet").equals(SCHEMA)
    cleaned(tmp_path / "a.jsonl", output=tmp_path / "out")
