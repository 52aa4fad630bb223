"""Clean a Ray dataset between a reader and a writer of Ray: `python ray_dataset.py INPUT_FOLDER OUTPUT_FOLDER`."""

import sys

import ray

from cleaner import Cleaner
from cleaner.executors.ray import clean_dataset

source, target = sys.argv[1:]
ray.init(ignore_reinit_error=True)
pages = ray.data.read_parquet(source, columns=["id", "url", "text"])
clean_dataset(pages, Cleaner(level="balanced")).write_parquet(target)
