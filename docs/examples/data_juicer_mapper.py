"""Clean as an operator of Data-Juicer.

Name this file in a recipe under `custom_operator_paths`, and the operator among the others:

    custom_operator_paths: [data_juicer_mapper.py]
    process:
      - scraped_text_cleaner_mapper:
          level: balanced
"""

from typing import Any

import pyarrow as pa
from data_juicer.ops.base_op import OPERATORS, Mapper

from cleaner import Cleaner


@OPERATORS.register_module("scraped_text_cleaner_mapper")
class ScrapedTextCleanerMapper(Mapper):
    """Removes site furniture and repairs characters; a text that cannot be cleaned stays as it is."""

    _batched_op = True

    def __init__(self, level: str = "safe", **given: Any) -> None:
        super().__init__(**given)
        self._cleaner = Cleaner(level=level, language=None, signals=False)

    def process_batched(self, samples: dict[str, list[Any]]) -> dict[str, list[Any]]:
        """Clean the texts of a batch; a column `url` helps where there is one."""
        texts = samples[self.text_key]
        columns = {"text": texts, **({"url": samples["url"]} if "url" in samples else {})}
        cleaned = self._cleaner.clean_batch(pa.RecordBatch.from_pydict(columns)).column("text").to_pylist()
        samples[self.text_key] = [
            text if new is None else new for text, new in zip(texts, cleaned, strict=True)
        ]
        return samples
