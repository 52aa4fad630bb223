"""Clean a Hugging Face dataset: a callable for `Dataset.map(..., batched=True)`. Needs the extra `hf`.

from cleaner import Cleaner
from cleaner.executors.hf import Mapped

cleaned = dataset.map(Mapped(Cleaner()), batched=True, num_proc=4)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from cleaner.executors.isolate import batch_function
from cleaner.executors.pieces import cleaned_batches

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cleaner.executors.isolate import Limits
    from cleaner.pipeline import Cleaner

    BatchFunction = Callable[[pa.RecordBatch], pa.RecordBatch]

__all__ = ["Mapped"]


class Mapped:
    """Cleans batches of a dataset. Picklable, so that it can be used in several processes.

    Args:
        cleaner: a `Cleaner`, or another batch function.
        isolate: contain documents that hang or crash, with these limits for each.

    """

    def __init__(self, cleaner: Cleaner | BatchFunction, *, isolate: bool | Limits = True) -> None:
        self._function = batch_function(cleaner, isolate)

    def __call__(self, batch: pa.Table | Mapping[str, Sequence[Any]]) -> pa.Table:
        """Clean a batch, given as a table or as columns by name; return the record and what passes through.

        The answer is a table in both cases: in Python lists `datasets` takes no unsigned 64-bit number.
        """
        table = batch if isinstance(batch, pa.Table) else pa.table(dict(batch))
        return pa.Table.from_batches(list(cleaned_batches(self._function, table)))
