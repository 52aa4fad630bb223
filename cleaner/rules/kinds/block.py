"""Text that stands again in the same document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from cleaner.rules.asked import conditions_of, observations, vocabulary_of
from cleaner.rules.finder import Finder, Hit
from cleaner.rules.model import Count, Rule
from cleaner.rules.stretches import in_runs, repeated

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cleaner.rules.finder import View
    from cleaner.rules.scan import Batch
    from cleaner.rules.table import Ints, LineTable

__all__ = [
    "RepeatedBlock",
    "RepeatedBlockRule",
    "RepeatedList",
    "RepeatedListRule",
    "RepeatedParagraph",
    "RepeatedParagraphRule",
]

_LABEL = 60  # characters
_FIGURES = re.compile(r"[0-9]+")
_WORDS = re.compile(r"\w+")
_NO_OTHER = ("asks", "starts_quote", "starts_odd", "bullet", "starts_digit", "pipes")
_NO_VERSE = ("ends_comma", "above.ends_comma", "below.starts_lower")
_WHERE = ("near1.prose >= 1", *(f"{name} < 1" for name in (*_NO_OTHER, *_NO_VERSE)))
_EXACT, _NEAR = (conditions_of((asked, *_WHERE), ()) for asked in ("prose >= 1", "particles >= 3"))
_PUNCTUATION = frozenset(".,;:!?…。，；：！？、؟،۔।")


class RepeatedBlockRule(
    Rule, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="repeated_block"
):
    """Lines that stand again, word for word, later in the text: the later copy.

    The block has `block_chars` characters or more in all, and one of its lines at least
    `line_chars`; dialogue, refrains and tables, whose lines are short, may repeat. So may what recurs:
    a plan names its items, and a thread quotes its posts, again and again. A long line that stands
    more than `copies` times begins no block, and a block is mostly long lines.
    """

    block_chars: Count = 80
    line_chars: Count = 60
    copies: Count = 2


class RepeatedBlock(Finder[RepeatedBlockRule]):
    """Finds the later copies of blocks."""

    def candidates(self, batch: Batch) -> Ints:
        """Return the long rows that stand more than once in their document."""
        table = batch.table
        rows = np.flatnonzero(table.chars >= self.rule.line_chars)
        return rows[repeated(table.document[rows], table.key[rows])]

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield one hit a block; a line belongs to the first block that covers it."""
        free = 0
        for row in rows:
            if row < free or view.chars[row] < self.rule.line_chars:
                continue
            places = view.positions(row)
            if places[0] == row or len(places) > self.rule.copies:
                continue
            first, start, end = self._extend(view, places[0], row, free)
            lengths = view.chars[start:end].tolist()
            if sum(lengths) < self.rule.block_chars or _mostly_short(
                lengths, min(_LABEL, self.rule.line_chars)
            ):
                continue
            if self.guards.allow(view, start, end - 1):
                yield Hit(tuple(range(start, end)), witness=tuple(range(first, first + end - start)))
            free = end

    def _extend(self, view: View, first: int, second: int, free: int) -> tuple[int, int, int]:
        """Widen a pair of equal lines to the longest equal stretches that do not touch each other."""
        keys = view.keys
        above = 0
        while (
            first - above > 0
            and second - above > max(free, first + 1)
            and keys[first - above - 1] == keys[second - above - 1]
        ):
            above += 1
        below = 1
        while (
            second + below < len(keys)
            and first + below < second - above
            and keys[first + below] == keys[second + below]
        ):
            below += 1
        return first - above, second - above, second + below


class RepeatedListRule(
    Rule, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="repeated_list"
):
    """A run of `lines` labels or more that stands again later in the text: the later copy, such as a menu in the footer.

    A label has at most `longest` characters and `words` words and ends in no punctuation, which verse and
    dialogue seldom lack. A line that stands more than `copies` times is one of a form that recurs, and ends the run.
    """

    lines: Count = 6
    longest: Count = 40
    words: Count = 4
    copies: Count = 2


