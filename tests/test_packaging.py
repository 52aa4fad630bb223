"""A wheel holds the packs, and works from where it is unpacked."""

from __future__ import annotations

import importlib.util
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from cleaner.io.errors import DISTRIBUTION


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    builders = pytest.importorskip("hatchling.builders.wheel", reason="hatchling builds the wheel")
    folder = tmp_path_factory.mktemp("wheel")
    return Path(
        next(iter(builders.WheelBuilder(str(root)).build(directory=str(folder), versions=["standard"])))
    )


def test_a_wheel_holds_packs_and_types(wheel: Path, root: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for pack in (root / "rules").rglob("*.toml"):
        assert f"cleaner/_rules/{pack.relative_to(root / 'rules').as_posix()}" in names
    assert "cleaner/py.typed" in names
    assert {f"cleaner/report/templates/report.{end}" for end in ("html", "css", "js")} <= set(names)
    assert not any(name.startswith(("tests/", "samples/", "shared/")) for name in names)


def test_hints_name_extras_of_the_distribution(root: Path) -> None:
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["name"] == DISTRIBUTION
    files = [
        *root.glob("*.md"),
        *root.glob("docs/**/*.md"),
        *root.glob("cleaner/**/*.py"),
        root / "pyproject.toml",
    ]
    hints = [
        hint
        for file in files
        for hint in re.findall(r"([\w-]*cleaner)\[([a-z0-9,]+)\]", file.read_text("utf-8"))
    ]
    assert len(hints) > 10
    for name, extras in hints:
        assert name == DISTRIBUTION, f"{name}[{extras}]"
        assert set(extras.split(",")) <= set(project["optional-dependencies"])


def test_a_wheel_finds_its_packs_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    (tmp_path / "a.txt").write_text("Text.\nSubscribe to get the latest posts sent to your email.", "utf-8")
    code = (
        "import cleaner, sys; print(cleaner.__file__); print(len(cleaner.clean(open('a.txt').read()).edits))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    where, edits = run.stdout.split()
    assert Path(where).is_relative_to(tmp_path)
    assert edits == "1"


def test_a_wheel_knows_its_packs_without_reading_them(wheel: Path, tmp_path: Path) -> None:
    """What the build wrote down is what the package finds out where there is no such file."""
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = """if True:
        import hashlib, pathlib, sys
        from cleaner.rules.facts import facts_of
        from cleaner import shipped
        from cleaner.rules.pack import built_in
        from cleaner.settings import Settings

        known = shipped.prebuilt()
        if sys.argv[1] == "without":
            assert known is None
        else:
            assert len(known.patterns) > 300
            pathlib.Path("patterns").write_text("\\0".join(known.patterns), "utf-8")
        print(Settings().rules_hash(), len(built_in()))
        for loaded in built_in():
            print(loaded.name, loaded.path, loaded.pack, loaded.rule)
        for pattern in pathlib.Path("patterns").read_text("utf-8").split("\\0"):
            facts = facts_of(pattern)
            edges = [sorted(side) for side in facts.edges]
            print(pattern, sorted(facts.literals or ()), facts.literals is None, facts.width, facts.reach, edges)
    """
    outputs = []
    for way in ("with", "without"):
        outputs.append(
            subprocess.run(
                [sys.executable, "-c", code, way],
                check=True,
                capture_output=True,
                cwd=tmp_path,
                env={**os.environ, "PYTHONPATH": str(tmp_path)},
            ).stdout
        )
        (tmp_path / "cleaner" / "_rules" / "prebuilt.msgpack").unlink(missing_ok=True)
    assert outputs[0] == outputs[1]


@pytest.fixture
def hook(root: Path):
    pytest.importorskip("hatchling", reason="hatchling builds the wheel")
    spec = importlib.util.spec_from_file_location("hatch_build", root / "hatch_build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_where_there_is_no_compiler_one_is_asked_for(
    hook, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hatchling.builders.wheel import WheelBuilder

    assert not any("ziglang" in each for each in WheelBuilder(str(root)).config.dependencies)
    monkeypatch.setenv("PATH", "")
    monkeypatch.delenv("CC", raising=False)
    assert hook.compiler() is None
    assert hook.ZIG in WheelBuilder(str(root)).config.dependencies


def test_missing_headers_are_one_sentence(hook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook.sysconfig, "get_path", lambda _: str(tmp_path))
    with pytest.raises(RuntimeError, match=r"Python\.h is not in .* \(python3-dev on Debian"):
        hook._environment()


def test_a_module_that_does_not_compile_fails_with_the_message(hook, tmp_path: Path) -> None:
    pytest.importorskip("Cython", reason="Cython compiles")
    folder = tmp_path / hook.SOURCES
    folder.mkdir(parents=True)
    (folder / "broken.pxd").write_text("")
    (folder / "broken.pyx").write_text("cdef int x = nobody_knows_this\n")
    with pytest.raises(RuntimeError, match="nobody_knows_this"):
        hook.compiled(tmp_path)
