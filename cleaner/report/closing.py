"""The end of a run: its words on the terminal, its counts in a file, its report."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

from cleaner import __version__
from cleaner.artifacts import ARTIFACTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rich.console import Console

    from cleaner.io.target import Target
    from cleaner.report.summary import Summary

__all__ = ["print_summary", "print_totals", "write_page", "write_summary"]


def write_page(target: Target, report: Path | None) -> None:
    """Write the report of a finished output, if one is wanted."""
    if report is None:
        return
    from cleaner.report.page import write_report

    write_report(sorted(target.path.rglob("*.parquet")) if target.is_folder else [target.path], report)


def write_summary(summary: Summary, target: Target, path: Path | None) -> None:
    """Write the counts of a run as JSON, if they are wanted."""
    if path is None:
        return
    said = {"version": __version__, "output": target.name, **summary.described()}
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    partial.write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", "utf-8")
    partial.replace(path)


def print_totals(summary: Summary, target: Target, left_out: Mapping[str, int]) -> None:
    """Print what was done on standard error."""
    beside = [
        None if path is None else target.store.name(path) for path in (target.quarantine, target.rejected)
    ]
    print_summary(
        summary, "standard output" if target.is_stdout else target.name, beside[0], left_out, beside[1]
    )


def print_summary(
    summary: Summary,
    output: str,
    quarantine: str | None,
    left_out: Mapping[str, int],
    rejected: str | None = None,
) -> None:
    """Print totals and what each rule did on standard error.

    Args:
        summary: the counts.
        output: what was written, as a name.
        quarantine: where documents went that could not be cleaned.
        rejected: where documents went that are in other languages or fail a profile.
        left_out: how many files of folders have suffixes that are not read, by suffix.

    """
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    removed = 1 - summary.chars_out / summary.chars_in if summary.chars_in else 0.0
    line = (
        f"{summary.documents:,} {'document' if summary.documents == 1 else 'documents'}, {summary.chars_in:,} characters in, {summary.chars_out:,} out "
        f"({removed:.1%} removed), {summary.quarantined} could not be cleaned -> {output}"
    )
    if summary.duplicates:
        line += f"\n{summary.duplicates:,} {'is a duplicate of another' if summary.duplicates == 1 else 'are duplicates of others'} (column duplicate_of)"
    if summary.near_duplicates is not None:
        line += (
            f"\n{summary.near_duplicates:,} near-duplicates of {summary.clusters:,} others (column near_duplicate_of); "
            f"{summary.sharing:,} documents share paragraphs (column shared_paragraphs)"
        )
    if summary.quarantined and quarantine is not None:
        line += f"\nwhat could not be cleaned, and why: {quarantine}"
    if summary.rejected:
        line += f"\n{summary.rejected} rejected, reasons in the column `rejected`: {rejected or output}"
    for profile, passed in summary.passed.items():
        before = summary.passed_before[profile]
        line += f"\n{passed} pass {profile}; {before} would have passed before cleaning"
    if left_out:
        counted = ", ".join(f"{count} {suffix}" for suffix, count in sorted(left_out.items()))
        line += f"\nfiles of other formats, not read: {counted}"
    console.print(line, soft_wrap=True, markup=False)
    _print_artifacts(console, summary)
    _print_rules(console, summary)


def _print_artifacts(console: Console, summary: Summary) -> None:
    from rich.table import Table

    if not summary.artifacts:
        return
    table = Table("kind of furniture", box=None, pad_edge=False)
    for name in ("removed", "characters"):
        table.add_column(name, justify="right")
    for artifact in (each for each in ARTIFACTS if each in summary.artifacts):
        table.add_row(artifact, str(summary.artifacts[artifact]), str(summary.artifact_chars[artifact]))
    console.print(table)


def _print_rules(console: Console, summary: Summary) -> None:
    from rich.table import Table

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
