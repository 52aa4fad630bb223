"""`cleaner explain`: one document, what was done to it and why, and what other levels would do."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner.rulebook import reasons
from cleaner.toolbox.options import LEVEL, PACKS
from cleaner.toolbox.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cleaner.report.explained import Explained
    from cleaner.rules.notation import DiffLine

__all__ = ["explain"]

_COLOURS = {"-": "red", "+": "green", "~": "yellow"}
_LINE = 90  # characters of a line that is shown a second time


@click.command()
@click.argument("name", metavar="FILE|ID")
@click.option("--parquet", type=click.Path(path_type=Path), metavar="OUT.parquet", help="Look the document up in a record, by its id.")  # fmt: skip
@LEVEL
@PACKS
@click.option(
    "--memory", metavar="FILE", help="What sites repeat, as `cleaner learn` wrote it; it asks for --url."
)
@click.option("--title", help="The title of the document, where known.")
@click.option("--url", help="Where it is from; rules for single sites ask for it.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--colour", "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True
)
def explain(name: str, parquet: Path | None, colour: str, *, as_json: bool, **options: Any) -> None:
    """Print FILE (`-` for standard input), or the document ID of a record, in diff notation.

    Two spaces: kept. `- ` removed. `~ ` flagged and left alone. `+ ` what stands in place of the line above.
    Below stands why, and what the other levels would have done.
    """
    from cleaner.report.explained import explain_file, explain_record

    found = (
        explain_record(parquet, name, **options) if parquet else explain_file(_read(name), name, **options)
    )
    if as_json:
        click.echo(json.dumps(found.described(), ensure_ascii=False, indent=2))
        return
    wanted = {"auto": None, "always": True, "never": False}[colour]
    for line in _lines(found):
        click.echo(line, color=wanted)


def _read(name: str) -> bytes:
    return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()


def _lines(found: Explained) -> Iterator[str]:
    yield printable(f"# {found.name}: {found.encoding}, level {found.level}")
    if found.title:
        yield printable(f"# title: {found.title}")
    for line in found.diff():
        yield _coloured(line)
    yield from _why(found)
    yield from _elsewhere(found)


def _why(found: Explained) -> Iterator[str]:
    if found.rules:
        yield click.style("# why", bold=True)
    for reason in reasons(found.lines, found.flags, found.book):
        yield f"#   {reason}"


def _elsewhere(found: Explained) -> Iterator[str]:
    if found.others:
        yield click.style("# at other levels", bold=True)
    for level, lines in found.others.items():
        yield f"#   {level}: " + (
            f"{len(lines)} {'line differs' if len(lines) == 1 else 'lines differ'}" if lines else "the same"
        )
        for line in lines:
            text = line.before if len(line.before) <= _LINE else line.before[: _LINE - 1] + "…"
            rules = f"    [{', '.join(line.rules)}]" if line.rules else ""
            yield printable(f"#     line {line.number} {line.fate}: {text}{rules}")


def _coloured(line: DiffLine) -> str:
    from cleaner.rules.notation import render

    text = printable(render([line]))
    return click.style(text, fg=_COLOURS[line.mark]) if line.mark in _COLOURS else text
