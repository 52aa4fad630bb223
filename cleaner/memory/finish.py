"""Make a memory of what was counted: the lines put into words, and a verdict on each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from cleaner.fold import fold
from cleaner.memory.form import forms_of
from cleaner.memory.judge import SITE_LEAST, Repeated, Verdict, judge, least_documents
from cleaner.memory.observe import BEGIN, END, SITE, WHOLE
from cleaner.memory.store import MEMORY, PARTS, Memory
from cleaner.rules.affixes import begin_of, digits_folded, end_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["finished", "with_edits"]

_SAME = 0.8  # the share of a line's documents in which its neighbour is the same, so that both go together
_COVERED = (
    0.7  # the share of documents in which first or last words belong to lines that are repeated as a whole
)
_ORDER = [("site", "ascending"), ("documents", "descending"), ("part", "ascending"), ("line", "ascending")]


def finished(counts: pa.Table) -> Memory:
    """Return the memory of `cleaner.memory.counts.counted` lines."""
    sites = {row["site"]: row for row in counts.filter(pc.equal(counts.column("part"), SITE)).to_pylist()}
    lines = counts.filter(pc.not_equal(counts.column("part"), SITE)).to_pylist()
    judged: dict[int, list[dict[str, Any]]] = {}
    for row in lines:
        of = sites[row["site"]]["documents"]
        if of >= SITE_LEAST and row["documents"] >= least_documents(of):
            judged.setdefault(row["site"], []).append({**row, "of": of, "name": sites[row["site"]]["text"]})
    rows = [each for site in judged.values() for each in _site(site)]
    return Memory(pa.Table.from_pylist(rows, schema=MEMORY).sort_by(_ORDER))


def with_edits(memory: Memory, older: Memory) -> Memory:
    """Return a memory with what a person said in an older one of lines that both hold."""
    said = {
        (row["site"], row["part"], fold(row["line"])): row
        for row in older.rows()
        if row["judged"] is not None and row["verdict"] != row["judged"]
    }
    if not said:
        return memory
    rows = []
    for row in memory.rows():
        edited = said.get((row["site"], row["part"], fold(row["line"])))
        taken = ("verdict", "artifact", "level", "place")
        rows.append({**row, **{name: edited[name] for name in taken}} if edited else row)
    return Memory(pa.Table.from_pylist(rows, schema=MEMORY))


def _site(rows: Sequence[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """Return the rows of the memory for a site."""
    for row in rows:
        row["key"] = digits_folded(fold(row["text"].replace("\n", " ")).encode("utf-8", "surrogatepass"))
        row["words"] = _words(row)
    rows = _uncovered(rows)
    forms = forms_of([row["words"] for row in rows], [row["name"] for row in rows])
    lines = [
        Repeated(
            PARTS[row["part"]], row["documents"], row["of"], row["groups"], row["count"], row["head"], row["tail"],
            row["next_same"], row["followers"], row["previous_same"], form,
        )
        for row, form in zip(rows, forms, strict=True)
    ]  # fmt: skip
    verdicts = _joined(rows, [judge(line) for line in lines])
    spelled = {row["line"]: row["words"] for row in rows if row["part"] == WHOLE}
    return [_row(row, verdict, spelled) for row, verdict in zip(rows, verdicts, strict=True)]


def _words(row: dict[str, Any]) -> str:
    """Return the line as it stands, or of its first or last words those that are meant."""
    text: str = row["text"].strip()
    if row["part"] == WHOLE:
        return text
    affix = (begin_of if row["part"] == BEGIN else end_of)(row["key"]) or b""
    count = affix.count(b" ") + 1
    words = text.split()
    chosen = " ".join(words[:count] if row["part"] == BEGIN else words[-count:])
    folded = digits_folded(fold(chosen).encode("utf-8", "surrogatepass"))
    row["key"] = affix
    return chosen if folded == affix else affix.decode("utf-8", "replace")


def _uncovered(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Leave out first and last words of lines that are repeated as a whole."""
    covered: dict[tuple[int, bytes | None], int] = {}
    for row in rows:
        if row["part"] == WHOLE:
            for part, affix in ((BEGIN, begin_of), (END, end_of)):
                key = part, affix(row["key"])
                covered[key] = covered.get(key, 0) + row["documents"]
    return [
        row
        for row in rows
        if row["part"] == WHOLE or covered.get((row["part"], row["key"]), 0) < _COVERED * row["documents"]
    ]


def _joined(rows: Sequence[dict[str, Any]], verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Let lines that stand in one block go together: what nearly always stands beside furniture is of its block."""
    joined = list(verdicts)
    place = {row["line"]: index for index, row in enumerate(rows) if row["part"] == WHOLE}
    changed = True
    while changed:
        changed = False
        for index, row in enumerate(rows):
            if row["part"] != WHOLE or (joined[index].verdict == "drop" and joined[index].level == "safe"):
                continue
            for neighbour, same in ((row["next"], row["next_same"]), (row["previous"], row["previous_same"])):
                other = place.get(neighbour)
                if (
                    other is not None
                    and same >= _SAME * row["documents"]
                    and _is_of_block(row, joined[index])
                    and joined[other].verdict == "drop"
                    and joined[other].level == "safe"
                    and rows[other]["documents"] <= 2 * row["documents"]
                ):
                    reason = f"in one block with {rows[other]['words'][:60]!r}"
                    joined[index] = Verdict(
                        "drop", joined[other].artifact, "safe", joined[other].place, reason
                    )
                    changed = True
                    break
    return joined


def _is_of_block(row: dict[str, Any], verdict: Verdict) -> bool:
    fixed = max(row["head"], row["tail"]) >= _SAME * row["count"]
    return fixed and verdict.artifact not in ("byline", "caption", "date")


def _row(row: dict[str, Any], verdict: Verdict, spelled: dict[int, str]) -> dict[str, Any]:
    return {
        **{name: row[name] for name in ("documents", "of", "groups", "head", "tail", "followers")},
        "site": row["name"],
        "line": row["words"],
        "part": PARTS[row["part"]],
        "verdict": verdict.verdict,
        "artifact": verdict.artifact,
        "level": verdict.level,
        "place": verdict.place,
        "reason": verdict.reason,
        "occurrences": row["count"],
        "below": spelled.get(row["next"]),
        "below_same": row["next_same"],
        "above": spelled.get(row["previous"]),
        "above_same": row["previous_same"],
        "judged": verdict.verdict,
    }
