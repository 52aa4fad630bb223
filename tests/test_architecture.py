"""The limits of the house: small files, short functions, names that say something, lazy imports."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

import cleaner

FILES = sorted((Path(cleaner.__file__).parent).rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_files_and_functions_are_short(path: Path) -> None:
    source = path.read_text("utf-8")
    assert len(source.splitlines()) <= 300
    assert path.stem not in {"util", "utils", "helper", "helpers", "common", "misc"}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            length = node.end_lineno - node.lineno + 1
            assert length <= 60, f"{path.name}: {node.name} has {length} lines"


def test_all_names_the_package_offers_exist() -> None:
    for name in cleaner.__all__:
        assert getattr(cleaner, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'clear'"):
        cleaner.clear  # noqa: B018


HEAVY = {
    "ftfy",
    "chardet",
    "langdetect",
    "trafilatura",
    "polars",
    "pebble",
    "rich",
    "lxml",
    "py3langid",
    "pycld2",
    "fasttext",
    "datasets",
    "ray",
}


def test_cleaning_a_clean_text_loads_nothing_heavy() -> None:
    code = (
        "import sys, cleaner; cleaner.Cleaner(language=None, signals=False).clean('A clean text, and nothing else.');"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()
    assert not HEAVY.intersection(loaded)


def test_importing_the_package_loads_nothing_but_itself() -> None:
    code = "import sys, cleaner; print(*sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True
    ).stdout.split()
    assert not {"numpy", "pyarrow", "regex", "click"}.intersection(loaded)


def test_the_command_loads_little_for_one_small_file(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A clean text, and nothing else.")
    code = (
        "import sys; from cleaner.cli import command, guarded;"
        "code = guarded(command, ['a.txt', '-o', 'out.parquet', '-q']);"
        "print(code, *sorted(sys.modules))"
    )
    code, *loaded = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(FILES[0].parent.parent)},
    ).stdout.split()  # fmt: skip
    assert code == "0"
    assert len([name for name in loaded if name.startswith("cleaner")]) <= 165
    unused = (HEAVY - {"pycld2", "lxml"}) | {"jinja2", "pygal", "fsspec", "ijson", "zstandard", "fastwarc"}
    unused |= {"multiprocessing.pool", "pyarrow.dataset", "pyarrow.csv", "cleaner.executors.job"}
    assert not unused.intersection(loaded)
