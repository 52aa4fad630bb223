"""One multi-pattern scan for the literals of all conditions, and the verification of what it finds."""

from __future__ import annotations

from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from cleaner.native.literals import Literals
from cleaner.rules.stretches import begins, distinct

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from numpy.typing import NDArray

    from cleaner.rules.conditions import Matcher
    from cleaner.rules.finder import Context, View
    from cleaner.rules.table import Ints, Keys, LineTable, Mask

__all__ = ["Batch", "Scanner", "knows_links"]

_NONE = np.empty(0, np.int64)
_SHORT = 60  # characters
_FORMS = ("exact", "prefix", "contains", "test")
_EXACT, _PREFIX = 0, 1


class Scanner:
    """Finds for many conditions at once the distinct lines that fulfil them. Picklable.

    Conditions that only short lines can fulfil, which most are, are looked for in short lines only.
    """

    def __init__(self, matchers: Iterable[Matcher]) -> None:
        self.matchers = tuple(dict.fromkeys(matchers))
        long = [index for index, matcher in enumerate(self.matchers) if matcher.max_chars > _SHORT]
        short = [index for index, matcher in enumerate(self.matchers) if matcher.max_chars <= _SHORT]
        self._everywhere, self._in_short = _Literals(self.matchers, long), _Literals(self.matchers, short)
        self._open = [index for index, matcher in enumerate(self.matchers) if matcher.literals is None]
        self._least = np.array([max(1, matcher.min_chars) for matcher in self.matchers], np.int64)
        self._most = np.array([matcher.max_chars for matcher in self.matchers], np.int64)
        self._form = np.array([_FORMS.index(matcher.form) for matcher in self.matchers], np.int8)
        self._first, self._last = (_allowed(self.matchers, side) for side in (0, 1))

    def scan(self, keys: Keys, skip: Collection[Matcher] = ()) -> dict[Matcher, Ints]:
        """Return for each condition that some line fulfils the numbers of those lines, ascending.

        Conditions to `skip` are not verified.
        """
        parts = [self._open_pairs(keys), self._pairs(keys, self._everywhere, *_everything(keys))]
        parts.append(self._pairs(keys, self._in_short, *_short_lines(keys)))
        pairs = distinct(np.concatenate(parts))
        matchers, lines = np.divmod(pairs, max(1, len(keys)))
        found = {}
        for begin, end in pairwise([*begins(matchers).tolist(), len(matchers)]):
            matcher = self.matchers[int(matchers[begin])]
            held = lines[begin:end] if matcher not in skip else _NONE
            if matcher.form == "test":
                test, text = matcher.test, keys.text
                held = np.array([key for key in held.tolist() if test(text(key))], np.int64)
            if len(held):
                found[matcher] = held
        return found

    def _open_pairs(self, keys: Keys) -> Ints:
        parts = [np.empty(0, np.int64)]
        for index in self._open:
            lines = np.flatnonzero((keys.chars >= self._least[index]) & (keys.chars <= self._most[index]))
            parts.append(self._edged(keys, np.full(len(lines), index), lines))
        return np.concatenate(parts)

    def _pairs(self, keys: Keys, literals: _Literals, data: bytes, bounds: Ints, lines: Ints) -> Ints:
        """Return condition and line, as one number, wherever a literal stands as its condition asks.

        `data` holds the keys `lines`, which begin at `bounds`.
        """
        hits = literals.hits(data)
        place = np.searchsorted(bounds, hits[1], side="right") - 1
        count = literals.counts[hits[0]]
        matcher = literals.wanted[
            np.repeat(literals.begins[hits[0]] - np.cumsum(count) + count, count)
            + np.arange(int(count.sum()))
        ]
        hit = np.repeat(np.arange(len(place)), count)
        place = place[hit]
        chars, form = keys.chars[lines[place]], self._form[matcher]
        fits = (chars >= self._least[matcher]) & (chars <= self._most[matcher])
        fits &= (form > _PREFIX) | (hits[1][hit] == bounds[place])
        fits &= (form > _EXACT) | (hits[2][hit] == bounds[place + 1] - 1)
        return self._edged(keys, matcher[fits], lines[place[fits]])

    def _edged(self, keys: Keys, matcher: Ints, lines: Ints) -> Ints:
        """Leave out lines that begin or end with what their condition never begins or ends with."""
        data = np.frombuffer(keys.data, np.uint8)
        held = (
            self._first[matcher, data[keys.bounds[lines]]]
            & self._last[matcher, data[keys.bounds[lines + 1] - 2]]
        )
        pairs: Ints = matcher[held] * len(keys) + lines[held]
        return pairs


