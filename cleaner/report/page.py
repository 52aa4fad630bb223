"""Write the page: one file that needs nothing else, made from finished records."""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner import __version__
from cleaner.artifacts import ARTIFACTS
from cleaner.report.charts import share_chart, share_labels, signal_chart
from cleaner.report.first import directions, look_first
from cleaner.report.records import RecordError, Records
from cleaner.report.sample import Sample
from cleaner.report.shown import ShownDocument, shown_document
from cleaner.report.totals import COLUMNS, Totals
from cleaner.rulebook import Rulebook, settings_of
from cleaner.rules.engine import OVER_BUDGET

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["write_report"]

DOCUMENTS, CHARACTERS = 200, 2_000_000
_RULES, _EXAMPLES, _SITES, _SITE_LINES = 300, 5, 30, 5
_TEMPLATES = Path(__file__).parent / "templates"
_PICTURES: dict[int, int] = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"} | {127: 0x2421} | dict.fromkeys(
    [*range(0x80, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF], 0xFFFD
)  # fmt: skip


def write_report(
    parquet_paths: Iterable[str | Path],
    output: str | Path,
    *,
    title: str | None = None,
    documents: int = DOCUMENTS,
    characters: int = CHARACTERS,
    overwrite: bool = True,
) -> Totals:
    """Write the report of one or more record files as one HTML page, and return the totals it shows.

    The files are read twice as a stream, once without the texts; memory does not grow with their rows.
    The same files give the same page, byte for byte.

    Args:
        parquet_paths: files that `clean` wrote.
        output: the page; it appears when it is whole.
        title: the heading; the names of the files by default.
        documents: how many documents to show at most, with their changes.
        characters: how many characters of them to embed at most, in all.
        overwrite: replace a page that exists.

    Raises:
        RecordError: a file is no record, or the page exists and may not be replaced.
        OSError: the page cannot be written.

    """
    target = Path(output)
    if target.exists() and not overwrite:
        raise RecordError(f"{target} exists: give --overwrite to replace it, or another name")
    records = Records(parquet_paths)
    totals, sample = Totals(), Sample(documents)
    for first, batch in records.batches(COLUMNS):
        sample.add(first, batch, totals.add(batch))
    shown = _documents(records, sample.chosen(), characters)
    errors = [(row["id"], row["source"], row["error"]) for row in _rows(records, sample.errors.items())]
    heading = title or ", ".join(path.name for path in records.paths)
    _write(target, _render(records, totals, shown, errors, heading))
    return totals


def _rows(records: Records, chosen: Iterable[int]) -> list[dict[str, Any]]:
    """Return rows by their numbers, in the order of `chosen`."""
    wanted = list(chosen)
    waiting = sorted(set(wanted), reverse=True)
    found: dict[int, dict[str, Any]] = {}
    columns = [name for name in records.names if not name.startswith("signals_")]
    for first, batch in records.batches(columns) if waiting else ():
        while waiting and waiting[-1] < first + batch.num_rows:
            row = waiting.pop()
            found[row] = batch.slice(row - first, 1).to_pylist()[0]
        if not waiting:
            break
    return [found[row] for row in wanted if row in found]


def _documents(records: Records, chosen: list[int], characters: int) -> list[ShownDocument]:
    """Return the documents to show, as many of the first ones as there is room for."""
    shown: list[ShownDocument] = []
    room = characters
    for row in _rows(records, chosen):
        document = shown_document(row)
        room -= min(document.chars_in, 60_000)
        if room < 0 and shown:
            break
        shown.append(document)
    return sorted(shown, key=lambda document: (-document.share, document.id, document.source))


