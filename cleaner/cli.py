"""The command `clean`: inputs in, cleaned documents out."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from cleaner import __version__
from cleaner.options import Sections, options, run_options, settings

if TYPE_CHECKING:
    from collections.abc import Sequence


__all__ = ["main"]

USAGE, STOPPED, INTERRUPTED = 2, 3, 130

EXAMPLES = """
\b
Examples:
  clean samples/ -o out.parquet
  clean crawl.warc.gz news.jsonl.zst pages/ -o out/ --partition-by language
  clean "dump/*.parquet" -o out.jsonl.zst --text-column raw --level balanced
  clean s3://bucket/crawl/ -o s3://bucket/clean/ --workers 8 --resume
  cat posts.jsonl | clean - --format jsonl -o - | head
  clean pages/ -o out.parquet --rules mypack.toml --ignore en/share
  clean news.jsonl -o out.parquet --learn
  clean /shared/crawl/ -o /shared/out/ --engine ray --ray-address auto

\b
Exit codes: 0 all done; 1 some documents could not be cleaned (`error` and the quarantine file say why);
2 usage or configuration error; 3 the output could not be written any further; 130 interrupted. After 3
and 130 finished parts are kept, and the same command with --resume goes on.
"""


@click.command(
    cls=Sections,
    epilog=EXAMPLES,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@options
@click.version_option(__version__, prog_name="clean")
def command(inputs: Sequence[str], **given: Any) -> None:
    """Clean scraped text; every change is recorded as an edit with the rule behind it, and can be undone.

    INPUT is a file, a folder (searched to the bottom, in the order of its paths), a pattern, an address
    such as s3://bucket/folder, or `-` for standard input. Formats go by suffix: .txt, .html, .jsonl,
    .json, .csv, .tsv, .parquet, .arrow, .warc, .wet, also with .gz, .zst, .bz2 or .xz, and .zip.
    """
    import pyarrow as pa

    pa.set_memory_pool(
        pa.system_memory_pool()
    )  # less than the others, it returns memory that is wanted again
    if given["engine"] == "ray":
        from cleaner.cluster import run
    else:
        from cleaner.run import run

    chosen, workers = settings(given)
    options = run_options(given, workers)
    if given["learn"]:
        if given["engine"] == "ray":
            from cleaner.cluster import learned
        else:
            from cleaner.learning import learned

        chosen = learned(inputs, given["output"], chosen, options, given["memory"])
    raise SystemExit(run(inputs, given["output"], settings=chosen, options=options))


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
        return STOPPED if type(error).__name__ == "OutputError" else USAGE
