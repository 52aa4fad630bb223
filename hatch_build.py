"""What a wheel gets beside its sources: the inner loops of `cleaner/native`, compiled, and the packs ready made.

The loops are compiled by the C compiler that is found, else by that of the package `ziglang`, which is asked for only
then. A loop that does not compile fails the installation. The packs are made as the package would read them at each
start (`cleaner.rules.prebuild`); without them it starts slower.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = "cleaner/native"
ZIG = "ziglang>=0.13"


class Extras(BuildHookInterface[Any]):
    """Adds to the wheel one extension module for each `.pyx` file, and the packs ready made."""

    def dependencies(self) -> list[str]:
        """Ask for a C compiler as a package where there is none."""
        return [] if self.target_name != "wheel" or compiler() else [ZIG]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile in place, so that a checkout and an editable install find the modules too."""
        self._scratch = Path(tempfile.mkdtemp())
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        try:
            modules = compiled(root)
        except RuntimeError as error:
            self.app.abort(f"cleaner could not be compiled: {error}")
        build_data["artifacts"] += [f"/{module.relative_to(root).as_posix()}" for module in modules]
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        if version != "editable":  # packs of a checkout change
            self._prebuild(root, build_data)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Leave nothing behind."""
        del version, build_data, artifact_path
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _prebuild(self, root: Path, build_data: dict[str, Any]) -> None:
        made = self._scratch / "prebuilt.msgpack"
        try:
            _run([sys.executable, "-m", "cleaner.rules.prebuild", str(made)], root)
        except RuntimeError as error:  # a cross build cannot import what it compiled
            self.app.display_warning(f"The packs were not made ready, starting is slower: {error}")
        else:
            build_data["force_include"][str(made)] = "cleaner/_rules/prebuilt.msgpack"


def compiler() -> str | None:
    """Return the command of the C compiler: `$CC`, the one that built Python, or one of the usual names."""
    if os.name == "nt":
        return "cl"  # setuptools finds it, or says what to install
    usual = (os.environ.get("CC"), sysconfig.get_config_var("CC"), "cc", "gcc", "clang")
    return next((each for each in usual if each and shutil.which(shlex.split(each)[0])), None)


def compiled(root: Path) -> list[Path]:
    """Return the extension modules, compiled unless they are newer than their sources.

    Raises:
        RuntimeError: there is no compiler or there are no headers, or a source does not compile; says which.

    """
    folder = root / SOURCES
    sources = sorted(folder.glob("*.pyx"))
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    modules = [source.with_name(source.stem + suffix) for source in sources]
    newest = max(path.stat().st_mtime for path in [*sources, *folder.glob("*.pxd")])
    if all(module.exists() and module.stat().st_mtime >= newest for module in modules):
        return modules
    environment = _environment()
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(folder, Path(scratch, SOURCES), ignore=shutil.ignore_patterns("*.so", "*.pyd"))
        Path(scratch, "setup.py").write_text(_SETUP.format(folder=SOURCES), "utf-8")
        command = [sys.executable, "setup.py", "-q", "build_ext", "--inplace", f"-j{os.cpu_count() or 1}"]
        _run(command, Path(scratch), environment)
        for module in modules:
            # A new file, not new content in the old one: another interpreter may have that loaded.
            fresh = module.with_suffix(".new")
            shutil.copyfile(Path(scratch, SOURCES, module.name), fresh)
            fresh.replace(module)
    return modules


def _environment() -> dict[str, str]:
    """Return the environment that setuptools compiles in."""
    headers = Path(sysconfig.get_path("include"))
    if not (headers / "Python.h").is_file():
        raise RuntimeError(
            f"Python.h is not in {headers}; install the headers of Python (python3-dev on Debian and Ubuntu)"
        )
    command = compiler()
    if command is None:
        if subprocess.run(
            [sys.executable, "-m", "ziglang", "version"], check=False, capture_output=True
        ).returncode:
            raise RuntimeError(f"there is no C compiler; install one, or the package {ZIG.partition('>')[0]}")
        command = f"{sys.executable} -m ziglang cc"
    elif command in {os.environ.get("CC"), sysconfig.get_config_var("CC"), "cl"}:
        return dict(os.environ)  # as setuptools would do by itself
    shared = "-bundle -undefined dynamic_lookup" if sys.platform == "darwin" else "-shared"
    return {**os.environ, "CC": command, "LDSHARED": f"{command} {shared}"}


def _run(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(  # noqa: S603 - our own command
        command, cwd=folder, env=environment, check=False, capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError((done.stderr or done.stdout).strip()[-4000:])


_SETUP = """
from pathlib import Path
from Cython.Build import cythonize
from setuptools import Extension, setup

modules = [
    Extension(f"cleaner.native.{{source.stem}}", [str(source)], extra_compile_args=["-O3"])
    for source in sorted(Path("{folder}").glob("*.pyx"))
]
setup(name="native", packages=[], ext_modules=cythonize(modules, quiet=True))
"""


if __name__ == "__main__":  # in a checkout: python hatch_build.py
    try:
        for module in compiled(Path(__file__).resolve().parent):
            print(module)  # noqa: T201
    except RuntimeError as error:
        sys.exit(f"cleaner could not be compiled: {error}")
