"""Write what a memory would drop as rule packs: rules mined from one's own corpus, to read, mend and share."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from cleaner.fold import fold
from cleaner.rules.affixes import HEAD, TAIL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleaner.memory.store import Memory

__all__ = ["packs_of"]

_SHOWN = 5  # examples of a rule
_LONGEST = 200  # characters of a line of which only the beginning or the end is known
_NUMBER = re.compile(r"\d[\d.,:]*")


def packs_of(memory: Memory, site: str | None = None) -> dict[str, str]:
    """Return for each site, or the one that is named, a pack as TOML, by its id; sites without a line to drop have none."""
    packs = {}
    for name in [site] if site else memory.sites:
        rows = [row for row in memory.rows(name) if row["verdict"] == "drop"]
        if rows:
            packs[f"sites/{_id(name)}"] = "\n".join(_pack(name, rows))
    return packs


def _pack(site: str, rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    documents = max(row["of"] for row in rows)
    yield "[pack]"
    yield f"id = {_quoted(f'sites/{_id(site)}')}"
    yield f"summary = {_quoted(f'Lines that {site} repeats'[:300])}"
    yield f"source = {_quoted(f'counted in {documents:,} documents of the site')}"
    yield f"sites = [{_quoted(site)}]"
    groups: dict[tuple[str, str, str, str], list[dict[str, Any]]] = {}
    for row in rows:
        form = "number" if _NUMBER.search(row["line"]) else "text"
        key = row["artifact"] or "site", row["level"] or "safe", row["place"], f"{row['part']}-{form}"
        groups.setdefault(key, []).append(row)
    for (artifact, level, place, form), group in sorted(groups.items()):
        yield ""
        yield from _rule(artifact, level, place, form, group)


def _rule(artifact: str, level: str, place: str, form: str, rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    part, _, spelled = form.partition("-")
    lines = sorted({fold(row["line"]) for row in rows})
    name = "-".join(each for each in (artifact, place, part, spelled) if each not in ("any", "line", "text"))
    yield "[[rule]]"
    yield f"id = {_quoted(name if level == 'safe' else f'{name}-{level}')}"
    yield f"summary = {_quoted(f'{len(lines)} lines of the kind {artifact}')}"
    yield 'kind = "line"'
    yield f"artifact = {_quoted(artifact)}"
    yield f"level = {_quoted(level)}"
    if place != "any":
        yield f"{place} = {HEAD if place == 'head' else TAIL}"
    if part == "begin" and spelled == "text":
        yield f"prefix = {_listed(lines)}"
        yield f"max_chars = {_LONGEST}"
    elif part == "line" and spelled == "text":
        yield f"exact = {_listed(lines)}"
    else:
        yield f"regex = {_quoted('(?:' + '|'.join(_pattern(line, part) for line in lines) + ')')}"
    rest = {"begin": ("", " a text that changes"), "end": ("a text that changes ", "")}.get(part, ("", ""))
    shown = [rest[0] + line + rest[1] for line in lines[:_SHOWN]]
    yield f"match = {_listed(shown)}"
    yield f"keep = {_listed([f'The sign above the door read {lines[0]} and had done so since the war.'])}"


def _pattern(line: str, part: str) -> str:
    pattern = _NUMBER.sub("\0", line)
    pattern = re.escape(pattern).replace(re.escape("\0"), r"\d[\d.,:]{0,20}")
    more = f".{{1,{_LONGEST}}}"
    return {"begin": f"{pattern} {more}", "end": f"{more} {pattern}"}.get(part, pattern)


def _id(site: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", site.lower()).strip("-") or "site"


def _listed(texts: Sequence[str]) -> str:
    return "[\n" + "".join(f"  {_quoted(text)},\n" for text in texts) + "]"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
