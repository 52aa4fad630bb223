"""One run of the command on many machines: as `cleaner.run`, with parts cleaned wherever the engine puts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.executors.isolate import Limits
from cleaner.executors.job import Job, JobOptions, run_job
from cleaner.io.errors import InputError
from cleaner.report.progress import progress_of, say
from cleaner.report.summary import Summary
from cleaner.run import (
    DONE,
    INTERRUPTED,
    QUARANTINED,
    check_options,
    close,
    terminable,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import pyarrow as pa

    from cleaner.executors.job import Work
    from cleaner.executors.parts import Part
    from cleaner.report.progress import Progress
    from cleaner.run import RunOptions
    from cleaner.settings import Settings

    BatchFunction = Callable[[pa.RecordBatch], pa.RecordBatch]

__all__ = ["learned", "run"]


def run(
    inputs: Sequence[str],
    output: str,
    *,
    settings: Settings,
    options: RunOptions,
    clean: BatchFunction | None = None,
) -> int:
    """Clean all inputs into a folder on a Ray cluster and return the exit code, as `cleaner.run.run` does.

    Args:
        inputs: files, folders, patterns or addresses that all machines can read.
        output: a folder that all machines can write to.
        settings: what cleaning does.
        options: how the run goes about it.
        clean: a batch function in the place of `Cleaner(settings).clean_batch`, picklable.

    Raises:
        InputError: an input, the output or an option cannot be used, or Ray is not there.
        OutputError: a part cannot be cleaned or written; finished parts are kept.

    """
    from cleaner.executors.ray import connected

    if options.rows_per_file is not None:
        raise InputError(
            "--rows-per-file is for one machine: a part of many is what --part-size says of the input"
        )
    job = Job(inputs, output, settings, _job_options(options), clean)
    check_options(job.target, options)
    if job.is_complete:
        say(f"{job.target.path} is complete already", quiet=options.quiet)
        return DONE
    progress = progress_of(quiet=options.quiet, log_json=options.log_json, output=job.target.name)
    seen = _Seen(progress)
    outcome = "failed"
    try:
        with (
            connected(options.ray_address, options.workers) as each,
            terminable(),
        ):  # Ray hears SIGTERM otherwise
            seen.begin(work := job.begin(), len(job.sources), options.workers or 0)
            seen.summary = run_job(work, each, seen.add)
        outcome = "done"
    except KeyboardInterrupt:
        outcome = "interrupted"
    finally:
        progress.end(seen.summary, outcome)
    if outcome == "interrupted":
        say("interrupted: finished parts are kept; run the same command with --resume to go on", quiet=False)
        return INTERRUPTED
    close(seen.summary, job.target, options, job.left_out)
    return QUARANTINED if seen.summary.quarantined else DONE


class _Seen:
    """What is cleaned so far, for the eyes of `progress`."""

    def __init__(self, progress: Progress) -> None:
        self.summary = Summary()
        self._progress = progress
        self._bytes = 0

    def begin(self, work: Work, files: int, workers: int) -> None:
        """Take note of what is to be done, and of what an earlier run has cleaned."""
        for part in work.parts:
            if part.number in work.cleaned:
                self.summary.merge(work.cleaned[part.number])
                self._bytes += part.bytes
        size = sum(part.bytes for part in work.parts)
        self._progress.begin(files=files, bytes_in=size, workers=workers, resumed=self.summary.documents)

    def add(self, part: Part, summary: Summary) -> None:
        """Take note of a part."""
        self.summary.merge(summary)
        self._bytes += part.bytes
        self._progress.update(self.summary, self._bytes, part.sources[-1].id)


def _job_options(options: RunOptions) -> JobOptions:
    return JobOptions(
        format=options.format,
        reading=options.reading,
        partition_by=options.partition_by,
        near_duplicates=options.near_duplicates,
        sizes=options.sizes,
        batch_bytes=options.batch_bytes,
        part_bytes=options.part_bytes,
        isolate=Limits(options.limits.seconds, options.limits.memory),
        overwrite=options.overwrite,
        resume=options.resume,
        quarantine=options.quarantine,
    )


def learned(
    inputs: Sequence[str], output: str, settings: Settings, options: RunOptions, path: str | None = None
) -> Settings:
    """Learn on a Ray cluster what the sites of the inputs repeat, as `cleaner.learning.learned` does here."""
    from cleaner.executors.ray import connected
    from cleaner.learning import learned as learned_by

    with connected(options.ray_address, options.workers) as each:
        return learned_by(inputs, output, settings, options, path, each)
