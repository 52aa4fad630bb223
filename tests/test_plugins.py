"""A package that brings packs and kinds by entry points: the example of the docs, installed."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

CODE = """if True:
    from cleaner import Cleaner
    from cleaner.rules.pack import built_in
    from cleaner.rules.testing import check_rule
    own = [loaded for loaded in built_in() if loaded.name.startswith("tides/")]
    assert len(own) == 2, own
    assert not [failure for loaded in own for failure in check_rule(loaded)]
    text = "~~ Harbour Notes ~~\\nThe sea was calm, and the boats stayed in.\\nSee the tide table of the day\\n"
    result = Cleaner(language=None, signals=False).clean(text)
    print(result.text.strip(), [edit.rule for edit in result.edits])
"""


def test_the_example_package_adds_a_pack_and_a_kind(root: Path, tmp_path: Path) -> None:
    builders = pytest.importorskip("hatchling.builders.wheel", reason="hatchling builds the wheel")
    example = root / "docs" / "examples" / "plugin"
    wheel = next(
        iter(builders.WheelBuilder(str(example)).build(directory=str(tmp_path), versions=["standard"]))
    )
    subprocess.run([sys.executable, "-m", "zipfile", "-e", wheel, str(tmp_path / "site")], check=True)
    done = subprocess.run(
        [sys.executable, "-c", CODE], capture_output=True, text=True, check=False, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path / "site"), str(root)])},
    )  # fmt: skip
    assert (
        done.stdout.strip()
        == "The sea was calm, and the boats stayed in. ['tides/ornament', 'tides/table-link']"
    ), done.stderr
