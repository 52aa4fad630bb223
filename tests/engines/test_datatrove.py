"""The step of a datatrove pipeline: the rows of the embedded engine, put back into its documents."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from cleaner import Cleaner, Edit, restore_document
from cleaner.executors.child import end_child
from cleaner.executors.isolate import Limits
from tests.engines.poison import ERRORS, KILLS, poisoned, texts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytest.importorskip("datatrove", reason="datatrove is not installed")
pytestmark = pytest.mark.filterwarnings("ignore")  # datatrove's own


@pytest.fixture(autouse=True)
def _no_child_left() -> Iterator[None]:
    yield
    end_child()


def documents(made: list[str]) -> list[Any]:
    from datatrove.data import Document

    return [
        Document(text, f"doc-{number}", metadata={"url": f"https://site.example/{number}", "mine": number})
        for number, text in enumerate(made)
    ]


def test_documents_have_the_rows_of_the_embedded_engine() -> None:
    from cleaner.executors.datatrove import CleanerStep

    made = texts(2_000)
    done = list(CleanerStep(Cleaner(), isolate=False).run(documents(made)))

    assert [document.metadata["mine"] for document in done] == list(range(2_000))
    for document, text, result in zip(done, made, Cleaner().clean_many(made), strict=True):
        assert document.text == result.text
        known = document.metadata["cleaner"]
        assert known.get("language") == result.language.code
        edits = [Edit(**edit) for edit in known.get("edits", ())]
        assert edits == list(result.edits)
        assert restore_document(document.text, edits) == text
        assert json.loads(json.dumps(known)) == known


def test_without_a_writer_every_document_stays() -> None:
    from cleaner.executors.datatrove import CleanerStep

    step = CleanerStep(poisoned, isolate=Limits(seconds=20))
    done = list(step.run(documents(["One line.", KILLS, "Another line."])))

    assert [document.text for document in done] == ["One line.", KILLS, "Another line."]
    assert done[1].metadata["cleaner"]["error"] == ERRORS[KILLS]


def test_a_pipeline_writes_what_it_takes_out(tmp_path: Path) -> None:
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.writers import JsonlWriter

    from cleaner.executors.datatrove import CleanerStep

    furniture = "Subscribe to get the latest posts sent to your email."
    made = [*texts(10), KILLS, furniture]
    out = JsonlWriter(str(tmp_path / "removed"), compression=None)
    LocalPipelineExecutor(
        pipeline=[
            documents(made),
            CleanerStep(poisoned, isolate=Limits(seconds=20), exclusion_writer=out),
            JsonlWriter(str(tmp_path / "kept"), compression=None),
        ],
        tasks=1,
        logging_dir=str(tmp_path / "logs"),
    ).run()

    kept, removed = (read(tmp_path / name) for name in ("kept", "removed"))
    assert [row["id"] for row in kept] == [f"doc-{number}" for number in range(10)]
    assert {row["text"]: row["metadata"]["filter_reason"] for row in removed} == {
        KILLS: "cleaner: error",
        furniture: "cleaner: nothing left",
    }


def test_the_example_runs(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    furniture = "Sail day.\nSubscribe to get the latest posts sent to your email."
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jsonl").write_text(json.dumps({"id": "a", "text": furniture}), encoding="utf-8")
    script = root / "docs" / "examples" / "datatrove_pipeline.py"
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "in"), str(tmp_path / "out")],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(root)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (file,) = (tmp_path / "out" / "cleaned").iterdir()
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        assert json.loads(stream.readline())["text"] == "Sail day."


def read(folder: Path) -> list[dict[str, Any]]:
    (file,) = folder.iterdir()
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def test_the_step_needs_no_trafilatura() -> None:
    code = (
        "import sys; sys.modules['trafilatura'] = None\n"
        "from cleaner import Cleaner\n"
        "from cleaner.executors.datatrove import CleanerStep\n"
        "from datatrove.data import Document\n"
        "step = CleanerStep(Cleaner(), isolate=False)\n"
        "print(next(iter(step.run([Document('One line.', 'a')]))).text)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "One line.\n", done.stderr
