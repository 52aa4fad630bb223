"""What the rules above `safe` may take from one document, and which documents are excepted.

The budget is held against the text that the safe rules leave, so that a second cleaning, which starts
from less, decides the same way: of a text that was cleaned within its budget nothing is left to take.
"""

from __future__ import annotations

from typing import NamedTuple

from cleaner.rules.shape import shape_of
from cleaner.rules.table import LineTable

__all__ = ["Budget", "is_page_dump"]

_DUMP_LINES = 25
_DUMP_LABELS = 0.6


class Budget(NamedTuple):
    """The share of the characters left by the safe rules that the others may take."""

    share: float

    def holds(self, before: str, full: str) -> bool:
        """Tell whether so much is left of a text that the budget holds, whatever the safe rules took of it."""
        return len(full) >= (1 - self.share) * len(before)

    def allows(self, safe: str, full: str) -> bool:
        """Tell whether `full` may stand for `safe`, the text after the safe rules alone."""
        return len(safe) - len(full) <= self.share * len(safe) or is_page_dump(safe)


def is_page_dump(text: str) -> bool:
    """Tell whether a text is a whole page rather than what an extractor left of it.

    A page dump has 25 lines or more, and three in five of them are labels: less than 60 characters
    without a full stop. Of the line benchmark that holds for 86 % of the page dumps as they come and for
    9 % of the texts that an extractor left. The safe rules take most of a dump, so few need the exception.
    """
    table = LineTable.of([text])
    if len(table) < _DUMP_LINES:
        return False
    return bool(shape_of(table)["label"].mean() >= _DUMP_LABELS)
