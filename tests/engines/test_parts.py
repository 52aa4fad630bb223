"""A job in parts: the rows of one machine, whole files only, resumed by what is finished."""

from __future__ import annotations

import bz2
import json
import sys
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaner import Settings
from cleaner.cli import main
from cleaner.executors.job import Job, JobOptions, run_job
from cleaner.executors.marks import find_marks, ranges
from cleaner.executors.parts import clean_part
from cleaner.executors.stretches import count_lines, divided, numbered, uncounted
from cleaner.io.errors import InputError, OutputError
from cleaner.io.groups import Sizes
from cleaner.io.opening import Meter
from cleaner.io.reading import ReadOptions, documents
from cleaner.io.sources import find_sources
from cleaner.report.summary import Summary
from cleaner.run import RunOptions, run
from tests.engines.poison import RAISES, poisoned, texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

SETTINGS = Settings(language=None, signals=False)
LANGUAGES = Settings(signals=False, languages=("en",))
SMALL = Sizes(group_rows=7)


def here(task: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
    """Run tasks in this process, the last item first."""
    for item in reversed(list(items)):
        yield item, task(item)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make files of several formats, with duplicates, other languages, and what cannot be cleaned."""
    folder = tmp_path_factory.mktemp("inputs")
    made = [*texts(24), *texts(5), "", ""]
    for number, text in enumerate(made):
        path = folder / f"shelf{number % 3}" / f"{number:03}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    lines = [
        json.dumps({"text": text, "shelf": number})
        for number, text in enumerate([*texts(40, seed=3), RAISES])
    ]
    lines[5:7] = ["{broken", "", lines[4]]
    (folder / "lines.jsonl").write_text("\ufeff" + "\r\n".join(lines), encoding="utf-8")
    table = pa.table({"id": [f"row-{number}" for number in range(30)], "body": texts(30, seed=4)})
    pq.write_table(table, folder / "table.parquet", row_group_size=6)
    return folder


def job_of(inputs: Path, output: Path, given: Settings = SETTINGS, **options: Any) -> Job:
    chosen = JobOptions(**{"isolate": False, "part_bytes": 4_000, "sizes": SMALL, **options})
    return Job([str(inputs)], output, given, chosen, poisoned if given is SETTINGS else None)


def one_machine(inputs: Path, output: Path, given: Settings = SETTINGS, **options: Any) -> None:
    chosen = RunOptions(quiet=True, workers=0, sizes=SMALL, **options)
    run(
        [str(inputs)],
        str(output),
        settings=given,
        options=chosen,
        clean=poisoned if given is SETTINGS else None,
    )


@pytest.fixture(scope="module")
def one(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the output of one machine."""
    output = tmp_path_factory.mktemp("machine") / "one"
    one_machine(inputs, output)
    return output


@pytest.fixture(scope="module")
def straight(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the output of a job that nothing interrupts."""
    output = tmp_path_factory.mktemp("job") / "straight"
    run_job(job_of(inputs, output).begin(), here)
    return output


def rows(folder: Path) -> pa.Table:
    return pq.read_table(folder)


def beside(output: Path, kind: str) -> pa.Table:
    return pq.read_table(output.with_name(f"{output.name}.{kind}.parquet"))


@pytest.mark.parametrize("given", [SETTINGS, LANGUAGES], ids=["plain", "languages"])
def test_the_output_is_that_of_one_machine(inputs: Path, tmp_path: Path, given: Settings) -> None:
    one, many = tmp_path / "one", tmp_path / "many"
    one_machine(inputs, one, given)
    counted: list[int] = []

    totals = run_job(
        job_of(inputs, many, given).begin(), here, lambda _, summary: counted.append(summary.documents)
    )

    assert len(counted) > 8
    assert rows(many).equals(rows(one))
    assert rows(many)["duplicate_of"].null_count < rows(many).num_rows
    assert beside(many, "quarantine").equals(beside(one, "quarantine"))
    assert rows(many).schema.metadata == rows(one).schema.metadata
    reasons = beside(many, "quarantine")["reason"].to_pylist()
    assert ("raised ValueError: bad document" in reasons) == (given is SETTINGS)
    if given is LANGUAGES:
        assert beside(many, "rejected").equals(beside(one, "rejected"))
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []
    want = Summary()
    for table in [rows(one), *([beside(one, "rejected")] if given is LANGUAGES else [])]:
        for batch in table.to_batches():
            want.add(batch)
    assert totals == want
    assert job_of(inputs, many, given, resume=True).totals() == want


def test_one_part_is_the_file_of_one_machine(inputs: Path, tmp_path: Path, one: Path) -> None:
    many = tmp_path / "many"
    run_job(job_of(inputs, many, part_bytes=1 << 30).begin(), here)
    assert (many / "part-00000.parquet").read_bytes() == (one / "part-00000.parquet").read_bytes()


def test_parts_are_divided_by_a_column_as_on_one_machine(inputs: Path, tmp_path: Path) -> None:
    one, many = tmp_path / "one", tmp_path / "many"
    given = Settings(signals=False)
    one_machine(inputs, one, given, partition_by="language")
    run_job(job_of(inputs, many, given, partition_by="language").begin(), here)
    folders = sorted(path.name for path in one.iterdir())
    assert sorted(path.name for path in many.iterdir()) == folders
    assert len(folders) > 1
    for folder in folders:
        assert rows(many / folder).equals(rows(one / folder))


def test_sources_keep_the_names_they_were_given(
    inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(inputs.parent)
    one_machine(inputs.relative_to(inputs.parent), tmp_path / "one")
    work = job_of(inputs.relative_to(inputs.parent), tmp_path / "many").begin()
    monkeypatch.chdir(tmp_path)  # another machine has another folder
    run_job(work, here)
    assert rows(tmp_path / "many").equals(rows(tmp_path / "one"))


def test_addresses_are_read_as_files_are(inputs: Path, tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    address = inputs.as_uri()
    run(
        [address],
        str(tmp_path / "one"),
        settings=SETTINGS,
        options=RunOptions(quiet=True, workers=0),
        clean=poisoned,
    )
    job = Job([address], tmp_path / "many", SETTINGS, JobOptions(isolate=False, part_bytes=4_000), poisoned)
    run_job(job.begin(), here)
    assert rows(tmp_path / "many").equals(rows(tmp_path / "one"))
    assert rows(tmp_path / "many")["source"][0].as_py().startswith("file:///")


@settings(max_examples=60)
@given(
    lines=st.lists(
        st.sampled_from(["", "{broken", '{"text": "Short."}', json.dumps({"text": "Long. " * 30}), "\r"])
    ),
    end=st.sampled_from(["", "\n"]),
    most=st.integers(1, 400),
)
def test_stretches_of_lines_are_the_file(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], end: str, most: int
) -> None:
    path = tmp_path_factory.mktemp("lines") / "a.jsonl"
    path.write_bytes(("\n".join(lines) + end).encode())
    sources = find_sources([str(path)]).sources
    parts = [sized.source for sized in divided(sources, most)]
    counts = {source: count_lines(source) for source in uncounted(parts)}

    read = [raw for source in numbered(parts, counts) for raw in documents(source, ReadOptions(), Meter())]

    assert read == list(documents(sources[0], ReadOptions(), Meter()))
    assert sum(sized.bytes for sized in divided(sources, most)) == path.stat().st_size


def test_a_large_table_is_divided_by_row_groups_and_others_are_not(inputs: Path, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.bz2").write_bytes(bz2.compress((inputs / "lines.jsonl").read_bytes()))
    pq.write_table(pa.table({"text": texts(50)}), tmp_path / "b.parquet", row_group_size=10)
    (tmp_path / "c.parquet").write_bytes(b"no table, and longer than the parts are")
    found = [sized.source for sized in divided(find_sources([str(tmp_path)]).sources, 20)]
    assert [(source.id, source.stretch and tuple(source.stretch)) for source in found] == [
        ("a.jsonl.bz2", None),
        *(("b.parquet", (group, group + 1, group * 10)) for group in range(5)),
        ("c.parquet", None),
    ]


def test_a_failed_job_leaves_nothing_that_a_reader_would_take_and_goes_on(
    inputs: Path, tmp_path: Path, one: Path
) -> None:
    def failing(task: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        for number, item in enumerate(items):
            if number == 3 and getattr(task, "func", None) is clean_part:
                raise OutputError("no space left")
            yield item, task(item)

    many = tmp_path / "many"
    with pytest.raises(OutputError, match="no space left"):
        run_job(job_of(inputs, many).begin(), failing)
    assert list(many.iterdir()) == []

    again = job_of(inputs, many, resume=True).begin()
    assert sorted(again.cleaned) == [0, 1, 2]
    todo: list[int] = []
    totals = run_job(again, here, lambda part, _: todo.append(part.number))
    assert set(todo).isdisjoint({0, 1, 2})
    assert rows(many).equals(rows(one))
    assert totals.documents == rows(many).num_rows
    assert beside(many, "quarantine").equals(beside(one, "quarantine"))


@pytest.mark.parametrize("stop", range(4))
def test_a_job_goes_on_from_every_stage(inputs: Path, tmp_path: Path, straight: Path, stop: int) -> None:
    """Each stage is broken in the middle; a task may have run although nobody heard of it."""
    stage = iter(range(9))

    def breaking(task: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        breaks = next(stage) == stop
        for number, item in enumerate(items):
            done = task(item)
            if breaks and number == (2, 2, 0, 2)[stop]:
                raise KeyboardInterrupt
            yield item, done

    many = tmp_path / "many"
    with pytest.raises(KeyboardInterrupt):
        run_job(job_of(inputs, many).begin(), breaking)
    run_job(job_of(inputs, many, resume=True).begin(), here)
    assert rows(many).equals(rows(straight))
    assert {path.name: path.read_bytes() for path in many.iterdir()} == {
        path.name: path.read_bytes() for path in straight.iterdir()
    }


def test_it_does_not_matter_how_fingerprints_are_divided(inputs: Path, tmp_path: Path) -> None:
    work = job_of(inputs, tmp_path / "many").begin()
    sizes: list[list[int]] = []

    def each(task: Any, items: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        if getattr(task, "func", None) is find_marks:
            sizes.extend([task(span) for span in ranges(200, most)] for most in (1 << 40, 50, 9))
        return here(task, items)

    run_job(work, each)
    assert [len(counts) for counts in sizes] == [1, 4, 23]
    assert len({sum(counts) for counts in sizes}) == 1
    assert sum(sizes[0]) > 5
    assert sum(count > 0 for count in sizes[1]) > 1


def test_a_job_mixes_nothing_and_overwrites_only_its_own(inputs: Path, tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    run_job(job_of(inputs, folder).begin(), here)
    with pytest.raises(InputError, match="not empty"):
        job_of(inputs, folder)
    assert job_of(inputs, folder, resume=True).is_complete
    strict = Settings(level="strict", language=None, signals=False)
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"notes\.txt"):
        job_of(inputs, folder, strict, overwrite=True).begin()
    (folder / "notes.txt").unlink()
    unfinished = job_of(inputs, folder, strict, overwrite=True).begin()
    assert list(folder.iterdir()) == []
    unfinished.out.abort()
    with pytest.raises(InputError, match="level was"):
        job_of(inputs, folder, resume=True).begin()
    with pytest.raises(InputError, match="part_bytes"):
        job_of(inputs, folder, strict, resume=True, part_bytes=9_999).begin()
    with pytest.raises(InputError, match="unfinished"):
        job_of(inputs, folder, strict)


@pytest.mark.parametrize(
    ("name", "output", "said"),
    [
        ("-", "out/", "standard input"),
        ("memory://a.txt", "out/", "memory of this"),
        ("a.txt", "out.parquet", "slash"),
    ],
)
def test_what_machines_cannot_share_is_refused(tmp_path: Path, name: str, output: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        Job([name], f"{tmp_path}/{output}", SETTINGS)


def test_without_ray_nothing_is_begun(
    inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(SystemExit) as stop:
        main([str(inputs), "-o", f"{tmp_path}/out/", "--engine", "ray"])
    assert stop.value.code == 2
    assert 'pip install "scraped-text-cleaner[ray]"' in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("option", ["--ray-address", "--part-size"])
def test_options_of_the_engine_go_with_it(
    inputs: Path, tmp_path: Path, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main([str(inputs), "-o", f"{tmp_path}/out/", option, "10"])
    assert stop.value.code == 2
    assert f"{option} is for --engine ray" in capsys.readouterr().err


def test_inputs_without_documents_give_an_empty_folder(tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_bytes(b"")
    work = Job([str(tmp_path / "none.jsonl")], tmp_path / "out", SETTINGS, JobOptions(isolate=False)).begin()
    assert run_job(work, here) == Summary()
    assert list((tmp_path / "out").iterdir()) == []