class _Literals:
    """The literals of some conditions, ready to be looked for, with the conditions that want each."""

    def __init__(self, matchers: Sequence[Matcher], chosen: Iterable[int]) -> None:
        wanted: dict[str, list[int]] = {}
        for index in chosen:
            for literal in sorted(matchers[index].literals or ()):
                wanted.setdefault(literal, []).append(index)
        self.texts = tuple(wanted)
        self.counts = np.array([len(each) for each in wanted.values()], np.int64)
        self.begins = np.cumsum(self.counts) - self.counts
        self.wanted = np.array([index for each in wanted.values() for index in each], np.int64)

    @cached_property
    def _compiled(self) -> Literals:
        return Literals([text.encode("utf-8", "surrogatepass") for text in self.texts])

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name != "_compiled"}

    def hits(self, data: bytes) -> Ints:
        """Return the numbers of the literals that stand in `data`, where each begins and where it ends."""
        return np.frombuffer(self._compiled.find(data), np.int64).reshape(-1, 3).T


def _everything(keys: Keys) -> tuple[bytes, Ints, Ints]:
    return keys.data, keys.bounds, np.arange(len(keys))


def _short_lines(keys: Keys) -> tuple[bytes, Ints, Ints]:
    """Return the short lines alone, one behind the other, where each begins, and which keys they are."""
    lines = np.flatnonzero(keys.chars <= _SHORT)
    return *keys.joined(lines), lines


def _allowed(matchers: Sequence[Matcher], side: int) -> Mask:
    """Return for each condition which bytes a line may begin (side 0) or end (1) with."""
    allowed = np.ones((len(matchers), 256), np.bool_)
    for index, matcher in enumerate(matchers):
        if matcher.edges is not None:
            allowed[index] = False
            allowed[index, sorted(matcher.edges[side])] = True
    return allowed


def knows_links(contexts: Sequence[Context]) -> bool:
    """Tell whether of any document it is known which of its lines are links."""
    return any(context.places or context.links for context in contexts)


class Batch:
    """A table of lines with what the scan found in it: all that candidates are chosen from."""

    def __init__(
        self, table: LineTable, found: dict[Matcher, Ints], contexts: Sequence[Context] = ()
    ) -> None:
        self.table = table
        self.found = found
        self.contexts = contexts
        self.views: dict[int, View] = {}  # documents that some rule had to look at line by line

    @cached_property
    def knows_links(self) -> bool:
        """Whether of any document it is known which of its lines are links."""
        return knows_links(self.contexts)

    @cached_property
    def pages(self) -> Ints:
        """The rows of documents that were taken from a page, of which more is known than the text."""
        taken = [bool(context.places) for context in self.contexts]
        if not any(taken):
            return _NONE
        return np.flatnonzero(np.array(taken)[self.table.document])

    def inside(self, tags: Iterable[str], names: Iterable[str]) -> Ints:
        """Return the rows, ascending, of lines inside an element of one of these tags or names."""
        if not len(self.pages):
            return _NONE
        words = [*(f"<{tag}" for tag in tags), *(f".{name}" for name in names)]
        found = [rows for word in words if (rows := self._marks[0].get(word))]
        return distinct(np.concatenate([np.array(rows) for rows in found])) if found else _NONE

    def linked(self, share: float) -> Ints:
        """Return the rows, ascending, of lines that are a link for this share or more."""
        rows, shares = self._marks[1]
        return rows[shares >= share]

    @cached_property
    def _marks(self) -> tuple[dict[str, list[int]], tuple[Ints, NDArray[np.float64]]]:
        """For each tag (`<tag`) and name (`.name`) the rows inside it, and for each row what is linked."""
        words: dict[str, list[int]] = {}
        rows: list[int] = []
        shares: list[float] = []
        table = self.table
        keys, documents = table.key[self.pages].tolist(), table.document[self.pages].tolist()
        for row, key, document in zip(self.pages.tolist(), keys, documents, strict=True):
            place = self.contexts[document].places.get(table.keys[key])
            if place is None:
                continue
            for tag in place.tags:
                words.setdefault(f"<{tag}", []).append(row)
            for name in place.names:
                words.setdefault(f".{name}", []).append(row)
            if place.linked:
                rows.append(row)
                shares.append(place.linked)
        return words, (np.array(rows, np.int64), np.array(shares, np.float64))

    def rows(self, matcher: Matcher) -> Ints:
        """Return the rows, ascending, whose line fulfils a condition that was registered."""
        keys = self.found.get(matcher)
        return _NONE if keys is None else self.table.rows_of(keys)