class RepeatedList(Finder[RepeatedListRule]):
    """Finds the later copies of runs of labels."""

    def candidates(self, batch: Batch) -> Ints:
        """Return the short rows that stand more than once in their document, where enough of them follow each other."""
        table = batch.table
        rows = np.flatnonzero(table.chars <= self.rule.longest)
        rows = rows[repeated(table.document[rows], table.key[rows])]
        return self.guards.place(batch, in_runs(rows, table.document[rows], self.rule.lines))

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield one hit a run, as long as it goes."""
        free = 0
        for row in rows:
            if row < free:
                continue
            first = view.positions(row)[0]
            size = self._size(view, first, row)
            keys = set(view.keys[row : row + size])
            if len(keys) >= self.rule.lines and self.guards.allow(view, row, row + size - 1):
                free = row + size
                yield Hit(tuple(range(row, free)), witness=tuple(range(first, first + size)))

    def _size(self, view: View, first: int, second: int) -> int:
        """Return how many labels from `second` on equal those from `first` on."""
        keys, size = view.keys, 0
        while (
            second + size < len(keys)
            and first + size < second
            and keys[first + size] == keys[second + size]
            and self._is_label(view.lines[second + size].text)
            and len(view.positions(second + size)) <= self.rule.copies
        ):
            size += 1
        return size

    def _is_label(self, text: str) -> bool:
        text = text.strip()
        return (
            len(text) <= self.rule.longest
            and len(text.split()) <= self.rule.words
            and text[-1] not in _PUNCTUATION
        )


class RepeatedParagraphRule(
    Rule, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="repeated_paragraph"
):
    """A paragraph of at least `shortest` characters that stands exactly twice: the later copy.

    A paragraph is prose and stands beside prose. It is no question, no speech, no item of a list, no row of a
    table and no line of verse. With `near` the copies differ: in punctuation, in one figure, or in that one
    of them is cut off; of those the shorter goes. They begin with the same 15 bytes.
    """

    shortest: Count = 60
    near: bool = False


class RepeatedParagraph(Finder[RepeatedParagraphRule]):
    """Finds the copies of paragraphs."""

    def __init__(self, rule: RepeatedParagraphRule) -> None:
        super().__init__(rule)
        self.where = _NEAR if rule.near else _EXACT  # an end that is cut off is no prose by its form
        self.vocabulary = vocabulary_of(())

    def candidates(self, batch: Batch) -> Ints:
        """Return the rows that are paragraphs and may stand more than once in their document."""
        return self._found(batch.table)

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield one hit a paragraph, with the copy that stays as its witness."""
        found = self._found(view.table)
        low, high = np.searchsorted(found, (view.first, view.first + view.count)).tolist()
        groups: dict[int, list[int]] = {}
        for row, alike in zip(
            (found[low:high] - view.first).tolist(), self._alike(view.table)[low:high].tolist(), strict=True
        ):
            groups.setdefault(alike, []).append(row)
        asked = set(rows)
        for pair in groups.values():
            copy = self._copy(view, pair)
            if copy is not None and copy[1] in asked and self.guards.allow(view, copy[1], copy[1]):
                yield Hit((copy[1],), witness=(copy[0],))

    def _copy(self, view: View, rows: Sequence[int]) -> tuple[int, int] | None:
        """Return the copy that stays and the one that goes, if `rows` are two copies."""
        if len(rows) != 2:
            return None
        first, second = rows
        if not self.rule.near:
            return (first, second) if view.positions(first) == [first, second] else None
        earlier, later = view.lines[first].key, view.lines[second].key
        if earlier == later:
            return None
        order = _nearly(earlier, later)
        return None if order is None else ((first, second) if order else (second, first))

    def _alike(self, table: LineTable) -> Ints:
        """Return for each row found a number that copies have in common."""
        keys = table.key[self._found(table)]
        return table.keys.beginnings(keys) if self.rule.near else keys

    def _found(self, table: LineTable) -> Ints:
        found: Ints | None = table.memo.get(self)
        if found is None:
            seen = observations(table, self.vocabulary)
            rows = np.arange(len(table)) if self.rule.near else repeated(table.document, table.key)
            if len(rows):
                rows = rows[seen["chars"][rows] >= self.rule.shortest]
                rows = rows[self.where.held(seen, rows).all(axis=0)]
            alike = table.key[rows]
            if self.rule.near and len(rows):
                alike = table.keys.beginnings(alike)
            found = table.memo[self] = rows[repeated(table.document[rows], alike)]
        return found


def _nearly(earlier: str, later: str) -> bool | None:
    """Tell whether the earlier of two lines stays, if they are nearly the same; None if they are not."""
    words, others = _WORDS.findall(earlier), _WORDS.findall(later)
    if len(words) == len(others):
        unlike = [pair for pair in zip(words, others, strict=True) if pair[0] != pair[1]]
        if len(unlike) > 1 or not all(
            _FIGURES.fullmatch(one) and _FIGURES.fullmatch(two) for one, two in unlike
        ):
            return None
        return True
    shorter, longer = sorted((words, others), key=len)
    return longer is words if longer[: len(shorter)] == shorter else None


def _mostly_short(lengths: Sequence[int], label: int) -> bool:
    """Tell whether more lines are labels than paragraphs."""
    return 2 * sum(length < label for length in lengths) > len(lengths)
