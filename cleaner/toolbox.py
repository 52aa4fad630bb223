"""The command `cleaner`: explain what happens to a text, and work on rules."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner import __version__
from cleaner.cli import guarded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleaner.rules.notation import DiffLine
    from cleaner.rules.pack import LoadedRule

__all__ = ["main"]

_COLOURS = {"-": "red", "+": "green", "~": "yellow"}
_LEVEL = click.option(
    "--level",
    type=click.Choice(["safe", "balanced", "strict"]),
    default="safe",
    show_default=True,
    help="How sure a rule must be to act.",
)
_PACKS = click.option(
    "--rules",
    "packs",
    multiple=True,
    metavar="PATH",
    help="A rule pack, or a folder of them, beside those that ship. Repeatable.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="cleaner")
def command() -> None:
    """Tools beside the command `clean`: see what it does to a text, and write rules."""


@command.command()
@click.argument("file", metavar="FILE")
@_LEVEL
@_PACKS
@click.option("--title", help="The title of the document, where known.")
def explain(file: str, level: str, packs: Sequence[str], title: str | None) -> None:
    """Print FILE (`-` for standard input) in diff notation, with the rule behind each line.

    Two spaces: kept. `- ` removed. `~ ` flagged and left alone. `+ ` what stands in place of the line above.
    """
    from cleaner.decoding import decode
    from cleaner.pipeline import Cleaner

    decoded = decode(sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes())
    if decoded.encoding is None:
        raise ValueError(f"{file} is not text: its bytes look like a binary file")
    result = Cleaner(level=level, packs=tuple(packs), language=None).clean(decoded.text, title=title)
    click.echo(f"# {file}: {decoded.encoding} ({decoded.method}), level {level}")
    if result.title:
        click.echo(f"# title: {result.title}")
    from cleaner.rules.diff import document_diff

    for line in document_diff(decoded.text, result.edits):
        click.echo(_coloured(line))


@command.group()
def rules() -> None:
    """List, show, check and write rules."""


@rules.command("list")
@click.argument("prefix", required=False)
@_PACKS
def list_rules(prefix: str | None, packs: Sequence[str]) -> None:
    """List the rules whose id begins with PREFIX, with level, action and summary."""
    for loaded in _loaded(packs, prefix):
        click.echo(f"{loaded.name:44} {loaded.rule.level:9} {loaded.rule.action:5} {loaded.rule.summary}")


@rules.command()
@click.argument("name")
@_PACKS
def show(name: str, packs: Sequence[str]) -> None:
    """Show one rule: what it says, where it is from, its examples and the file it stands in."""
    import msgspec

    chosen = [loaded for loaded in _loaded(packs, name) if loaded.name == name] or list(_loaded(packs, name))
    for loaded in chosen:
        fields = msgspec.to_builtins(loaded.rule)
        click.echo(f"{loaded.name}\n  {loaded.rule.summary}")
        click.echo(f"  file    {loaded.path}\n  source  {loaded.source}")
        for field, value in fields.items():
            if value not in (None, (), []) and field not in ("id", "summary", "source", "example"):
                click.echo(f"  {field:7} {value}")
        for example in loaded.rule.example:
            click.echo(f"  example {example.name}")
            for line in example.diff.strip("\n").split("\n"):
                click.echo(f"    {line}")


@rules.command()
@click.argument("packs", nargs=-1, metavar="[PACK]...")
@click.option(
    "--mutants/--no-mutants",
    default=True,
    help="Also break each rule on purpose and see whether an example notices.",
)
def check(packs: Sequence[str], *, mutants: bool) -> None:
    """Check packs (files or folders; without any, those that ship): form, examples, mutants."""
    from cleaner.rules.pack import built_in, load_paths
    from cleaner.rules.testing import check_rule, surviving_mutants

    chosen = load_paths(packs) if packs else list(built_in())
    failures = [str(failure) for loaded in chosen for failure in check_rule(loaded)]
    if mutants and not failures:
        failures = [
            f"{loaded.name}: no example notices this change: {name}"
            for loaded in chosen
            for name in surviving_mutants(loaded)
        ]
    for failure in failures:
        click.echo(failure)
    click.echo(f"{len(chosen)} rules, {len(failures)} problems")
    raise SystemExit(1 if failures else 0)


@rules.command()
@click.argument("name", metavar="PACK/RULE")
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The pack to add it to.  [default: standard output]",
)
def new(name: str, to: Path | None) -> None:
    """Write the skeleton of a rule. It fails its check until it is filled in."""
    from cleaner.rules.skeleton import skeleton

    text = skeleton(name, with_head=to is None or not to.exists())
    if to is None:
        click.echo(text, nl=False)
        return
    with to.open("a", encoding="utf-8") as file:
        file.write(text)
    click.echo(f"added to {to}; fill it in, then run: cleaner rules check {to}")


def _loaded(packs: Sequence[str], prefix: str | None) -> Iterator[LoadedRule]:
    from cleaner.rules.pack import built_in, load_paths
    from cleaner.settings import choose

    yield from choose(load_paths(packs, built_in()), [prefix] if prefix else [], [])


def _coloured(line: DiffLine) -> str:
    from cleaner.rules.notation import render

    text = render([line])
    return click.style(text, fg=_COLOURS[line.mark]) if line.mark in _COLOURS else text


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command `cleaner` and exit with its code."""
    sys.exit(guarded(command, arguments))
