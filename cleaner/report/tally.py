"""Counts of many different things in bounded memory, and how many of them occur on several pages."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Hashable

__all__ = ["Recurrence", "Tally", "hash64"]


def hash64(*parts: str) -> int:
    """Return 64 bits of BLAKE2b of the parts: the same on every machine and in every run."""
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(joined, digest_size=8).digest(), "little")


class Tally:
    """Counts of things, of which at most `2 * room` are held: when there are more, the rarest half goes.

    What is counted most stays exact as long as `exact` is true; after that its count may be too low by as
    much as one that was let go had (the scheme of lossy counting).
    """

    def __init__(self, room: int) -> None:
        self.room = room
        self.exact = True
        self.counts: Counter[Any] = Counter()

    def add(self, thing: Hashable, count: int) -> None:
        """Count a thing `count` more times."""
        self.counts[thing] += count
        if len(self.counts) > 2 * self.room:
            self.exact = False
            self.counts = Counter(dict(sorted(self.counts.items(), key=_most_first)[: self.room]))

    def most(self) -> list[tuple[Any, int]]:
        """Return things and counts, those counted most first; equal counts in the order of the things."""
        return sorted(self.counts.items(), key=_most_first)


def _most_first(item: tuple[Any, int]) -> tuple[int, Any]:
    return -item[1], item[0]


class Recurrence:
    """The share of the lines of each rule that stand on more than one page.

    A line of site furniture recurs; a line that a rule took from one page only may have been a mistake.
    Lines are held by a hash of 64 bits. When there are more than `room`, those with a hash in the lower
    half of the range seen so far are kept: a sample of lines that is the same in every run.
    """

    def __init__(self, room: int) -> None:
        self.room = room
        self._limit = 1 << 64
        self._pages: dict[str, dict[int, int]] = {}
        self._held = 0

    @property
    def exact(self) -> bool:
        """Tell whether all lines are counted, not a sample of them."""
        return self._limit == 1 << 64

    def add(self, rule: str, line: str, pages: int) -> None:
        """Count a line that `rule` took on so many more pages."""
        key = hash64(rule, line)
        if key >= self._limit:
            return
        held = self._pages.setdefault(rule, {})
        if key not in held:
            self._held += 1
        held[key] = held.get(key, 0) + pages
        while self._held > self.room:
            self._limit >>= 1
            for name, lines in self._pages.items():
                self._pages[name] = {each: count for each, count in lines.items() if each < self._limit}
            self._held = sum(map(len, self._pages.values()))

    def share(self, rule: str) -> float | None:
        """Return what share of the places where `rule` took a line hold one that other pages have too."""
        pages = self._pages.get(rule, {}).values()
        total = sum(pages)
        return sum(count for count in pages if count > 1) / total if total else None
