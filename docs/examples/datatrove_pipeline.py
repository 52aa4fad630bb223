"""Clean as a step of a datatrove pipeline: `python datatrove_pipeline.py INPUT_FOLDER OUTPUT_FOLDER`."""

import sys

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

from cleaner import Cleaner
from cleaner.executors.datatrove import CleanerStep

source, target = sys.argv[1:]

if __name__ == "__main__":
    LocalPipelineExecutor(
        pipeline=[
            JsonlReader(source),
            CleanerStep(Cleaner(level="balanced"), exclusion_writer=JsonlWriter(f"{target}/removed")),
            JsonlWriter(f"{target}/cleaned"),
        ],
        tasks=1,
        workers=1,
        logging_dir=f"{target}/logs",
    ).run()
