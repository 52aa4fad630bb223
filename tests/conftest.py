"""Where things lie, and the profiles of hypothesis."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile(
    "default", deadline=None, max_examples=100, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "thorough", deadline=None, max_examples=2000, suppress_health_check=list(HealthCheck)
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


SLOW = (
    "encoding/test_gate.py", "engines/", "executors/", "io/test_damage.py", "io/test_remote", "io/test_runs.py",
    "report/test_browser.py", "signals/test_batches.py", "test_cli.py", "test_engine.py", "test_hostile.py", "test_keep.py",
    "test_packaging.py", "test_packs.py", "test_plugins.py", "test_properties.py",
)  # fmt: skip
"""Tests that start processes, a browser or whole runs, or search long: all others take less than a minute."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.relative_to(ROOT / "tests").as_posix().startswith(SLOW):
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of development data that is not part of the project."""
    folder = Path(os.environ.get("CLEANER_SHARED", ROOT.parent / "shared"))
    if not folder.is_dir():
        pytest.skip("the development data are not here; set CLEANER_SHARED to their folder")
    return folder
