"""A document that raises, hangs, kills its process or takes all memory costs only itself."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from cleaner import Cleaner
from cleaner.executors.child import end_child
from cleaner.executors.isolate import Isolated, Limits, batch_function
from cleaner.executors.pieces import Shipped, cleaned_batches, pieces
from tests.engines.poison import (
    ERRORS,
    EXITS,
    HANGS,
    KILLS,
    ORPHANS,
    RAISES,
    WAITS,
    documents,
    killing_once,
    poisoned,
    with_poison,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a child process with a deadline needs POSIX")


@pytest.fixture(scope="module")
def clean() -> pa.RecordBatch:
    return Cleaner().clean_batch(documents(120))


@pytest.fixture(autouse=True)
def _no_child_left() -> Iterator[None]:
    yield
    end_child()


def test_every_row_beside_poison_is_what_it_was(clean: pa.RecordBatch) -> None:
    places = {1: RAISES, 6: KILLS, 15: HANGS}
    batch = with_poison(documents(120), places).slice(0, 16)

    done = Isolated(poisoned, Limits(seconds=2.0))(batch)

    assert done.schema == clean.schema
    assert done.num_rows == 16
    good = [place for place in range(16) if place not in places]
    assert done.take(good).equals(clean.take(good))
    for place, text in places.items():
        row = done.slice(place, 1).to_pylist()[0]
        assert row["error"].startswith(ERRORS[text])
        assert row["text"] is None
        assert (row["id"], row["site"], row["place"]) == (
            f"doc-{place:05}",
            f"site{place % 7}.example",
            place,
        )


def test_one_that_waits_for_ever_is_given_up() -> None:
    done = Isolated(poisoned, Limits(seconds=0.5))(with_poison(documents(1), {0: WAITS}))
    assert done.column("error").to_pylist() == ["ran longer than 1 s"]


def test_an_exit_is_told_by_its_code() -> None:
    done = Isolated(poisoned)(with_poison(documents(1), {0: EXITS}))
    assert done.column("error").to_pylist() == [ERRORS[EXITS]]


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
def test_one_that_takes_all_memory_costs_only_itself(clean: pa.RecordBatch) -> None:
    from tests.engines.poison import EATS

    done = Isolated(poisoned, Limits(memory=512 << 20))(with_poison(documents(8), {5: EATS}))

    assert done.column("error").to_pylist() == [None] * 5 + [ERRORS[EATS]] + [None] * 2
    assert done.slice(0, 5).equals(clean.slice(0, 5))


@pytest.mark.parametrize("count", [1, 9])
def test_a_kill_from_outside_blames_nobody(tmp_path: Path, clean: pa.RecordBatch, count: int) -> None:
    done = Isolated(killing_once(str(tmp_path / "killed")))(documents(120).slice(0, count))

    assert done.equals(clean.slice(0, count))
    assert (tmp_path / "killed").exists()


def test_the_isolated_function_gives_what_the_function_gives(clean: pa.RecordBatch) -> None:
    for function in (batch_function(Cleaner()), batch_function(Cleaner(), isolate=False)):
        sent = pickle.loads(pickle.dumps(function))
        assert sent(documents(120)).equals(clean)
        assert sent(documents(120).slice(0, 0)).schema == clean.schema


def test_what_cannot_start_is_no_documents_fault() -> None:
    with pytest.raises(RuntimeError, match="raised UnpicklingError"):
        Isolated(b"no pickle")(documents(2))


def test_what_is_printed_stays_out_of_the_answer() -> None:
    assert Isolated(_printing)(documents(2)).num_rows == 2


def _printing(batch: pa.RecordBatch) -> pa.RecordBatch:
    sys.stdout.write("a library says hello")
    sys.stdout.flush()
    os.write(1, b"and so does C code\n")
    return batch


def test_a_function_of_another_length_is_an_error() -> None:
    done = Isolated(_short)(documents(2))
    assert done.column("error").to_pylist() == ["gave 0 rows for 1"] * 2


def _short(batch: pa.RecordBatch) -> pa.RecordBatch:
    return batch.slice(1)


@pytest.mark.parametrize("text", ["One line.", ORPHANS])
def test_the_child_ends_with_its_parent(text: str) -> None:
    """The parent is killed while the child waits for work, or by a document that hangs from then on."""
    code = (
        "import os, signal\n"
        "from cleaner.executors import child\n"
        "from cleaner.executors.isolate import Isolated, Limits\n"
        "from tests.engines.poison import documents, poisoned, with_poison\n"
        "isolated = Isolated(poisoned, Limits(seconds=1))\n"
        "isolated(documents(1))\n"
        "print(child._children[os.getpid()][2]._running.pid, flush=True)\n"
        f"isolated(with_poison(documents(1), {{0: {text!r}}}))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    parent = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=False)
    assert parent.returncode == -9
    assert _ends(int(parent.stdout))


def _ends(pid: int) -> bool:
    """Wait for the end of a process that is not ours; False if it is still there after a minute."""
    try:
        handle = os.pidfd_open(pid)
    except (ProcessLookupError, AttributeError):
        return True
    import select

    try:
        waiting = select.poll()
        waiting.register(handle, select.POLLIN)
        return bool(waiting.poll(60_000))
    finally:
        os.close(handle)


def test_pieces_hold_every_row_once_and_in_order() -> None:
    batch = documents(500)
    for size in (1, 1_000, 50_000, 1 << 30):
        cut = list(pieces(batch, size))
        assert pa.concat_batches(cut).equals(batch)
        assert all(piece.num_rows for piece in cut)
    assert len(list(pieces(batch, 1))) == 500
    assert len(list(pieces(batch, 1 << 30))) == 1


def test_a_table_without_rows_has_the_schema_of_the_record(clean: pa.RecordBatch) -> None:
    empty = pa.Table.from_batches([documents(1)]).slice(1)
    (done,) = cleaned_batches(Shipped(Cleaner().clean_batch), empty)
    assert (done.num_rows, done.schema) == (0, clean.schema)
