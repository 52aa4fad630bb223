"""`cleaner rules`: list, show, check and write rules."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cleaner.sections import rule_names
from cleaner.toolbox.options import PACKS
from cleaner.toolbox.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleaner.rules.pack import LoadedRule

__all__ = ["rules"]

_LINE = 100  # characters of a line that are shown


@click.group()
def rules() -> None:
    """List, show, check and write rules."""


@rules.command("list")
@click.argument("prefix", required=False, shell_complete=rule_names)
@PACKS
def list_rules(prefix: str | None, rules: Sequence[str]) -> None:
    """List the rules whose id begins with PREFIX, with level, action and summary."""
    for loaded in _loaded(rules, prefix):
        click.echo(f"{loaded.name:44} {loaded.rule.level:9} {loaded.rule.action:5} {loaded.rule.summary}")


@rules.command()
@click.argument("name", shell_complete=rule_names)
@PACKS
def show(name: str, rules: Sequence[str]) -> None:
    """Print rules as TOML, with the file each stands in: one rule by its id, or all of a pack."""
    from cleaner.rules.written import toml_of

    chosen = [loaded for loaded in _loaded(rules, name) if loaded.name == name] or list(_loaded(rules, name))
    click.echo(toml_of(chosen), nl=False)


@rules.command()
@click.argument("packs", nargs=-1, metavar="[PACK]...")
@click.option(
    "--corpus",
    metavar="FOLDER",
    help="Also show what the packs take from these texts, the most frequent lines first.",
)
@click.option(
    "--lines",
    type=click.IntRange(1),
    default=50,
    show_default=True,
    help="With --corpus: how many lines to show.",
)
@click.option(
    "--mutants/--no-mutants",
    default=True,
    help="Also break each rule on purpose and see whether an example notices.",
)
def check(packs: Sequence[str], corpus: str | None, lines: int, *, mutants: bool) -> None:
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
    if corpus is not None and not failures:
        _try(packs, {loaded.name for loaded in chosen}, corpus, lines)
    raise SystemExit(1 if failures else 0)


def _try(packs: Sequence[str], names: set[str], corpus: str, most: int) -> None:
    """Print what rules take from a corpus at the highest level, beside the packs that ship."""
    from cleaner.report.trial import try_rules

    trial = try_rules(packs, names, [corpus])
    click.echo(
        f"{corpus}: {trial.documents:,} documents; at level strict these rules take {trial.characters:,} characters "
        f"in {trial.edits:,} edits of {trial.touched:,} documents"
    )
    for (rule, line), pages in trial.lines.most()[:most]:
        shown = line if len(line) <= _LINE else line[: _LINE - 1] + "…"
        click.echo(printable(f"{pages:7,}  {shown}    [{rule}]"))
    if len(trial.lines.counts) > most:
        click.echo(f"and {len(trial.lines.counts) - most:,} other lines; --lines shows more")


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

    if to is not None:
        _refuse_shipped(to)
    text = skeleton(name, with_head=to is None or not to.exists())
    if to is None:
        click.echo(text, nl=False)
        return
    with to.open("a", encoding="utf-8") as file:
        file.write(text)
    click.echo(f"added to {to}; fill it in, then run: cleaner rules check {to}")


def _refuse_shipped(path: Path) -> None:
    """Make sure that a pack is no file of those that ship: an upgrade would overwrite it."""
    from cleaner.shipped import packs_root

    inside = path.resolve().is_relative_to(packs_root().resolve())
    if inside and (path.exists() or packs_root().name == "_rules"):
        raise click.UsageError(
            f"{path} is a pack that ships with cleaner: write to a file of your own, and give it with --rules"
        )


def _loaded(packs: Sequence[str], prefix: str | None) -> Iterator[LoadedRule]:
    from cleaner.rules.pack import built_in, load_paths
    from cleaner.settings import choose

    yield from choose(load_paths(packs, built_in()), [prefix] if prefix else [], [])
