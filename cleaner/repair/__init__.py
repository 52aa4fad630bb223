"""Character repair: what decoding left wrong, and what text of the web carries that is no text.

`repair` takes a batch. A scan of the whole batch decides which lines of which documents need work;
only those are handed to ftfy and to the steps beyond it, and a text that needs nothing comes back as
the same object. Every change is an edit, so `edits.restore(repaired.text, repaired.edits)` is the
text that came in.

Repaired text holds no lone surrogates, ends lines by line feeds only, has no spaces at line ends, no
blank lines at its head or tail (one line feed may end the last line) and no two in a row. Repairing
it again changes nothing, and neither does repairing what is left after whole lines were deleted from
it, but for blank lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cleaner import edits as edit_lists
from cleaner.repair.flags import find_flags
from cleaner.repair.gate import find
from cleaner.repair.layout import edits_of
from cleaner.repair.steps import FLAGS, STEPS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.document import Edit, Level

__all__ = ["FLAGS", "STEPS", "Repaired", "repair"]


class Repaired(NamedTuple):
    """A repaired text, the edits that made it from the given one, and the names of what was reported.

    Applied edits are in order and do not overlap; edits with `applied=False` report a place. `flags`
    are the rules of the latter, once each.
    """

    text: str
    edits: tuple[Edit, ...]
    flags: tuple[str, ...]


def repair(texts: Sequence[str], *, level: Level = "safe") -> list[Repaired]:
    """Repair a batch of texts; the result of one does not depend on the others.

    Args:
        texts: any strings, lone surrogates included.
        level: how sure a step must be to act; only `repair/combining-marks` asks for more than `safe`.

    """
    found = find(texts)
    edits = {
        place: edits_of(texts[place], need.hits, level)
        for place, need in found.items()
        if need.hits or need.tidy
    }
    changed = {place: edit_lists.apply(texts[place], made) for place, made in edits.items() if made}
    # A flag is for what is left: in a text that has changed, its signs are looked for anew.
    left = dict(zip(changed, _looks(list(changed.values())), strict=True))
    return [
        _repaired(
            text, changed.get(place, text), edits.get(place, []), left.get(place, found[place].look), level
        )
        if place in found
        else Repaired(text, (), ())
        for place, text in enumerate(texts)
    ]


def _looks(texts: list[str]) -> list[tuple[str, ...]]:
    found = find(texts)
    return [found[place].look if place in found else () for place in range(len(texts))]


def _repaired(text: str, repaired: str, made: list[Edit], look: tuple[str, ...], level: Level) -> Repaired:
    reported = find_flags(text, repaired, made, look, level)
    flags = tuple(dict.fromkeys(edit.rule for edit in reported))
    merged = sorted([*made, *reported], key=lambda edit: (edit.start, edit.end, edit.applied))
    return Repaired(repaired, tuple(merged), flags)
