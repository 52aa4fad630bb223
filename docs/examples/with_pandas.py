"""Clean a pandas frame; its other columns pass through."""

import pandas as pd
import pyarrow as pa

from cleaner import Cleaner

frame = pd.DataFrame(
    {
        "text": ["Sail day.\nSubscribe to get the latest posts sent to your email.", "Fine."],
        "shelf": [4, 7],
    }
)

batch = pa.RecordBatch.from_pandas(frame, preserve_index=False)
cleaned = Cleaner().clean_batch(batch).to_pandas()

print(cleaned[["text", "shelf"]])
