"""`cleaner rules`: list, show, check and write rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.toolbox.options import PACKS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleaner.rules.pack import LoadedRule

__all__ = ["rules"]


@click.group()
def rules() -> None:
    """List, show, check and write rules."""


@rules.command("list")
@click.argument("prefix", required=False)
@PACKS
def list_rules(prefix: str | None, rules: Sequence[str]) -> None:
    """List the rules whose id begins with PREFIX, with level, action and summary."""
    for loaded in _loaded(rules, prefix):
        click.echo(f"{loaded.name:44} {loaded.rule.level:9} {loaded.rule.action:5} {loaded.rule.summary}")


@rules.command()
@click.argument("name")
@PACKS
def show(name: str, rules: Sequence[str]) -> None:
    """Show one rule: what it says, where it is from, its examples and the file it stands in."""
    import msgspec

    chosen = [loaded for loaded in _loaded(rules, name) if loaded.name == name] or list(_loaded(rules, name))
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
