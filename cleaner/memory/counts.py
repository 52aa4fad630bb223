"""Count what was observed: for each line of a site the documents, the places and the neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from cleaner.memory.observe import SITE

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["COUNTS", "LEAST", "counted"]

LEAST = 3
"""Lines that fewer documents of a site hold are forgotten."""

COUNTS = pa.schema(
    [
        pa.field("line", pa.uint64()),
        pa.field("site", pa.uint64()),
        pa.field("part", pa.uint8()),
        pa.field("text", pa.large_string()),
        pa.field("documents", pa.int64()),
        pa.field("groups", pa.int64()),
        pa.field("count", pa.int64()),
        pa.field("head", pa.int64()),
        pa.field("tail", pa.int64()),
        pa.field("next", pa.uint64()),
        pa.field("next_same", pa.int64()),
        pa.field("followers", pa.int64()),
        pa.field("previous", pa.uint64()),
        pa.field("previous_same", pa.int64()),
    ]
)
"""One row for each line that `LEAST` documents of a site hold, and one for each site (part SITE).

`documents` are those that differ, `groups` those that are not nearly equal either. `next` is the commonest line below,
which stands there in `next_same` documents, and `followers` says how many different lines stand there; `previous` and
`previous_same` speak of the line above. `text` is the spelling in the document with the smallest hash.
"""


def counted(observed: pa.Table) -> pa.Table:
    """Count observations (`cleaner.memory.observe.OBSERVED`), all of a line together; a document counts once."""
    line, document = _column(observed, "line"), _column(observed, "document")
    order = np.lexsort((document, line))
    new = _new(line[order], document[order])
    rows = order[new]  # one for each line of a document, those of a line together, smallest document first
    starts = np.flatnonzero(_new(line[rows]))
    documents = np.diff(np.append(starts, len(rows)))
    kept = (documents >= LEAST) | (_column(observed, "part")[rows[starts]] == SITE)
    rows = rows[np.repeat(kept, documents)]
    documents = documents[kept]
    starts = np.cumsum(documents) - documents
    if not len(starts):
        return COUNTS.empty_table()
    owner = np.repeat(np.arange(len(starts)), documents)
    first = rows[starts]
    following, next_same, followers = _commonest(owner, _column(observed, "next")[rows], len(starts))
    previous, previous_same, _ = _commonest(owner, _column(observed, "previous")[rows], len(starts))
    sums = [
        np.add.reduceat(_column(observed, name)[rows], starts, dtype=np.int64)
        for name in ("count", "head", "tail")
    ]
    columns = [line[first], *(_column(observed, name)[first] for name in ("site", "part"))]
    numbers = [documents, _distinct(owner, _column(observed, "group")[rows], len(starts)), *sums]
    numbers += [following, next_same, followers, previous, previous_same]
    text = observed.column("text").take(pa.array(first)).combine_chunks()
    return pa.table([*map(pa.array, columns), text, *map(pa.array, numbers)], schema=COUNTS)


def _column(table: pa.Table, name: str) -> NDArray[Any]:
    values: NDArray[Any] = table.column(name).to_numpy()
    return values


def _new(*columns: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell for each row of sorted columns whether it differs from the one before it."""
    new = np.zeros(len(columns[0]), np.bool_)
    new[:1] = True
    for column in columns:
        new[1:] |= column[1:] != column[:-1]
    return new


def _distinct(owner: NDArray[np.int64], values: NDArray[np.uint64], count: int) -> NDArray[np.int64]:
    """Return how many different values each owner has."""
    order = np.lexsort((values, owner))
    owner = owner[order][_new(owner[order], values[order])]
    return np.bincount(owner, minlength=count).astype(np.int64)


def _commonest(
    owner: NDArray[np.int64], values: NDArray[np.uint64], count: int
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64]]:
    """Return each owner's commonest value, how often it has it, and how many it has; of equals the smallest counts."""
    order = np.lexsort((values, owner))
    owner, values = owner[order], values[order]
    starts = np.flatnonzero(_new(owner, values))
    often = np.diff(np.append(starts, len(owner)))
    owner, values = owner[starts], values[starts]
    best = np.lexsort((values, -often, owner))
    best = best[_new(owner[best])]
    return values[best], often[best], np.bincount(owner, minlength=count).astype(np.int64)
