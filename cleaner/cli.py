"""The command `clean`: inputs in, one Parquet file out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence


__all__ = ["main"]

QUARANTINED, USAGE, INTERRUPTED = 1, 2, 130

EXAMPLES = """
\b
Examples:
  clean samples/ -o out.parquet
  clean pages/ more.txt -o out.parquet --level balanced --workers 4
  cat article.txt | clean - -o out.parquet
  clean pages/ -o out.parquet --rules mypack.toml --ignore en/share

\b
Exit codes: 0 all done; 1 some documents could not be cleaned (their rows say why in `error`);
2 usage or configuration error; 130 interrupted.
"""


@click.command(
    epilog=EXAMPLES, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("-o", "--output", required=True, metavar="OUT.parquet", help="The Parquet file to write.")
@click.option(
    "--level",
    type=click.Choice(["safe", "balanced", "strict"]),
    help="How sure a rule must be to act.  [default: safe]",
)
@click.option(
    "--rules",
    "packs",
    multiple=True,
    metavar="PATH",
    help="A rule pack, or a folder of them, beside those that ship. Repeatable.",
)
@click.option("--select", multiple=True, metavar="RULE", help="Run only these rules or packs. Repeatable.")
@click.option("--ignore", multiple=True, metavar="RULE", help="Leave out these rules or packs. Repeatable.")
@click.option(
    "--config", type=click.Path(path_type=Path), metavar="cleaner.toml", help="Read options from a file."
)
@click.option(
    "--title-in-text/--no-title-in-text",
    default=None,
    help="Keep one copy of the headline in the text.  [default: keep]",
)
@click.option("--language", metavar="NAME", help="Language detector.  [default: default]")
@click.option("--no-language", is_flag=True, help="Detect no language.")
@click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    metavar="N",
    help="Worker processes.  [default: by size of input]",
)
@click.option("--no-edits", is_flag=True, help="Leave the edits out of the file; then nothing can be undone.")
@click.option("--overwrite", is_flag=True, help="Replace an output that exists.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
@click.version_option(__version__, prog_name="clean")
def command(inputs: Sequence[str], output: str, **options: Any) -> None:
    """Clean scraped text and write one Parquet file.

    INPUT is a file, a folder (searched to the bottom, in the order of its paths) or `-` for standard
    input. Every change is recorded as an edit with the rule behind it and can be undone.
    """
    from cleaner.run import run

    raise SystemExit(run(inputs, Path(output), **_settings(options)))


def _settings(options: dict[str, Any]) -> dict[str, Any]:
    """Join the command line, the configuration file and the defaults."""
    from cleaner.config import Config, load_config
    from cleaner.settings import Settings

    config = load_config(options["config"]) if options["config"] else Config()
    chosen: dict[str, Any] = {
        "level": options["level"] or config.level,
        "budget": config.budget,
        "title_in_text": config.title_in_text
        if options["title_in_text"] is None
        else options["title_in_text"],
        "edits": False if options["no_edits"] else config.edits,
        "language": False if options["no_language"] else options["language"] or config.language,
        "signals": config.signals,
    }
    settings = Settings(
        packs=(*config.rules, *options["packs"]),
        select=(*config.select, *options["select"]),
        ignore=(*config.ignore, *options["ignore"]),
        **{name: value for name, value in chosen.items() if value is not None},
    )
    return {
        "settings": settings,
        "workers": options["workers"] or config.workers,
        "overwrite": options["overwrite"],
        "quiet": options["quiet"],
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command `clean` and exit with its code."""
    sys.exit(guarded(command, arguments))


def guarded(wanted: click.Command, arguments: Sequence[str] | None) -> int:
    """Run a command; what goes wrong becomes one sentence on standard error and an exit code."""
    try:
        return int(wanted.main(arguments, standalone_mode=False) or 0)
    except SystemExit as stop:
        return int(stop.code or 0)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (click.Abort, KeyboardInterrupt):
        print("interrupted; nothing was written", file=sys.stderr)  # noqa: T201
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return USAGE
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        return USAGE
