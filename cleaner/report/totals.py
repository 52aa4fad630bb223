"""Totals over all rows of a record, gathered batch by batch with Arrow's own kernels."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cleaner.report.tally import Recurrence, Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["COLUMNS", "SHARES", "RuleTotal", "SignalTotal", "Totals", "edits_table"]

COLUMNS = (
    "id", "source", "site", "language", "encoding", "encoding_method", "chars_in", "chars_out", "flags",
    "edits", "signals_before", "signals_after", "passes", "rejected", "duplicate_of", "error",
)  # fmt: skip
"""What the totals are made of; the texts are not among them."""

SHARES = (0.0, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Bounds of the classes of documents by share removed, beside the class of those that lost nothing."""

_LINES, _SITES, _RECURRING = 100_000, 20_000, 400_000
_LINE = 300  # characters of a line that are counted and shown


@dataclass
class RuleTotal:
    """What one rule did; `characters` are those it took, net of what it put in their place."""

    edits: int = 0
    documents: int = 0
    characters: int = 0
    flags: int = 0
    flagged_documents: int = 0


@dataclass
class SignalTotal:
    """Sums of a signal over the documents that have it before and after."""

    documents: int = 0
    before: float = 0.0
    after: float = 0.0


@dataclass
class Totals:
    """Counts over all rows added. `shares` are documents by share removed, first those that lost nothing."""

    documents: int = 0
    errors: int = 0
    unchanged: int = 0
    repaired: int = 0
    removed: int = 0
    flagged: int = 0
    rejected: int = 0
    duplicates: int = 0
    without_edits: int = 0
    chars_in: int = 0
    chars_out: int = 0
    shares: Any = field(default_factory=lambda: np.zeros(len(SHARES), np.int64))
    rules: dict[str, RuleTotal] = field(default_factory=dict)
    artifacts: dict[str, RuleTotal] = field(default_factory=dict)
    signals: dict[str, SignalTotal] = field(default_factory=dict)
    flags: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    encodings: Counter[tuple[str, str]] = field(default_factory=Counter)
    profiles: dict[str, tuple[int, int]] = field(default_factory=dict)
    site_documents: Tally = field(default_factory=lambda: Tally(_SITES))
    site_characters: Tally = field(default_factory=lambda: Tally(_SITES))
    lines: Tally = field(default_factory=lambda: Tally(_LINES))
    recurrence: Recurrence = field(default_factory=lambda: Recurrence(_RECURRING))

    def add(self, batch: pa.RecordBatch) -> pa.Table:
        """Count the rows of a batch; return its edits as `edits_table` gives them."""
        edits = edits_table(batch)
        self._add_documents(batch)
        self._add_changes(batch, edits)
        _add_counts(self.rules, edits, "rule")
        _add_counts(self.artifacts, edits.filter(pc.not_equal(edits["artifact"], "")), "artifact")
        self._add_lines(edits)
        self._add_signals(batch)
        return edits

    def _add_documents(self, batch: pa.RecordBatch) -> None:
        self.documents += batch.num_rows
        failed = pc.is_valid(batch["error"])
        self.errors += _count(failed)
        self.without_edits += _count(pc.and_(pc.is_null(batch["edits"]), pc.invert(failed)))
        self.chars_in += pc.sum(batch["chars_in"]).as_py() or 0
        self.chars_out += pc.sum(batch["chars_out"]).as_py() or 0
        self.shares += _by_share(batch)
        self.flagged += _count(pc.greater(pc.list_value_length(batch["flags"]), 0))
        self.flags.update(_counted(pc.list_flatten(batch["flags"])))
        good = batch.filter(pc.invert(failed))
        if "rejected" in batch.schema.names:
            self.rejected += good.num_rows - good["rejected"].null_count
        if "duplicate_of" in batch.schema.names:
            self.duplicates += good.num_rows - good["duplicate_of"].null_count
        if "language" in batch.schema.names:
            self.languages.update(_counted(pc.fill_null(good["language"], "")))
        if "encoding" in batch.schema.names and "encoding_method" in batch.schema.names:
            pairs = [pc.fill_null(good[name], "").to_pylist() for name in ("encoding", "encoding_method")]
            self.encodings.update(zip(*pairs, strict=True))
        if "passes" in batch.schema.names:
            self._add_profiles(good["passes"])

    def _add_profiles(self, passes: pa.Array) -> None:
        for place, name in enumerate(kind.name for kind in passes.type):
            verdicts = pc.struct_field(passes, place)
            asked, passed = self.profiles.get(name, (0, 0))
            known = len(verdicts) - verdicts.null_count
            if known:
                self.profiles[name] = (asked + known, passed + (pc.sum(verdicts).as_py() or 0))

    def _add_changes(self, batch: pa.RecordBatch, edits: pa.Table) -> None:
        applied = edits.filter(edits["applied"])
        touched = {
            stage: set(applied.filter(pc.equal(applied["stage"], stage))["row"].unique().to_pylist())
            for stage in ("repair", "rules")
        }
        self.repaired += len(touched["repair"])
        self.removed += len(touched["rules"])
        known = pc.and_(pc.is_null(batch["error"]), pc.is_valid(batch["edits"]))
        self.unchanged += _count(known) - len(touched["repair"] | touched["rules"])
        if "site" not in batch.schema.names:
            return
        sites = pa.table({"site": batch["site"], "row": pa.array(range(batch.num_rows))})
        for row in sites.group_by("site").aggregate([("row", "count")]).to_pylist():
            if row["site"] is not None:
                self.site_documents.add(row["site"], row["row_count"])
        for row in applied.group_by("site").aggregate([("characters", "sum")]).to_pylist():
            if row["site"]:
                self.site_characters.add(row["site"], row["characters_sum"])

    def _add_lines(self, edits: pa.Table) -> None:
        """Count the pages on which a rule took a line; repairs are no lines, and are left out."""
        taken = edits.filter(pc.and_(edits["applied"], pc.equal(edits["stage"], "rules")))
        lines = pc.utf8_slice_codeunits(pc.utf8_trim_whitespace(taken["before"]), 0, _LINE)
        taken = taken.select(["rule", "site", "row"]).append_column("line", lines)
        for keys, count in ((["rule", "site", "line"], self._count_line), (["rule", "line"], self._recur)):
            pages = taken.group_by(keys).aggregate([("row", "count_distinct")]).to_pydict()
            for *thing, number in zip(*(pages[key] for key in [*keys, "row_count_distinct"]), strict=True):
                if thing[-1]:
                    count(thing, number)

    def _count_line(self, thing: list[str], pages: int) -> None:
        self.lines.add(tuple(thing), pages)

    def _recur(self, thing: list[str], pages: int) -> None:
        self.recurrence.add(thing[0], thing[1], pages)

    def _add_signals(self, batch: pa.RecordBatch) -> None:
        if not {"signals_before", "signals_after"} <= set(batch.schema.names):
            return
        for name, before, after in _signals(batch):
            known = pc.and_(pc.is_finite(before), pc.is_finite(after))
            total = self.signals.setdefault(name, SignalTotal())
            total.documents += _count(known)
            total.before += pc.sum(before.filter(known)).as_py() or 0.0
            total.after += pc.sum(after.filter(known)).as_py() or 0.0


