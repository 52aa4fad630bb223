"""`cleaner learn` and `cleaner memory`: learn what sites repeat, look at it, compare it, make rules of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner.toolbox.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.memory import Memory

__all__ = ["learn", "memory"]

_LINE = 90  # characters of a line in the terminal
_FILE = click.Path(path_type=Path)
_ROLES = ("text", "html", "url", "site")


def _columns(command: Any) -> Any:
    for role in reversed(_ROLES):
        command = click.option(f"--{role}-column", metavar="NAME", help=f"The column of the {role}.  [default: guessed]")(command)  # fmt: skip
    return command


@click.command()
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "-o", "--output", required=True, type=_FILE, metavar="MEMORY.parquet", help="The memory to write."
)
@click.option(
    "--format", "format_", metavar="FORMAT", help="Read every input as this, as `clean --format` does."
)
@_columns
@click.option("--extract", type=click.Choice(["fast", "balanced", "precision", "recall"]), default="balanced", show_default=True, help="How the text of pages is found.")  # fmt: skip
@click.option(
    "--workers",
    type=click.IntRange(0, 1024),
    metavar="N",
    help="Worker processes.  [default: by size of input]",
)
@click.option("--part", is_flag=True, help="Write what was seen, not judged yet: to be added to that of others with `cleaner memory merge`.")  # fmt: skip
@click.option(
    "--overwrite", is_flag=True, help="Replace a memory that exists; what a person changed in it stays."
)
def learn(
    inputs: Sequence[str], output: Path, format_: str | None, extract: Any, workers: int | None, *, part: bool, overwrite: bool, **columns: str | None
) -> None:  # fmt: skip
    """Learn from INPUT what its sites repeat: the lines that many documents of a site hold, with a verdict on each.

    INPUT is what `clean` takes, but for standard input. A document belongs to the site of its column `site`, else to
    the host of its address; documents without either teach nothing, and so do sites of fewer than five documents.
    """
    from cleaner.io.fields import Columns
    from cleaner.io.reading import ReadOptions
    from cleaner.learning import sketched
    from cleaner.memory.sketch import Sketch

    _check_free(output, overwrite=overwrite)
    reading = ReadOptions(Columns(**{name.removesuffix("_column"): value for name, value in columns.items()}))
    with Sketch() as sketch:
        sketched(
            sketch,
            inputs,
            format=format_,
            reading=reading,
            extract=extract,
            skip=[str(output)],
            workers=workers,
        )
        if part:
            sketch.save(output)
            click.echo(
                f"{output} can be added to others: cleaner memory merge {output} ... -o memory.parquet",
                err=True,
            )
            return
        _finish(sketch, output)


@click.group()
def memory() -> None:
    """Look at what was learned of sites, compare it, add it up, make rules of it."""


@memory.command()
@click.argument("parts", nargs=-1, required=True, metavar="PART.parquet...", type=_FILE)
@click.option(
    "-o", "--output", required=True, type=_FILE, metavar="MEMORY.parquet", help="The memory to write."
)
@click.option(
    "--overwrite", is_flag=True, help="Replace a memory that exists; what a person changed in it stays."
)
def merge(parts: Sequence[Path], output: Path, *, overwrite: bool) -> None:
    """Add up what was seen by several `cleaner learn --part`, in any order: the memory of all their documents."""
    from cleaner.memory.sketch import Sketch, read_sketch

    _check_free(output, overwrite=overwrite)
    with Sketch() as sketch:
        for part in parts:
            read_sketch(part, sketch)
        _finish(sketch, output)


@memory.command()
@click.argument("file", metavar="MEMORY.parquet", type=_FILE)
@click.option("--site", help="Only this site.")
@click.option("--verdict", type=click.Choice(["drop", "flag", "keep"]), help="Only lines of this verdict.")
@click.option(
    "--lines", type=click.IntRange(1), default=20, show_default=True, help="Show at most so many of a site."
)
@click.option(
    "--record",
    type=_FILE,
    metavar="OUT.parquet",
    help="A record that was cleaned with it: say how much went of each site.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line, all columns.")
def show(
    file: Path, site: str | None, verdict: str | None, lines: int, record: Path | None, *, as_json: bool
) -> None:
    """Show what is remembered: for each site its lines with their verdict, how many documents hold them, and why."""
    from cleaner.memory import read_memory
    from cleaner.report.sites import Taken, taken_by_site

    read = read_memory(file)
    if site is not None and site not in read.sites:
        raise click.UsageError(
            f"{file} knows no site {site!r}; it knows {', '.join(read.sites[:10]) or 'none'}"
        )
    taken = taken_by_site(record) if record else {}
    for name in [site] if site else read.sites:
        rows = [row for row in read.rows(name) if verdict in (None, row["verdict"])]
        if as_json:
            for row in rows:
                click.echo(json.dumps(row, ensure_ascii=False))
            continue
        click.echo(click.style(f"{name}: {len(rows)} lines", bold=True))
        if record:
            click.echo(f"  {taken.get(name, Taken())}")
        for row in rows[:lines]:
            click.echo(_shown(row))
        if len(rows) > lines:
            click.echo(f"  ... and {len(rows) - lines} more (--lines)")


@memory.command("diff")
@click.argument("old", metavar="OLD.parquet", type=_FILE)
@click.argument("new", metavar="NEW.parquet", type=_FILE)
def diff_(old: Path, new: Path) -> None:
    """Compare two memories: lines that came, lines that went, verdicts that changed."""
    from cleaner.memory import read_memory

    before, after = (_by_line(read_memory(file)) for file in (old, new))
    changed = 0
    for key in sorted(before.keys() | after.keys()):
        was, is_ = before.get(key), after.get(key)
        if was and is_ and was["verdict"] == is_["verdict"]:
            continue
        changed += 1
        mark = "+" if not was else "-" if not is_ else "~"
        row = is_ or was or {}
        turned = f" (was {was['verdict']})" if was and is_ else ""
        click.echo(f"{mark} {key[0]}: {_shown(row).strip()}{turned}")
    click.echo(f"{len(before):,} lines in the old, {len(after):,} in the new, {changed:,} differ")


@memory.command()
@click.argument("file", metavar="MEMORY.parquet", type=_FILE)
@click.option(
    "-o", "--output", required=True, type=_FILE, metavar="FOLDER", help="Where the packs go, one a site."
)
@click.option("--site", help="Only this site.")
@click.option("--overwrite", is_flag=True, help="Replace packs that exist.")
def rules(file: Path, output: Path, site: str | None, *, overwrite: bool) -> None:
    """Write what is to be dropped as rule packs with examples, to read, mend and share: `clean --rules FOLDER`."""
    from cleaner.memory import read_memory
    from cleaner.memory.packs import packs_of

    packs = packs_of(read_memory(file), site)
    if not packs:
        raise click.UsageError(f"{file} has no line to drop" + (f" of {site}" if site else ""))
    for name, text in packs.items():
        path = output / f"{name}.toml"
        if path.exists() and not overwrite:
            raise click.UsageError(f"{path} exists: give --overwrite to replace it, or another folder")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    click.echo(
        f"{len(packs)} packs -> {output}; check them with: cleaner rules check --no-mutants {output}",
        err=True,
    )


def _shown(row: dict[str, Any]) -> str:
    line = row["line"] if len(row["line"]) <= _LINE else row["line"][: _LINE - 1] + "…"
    line = {"begin": f"{line} …", "end": f"… {line}"}.get(row["part"], line)
    kind = f" {row['artifact']}" if row["artifact"] else ""
    level = f" from {row['level']}" if row["verdict"] == "drop" and row["level"] != "safe" else ""
    by_hand = " by hand" if row["judged"] not in (None, row["verdict"]) else ""
    return printable(
        f"  {row['verdict']}{kind}{level}{by_hand}  {row['documents']}/{row['of']}  {line}    [{row['reason']}]"
    )


def _by_line(memory: Memory) -> dict[tuple[str, str, str], dict[str, Any]]:
    return {(row["site"], row["part"], row["line"]): row for row in memory.rows()}


def _check_free(output: Path, *, overwrite: bool) -> None:
    if output.exists() and not overwrite:
        raise click.UsageError(f"{output} exists: give --overwrite to replace it, or another name")
    if not output.absolute().parent.is_dir():
        raise click.UsageError(f"there is no folder {output.parent}: create it first")


def _finish(sketch: Any, output: Path) -> None:
    from cleaner.learning import save, summed_up
    from cleaner.memory import read_memory
    from cleaner.memory.finish import finished, with_edits

    made = finished(sketch.counts())
    if output.exists():
        made = with_edits(made, read_memory(output))
    save(made, output)
    click.echo(summed_up(made, output), err=True)
