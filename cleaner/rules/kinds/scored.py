"""Lines that the line model knows: what they say, how they look, where they stand, what is around, what repeats.

A rule of this kind takes the lines that have enough points of a model (`cleaner.scoring`), a file of `rules/models`
that `training/` wrote. The points are whole numbers, the same for a line in any batch. What looks like the headline
is never one. The title of the record is not asked: other rules may find it in one cleaning and not in the next.
"""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
from msgspec import Meta, field

from cleaner.native import score
from cleaner.rules.asked import conditions_of, observations, vocabulary_of
from cleaner.rules.charclass import classes
from cleaner.rules.finder import Finder, Hit
from cleaner.rules.model import Count, Rule
from cleaner.rules.observe import Observations
from cleaner.rules.stretches import begins
from cleaner.scoring.model import load_model
from cleaner.scoring.reasons import heaviest_words, reasons
from cleaner.shipped import models_root

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from cleaner.rules.finder import View
    from cleaner.rules.scan import Batch
    from cleaner.rules.table import Ints, LineTable
    from cleaner.rules.vocabulary import Vocabulary
    from cleaner.scoring.model import LineModel

__all__ = ["Scored", "ScoredRule", "line_scores", "seen_by"]

_HEAD = 8  # lines above the first paragraph, or from the top, among which the headline stands
_SHORTEST = 15  # characters of a headline; an ideograph counts for three
_FAR = 99  # how far the next paragraph is where there is none
_OF_HEADLINES = ("past.prose", "until.prose", "from_head", "chars", "urls", "prose")
_MOST = 3  # lines a document that may be its headline
_AT_ONCE = 16  # observations that are worked out in one step: they stay in the cache


class ScoredRule(Rule, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="scored"):
    """Lines of at most `longest` characters to which a model gives `at_least` points, hundredths of log odds.

    `where` are conditions on the document or the line that must hold whatever the points are, such as `code < 3`.
    `model` names a file of the folder `models` beside the pack, or of those that ship, and `card` the word classes that the model
    counts. `words`, `digest` (the hash of the model) and `file` (where it lies, unless it ships) are filled in.
    """

    model: str
    at_least: Annotated[int, Meta(ge=-5000, le=5000)]
    card: str = "lines"
    longest: Count = 240
    where: tuple[str, ...] = ()
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    digest: str = ""
    file: str = ""


