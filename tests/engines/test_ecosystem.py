"""Other people's pipelines: examples run with the real packages where these are installed; fingerprints last."""

from __future__ import annotations

import os
import runpy
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from cleaner import Cleaner
from cleaner.executors.child import end_child
from cleaner.executors.hf import Mapped

if TYPE_CHECKING:
    from pathlib import Path

FURNITURE = "Sail day.\nSubscribe to get the latest posts sent to your email."


@pytest.mark.filterwarnings("ignore")
def test_a_fingerprint_is_the_same_in_every_process_and_another_with_other_settings(root: Path) -> None:
    datasets = pytest.importorskip("datasets", reason="datasets is not installed")
    from datasets.fingerprint import Hasher

    code = (
        "from datasets.fingerprint import Hasher; from cleaner import Cleaner; from cleaner.executors.hf import Mapped;"
        "print(Hasher.hash(Mapped(Cleaner())))"
    )
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONHASHSEED": "7", "HF_HUB_OFFLINE": "1"}
    there = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environment
    )
    mapped = Mapped(Cleaner())
    assert there.stdout.strip() == Hasher.hash(mapped)
    mapped(datasets.Dataset.from_dict({"text": [FURNITURE]}).with_format("arrow")[:])
    end_child()
    assert there.stdout.strip() == Hasher.hash(mapped)
    assert Hasher.hash(Mapped(Cleaner(level="balanced"))) != there.stdout.strip()


@pytest.mark.filterwarnings("ignore")
def test_an_operator_of_data_juicer(root: Path) -> None:
    pytest.importorskip("data_juicer", reason="Data-Juicer is not installed")
    found = runpy.run_path(str(root / "docs" / "examples" / "data_juicer_mapper.py"))
    operator = found["ScrapedTextCleanerMapper"](level="safe")
    samples = {"text": [FURNITURE, "Fine."], "url": ["https://a.example/1", None], "stars": [1, 2]}
    assert operator.process_batched(samples) == {**samples, "text": ["Sail day.", "Fine."]}


@pytest.mark.filterwarnings("ignore")
def test_a_modifier_of_nemo_curator(root: Path) -> None:
    pytest.importorskip("nemo_curator", reason="NeMo Curator is not installed")
    found = runpy.run_path(str(root / "docs" / "examples" / "nemo_curator_modifier.py"))
    modifier = found["CleanerModifier"](level="safe")
    assert modifier.modify_document(FURNITURE) == "Sail day."
