"""The rules that a memory makes: one for each kind of furniture and level that its verdicts name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.artifacts import ARTIFACTS
from cleaner.rules.kinds.remembered import RememberedRule, remember
from cleaner.rules.model import PackHead
from cleaner.rules.pack import LoadedRule

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cleaner.memory.store import Memory

__all__ = ["NAMES", "rule_of", "rules_of"]

PACK = PackHead(
    id="site",
    summary="Lines that a site repeats, from a memory of its documents",
    source="counted in the documents of the site (cleaner learn)",
)
BACKGROUND, BY_HAND = "background", "by-hand"
_SURENESS = {"safe": "", "balanced": "-likely", "strict": "-possible"}

NAMES = (
    *(f"{artifact}{ending}" for ending in _SURENESS.values() for artifact in ARTIFACTS),
    BY_HAND,
    f"{BY_HAND}-flag",
    BACKGROUND,
)
"""The rules that every memory makes, whether it has a line for them or not, so that they can be named in options."""


def rule_of(row: Mapping[str, Any]) -> str:
    """Return the id, within the pack `site`, of the rule for a row of a memory."""
    if row["judged"] is not None and row["verdict"] != row["judged"]:
        return BY_HAND if row["verdict"] == "drop" else f"{BY_HAND}-flag"
    if row["verdict"] == "flag" and row["artifact"] == "repetition":
        return BACKGROUND
    return f"{row['artifact'] or 'repetition'}{_SURENESS[row['level'] or 'safe']}"


def rules_of(memory: Memory, path: Path | str = "memory") -> list[LoadedRule]:
    """Return the rules of a memory, ready for an engine; `path` is the file it stands in."""
    remember(memory.digest, memory.known)
    return [LoadedRule(f"{PACK.id}/{name}", _rule(name, memory.digest), PACK, Path(path)) for name in NAMES]


def _rule(name: str, memory: str) -> RememberedRule:
    if name.startswith(BY_HAND):
        return RememberedRule(
            id=name,
            summary="A line of which a person said in the memory what becomes of it",
            action="drop" if name == BY_HAND else "flag",
            memory=memory,
        )
    if name == BACKGROUND:
        return RememberedRule(
            id=name,
            summary="A paragraph that many documents of the site hold; it is prose and stays",
            action="flag",
            artifact="repetition",
            memory=memory,
        )
    artifact, _, sureness = name.partition("-")
    level = next(level for level, ending in _SURENESS.items() if ending == (sureness and f"-{sureness}"))
    return RememberedRule(
        id=name,
        summary=f"A line that many documents of the site hold, of the kind `{artifact}`",
        artifact=artifact,  # type: ignore[arg-type] # a name that was checked
        level=level,  # type: ignore[arg-type]
        memory=memory,
    )
