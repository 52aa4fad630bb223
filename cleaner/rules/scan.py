"""One multi-pattern scan for the literals of all conditions, and the verification of what it finds."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from cleaner.rules.conditions import Matcher
    from cleaner.rules.finder import Context, View
    from cleaner.rules.table import Ints, Keys, LineTable

__all__ = ["Batch", "Scanner"]

_NONE = np.empty(0, np.int64)


class Scanner:
    """Finds for many conditions at once the distinct lines that fulfil them. Picklable."""

    def __init__(self, matchers: Iterable[Matcher]) -> None:
        self.matchers = tuple(dict.fromkeys(matchers))
        wanted: dict[str, list[int]] = {}
        self.open: list[int] = []  # conditions without literals: every line of a fitting length is tried
        for index, matcher in enumerate(self.matchers):
            for literal in sorted(matcher.literals or ()):
                wanted.setdefault(literal, []).append(index)
            if matcher.literals is None:
                self.open.append(index)
        self.literals = tuple(wanted)
        self.wanted = tuple(wanted.values())

    @cached_property
    def _automaton(self) -> object:
        import ahocorasick_rs

        return ahocorasick_rs.BytesAhoCorasick([text.encode() for text in self.literals])

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name != "_automaton"}

    def scan(self, keys: Keys) -> dict[Matcher, Ints]:
        """Return for each condition that some line fulfils the numbers of those lines, ascending."""
        found = {}
        for index, candidates in self._candidates(keys).items():
            matcher = self.matchers[index]
            verified = [key for key in candidates if matcher(keys.text(key))]
            if verified:
                found[matcher] = np.array(verified, np.int64)
        return found

    def _candidates(self, keys: Keys) -> dict[int, list[int]]:
        found: dict[int, list[Ints]] = {}
        hits = self._automaton.find_matches_as_indexes(keys.data, overlapping=True) if self.literals else ()  # type: ignore[attr-defined]
        if hits:
            table = np.array(hits, np.int64)
            pairs = np.unique(table[:, 0] * len(keys) + keys.containing(table[:, 1]))
            literals, lines = np.divmod(pairs, len(keys))
            ends = np.flatnonzero(np.diff(literals, append=-1)) + 1
            begin = 0
            for end in ends.tolist():
                for index in self.wanted[int(literals[begin])]:
                    found.setdefault(index, []).append(lines[begin:end])
                begin = end
        every = [np.arange(len(keys))]
        found |= dict.fromkeys(self.open, every)
        return {index: self._fitting(index, keys, rows) for index, rows in found.items()}

    def _fitting(self, index: int, keys: Keys, parts: Sequence[Ints]) -> list[int]:
        """Return the lines, ascending and once each, whose length is one that the condition can match."""
        lines = parts[0] if len(parts) == 1 else np.unique(np.concatenate(parts))
        chars, matcher = keys.chars[lines], self.matchers[index]
        fits = (chars >= max(1, matcher.min_chars)) & (chars <= matcher.max_chars)
        fitting: list[int] = lines[fits].tolist()
        return fitting


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
    def pages(self) -> Ints:
        """The rows of documents that were taken from a page, of which more is known than the text."""
        taken = [bool(context.places) for context in self.contexts]
        if not any(taken):
            return _NONE
        return np.flatnonzero(np.array(taken)[self.table.document])

    def inside(self, tags: Iterable[str], names: Iterable[str]) -> Ints:
        """Return the rows, ascending, of lines inside an element of one of these tags or names."""
        words = [*(f"<{tag}" for tag in tags), *(f".{name}" for name in names)]
        found = [rows for word in words if (rows := self._marks[0].get(word))]
        return np.unique(np.concatenate(found)) if found else _NONE

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
