"""What a wheel gets beside its sources, each where it can be made; the package works without.

The inner loops of `cleaner/native`, compiled, where a C compiler is at hand; and the packs as the package would
read them at each start (`cleaner.rules.prebuild`).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCES = "cleaner/native"


class Extras(BuildHookInterface[Any]):
    """Adds to the wheel one extension module for each `.pyx` file, and the packs ready made."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile in place, so that a checkout and an editable install find the modules too."""
        self._scratch = Path(tempfile.mkdtemp())
        if self.target_name != "wheel":
            return
        if version != "editable":  # packs of a checkout change
            self._tried("The packs were not made ready, starting is slower", self._prebuild, build_data)
        if os.environ.get("CLEANER_COMPILED") != "0":
            what = f"The loops of {SOURCES} were not compiled, cleaning is slower"
            self._tried(what, self._compile, build_data)

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Leave nothing behind."""
        del version, build_data, artifact_path
        shutil.rmtree(self._scratch, ignore_errors=True)

    def _tried(
        self, otherwise: str, make: Callable[[dict[str, Any]], None], build_data: dict[str, Any]
    ) -> None:
        try:
            make(build_data)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong, the package works without
            self.app.display_warning(f"{otherwise}: {error}")

    def _prebuild(self, build_data: dict[str, Any]) -> None:
        made = self._scratch / "prebuilt.msgpack"
        _run([sys.executable, "-m", "cleaner.rules.prebuild", str(made)], Path(self.root))
        build_data["force_include"][str(made)] = "cleaner/_rules/prebuilt.msgpack"

    def _compile(self, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        modules = compiled(root)
        build_data["artifacts"] += [f"/{module.relative_to(root).as_posix()}" for module in modules]
        build_data["pure_python"] = False
        build_data["infer_tag"] = True


def compiled(root: Path) -> list[Path]:
    """Return the extension modules, compiled unless they are newer than their sources.

    Raises:
        Exception: Cython, setuptools or the compiler is not there, or refuses.

    """
    folder = root / SOURCES
    sources = sorted(folder.glob("*.pyx"))
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    modules = [source.with_name(source.stem + suffix) for source in sources]
    newest = max(path.stat().st_mtime for path in [*sources, *folder.glob("*.pxd")])
    if all(module.exists() and module.stat().st_mtime >= newest for module in modules):
        return modules
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(folder, Path(scratch, SOURCES), ignore=shutil.ignore_patterns("*.so", "*.pyd"))
        Path(scratch, "setup.py").write_text(_SETUP.format(folder=SOURCES), "utf-8")
        _run(
            [sys.executable, "setup.py", "-q", "build_ext", "--inplace", f"-j{os.cpu_count() or 1}"],
            Path(scratch),
        )
        for module in modules:
            # A new file, not new content in the old one: another interpreter may have that loaded.
            fresh = module.with_suffix(".new")
            shutil.copyfile(Path(scratch, SOURCES, module.name), fresh)
            fresh.replace(module)
    return modules


def _run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, check=False, capture_output=True, text=True)  # noqa: S603 - our own command
    if done.returncode:
        raise RuntimeError((done.stderr or done.stdout).strip()[-2000:])


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
    for module in compiled(Path(__file__).resolve().parent):
        print(module)  # noqa: T201
