"""The inner loops, in Cython: what looks at every byte, every line or every word.

They are compiled when the package is installed (`hatch_build.py`), and nothing works without them. What each must
come to is written down plainly in `tests/oracles`.
"""

from __future__ import annotations

from importlib import import_module

try:
    import_module("cleaner.native.text")  # the smallest of them
except ModuleNotFoundError as error:
    raise ImportError(
        "the compiled modules of cleaner are not here: install the package with pip, "
        "or run `python hatch_build.py` in the checkout"
    ) from error
