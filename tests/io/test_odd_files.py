"""Files that were made or damaged to break the reader: each costs itself at most, and says why."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner import Cleaner, run
from cleaner.executors.limits import Limits
from cleaner.io.formats.array import Shallow
from cleaner.io.opening import Pieces
from cleaner.io.raw import Raw
from cleaner.io.reading import ReadOptions, reader
from cleaner.io.sources import find_sources
from cleaner.rules.pack import PackError, load_paths
from cleaner.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def raws(path: Path) -> list[Raw]:
    (source,) = find_sources([str(path)]).sources
    return list(reader(source.format)(io.BytesIO(path.read_bytes()), source, ReadOptions()))


def arrow_file(batch: pa.RecordBatch) -> bytes:
    sink = io.BytesIO()
    with pa.ipc.new_file(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return sink.getvalue()


def test_arrow_offsets_that_point_beyond_the_text_are_an_error(tmp_path: Path) -> None:
    offsets = pa.py_buffer(b"".join(n.to_bytes(4, "little") for n in (0, 1_000_000_000, 5)))
    column = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"hello")])
    path = tmp_path / "a.arrow"
    path.write_bytes(arrow_file(pa.RecordBatch.from_arrays([column], ["text"])))
    (found,) = raws(path)
    assert found.error is not None
    assert "record batch 0" in found.error


def test_arrow_files_with_flipped_bits_end_in_rows_or_reasons(tmp_path: Path) -> None:
    texts = [f"text number {number}, which is long enough to be one" for number in range(50)]
    whole = arrow_file(pa.RecordBatch.from_pydict({"id": list(map(str, range(50))), "text": texts}))
    chance = random.Random(23)
    path = tmp_path / "a.arrow"
    for _ in range(60):
        data = bytearray(whole)
        for _ in range(4):
            data[chance.randrange(200, len(data))] ^= 1 << chance.randrange(8)
        path.write_bytes(data)
        try:
            rows = raws(path)
        except (
            OSError,
            pa.ArrowException,
            ValueError,
            KeyError,
        ):  # for the whole file, as the command reports it
            continue
        assert all(row.error or row.text is not None or row.data is not None for row in rows)


def test_json_that_is_nested_too_deeply_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(b"[" * 200_000)
    (found,) = raws(path)
    assert "nested deeper than 500 levels" in str(found.error)
    path.write_bytes(
        b'[{"text": "[[[[ \\" {{"}, ' + b'{"text": "two", "more": ' + b"[" * 2000 + b"]" * 2000 + b"}]"
    )
    *good, bad = raws(path)
    assert [row.text for row in good] == ['[[[[ " {{'] or not good
    assert "nested" in str(bad.error)


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_nesting_is_counted_outside_of_strings(size: int) -> None:
    deep = b'["' + b"[{" * 600 + b'\\"\\\\", ' + b"[" * 400 + b"]" * 400 + b"]"
    shallow = Shallow(Pieces(io.BufferedReader(io.BytesIO(deep))))  # type: ignore[arg-type]
    assert b"".join(iter(lambda: shallow.read(size), b"")) == deep


def test_one_odd_value_does_not_cost_the_texts_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    columns = {
        "text": pa.array(["one", "two"]),
        "took": pa.array([1001, 5], pa.duration("ns")),
        "day": pa.array([3_000_000, 1], pa.date32()),
        "at": pa.array([datetime(2024, 1, 1, tzinfo=UTC)] * 2, pa.timestamp("us", "UTC"))
        .cast(pa.int64())
        .cast(pa.timestamp("us", "Mars/Olympus")),
    }
    pq.write_table(pa.table(columns), path)
    assert [(row.text, row.error) for row in raws(path)] == [("one", None), ("two", None)]


def test_a_link_to_itself_costs_only_itself(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text")
    (tmp_path / "b.txt").symlink_to(tmp_path / "b.txt")
    assert [source.id for source in find_sources([str(tmp_path)]).sources] == ["a.txt", "b.txt"]


def test_an_archive_inside_one_that_was_cut_off_is_not_taken_for_it(tmp_path: Path) -> None:
    inner, outer = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("within.txt", "within")
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("first.txt", "first")
        archive.writestr("inner.zip", inner.getvalue())
        end = outer.tell()
        archive.writestr("last.txt", "last")
    path = tmp_path / "a.zip"
    path.write_bytes(outer.getvalue()[:end])
    (found,) = raws(path)
    assert "does not cover the first" in str(found.error)


def batches() -> Iterator[tuple[pa.RecordBatch, int]]:
    offsets = pa.py_buffer(b"".join(n.to_bytes(4, "little") for n in (0, 4, 7)))
    broken = pa.Array.from_buffers(pa.string(), 2, [None, offsets, pa.py_buffer(b"caf\xe9one")])
    for name in ("text", "title", "url", "charset", "error", "mine"):
        columns = {"text": pa.array(["one", "two"]), name: broken}
        yield pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns)), 2


@pytest.mark.parametrize(("batch", "rows"), list(batches()))
def test_a_row_whose_string_is_no_utf8_makes_no_batch_raise(batch: pa.RecordBatch, rows: int) -> None:
    done = Cleaner(language=None, signals=False).clean_batch(batch)
    assert done.num_rows == rows
    assert all(
        text or error for text, error in zip(done["text"].to_pylist(), done["error"].to_pylist(), strict=True)
    )


def test_two_columns_of_one_name_are_refused_before_any_row() -> None:
    batch = pa.RecordBatch.from_arrays([pa.array(["a"]), pa.array(["b"])], names=["text", "text"])
    with pytest.raises(ValueError, match="several columns called 'text'"):
        Cleaner().clean_batch(batch)


@pytest.mark.parametrize("limits", [Limits(), Limits(seconds=10.0)])
def test_limits_that_are_asked_for_hold_for_an_input_of_one_batch(
    limits: Limits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("Some text.")
    asked: list[bool] = []

    def workers_for(size: int, wanted: int | None, *, small: bool) -> int:
        del size, wanted
        asked.append(small)
        return 0

    monkeypatch.setattr(run, "workers_for", workers_for)
    options = run.RunOptions(limits=limits, quiet=True)
    run.run([str(tmp_path / "a.txt")], str(tmp_path / "out.parquet"), settings=Settings(), options=options)
    assert asked == [limits == Limits()]


def test_resuming_a_finished_run_says_again_that_documents_were_set_aside(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"[" * 2000)
    again = run.RunOptions(resume=True, quiet=True)
    ends = [
        run.run(
            [str(tmp_path / "a.json")], str(tmp_path / "out.parquet"), settings=Settings(), options=options
        )
        for options in (run.RunOptions(quiet=True), again)
    ]
    assert ends == [run.QUARANTINED, run.QUARANTINED]


def test_a_card_is_a_name_and_no_path(tmp_path: Path) -> None:
    pack = '[pack]\nid = "mine"\nsummary = "some"\nsource = "some"\n[[rule]]\nid = "a"\nkind = "scored"\nmodel = "lines"\nat_least = 1\nsummary = "some"\n'
    (tmp_path / "mine.toml").write_text(f'{pack}card = "/etc/passwd"\n')
    with pytest.raises(PackError, match="no name of a card"):
        load_paths([tmp_path])
