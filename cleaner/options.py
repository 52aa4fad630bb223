"""The options of the command `clean`, in the sections of its help, and what they come to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleaner.run import RunOptions
    from cleaner.settings import Settings

__all__ = ["Sections", "options", "run_options", "settings"]

_ROLES = ("text", "html", "id", "url", "title", "site", "language", "author", "date")
_FORMATS = ["txt", "html", "jsonl", "json", "csv", "tsv", "parquet", "arrow", "warc"]


class _Option(click.Option):
    """An option that knows the section of the help it stands in."""

    def __init__(self, *names: Any, section: str, **given: Any) -> None:
        super().__init__(*names, **given)
        self.section = section


class Sections(click.Command):
    """A command whose help puts options into sections."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, section by section."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None:
                sections.setdefault(getattr(param, "section", "Other"), []).append(record)
        for name, records in sections.items():
            with formatter.section(name):
                formatter.write_dl(records)


class Size(click.ParamType):  # type: ignore[type-arg] # generic only in new versions of click
    """A number of bytes: `500MB`, `2GB`, `1GiB`."""

    name = "size"
    _UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "KI": 2**10, "MI": 2**20, "GI": 2**30}  # noqa: RUF012 - a table

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the bytes that a size says."""
        if isinstance(value, int):
            return value
        bare = value.strip().upper().removesuffix("B")
        digits = bare.rstrip("KMGTI ")
        try:
            return int(float(digits) * self._UNITS[bare[len(digits) :].strip()])
        except (ValueError, KeyError):
            self.fail(f"{value!r} is no size: write it as 500MB or 2GB", param, ctx)


def options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command all options of `clean`."""
    for option in reversed([*_cleaning(), *_inputs(), *_outputs(), *_running()]):
        command = option(command)
    return command