def _render(
    records: Records,
    totals: Totals,
    shown: list[ShownDocument],
    errors: list[tuple[str, str, str]],
    heading: str,
) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_printable,
    )
    environment.filters["percent"] = _percent
    environment.filters["codes"] = lambda text: " ".join(f"{ord(character):X}" for character in text)
    environment.filters["number"] = lambda value: f"{value:,}"
    style, script = (_TEMPLATES.joinpath(name).read_text("utf-8") for name in ("report.css", "report.js"))
    book = Rulebook(settings_of(records.metadata))
    rules = _rules(totals, book, shown)
    return environment.get_template("report.html").render(
        version=__version__,
        heading=heading,
        style=style,
        script=script,
        policy=_policy(style, script),
        metadata={name: value for name, value in records.metadata.items() if name != "settings"},
        settings=_settings(records),
        first=look_first(totals, book, shown, records.metadata.get("level")),
        better=directions(),
        totals=totals,
        rules=rules,
        artifacts=[
            (name, said, totals.artifacts[name])
            for name, said in ARTIFACTS.items()
            if name in totals.artifacts
        ],
        place={rule["entry"].name: index for index, rule in enumerate(rules)},
        sites=_sites(totals),
        shares=list(zip(share_labels(), totals.shares.tolist(), strict=True)),
        charts={"shares": share_chart(totals.shares.tolist()), "signals": signal_chart(totals.signals)},
        over_budget=totals.flags[OVER_BUDGET],
        documents=shown,
        errors=errors,
    )


def _rules(totals: Totals, book: Rulebook, shown: list[ShownDocument]) -> list[dict[str, Any]]:
    """Return a row for each rule that did something, those that took most first, with example lines."""
    lines: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for (rule, _, line), pages in totals.lines.counts.items():
        lines[rule][line] += pages
    listed = sorted(totals.rules.items(), key=lambda item: (-item[1].characters, -item[1].edits, item[0]))
    rows: list[dict[str, Any]] = [
        {
            "entry": book[name],
            "total": total,
            "lines": sorted(lines[name].items(), key=lambda item: (-item[1], item[0]))[:_EXAMPLES],
            "recurring": totals.recurrence.share(name),
        }
        for name, total in listed[:_RULES]
    ]
    # A document may show a rule that is not among the first: its name must lead somewhere, too.
    known = {row["entry"].name for row in rows}
    more = dict.fromkeys(name for each in shown for name in (*each.rules, *each.flags) if name not in known)
    rows += [
        {"entry": book[name], "total": totals.rules.get(name), "lines": [], "recurring": None}
        for name in more
    ]
    return rows


def _sites(totals: Totals) -> list[dict[str, Any]]:
    lines: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
    for (rule, site, line), pages in totals.lines.counts.items():
        lines[site].append((-pages, line, rule))
    documents = totals.site_documents.counts
    return [
        {
            "site": site,
            "documents": documents[site],
            "characters": characters,
            "lines": [(line, rule, -pages) for pages, line, rule in sorted(lines[site])[:_SITE_LINES]],
        }
        for site, characters in totals.site_characters.most()[:_SITES]
    ]


def _settings(records: Records) -> list[tuple[str, str]]:
    """Return the settings a record was made with, each as it would stand in a configuration file."""
    try:
        said = json.loads(records.metadata.get("settings", "{}"))
    except ValueError:
        said = {"settings": records.metadata["settings"]}
    pairs = said.items() if isinstance(said, dict) else ()
    return [(str(name), json.dumps(value, ensure_ascii=False)) for name, value in pairs]


def _printable(value: object) -> object:
    """Return what is printed into the page with characters that no page may hold replaced by pictures of them."""
    if not isinstance(value, str):
        return value
    return type(value)(value.translate(_PICTURES))  # text that is markup stays so


def _percent(value: float | None) -> str:
    if value is None:
        return "–"
    digits = 1 if 0 < value < 0.9995 else 0
    return f"{100 * value:.{digits}f}\u00a0%"


def _policy(style: str, script: str) -> str:
    """Return a policy under which only this style sheet and this script count, and nothing is fetched."""
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in (style, script)]
    return (
        f"default-src 'none'; style-src 'sha256-{digests[0]}'; script-src 'sha256-{digests[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _write(target: Path, page: str) -> None:
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        partial.write_text(page, "utf-8", newline="\n")
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
