"""Quality signals under the field's own names: numbers about a text, never verdicts.

`SIGNALS` is the Arrow type of a row of them, `VARIANTS` says whose formulas they follow, and
`DEFINITIONS` has the definition, unit, source and known divergences of each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from cleaner.signals import c4, fineweb, gopher, listed, redpajama, refinedweb
from cleaner.signals.batch import Batch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from cleaner.signals.definition import Signal
    from cleaner.signals.wordlists import WordList

__all__ = ["DEFINITIONS", "SIGNALS", "VARIANTS", "compute"]

_FAMILIES = (gopher, c4, fineweb, refinedweb, redpajama)

DEFINITIONS: dict[str, Signal] = {
    signal.name: signal for family in (*_FAMILIES, listed) for signal in family.SIGNALS
}
"""Every signal by name, in the order of the columns."""

SIGNALS: pa.StructType = pa.struct(
    [pa.field(name, pa.int64() if signal.is_count else pa.float64()) for name, signal in DEFINITIONS.items()]
)
"""The type of one row of signals. Null where a formula divides by zero, or counts the words of no list."""

VARIANTS: dict[str, str] = {
    family.__name__.rpartition(".")[2]: family.VARIANT for family in (*_FAMILIES, listed)
}
"""Which published variant each family follows; belongs in the metadata of the file."""

_CHARACTERS = 250_000


def compute(
    texts: Sequence[str],
    languages: Sequence[str | None] | None = None,
    word_lists: Mapping[str, WordList] | None = None,
) -> pa.StructArray:
    """Return the signals of each text, as an array of type `SIGNALS`.

    Never raises on any text. A text's signals do not depend on the others it is computed with.

    Args:
        texts: the texts.
        languages: the code of each, or None; asked for by lists that are for one language.
        word_lists: lists of words by name, as `cleaner.signals.wordlists.load_word_lists` gives them.

    """
    languages = [None] * len(texts) if languages is None else languages
    parts = [
        _columns(texts[start:end], languages[start:end], word_lists or {}) for start, end in stretches(texts)
    ]
    columns = []
    for name, signal in DEFINITIONS.items():
        kind = pa.int64() if signal.is_count else pa.float64()
        values = np.concatenate([np.zeros(0, np.int64), *(part[name] for part in parts)])
        columns.append(pa.array(values, type=kind, from_pandas=True))
    return pa.StructArray.from_arrays(columns, fields=list(SIGNALS))


def _columns(
    texts: Sequence[str], languages: Sequence[str | None], word_lists: Mapping[str, WordList]
) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
    batch = Batch(texts)
    values: dict[str, NDArray[np.int64] | NDArray[np.float64]] = {}
    for family in _FAMILIES:
        values.update(family.compute(batch))
    values.update(listed.compute(batch, languages, word_lists))
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
