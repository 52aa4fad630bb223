"""Clean a polars frame: Arrow in, Arrow out, without a copy of the texts."""

import polars as pl
import pyarrow as pa

from cleaner import Cleaner

frame = pl.DataFrame(
    {"id": ["a", "b"], "text": ["Sail day.\nSubscribe to get the latest posts sent to your email.", "Fine."]}
)

cleaner = Cleaner()
cleaned = pl.from_arrow(pa.Table.from_batches(map(cleaner.clean_batch, frame.to_arrow().to_batches())))

print(cleaned.select("id", "text", pl.col("edits").list.len()))
