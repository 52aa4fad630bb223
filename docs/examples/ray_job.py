"""Clean files on a Ray cluster: `ray job submit -- python ray_job.py INPUT... OUTPUT`.

All machines see INPUT and OUTPUT under the same names. Submitted again after a failure, it goes on with the
parts that are missing. The same from a command line: `clean INPUT... -o OUTPUT/ --engine ray --resume`.
"""

import sys

from cleaner import Settings
from cleaner.executors.job import JobOptions
from cleaner.executors.ray import run_ray

*inputs, output = sys.argv[1:]
totals = run_ray(
    inputs,
    output,
    Settings(level="balanced"),
    JobOptions(resume=True),
    address="auto",
    on_part=lambda part, counts: print(f"part {part.number}: {counts.documents} documents", flush=True),
)
print(
    f"{totals.documents} documents, {totals.duplicates} duplicates, {totals.quarantined} could not be cleaned"
)
