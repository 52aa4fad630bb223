"""Totals of a run, gathered from the batches on their way to the output."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import msgspec
import pyarrow.compute as pc

from cleaner.schema import PASSES
from cleaner.signals.profiles import evaluate, load

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Summary"]


@dataclass
class Summary:
    """Counts over all rows seen: documents, characters, edits and flags by rule, documents with an error."""

    documents: int = 0
    quarantined: int = 0
    rejected: int = 0
    duplicates: int = 0
    near_duplicates: int | None = None  # None where nobody looked for them
    clusters: int = 0  # of near-duplicates
    sharing: int = 0  # documents with paragraphs that stand in others
    unchanged: int = 0
    chars_in: int = 0
    chars_out: int = 0
    edits: Counter[str] = field(default_factory=Counter)
    removed: Counter[str] = field(default_factory=Counter)  # characters by rule
    artifacts: Counter[str] = field(default_factory=Counter)  # edits by kind of furniture
    artifact_chars: Counter[str] = field(default_factory=Counter)  # characters by kind of furniture
    flags: Counter[str] = field(default_factory=Counter)  # documents by flag
    passed: Counter[str] = field(default_factory=Counter)  # documents by profile
    passed_before: Counter[str] = field(default_factory=Counter)  # that would have passed uncleaned

    def add(self, batch: pa.RecordBatch) -> None:
        """Count the rows of a batch of the record."""
        self.documents += batch.num_rows
        self.quarantined += batch.num_rows - batch.column("error").null_count
        self.duplicates += batch.num_rows - batch.column("duplicate_of").null_count
        self.rejected += batch.num_rows - batch.column("rejected").null_count
        self._add_profiles(batch)
        self.chars_in += pc.sum(batch.column("chars_in")).as_py() or 0
        self.chars_out += pc.sum(batch.column("chars_out")).as_py() or 0
        self.flags.update(_counted(batch.column("flags").flatten()))
        edits = batch.column("edits").flatten()
        applied = edits.filter(edits.field("applied"))
        self.edits.update(_counted(applied.field("rule")))
        lengths = pc.subtract(pc.utf8_length(applied.field("before")), pc.utf8_length(applied.field("after")))
        taken = zip(
            *(column.to_pylist() for column in (applied.field("rule"), applied.field("artifact"), lengths)),
            strict=True,
        )
        for rule, artifact, chars in taken:
            self.removed[rule] += chars
            if artifact:
                self.artifacts[artifact] += 1
                self.artifact_chars[artifact] += chars

    def add_near_duplicates(self, near_duplicates: int, clusters: int, sharing: int, rejected: int) -> None:
        """Count near-duplicates, their clusters, documents that share paragraphs, and near-duplicates rejected."""
        self.near_duplicates, self.clusters, self.sharing = near_duplicates, clusters, sharing
        self.rejected += rejected

    def described(self) -> dict[str, Any]:
        """Return the counts as plain data: totals, then what each rule and each kind of furniture came to."""
        totals = {name: value for name, value in vars(self).items() if isinstance(value, int)}
        rules = sorted({*self.edits, *self.flags}, key=lambda name: (-self.edits[name], name))
        return {
            **totals,
            "rules": {
                name: {
                    "edits": self.edits[name],
                    "characters": self.removed[name],
                    "documents_flagged": self.flags[name],
                }
                for name in rules
            },
            "artifacts": {
                name: {"edits": count, "characters": self.artifact_chars[name]}
                for name, count in sorted(self.artifacts.items())
            },
            "profiles": {
                name: {"passed": count, "passed_before": self.passed_before[name]}
                for name, count in sorted(self.passed.items())
            },
        }

    def packed(self) -> bytes:
        """Return the counts as bytes."""
        return msgspec.json.encode(vars(self))

    @classmethod
    def unpacked(cls, data: bytes) -> Summary:
        """Return the counts that `packed` packed; those that it does not know are 0."""
        given = msgspec.json.decode(data)
        counts: dict[str, Any] = {
            name: Counter(each) if isinstance(each, dict) else each for name, each in given.items()
        }
        return cls(**counts)

    def merge(self, other: Summary) -> None:
        """Count what another summary has counted."""
        for each in fields(self):
            mine, theirs = getattr(self, each.name), getattr(other, each.name)
            if isinstance(mine, Counter):
                mine.update(theirs)
            elif theirs is not None:
                setattr(self, each.name, (mine or 0) + theirs)

    def _add_profiles(self, batch: pa.RecordBatch) -> None:
        """Count what passes each profile that was asked for, after cleaning and before."""
        for index, profile in enumerate(PASSES):
            passes = batch.column("passes").field(index)
            if passes.null_count == batch.num_rows:
                continue
            before, _ = evaluate(
                batch.column("signals_before"), batch.column("language").to_pylist(), load(profile.name)
            )
            self.passed[profile.name] += pc.sum(passes).as_py() or 0
            self.passed_before[profile.name] += pc.sum(before).as_py() or 0


def _counted(values: pa.Array) -> dict[str, int]:
    return {entry["values"]: entry["counts"] for entry in pc.value_counts(values).to_pylist()}
