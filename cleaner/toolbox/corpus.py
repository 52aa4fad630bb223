"""`cleaner report` and `cleaner diff`: look at what was done to a corpus."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.toolbox.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.report.compare import Comparison

__all__ = ["diff", "report"]

_LINE = 100  # characters of an example line in the terminal
_FILE = click.Path(path_type=Path)


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="OUT.parquet...", type=_FILE)
@click.option("-o", "--output", required=True, type=_FILE, metavar="REPORT.html", help="The page to write.")
@click.option("--title", help="The heading of the page.  [default: the names of the files]")
@click.option("--documents", type=click.IntRange(1, 5000), default=200, show_default=True, help="Show at most so many documents.")  # fmt: skip
@click.option("--overwrite", is_flag=True, help="Replace a page that exists.")
def report(
    files: Sequence[Path], output: Path, title: str | None, documents: int, *, overwrite: bool
) -> None:
    """Write one HTML page that shows what `clean` did: totals, rules, and documents with their changes.

    The page needs no network and nothing beside itself.
    """
    from cleaner.report.page import write_report

    totals = write_report(files, output, title=title, documents=documents, overwrite=overwrite)
    click.echo(f"{totals.documents} documents -> {output}", err=True)


@click.command()
@click.argument("old", metavar="OLD.parquet", type=_FILE)
@click.argument("new", metavar="NEW.parquet", type=_FILE)
@click.option("--examples", type=click.IntRange(0, 100), default=3, show_default=True, help="Lines to show for each rule and direction.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def diff(old: Path, new: Path, examples: int, *, as_json: bool) -> None:
    """Compare two records of the same corpus: edits gained and lost by rule, with example lines.

    Clean the corpus with the old and with the new version or configuration, then judge the change here.
    """
    from cleaner.report.compare import compare

    found = compare(old, new, examples=examples)
    if as_json:
        click.echo(json.dumps(found.described(), ensure_ascii=False, indent=2))
        return
    _print(found)


def _print(found: Comparison) -> None:
    both = found.documents - found.only_old - found.only_new
    click.echo(
        f"{both:,} documents in both, {found.only_old:,} only in the old, {found.only_new:,} only in the new"
    )
    click.echo(
        f"{found.changed:,} have other edits, {found.other_text:,} another text, {found.other_input:,} another input"
    )
    click.echo(
        f"characters out: {found.chars_old:,} -> {found.chars_new:,} ({found.chars_new - found.chars_old:+,})"
    )
    for name in ("version", "rules"):
        if found.old.get(name) != found.new.get(name):
            click.echo(f"{name}: {found.old.get(name, 'unknown')} -> {found.new.get(name, 'unknown')}")
    for name, before, after in found.settings():
        click.echo(f"{name}: {before} -> {after}")
    for rule, change in found.listed():
        click.echo(
            f"\n{rule}: {change.gained:+,} gained, {-change.lost:+,} lost, {change.moved:,} now by this rule, "
            f"flags {change.flags_gained:+,} {-change.flags_lost:+,}, {change.documents:,} documents"
        )
        for mark, lines, colour in (("+", change.gained_lines, "green"), ("-", change.lost_lines, "red")):
            for line, document in lines:
                shown = line if len(line) <= _LINE else line[: _LINE - 1] + "…"
                click.echo(
                    click.style(printable(f"  {mark} {shown}"), fg=colour) + printable(f"    [{document}]")
                )
    if not found.rules:
        click.echo("\nno edit differs")
