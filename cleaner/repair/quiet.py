"""Texts that surely need no repair, known at one look at each character.

Where the loop was not compiled no text is known to be quiet, and the gate looks at all of them: it finds the same.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from cleaner.native import loops
from cleaner.repair import classes
from cleaner.repair.badness import tables

__all__ = ["is_quiet"]

_compiled = loops("quiet")


def is_quiet(text: str) -> bool:
    """Tell whether the gate surely finds nothing in a text; False where that is not known."""
    return bool(_compiled and text and _compiled.is_quiet(text, None if text.isascii() else _tables()))


@cache
def _tables() -> Any:
    table = tables()
    return _compiled.Quiet(
        classes.bits(), table.classes, table.pairs.view(np.uint8), table.decisive.view(np.uint8)
    )
