"""Which lines may be the headline of a text, by their form and place; and whether one that was found is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from cleaner.rules.stretches import begins

if TYPE_CHECKING:
    from cleaner.rules.observe import Observations
    from cleaner.rules.table import Ints

__all__ = ["holds_headline", "likely_headlines"]

_HEAD = 8  # lines above the first paragraph, or from the top, among which the headline stands
_SHORTEST = 15  # characters of a headline; an ideograph counts for three
_FAR = 99  # how far the next paragraph is where there is none
_MOST = 3  # lines a document


def likely_headlines(seen: Observations) -> Ints:
    """Return the rows, ascending, of the lines that are likely to be the headline of their document.

    They are the three longest of the lines that are long enough to say something and stand close above the
    first paragraph, or near the top with a paragraph somewhere below. Neither the title of the record is asked
    nor whether a line stands twice: one cleaning would know it and the next would not.
    """
    near = (seen["past.prose"] == 0) & (seen["until.prose"] <= _HEAD)
    near |= (seen["from_head"] < _HEAD) & (seen["until.prose"] < _FAR)
    near &= (seen["chars"] >= _SHORTEST) & (seen["urls"] == 0) & (seen["prose"] == 0)
    rows = np.flatnonzero(near)
    document = seen.table.document[rows]
    order = np.lexsort((rows, -seen["chars"][rows], document))
    first = begins(document[order])
    rank = np.arange(len(order)) - np.repeat(first, np.diff(np.append(first, len(order))))
    return np.sort(rows[order[rank < _MOST]])


def holds_headline(text: str, title: str) -> bool:
    """Tell whether a line of a cleaned text is the headline `title`, or what a rule left of it."""
    return any(line and line in title for line in map(str.strip, text.splitlines()))
