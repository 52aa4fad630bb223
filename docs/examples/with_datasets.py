"""Clean a Hugging Face dataset; `num_proc` as for any other function."""

from datasets import Dataset

from cleaner import Cleaner
from cleaner.executors.hf import Mapped

dataset = Dataset.from_dict(
    {"text": ["Sail day.\nSubscribe to get the latest posts sent to your email.", "Fine."], "shelf": [4, 7]}
)

cleaned = dataset.with_format("arrow").map(Mapped(Cleaner()), batched=True)

print(cleaned.with_format(None)["text"][:])
