"""What each line looks like, as columns: counts of characters by class, words, first and last character.

Of lines of more than 240 characters only the first 80 and the last 80 are looked at: nothing that is asked of a
paragraph needs more, and most of a text stands in paragraphs. All columns are whole numbers, so a line's values do
not depend on what else is in the batch.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from cleaner.native import shape
from cleaner.rules.charclass import classes

if TYPE_CHECKING:
    from cleaner.rules.table import Ints, LineTable

__all__ = ["COLUMNS", "shape_of"]


def shape_of(table: LineTable) -> dict[str, Ints]:
    """Return the columns of the lines of a table by name; looked at once for a batch, whatever is selected of it."""
    columns: dict[str, Ints] | None = table.memo.get("shape")
    if columns is None:
        if table.rows is None:
            found = np.empty((len(shape.NAMES), len(table)), np.int64)
            shapes().columns(table.texts, table.document, table.start, table.end, found)
        else:
            whole = table.whole
            shape_of(whole)
            found = whole.memo["shapes"].take(table.rows, axis=1)
        table.memo["shapes"] = found
        columns = table.memo["shape"] = dict(zip(shape.NAMES, found, strict=True))
    return columns


@cache
def shapes() -> shape.Shapes:
    """Return what looks at lines, with the classes of all characters."""
    return shape.Shapes(classes())


COLUMNS = frozenset(shape.NAMES)
"""The names of all columns."""