class Scored(Finder[ScoredRule]):
    """Finds lines with enough points.

    What a higher level would take by points is no flag: it would be a line of the text in most cases.
    """

    telling = False

    def __init__(self, rule: ScoredRule) -> None:
        super().__init__(rule)
        self.where = conditions_of(rule.where, rule.words)
        self.vocabulary = vocabulary_of(tuple(rule.words.items()))
        self._file = Path(rule.file) if rule.file else models_root() / f"{rule.model}.model"

    @property
    def exact(self) -> bool:  # type: ignore[override] # of a rule without guards
        """Whether every candidate is a hit."""
        return self.guards.free

    def note(self, table: LineTable, row: int) -> Callable[[], str]:
        """Return what can say why a line has its points."""
        return partial(self._note, table, row)

    @property
    def model(self) -> LineModel:
        """The model; each process reads it once."""
        return load_model(self._file, self.rule.digest)

    def candidates(self, batch: Batch) -> Ints:
        """Return the rows with enough points."""
        if len(batch.pages) == len(batch.table):
            return batch.pages[:0]
        rows = self._taken(batch.table)
        if len(batch.pages):
            rows = rows[~np.isin(rows, batch.pages)]
        return self.guards.place(batch, rows)

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield one hit a line; the points are of whole numbers, the same for a batch and a document."""
        if view.context.places:
            return
        asked = np.asarray(rows, np.int64)
        for row in asked[np.isin(asked + view.first, self._taken(view.table))].tolist():
            if self.guards.free or self.guards.allow(view, row, row):
                yield Hit((row,), note=self.note(view.table, view.first + row))

    def _taken(self, table: LineTable) -> Ints:
        """Return the lines with enough points."""
        taken: Ints | None = table.memo.get(self)
        if taken is None:
            points = line_scores(table, self.model, self.vocabulary)
            taken = np.flatnonzero((points >= self.rule.at_least) & (table.chars <= self.rule.longest))
            if len(taken):
                seen = observations(table, self.vocabulary)
                if self.rule.where:
                    taken = taken[self.where.held(seen, taken).all(axis=0)]
                taken = taken[~np.isin(taken, _headlines(seen))]
            table.memo[self] = taken
        return taken

    def _note(self, table: LineTable, row: int) -> str:
        return self._notes(table)[row]

    def _notes(self, table: LineTable) -> dict[int, str]:
        """Say for each line that is taken why; all at once, since asking for them one by one costs a hundred times as much."""
        notes: dict[int, str] | None = table.memo.get(("notes", self))
        if notes is None:
            taken, model = self._taken(table), self.model
            said = reasons(model, seen_by(model, table, self.vocabulary)[:, taken])
            words = table.whole.memo.setdefault(("heaviest words", model.about), {})
            notes = table.memo["notes", self] = {}
            for row, key, reason in zip(taken.tolist(), table.key[taken].tolist(), said, strict=True):
                if key not in words:
                    heavy = heaviest_words(model, _reader(model.bits), table.keys.text(key))
                    words[key] = "".join(f"; {text!r} {weight:+d}" for text, weight in heavy)
                notes[row] = f"{reason} (wanted: {self.rule.at_least}){words[key]}"
        return notes


def line_scores(table: LineTable, model: LineModel, vocabulary: Vocabulary) -> Ints:
    """Return the points that a model gives to each line of a table."""
    key = ("line scores", model.about, vocabulary)
    points: Ints | None = table.memo.get(key)
    if points is None:
        points = table.memo[key] = model.scored(seen_by(model, table, vocabulary))
    return points


def seen_by(model: LineModel, table: LineTable, vocabulary: Vocabulary) -> NDArray[np.int16]:
    """Return what a model observes: a row for each of its observations, a column for each line."""
    key = ("seen by", model.about, vocabulary)
    seen: NDArray[np.int16] | None = table.memo.get(key)
    if seen is None:
        words = _said(model, table.whole)[table.key]
        seen = table.memo[key] = seen_as(model.names, Observations(table, vocabulary.of(table), words))
    return seen


def seen_as(names: Sequence[str], observed: Observations) -> NDArray[np.int16]:
    """Return observations as 16-bit numbers; what is beyond them is the last of them."""
    limits = np.iinfo(np.int16)
    seen = np.empty((len(names), len(observed.table)), np.int16)
    for start in range(0, len(names), _AT_ONCE):
        part = tuple(names[start : start + _AT_ONCE])
        seen[start : start + _AT_ONCE] = np.clip(observed.columns(part), limits.min, limits.max)
        observed.forget(part)
    return seen


def _said(model: LineModel, table: LineTable) -> Ints:
    """Return the points of the words of each distinct line of a batch."""
    key = ("said", model.about)
    said: Ints | None = table.memo.get(key)
    if said is None:
        said = table.memo[key] = model.said(_reader(model.bits), table.keys.data, table.keys.bounds)
    return said


@cache
def _reader(bits: int) -> score.Reader:
    return score.Reader(classes(), bits)


def _headlines(seen: Observations) -> Ints:
    """Return the rows, ascending, of the lines that are likely to be the headline of their document.

    They are the three longest of the lines that are long enough to say something and stand close above the
    first paragraph, or near the top with a paragraph somewhere below. Neither the title of the record is asked
    nor whether a line stands twice: one cleaning would know it and the next would not.
    """
    past, until, above, chars, urls, prose = seen.columns(_OF_HEADLINES)
    near = (past == 0) & (until <= _HEAD)
    near |= (above < _HEAD) & (until < _FAR)
    near &= (chars >= _SHORTEST) & (urls == 0) & (prose == 0)
    rows = np.flatnonzero(near)
    document = seen.table.document[rows]
    order = np.lexsort((rows, -chars[rows], document))
    first = begins(document[order])
    rank = np.arange(len(order)) - np.repeat(first, np.diff(np.append(first, len(order))))
    return np.sort(rows[order[rank < _MOST]])
