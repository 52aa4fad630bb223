"""One run of the command: find the inputs, clean them in batches, write the output, say what was done."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING

from cleaner import __version__
from cleaner.duplicates.exact import Duplicates
from cleaner.executors.contain import add_counts
from cleaner.executors.limits import PART_BYTES, Limits
from cleaner.executors.local import check_guard, clean_batches
from cleaner.executors.made import metadata_of
from cleaner.io.errors import InputError
from cleaner.io.groups import Cutter, Sizes
from cleaner.io.opening import Meter
from cleaner.io.output import Files, Stdout
from cleaner.io.reading import ReadOptions, check_columns, fields_of, read_batches
from cleaner.io.sources import find_sources
from cleaner.io.target import Target, sizes_of
from cleaner.logs import logger
from cleaner.pipeline import Cleaner
from cleaner.report.progress import progress_of, say
from cleaner.report.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    import pyarrow as pa

    from cleaner.duplicates.marking import NearDuplicates
    from cleaner.io.output import Output
    from cleaner.io.sources import Source
    from cleaner.report.progress import Progress
    from cleaner.settings import Settings

    BatchFunction = Callable[[pa.RecordBatch], pa.RecordBatch]

__all__ = [
    "DONE",
    "INTERRUPTED",
    "QUARANTINED",
    "RunOptions",
    "check_options",
    "close",
    "run",
    "terminable",
    "workers_for",
]

_LOG = logger(__name__)

DONE, QUARANTINED, INTERRUPTED = 0, 1, 130

_WORTH_A_WORKER = 4 << 20  # bytes; below, starting a process costs more than it saves


@dataclass(frozen=True, slots=True)
class RunOptions:
    """How a run goes about its work. Of these, none but the first seven changes a byte of the output.

    `format` reads every input as that format; `partition_by` is a column by whose values the parts of a
    folder are divided; `near_duplicates` is how near-duplicates are looked for, if they are; `workers` are processes, None for what suits the input, 0 for none. The last two are
    for many machines (`cleaner.cluster`): where they are, and about how much input a part has.
    """

    format: str | None = None
    reading: ReadOptions = ReadOptions()  # noqa: RUF009 - it is frozen
    rows_per_file: int | None = None
    partition_by: str | None = None
    sizes: Sizes = Sizes()  # noqa: RUF009 - as above
    near_duplicates: NearDuplicates | None = None
    limits: Limits = Limits()  # noqa: RUF009 - as above
    workers: int | None = None
    batch_bytes: int = 1 << 20
    overwrite: bool = False
    resume: bool = False
    quarantine: Path | None = None
    report: Path | None = None
    summary: Path | None = None
    quiet: bool = False
    log_json: bool = False
    ray_address: str | None = None
    part_bytes: int = PART_BYTES


def run(
    inputs: Sequence[str],
    output: str,
    *,
    settings: Settings,
    options: RunOptions | None = None,
    clean: BatchFunction | None = None,
) -> int:
    """Clean all inputs into one output and return the exit code.

    Args:
        inputs: files, folders, patterns, addresses, or `-`.
        output: a file, a folder, or `-`.
        settings: what cleaning does.
        options: how the run goes about it.
        clean: a batch function in the place of `Cleaner(settings).attempt_batch`, picklable; where it
            raises, the document at fault is found and set aside with the traceback.

    Returns:
        DONE, QUARANTINED when documents could not be cleaned, or INTERRUPTED.

    Raises:
        InputError: an input, the output or an option cannot be used.
        OutputError: the output cannot be written any further; finished parts are kept.

    """
    check_guard()
    options, summary = options or RunOptions(), Summary()
    target = Target(output, options.quarantine)
    target.check(overwrite=options.overwrite, resume=options.resume)
    check_options(target, options)
    settings.loaded_rules()  # a bad pack or name ends the run before anything is read
    found = find_sources(inputs, options.format, target.files)
    check_columns(found.sources, options.reading)
    if options.resume and target.is_complete:
        say(f"{target.name} is complete already", quiet=options.quiet)
        return QUARANTINED if target.has_quarantine else DONE
    progress = progress_of(quiet=options.quiet, log_json=options.log_json, output=target.name)
    out = _output(target, found.sources, settings, options, summary)
    outcome = "failed"
    try:
        with terminable():
            _clean_all(found.sources, out, target=target, summary=summary, progress=progress,
                       options=options, clean=clean or Cleaner(settings).attempt_batch)  # fmt: skip
            out.finish()
        outcome = "done"
        _LOG.info("%d documents, %d set aside -> %s", summary.documents, summary.quarantined, target.name)
    except KeyboardInterrupt:
        outcome = "interrupted"
        out.abort()
    except BaseException:
        out.abort()
        raise
    finally:
        progress.end(summary, outcome)
    if outcome == "interrupted":
        say(_interrupted(target, out.rows), quiet=False)
        return INTERRUPTED
    close(summary, target, options, found.left_out)
    return QUARANTINED if summary.quarantined else DONE


def close(summary: Summary, target: Target, options: RunOptions, left_out: Mapping[str, int]) -> None:
    """Write what is wanted beside the output, and say on the terminal what was done."""
    from cleaner.report.closing import print_totals, write_page, write_summary

    write_page(target, options.report)
    write_summary(summary, target, options.summary)
    if not (options.quiet or options.log_json):
        print_totals(summary, target, left_out)


def check_options(target: Target, options: RunOptions) -> None:
    """Make sure that options go with the output and each other.

    Raises:
        InputError: they do not.

    """
    for name, value in (("--rows-per-file", options.rows_per_file), ("--partition-by", options.partition_by)):
        if value is not None and not target.is_folder:
            raise InputError(f"{name} is for folders: end the output with a slash, as in -o {target.name}/")
    if options.near_duplicates is not None:
        if target.is_stdout:
            raise InputError(
                "--near-duplicates looks at the whole output: write to a file or a folder, not to -"
            )
        options.near_duplicates.check()
    for name, path in (("report", options.report), ("summary", options.summary)):
        if path is not None and not path.parent.is_dir():
            raise InputError(f"--{name}: there is no folder {path.parent}: create it first")
    if options.report is None:
        return
    if target.is_remote:
        raise InputError("--report reads the output from the disk: write to a folder here, or leave it out")
    if target.is_lines or options.partition_by:
        raise InputError(
            "--report reads Parquet files with all columns: write a .parquet file or a folder without --partition-by"
        )


def _output(
    target: Target, sources: Sequence[Source], settings: Settings, options: RunOptions, summary: Summary
) -> Output:
    if target.is_stdout:
        return Stdout(target)
    made = {
        "version": __version__,
        "rules": settings.rules_hash(),
        **settings.described(),
        "reading": {"format": options.format, **fields_of(options.reading)},
        "output": [target.path.suffix, options.rows_per_file, options.partition_by, options.sizes],
    }
    look = options.near_duplicates
    metadata = metadata_of(settings, options.format, options.reading, look)
    if look is not None:
        made["near_duplicates"] = look.described()
        look = replace(look, scratch=target.work, on_found=summary.add_near_duplicates)
    return Files(target, made, sources, metadata, by=options.partition_by, resume=options.resume, look=look)


def _clean_all(
    sources: Sequence[Source], out: Output, *, target: Target, summary: Summary,
    progress: Progress, options: RunOptions, clean: BatchFunction,
) -> None:  # fmt: skip
    """Take the documents from the sources to the output."""
    meter = Meter()
    size = sum(source.size for source in sources)
    marks: deque[tuple[int, str]] = deque()
    read = read_batches(sources, options.batch_bytes, options.reading, start=out.start, meter=meter)
    batches = _marked(read, meter, marks)
    with Duplicates() as duplicates:
        for rows in out.replay():
            duplicates.remember(rows)
            summary.add(rows)
        head = list(islice(batches, 2))
        workers = workers_for(size, options.workers, small=len(head) < 2 and options.limits == Limits())
        progress.begin(files=len(sources), bytes_in=size, workers=workers, resumed=out.rows)
        _LOG.info(
            "%d files, %d bytes, %d workers, %d documents done before", len(sources), size, workers, out.rows
        )
        cutter = Cutter(sizes_of(target, options.sizes, options.rows_per_file), out.rows)
        with closing(clean_batches(chain(head, batches), clean, workers, options.limits)) as cleaned:
            for batch, result in cleaned:
                marked = duplicates.marked(result)
                add_counts(summary, marked)
                _log_errors(marked)
                for group in cutter.add(batch, marked):
                    out.add(group)
                progress.update(summary, *marks.popleft())
        for group in cutter.rest():
            out.add(group)


def _log_errors(batch: pa.RecordBatch) -> None:
    errors = batch.column("error")
    if errors.null_count < len(errors):
        for name, source, error in zip(
            *(batch.column(each).to_pylist() for each in ("id", "source", "error")), strict=True
        ):
            if error is not None:
                _LOG.warning("set aside: %s of %s: %s", name, source, error)


def _marked(
    batches: Iterator[pa.RecordBatch], meter: Meter, marks: deque[tuple[int, str]]
) -> Iterator[pa.RecordBatch]:
    """Hand batches on, and note for each how much was read when it was whole, and of which file."""
    for batch in batches:
        marks.append((meter.bytes, meter.current))
        yield batch


def workers_for(size: int, wanted: int | None, *, small: bool) -> int:
    """Return the number of worker processes; a small input is cleaned in this process, where no limit holds."""
    if wanted is not None or small:
        return wanted or 0
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(cores, size // _WORTH_A_WORKER)) if size else cores


@contextmanager
def terminable() -> Iterator[None]:
    """Treat a request to terminate as Ctrl-C."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _interrupted(target: Target, rows: int) -> str:
    if target.is_stdout:
        return f"interrupted: {rows:,} documents were written"
    if rows == 0:
        return "interrupted: nothing was finished yet; run the same command with --resume or --overwrite"
    return f"interrupted: {rows:,} finished documents are kept; run the same command with --resume to go on"