def _in(section: str, *names: str, **given: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option(*names, cls=_Option, section=section, **given)


def _cleaning() -> list[Any]:
    at = "Cleaning"
    return [
        _in(at, "--level", type=click.Choice(["safe", "balanced", "strict"]),
            help="How sure a rule must be to act.  [default: safe]"),
        _in(at, "--rules", multiple=True, metavar="PATH",
            help="A rule pack, or a folder of them, beside those that ship. Repeatable."),
        _in(at, "--memory", metavar="FILE",
            help="What sites repeat, as `cleaner learn` wrote it; with --learn, where to write it."),
        _in(at, "--learn", is_flag=True,
            help="First learn from INPUT what its sites repeat; it is read twice.  [memory: OUT.memory.parquet]"),
        _in(at, "--select", multiple=True, metavar="RULE", help="Run only these rules or packs. Repeatable."),
        _in(at, "--ignore", multiple=True, metavar="RULE", help="Leave out these rules or packs. Repeatable."),
        _in(at, "--drop", metavar="byline,date", help="Remove these kinds of furniture, even those that are only flagged by default."),
        _in(at, "--keep", metavar="comment", help="Leave these kinds of furniture alone."),
        _in(at, "--flag", metavar="tags", help="Name these kinds of furniture in the record, but remove none."),
        _in(at, "--title-in-text/--no-title-in-text", default=None,
            help="Keep one copy of the headline in the text.  [default: keep]"),
        _in(at, "--language", metavar="NAME", help="Language detector.  [default: default]"),
        _in(at, "--no-language", is_flag=True, help="Detect no language."),
        _in(at, "--languages", metavar="en,de", help="Reject documents in other languages; their rows say so in `rejected`."),
        _in(at, "--no-signals", is_flag=True, help="Compute no quality signals."),
        _in(at, "--word-list", "word_lists", multiple=True, metavar="NAME=PATH",
            help="Words that signals count: badwords or stopwords, from a file or a folder by language. Repeatable."),
        _in(at, "--profile", "profiles", multiple=True, metavar="NAME",
            help="Hold documents against a quality profile, such as fineweb. Repeatable."),
        _in(at, "--reject", is_flag=True, help="Reject documents that fail a profile."),
        _in(at, "--extract", type=click.Choice(["fast", "balanced", "precision", "recall"]),
            help="How the text of pages is found.  [default: balanced]"),
        _in(at, "--no-edits", is_flag=True, help="Leave the edits out; then nothing can be undone."),
        _in(at, "--config", type=click.Path(path_type=Path), metavar="cleaner.toml", help="Read options from a file."),
    ]  # fmt: skip


def _inputs() -> list[Any]:
    at = "Input"
    columns = [_in(at, f"--{role}-column", metavar="NAME", help=f"The column of the {role}.  [default: guessed]")
               for role in _ROLES]  # fmt: skip
    return [
        _in(at, "--format", type=click.Choice(_FORMATS), help="Read every input as this.  [default: by suffix; txt for -]"),
        *columns,
        _in(at, "--max-document", type=Size(), metavar="SIZE", help="Set larger documents aside.  [default: 256MB]"),
    ]  # fmt: skip


def _outputs() -> list[Any]:
    at = "Output"
    return [
        _in(at, "-o", "--output", required=True, metavar="OUT",
            help="A .parquet or .jsonl file (also .jsonl.zst, .jsonl.gz), a folder for parts, an address of either such "
            "as s3://bucket/out/, or - for JSON lines."),
        _in(at, "--rows-per-file", type=click.IntRange(1), metavar="N", help="In a folder.  [default: about 1 GB of text]"),
        _in(at, "--partition-by", type=click.Choice(["language", "site"]), help="In a folder: one folder for each value."),
        _in(at, "--quarantine", type=click.Path(path_type=Path), metavar="PATH",
            help="Where documents go that cannot be cleaned.  [default: OUT.quarantine.parquet]"),
        _in(at, "--report", type=click.Path(path_type=Path), metavar="report.html",
            help="Also write a page that shows what was changed."),
        _in(at, "--overwrite", is_flag=True, help="Replace an output that exists, or an unfinished run."),
        _in(at, "--resume", is_flag=True, help="Go on with an unfinished run."),
    ]  # fmt: skip


def _running() -> list[Any]:
    at = "Running"
    return [
        _in(at, "--engine", type=click.Choice(["local", "ray"]), default="local",
            help="This machine, or the machines of a Ray cluster, which all see INPUT and OUT under the same names.  [default: local]"),
        _in(at, "--ray-address", metavar="ADDRESS",
            help="Of the cluster; auto finds the one of this machine.  [default: $RAY_ADDRESS, else one is started here]"),
        _in(at, "--part-size", type=Size(), metavar="SIZE", help="With --engine ray: input of a part.  [default: 256MiB]"),
        _in(at, "--workers", type=click.IntRange(1, 1024), metavar="N", help="Worker processes.  [default: by size of input]"),
        _in(at, "--deadline", type=click.FloatRange(min=0, min_open=True), metavar="SECONDS",
            help="What a document may take in a worker.  [default: 60]"),
        _in(at, "--worker-memory", type=Size(), metavar="SIZE", help="What documents may take in a worker.  [default: 2GiB]"),
        _in(at, "--batch-size", type=Size(), metavar="SIZE", help="Of what a worker gets at once.  [default: 1MiB]"),
        _in(at, "--log-json", is_flag=True, help="Say what is done as JSON lines on standard error."),
        _in(at, "-q", "--quiet", is_flag=True, help="Print errors only."),
    ]  # fmt: skip


def settings(given: dict[str, Any]) -> tuple[Settings, int | None]:
    """Join the command line, the configuration file and the defaults; return settings and workers."""
    from cleaner.config import Config, load_config
    from cleaner.settings import Settings

    config = load_config(given["config"]) if given["config"] else Config()
    chosen: dict[str, Any] = {
        "level": given["level"] or config.level,
        "budget": config.budget,
        "title_in_text": config.title_in_text if given["title_in_text"] is None else given["title_in_text"],
        "edits": False if given["no_edits"] else config.edits,
        "language": False if given["no_language"] else given["language"] or config.language,
        "signals": False if given["no_signals"] else config.signals,
        "extract": given["extract"] or config.extract,
        "reject": given["reject"] or config.reject,
        "memory": None if given["learn"] else given["memory"] or config.memory,
    }
    joined = Settings(
        rules=(*config.rules, *given["rules"]),
        select=(*config.select, *given["select"]),
        ignore=(*config.ignore, *given["ignore"]),
        languages=(*config.languages, *_listed(given["languages"])),
        drop=(*config.drop, *_listed(given["drop"])),
        keep=(*config.keep, *_listed(given["keep"])),
        flag=(*config.flag, *_listed(given["flag"])),
        profiles=(*config.profiles, *given["profiles"]),
        word_lists=(*config.word_lists, *given["word_lists"]),
        **{name: value for name, value in chosen.items() if value is not None},
    )
    return joined, given["workers"] or config.workers


def _listed(text: str | None) -> list[str]:
    """Return what stands between the commas of an option."""
    return [each for each in (text or "").replace(" ", "").split(",") if each]


def run_options(given: dict[str, Any], workers: int | None) -> RunOptions:
    """Return how the run goes about its work.

    Raises:
        UsageError: an option is for another engine.

    """
    for name in ("ray_address", "part_size"):
        if given[name] is not None and given["engine"] != "ray":
            raise click.UsageError(f"--{name.replace('_', '-')} is for --engine ray")
    from cleaner.executors.limits import PART_BYTES, Limits
    from cleaner.io.fields import Columns
    from cleaner.io.reading import ReadOptions
    from cleaner.run import RunOptions

    columns = Columns(**{role: given[f"{role}_column"] for role in _ROLES})
    plain = ReadOptions(columns)
    usual = Limits()
    return RunOptions(
        format=given["format"],
        reading=ReadOptions(columns, given["max_document"] or plain.most_bytes),
        rows_per_file=given["rows_per_file"],
        partition_by=given["partition_by"],
        limits=Limits(given["deadline"] or usual.seconds, given["worker_memory"] or usual.memory),
        workers=workers,
        batch_bytes=given["batch_size"] or 1 << 20,
        overwrite=given["overwrite"],
        resume=given["resume"],
        quarantine=given["quarantine"],
        report=given["report"],
        quiet=given["quiet"],
        log_json=given["log_json"],
        ray_address=given["ray_address"],
        part_bytes=given["part_size"] or PART_BYTES,
    )
