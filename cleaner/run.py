"""One run of the command: find the inputs, clean them in batches, write the file, say what was done."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING

from cleaner import __version__
from cleaner.executors.local import clean_batches
from cleaner.io.inputs import InputError, find_sources, read_batches
from cleaner.io.parquet import ParquetOutput
from cleaner.report.summary import Summary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa

    from cleaner.io.inputs import Source
    from cleaner.settings import Settings

__all__ = ["run"]

BATCH_BYTES = 1 << 20
_WORTH_A_WORKER = 32 << 20  # bytes; below, starting a process costs more than it saves


def run(
    inputs: Sequence[str],
    output: Path,
    *,
    settings: Settings,
    workers: int | None = None,
    overwrite: bool = False,
    quiet: bool = False,
) -> int:
    """Clean all inputs into one Parquet file and return the exit code.

    Raises:
        InputError: an input or the output cannot be used.

    """
    _check_output(output, overwrite=overwrite)
    settings.rules()  # a bad pack or name ends the run before anything is read
    sources = find_sources(inputs)
    size = sum(source.size for source in sources)
    count = workers or max(1, min(os.cpu_count() or 1, size // _WORTH_A_WORKER))
    summary = Summary()
    with ParquetOutput(output, _metadata(settings)) as file:
        batches = clean_batches(read_batches(sources, BATCH_BYTES), settings, count)
        for batch in _with_progress(batches, sources, show=not quiet and sys.stderr.isatty()):
            file.write(batch)
            summary.add(batch)
    if not quiet:
        _print(summary, output)
    return 1 if summary.quarantined else 0


def _check_output(output: Path, *, overwrite: bool) -> None:
    if not output.parent.is_dir():
        raise InputError(f"there is no folder {output.parent}: create it first")
    if output.is_dir():
        raise InputError(f"{output} is a folder: name a file, such as {output / 'out.parquet'}")
    if output.exists() and not overwrite:
        raise InputError(f"{output} exists: give --overwrite to replace it, or another name")
    if not os.access(output.parent, os.W_OK):
        raise InputError(f"{output.parent} is not writable: choose another folder or change its permissions")


def _metadata(settings: Settings) -> dict[str, str]:
    """Say in the file how it was made. The number of workers is no part of it: it changes no byte."""
    return {
        "version": __version__,
        "level": settings.level,
        "rules": settings.rules_hash(),
        "settings": json.dumps(settings.described(), sort_keys=True),
    }


def _with_progress(
    batches: Iterator[pa.RecordBatch], sources: Sequence[Source], *, show: bool
) -> Iterator[pa.RecordBatch]:
    if not show:
        yield from batches
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("cleaning"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("documents"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("cleaning", total=len(sources))
        for batch in batches:
            progress.advance(task, batch.num_rows)
            yield batch


def _print(summary: Summary, output: Path) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console(stderr=True, highlight=False)
    removed = 1 - summary.chars_out / summary.chars_in if summary.chars_in else 0.0
    console.print(
        f"{summary.documents} documents, {summary.chars_in:,} characters in, {summary.chars_out:,} out "
        f"({removed:.1%} removed), {summary.quarantined} could not be cleaned -> {output}",
        soft_wrap=True,
        markup=False,
    )
    if not summary.edits and not summary.flags:
        return
    table = Table("rule", box=None, pad_edge=False)
    for name in ("edits", "characters", "documents flagged"):
        table.add_column(name, justify="right")
    for rule in sorted({*summary.edits, *summary.flags}, key=lambda rule: (-summary.edits[rule], rule)):
        table.add_row(
            rule,
            f"{summary.edits[rule] or ''}",
            f"{summary.removed[rule] or ''}",
            f"{summary.flags[rule] or ''}",
        )
    console.print(table)
