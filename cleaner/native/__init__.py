"""Compiled twins of the inner loops, for speed alone.

Each module does in one pass over memory what the module that uses it does in several steps with numpy, and
comes to the same numbers (`tests/test_native.py`). Where they were not compiled, or with the environment variable
`CLEANER_COMPILED=0`, the others do the work.
"""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec
from typing import Any

__all__ = ["loops", "present"]


def loops(name: str) -> Any:
    """Return the compiled module `name`, or None where it was not compiled or is not wanted."""
    if os.environ.get("CLEANER_COMPILED") == "0":
        return None
    try:
        return import_module(f"cleaner.native.{name}")
    except ImportError:
        return None


def present() -> bool:
    """Tell whether the loops were compiled and are wanted, without loading them."""
    return os.environ.get("CLEANER_COMPILED") != "0" and find_spec("cleaner.native.lines") is not None