def edits_table(batch: pa.RecordBatch) -> pa.Table:
    """Return the edits of a batch, one a row.

    Columns: `row` (of the batch), `stage`, `rule`, `before`, `applied`, `artifact` (empty where there is none),
    `characters` (taken, net) and `site` (empty where unknown).
    """
    rows = pc.list_parent_indices(batch["edits"])
    edits = pc.list_flatten(batch["edits"])
    column = {name: pc.struct_field(edits, name) for name in ("stage", "rule", "before", "after", "applied")}
    lost = pc.subtract(pc.utf8_length(column["before"]), pc.utf8_length(column["after"]))
    known = "site" in batch.schema.names
    sites = pc.fill_null(batch["site"], "") if known else pa.array([""] * batch.num_rows, pa.string())
    return pa.table(
        {
            "row": rows,
            **{name: column[name] for name in ("stage", "rule", "before", "applied")},
            "artifact": _artifacts(edits),
            "characters": pc.cast(lost, pa.int64()),
            "site": sites.take(rows),
        }
    )


def _add_counts(totals: dict[str, RuleTotal], edits: pa.Table, by: str) -> None:
    """Count edits and flags by rule or by artifact."""
    counted = edits.group_by([by, "applied"]).aggregate(
        [("row", "count"), ("row", "count_distinct"), ("characters", "sum")]
    )
    for row in counted.to_pylist():
        total = totals.setdefault(row[by], RuleTotal())
        if row["applied"]:
            total.edits += row["row_count"]
            total.documents += row["row_count_distinct"]
            total.characters += row["characters_sum"]
        else:
            total.flags += row["row_count"]
            total.flagged_documents += row["row_count_distinct"]


def _artifacts(edits: pa.StructArray) -> pa.Array:
    """Return the artifact of each edit; records of older versions have none."""
    if "artifact" not in {kind.name for kind in edits.type}:
        return pa.array([""] * len(edits), pa.string())
    return pc.struct_field(edits, "artifact")


def _by_share(batch: pa.RecordBatch) -> Any:
    """Return how many documents lost nothing, and how many lost a share of each class."""
    before = pc.fill_null(batch["chars_in"], 0).to_numpy(zero_copy_only=False)
    after = pc.fill_null(batch["chars_out"], 0).to_numpy(zero_copy_only=False)
    some = before > 0
    lost = np.clip(1 - after[some] / before[some], 0, 1)
    counts, _ = np.histogram(lost[lost > 0], SHARES)
    return np.concatenate(([int(np.count_nonzero(lost <= 0))], counts))


def _signals(batch: pa.RecordBatch) -> Iterator[tuple[str, pa.Array, pa.Array]]:
    before, after = batch["signals_before"], batch["signals_after"]
    names = {kind.name for kind in after.type}
    for kind in before.type:
        if kind.name in names and not pa.types.is_nested(kind.type):
            yield (
                kind.name,
                *(pc.cast(pc.struct_field(each, kind.name), pa.float64()) for each in (before, after)),
            )


def _count(mask: pa.Array) -> int:
    return int(pc.sum(mask).as_py() or 0)


def _counted(values: pa.Array) -> dict[str, int]:
    return {entry["values"]: entry["counts"] for entry in pc.value_counts(values).to_pylist()}
