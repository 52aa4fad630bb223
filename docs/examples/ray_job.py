"""Clean files on a Ray cluster: `ray job submit -- python ray_job.py INPUT... OUTPUT`.

All machines see INPUT and OUTPUT under the same paths. Submitted again after a failure, it goes on with the
parts that are missing.
"""

import sys

from cleaner import Settings
from cleaner.executors.ray import run_ray

*inputs, output = sys.argv[1:]
totals = run_ray(
    inputs,
    output,
    Settings(level="balanced"),
    address="auto",
    resume=True,
    on_part=lambda part: print(f"{part.documents} documents, {part.failed} could not be cleaned", flush=True),
)
print(totals)
