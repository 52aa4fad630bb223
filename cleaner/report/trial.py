"""What rules would take from a corpus, before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from cleaner.io.reading import read_batches
from cleaner.io.sources import find_sources
from cleaner.pipeline import Cleaner
from cleaner.report.tally import Tally
from cleaner.report.totals import edits_table
from cleaner.shipped import packs_root

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from cleaner.document import Level

__all__ = ["Trial", "try_rules"]

_LINES, _LINE = 100_000, 300  # different lines that are counted, and characters of each
_BATCH = 1 << 20  # bytes


@dataclass
class Trial:
    """What rules took: documents seen and touched, edits, characters, and documents by (rule, line)."""

    documents: int = 0
    touched: int = 0
    edits: int = 0
    characters: int = 0
    lines: Tally = field(default_factory=lambda: Tally(_LINES))


def try_rules(
    packs: Sequence[str], names: Collection[str], inputs: Sequence[str], *, level: Level = "strict"
) -> Trial:
    """Clean a corpus in this process, with the packs that ship and `packs`, and count what some rules took.

    Args:
        packs: paths of packs beside those that ship.
        names: full ids of the rules to count.
        inputs: files, folders, patterns or addresses, as of the command `clean`.
        level: the level to clean at; at `strict` every rule acts.

    Raises:
        PackError: a pack is not valid.
        InputError: an input cannot be read.

    """
    own = [pack for pack in packs if not Path(pack).resolve().is_relative_to(packs_root().resolve())]
    cleaner = Cleaner(level=level, rules=own, signals=False)
    wanted = pa.array(sorted(names), pa.string())
    trial = Trial()
    for batch in read_batches(find_sources(inputs).sources, _BATCH):
        record = cleaner.clean_batch(batch)
        edits = edits_table(record)
        taken = edits.filter(pc.and_(edits["applied"], pc.is_in(edits["rule"], wanted)))
        trial.documents += record.num_rows
        trial.edits += taken.num_rows
        trial.touched += len(taken["row"].unique())
        trial.characters += pc.sum(taken["characters"]).as_py() or 0
        shown = pc.utf8_slice_codeunits(pc.utf8_trim_whitespace(taken["before"]), 0, _LINE)
        pages = pa.table({"rule": taken["rule"], "line": shown, "row": taken["row"]})
        for each in pages.group_by(["rule", "line"]).aggregate([("row", "count_distinct")]).to_pylist():
            trial.lines.add((each["rule"], each["line"]), each["row_count_distinct"])
    return trial
