"""The options of the command `clean`, in the sections of its help, and what they come to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner.duplicates import JACCARD
from cleaner.sections import SectionOption, Sections, Size, profile_names, rule_names

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleaner.config import Config
    from cleaner.duplicates.marking import NearDuplicates
    from cleaner.run import RunOptions
    from cleaner.settings import Settings

__all__ = ["Sections", "options", "run_options", "settings"]

_ROLES = ("text", "html", "id", "url", "title", "site", "language", "author", "date")
_FORMATS = ["txt", "html", "jsonl", "json", "csv", "tsv", "parquet", "arrow", "warc"]


def options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command all options of `clean`."""
    for option in reversed([*_cleaning(), *_inputs(), *_outputs(), *_running()]):
        command = option(command)
    return command


def _in(section: str, *names: str, **given: Any) -> Callable[[Callable[..., None]], Callable[..., None]]:
    return click.option(*names, cls=SectionOption, section=section, **given)


def _cleaning() -> list[Any]:
    at = "Cleaning"
    return [
        _in(at, "--level", type=click.Choice(["safe", "balanced", "strict"]),
            help="How sure a rule must be to act.  [default: safe]"),
        _in(at, "--rules", type=click.Path(), multiple=True, metavar="PATH",
            help="A rule pack, or a folder of them, beside those that ship. Repeatable."),
        _in(at, "--memory", metavar="FILE",
            help="What sites repeat, as `cleaner learn` wrote it; with --learn, where to write it."),
        _in(at, "--learn", is_flag=True,
            help="First learn from INPUT what its sites repeat; it is read twice.  [memory: OUT.memory.parquet]"),
        _in(at, "--select", multiple=True, metavar="RULE", shell_complete=rule_names, help="Run only these rules or packs. Repeatable."),
        _in(at, "--ignore", multiple=True, metavar="RULE", shell_complete=rule_names, help="Leave out these rules or packs. Repeatable."),
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
        _in(at, "--profile", "profiles", multiple=True, metavar="NAME", shell_complete=profile_names,
            help="Hold documents against a quality profile, such as fineweb. Repeatable."),
        _in(at, "--near-duplicates", type=float, metavar="[JACCARD]",
            help=f"Mark documents and paragraphs that stand in others. Alone: from a similarity of {JACCARD} on."),
        _in(at, "--reject", multiple=True, metavar="[WHAT]",
            help="Reject documents that fail a profile (profiles, or nothing), or near_duplicates. Repeatable."),
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
        _in(at, "--summary", type=click.Path(path_type=Path), metavar="summary.json",
            help="Also write the counts of the run, by rule, as JSON."),
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
    """Join the command line, the configuration file, the environment and the defaults; return settings and workers."""
    from cleaner.config import PREFIX, Config, from_environment, load_config, over
    from cleaner.settings import Settings

    path = given["config"] or os.environ.get(f"{PREFIX}CONFIG")
    config = over(from_environment(os.environ), load_config(Path(path)) if path else Config())
    chosen: dict[str, Any] = {
        "level": given["level"] or config.level,
        "budget": config.budget,
        "title_in_text": config.title_in_text if given["title_in_text"] is None else given["title_in_text"],
        "edits": False if given["no_edits"] else config.edits,
        "language": False if given["no_language"] else given["language"] or config.language,
        "signals": False if given["no_signals"] else config.signals,
        "extract": given["extract"] or config.extract,
        "reject": "profiles" in _rejected(given, config),
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


def near_duplicates(given: dict[str, Any]) -> NearDuplicates | None:
    """Return how near-duplicates are looked for, if they are.

    Raises:
        UsageError: they are to be rejected, but nobody looks for them.

    """
    from cleaner.config import Config, load_config

    config = load_config(given["config"]) if given["config"] else Config()
    asked = config.near_duplicates if given["near_duplicates"] is None else given["near_duplicates"]
    reject = "near_duplicates" in _rejected(given, config)
    if asked is None or asked is False:
        if reject:
            raise click.UsageError("--reject near_duplicates needs --near-duplicates")
        return None
    from cleaner.duplicates.marking import NearDuplicates

    return NearDuplicates(JACCARD if asked is True else asked, reject)


def _rejected(given: dict[str, Any], config: Config) -> set[str]:
    """Return what is rejected: `profiles`, `near_duplicates`.

    Raises:
        UsageError: something else is named.

    """
    said = (config.reject,) if isinstance(config.reject, (bool, type(None))) else config.reject
    named = [*("profiles" if each is True else each for each in said if each), *given["reject"]]
    found = {name for each in named for name in _listed(each)}
    for name in found - {"profiles", "near_duplicates"}:
        raise click.UsageError(f"nothing called {name!r} can be rejected: profiles, near_duplicates")
    return found


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
        near_duplicates=near_duplicates(given),
        limits=Limits(given["deadline"] or usual.seconds, given["worker_memory"] or usual.memory),
        workers=workers,
        batch_bytes=given["batch_size"] or 1 << 20,
        overwrite=given["overwrite"],
        resume=given["resume"],
        quarantine=given["quarantine"],
        report=given["report"],
        summary=given["summary"],
        quiet=given["quiet"],
        log_json=given["log_json"],
        ray_address=given["ray_address"],
        part_bytes=given["part_size"] or PART_BYTES,
    )
