"""Quality signals under the field's own names: numbers about a text, never verdicts.

`SIGNALS` is the Arrow type of a row of them, `VARIANTS` says whose formulas they follow, and
`DEFINITIONS` has the definition, unit, source and known divergences of each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from cleaner.signals import c4, fineweb, gopher, redpajama, refinedweb
from cleaner.signals.batch import Batch

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from cleaner.signals.definition import Signal

__all__ = ["DEFINITIONS", "SIGNALS", "VARIANTS", "compute"]

_FAMILIES = (gopher, c4, fineweb, refinedweb, redpajama)

DEFINITIONS: dict[str, Signal] = {signal.name: signal for family in _FAMILIES for signal in family.SIGNALS}
"""Every signal by name, in the order of the columns."""

SIGNALS: pa.StructType = pa.struct(
    [pa.field(name, pa.int64() if signal.is_count else pa.float64()) for name, signal in DEFINITIONS.items()]
)
"""The type of one row of signals. Null where a formula divides by zero."""

VARIANTS: dict[str, str] = {family.__name__.rpartition(".")[2]: family.VARIANT for family in _FAMILIES}
"""Which published variant each family follows; belongs in the metadata of the file."""

_CHARACTERS = 250_000


def compute(texts: Sequence[str]) -> pa.StructArray:
    """Return the signals of each text, as an array of type `SIGNALS`.

    Never raises on any text. A text's signals do not depend on the others it is computed with.
    """
    parts = [_columns(texts[start:end]) for start, end in stretches(texts)]
    columns = []
    for name, signal in DEFINITIONS.items():
        kind = pa.int64() if signal.is_count else pa.float64()
        pieces = [pa.array(part[name], type=kind, from_pandas=True) for part in parts]
        columns.append(pa.concat_arrays(pieces) if pieces else pa.array([], kind))
    return pa.StructArray.from_arrays(columns, fields=list(SIGNALS))


def _columns(texts: Sequence[str]) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
    batch = Batch(texts)
    values: dict[str, NDArray[np.int64] | NDArray[np.float64]] = {}
    for family in _FAMILIES:
        values.update(family.compute(batch))
    return values


def stretches(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Cut the texts into stretches of about 250,000 characters, whose arrays fit the caches."""
    start = size = 0
    for index, text in enumerate(texts):
        size += len(text)
        if size >= _CHARACTERS:
            yield start, index + 1
            start, size = index + 1, 0
    if start < len(texts):
        yield start, len(texts)
