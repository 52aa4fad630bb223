"""Clean a Spark DataFrame. Needs the extra `spark`, and this package on every machine.

Spark has no unsigned numbers: `fingerprint` holds the same 64 bits as a signed number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from cleaner.executors.isolate import batch_function
from cleaner.executors.pieces import cleaned_batches
from cleaner.schema import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyspark.sql import DataFrame
    from pyspark.sql.types import StructType

    from cleaner.executors.isolate import Limits
    from cleaner.executors.pieces import Shipped
    from cleaner.pipeline import Cleaner

    BatchFunction = Callable[[pa.RecordBatch], pa.RecordBatch]

__all__ = ["ARROW_SCHEMA", "clean_dataframe", "spark_schema"]


def _signed(field: pa.Field) -> pa.Field:
    return pa.field(field.name, pa.int64()) if field.type == pa.uint64() else field


ARROW_SCHEMA = pa.schema([_signed(field) for field in SCHEMA])
"""The record as Spark can hold it."""


def spark_schema(extra: StructType | None = None) -> StructType:
    """Return the schema of the record for Spark, with the columns of an input that pass through."""
    from pyspark.sql.pandas.types import from_arrow_schema
    from pyspark.sql.types import StructType

    fields = list(from_arrow_schema(ARROW_SCHEMA).fields)
    passed = [field for field in extra or () if field.name not in SCHEMA.names and field.name != "data"]
    return StructType([*fields, *passed])


def clean_dataframe(
    frame: DataFrame, cleaner: Cleaner | BatchFunction, *, isolate: bool | Limits = True
) -> DataFrame:
    """Clean the rows of a DataFrame, each partition in its order.

    Args:
        frame: with the columns that `Cleaner.clean_batch` takes.
        cleaner: a `Cleaner`, or another batch function.
        isolate: contain documents that hang or crash, with these limits for each.

    Returns:
        A DataFrame with the columns of the record and those of the input that are not in it. Lazy.

    """
    return frame.mapInArrow(_Partition(batch_function(cleaner, isolate)), spark_schema(frame.schema))


class _Partition:
    """Cleans the batches of a partition."""

    def __init__(self, function: Shipped) -> None:
        self._function = function

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for cleaned in cleaned_batches(self._function, batch):
                yield _as_signed(cleaned)


def _as_signed(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return a batch with its unsigned numbers as signed ones of the same bits."""
    fields: list[Any] = [_signed(field) for field in batch.schema]
    arrays = [
        column.view(pa.int64()) if pa.types.is_uint64(column.type) else column for column in batch.columns
    ]
    return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))
