"""Texts that surely need no repair, known at one look at each character."""

from __future__ import annotations

from functools import cache

import numpy as np

from cleaner.native import quiet
from cleaner.repair import classes
from cleaner.repair.badness import tables

__all__ = ["is_quiet"]


def is_quiet(text: str) -> bool:
    """Tell whether the gate surely finds nothing in a text; False where that is not known."""
    return bool(text) and quiet.is_quiet(text, None if text.isascii() else _tables())


@cache
def _tables() -> quiet.Quiet:
    table = tables()
    return quiet.Quiet(
        classes.bits(), table.classes, table.pairs.view(np.uint8), table.decisive.view(np.uint8)
    )
