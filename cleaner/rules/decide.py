"""Decide which of the hits in one document are carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.rules.finder import Hit

__all__ = ["Decision", "decide"]


class Decision(NamedTuple):
    """What becomes of a document in one pass; lines are named by their place among those alive.

    `dropped` gives for each line that goes the rule (by its index) and its note, `flagged` the hits
    that are only named, and `title` the headline where a hit that was carried out shows it.
    """

    dropped: dict[int, tuple[int, str]]
    flagged: list[tuple[int, Hit]]
    title: str | None


def decide(hits: Sequence[tuple[int, Hit]], acts: Sequence[bool], flags: Sequence[bool]) -> Decision:
    """Accept hits in the order of their rules.

    `acts` and `flags` tell it for each rule. One that `flags` does so always; one that does not act yet flags lines that no other of its kind
    has flagged: as at its level, the first rule that wants a line is the one that is named.

    A hit relies on its witnesses: it is void when one of them has gone in this pass, and once accepted
    it protects them until the next pass, so that of two copies one always stays.
    """
    dropped: dict[int, tuple[int, str]] = {}
    protected: set[int] = set()
    named: set[int] = set()
    flagged: list[tuple[int, Hit]] = []
    title: str | None = None
    for index, hit in hits:
        if not acts[index]:
            if flags[index] or not named.issuperset(hit.rows):
                flagged.append((index, hit))
            if not flags[index]:
                named.update(hit.rows)
            continue
        if protected.intersection(hit.rows) or not dropped.keys().isdisjoint(hit.witness):
            continue
        protected.update(hit.witness)
        title = title or hit.title
        for row in hit.rows:
            dropped.setdefault(row, (index, hit.note() if hit.note else ""))
    return Decision(dropped, flagged, title)
