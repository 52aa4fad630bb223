"""Compile the inner loops of `cleaner/native` where a C compiler is at hand; without one the package works without them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SOURCES = "cleaner/native"


class CompiledLoops(BuildHookInterface[Any]):
    """Adds one extension module for each `.pyx` file to the wheel, or none of them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile in place, so that a checkout and an editable install find them too."""
        del version
        if self.target_name != "wheel" or os.environ.get("CLEANER_COMPILED") == "0":
            return
        root = Path(self.root)
        try:
            modules = compiled(root)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong, the package works without
            self.app.display_warning(f"The loops of {SOURCES} were not compiled, cleaning is slower: {error}")
            return
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
        command = [sys.executable, "setup.py", "-q", "build_ext", "--inplace"]
        done = subprocess.run(command, cwd=scratch, check=False, capture_output=True, text=True)  # noqa: S603 - our own command
        if done.returncode:
            raise RuntimeError((done.stderr or done.stdout).strip()[-2000:])
        for module in modules:
            # A new file, not new content in the old one: another interpreter may have that loaded.
            fresh = module.with_suffix(".new")
            shutil.copyfile(Path(scratch, SOURCES, module.name), fresh)
            fresh.replace(module)
    return modules


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
