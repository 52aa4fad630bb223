"""A batch of texts as arrays: characters, words and lines of all of them at once.

The texts are joined with line feeds, so that a word or a line never reaches over two texts. A span is
a half-open range of the joined characters. Spans are compared by a 64-bit hash of their characters.
"""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.signals.chars import SPACE, UPPER, flags_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Hashes = NDArray[np.uint64]
    Ints = NDArray[np.int64]

__all__ = ["Batch", "Spans", "mixed"]

_BASE = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64
_INVERSE = pow(_BASE, -1, 1 << 64)
_SPREAD = np.uint64(0xD6E8FEB86659FD93)
_SHIFT = np.uint64(32)
_TABLE = 1 << 20


class Spans(NamedTuple):
    """Words or lines: where they start and end, and the text each belongs to."""

    starts: Ints
    ends: Ints
    texts: Ints

    def where(self, kept: Bools) -> Spans:
        """Return the spans that are kept."""
        return Spans(self.starts[kept], self.ends[kept], self.texts[kept])

    @property
    def lengths(self) -> Ints:
        """Characters of each span."""
        return self.ends - self.starts


class Batch:
    """The shared view that all families of signals compute from; every part is made once, when asked for."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.size = len(texts)
        joined = "\n".join(texts) + "\n"
        self.joined = joined
        self.codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        self.lengths = np.fromiter(map(len, texts), dtype=np.int64, count=self.size)
        self.ends = np.cumsum(self.lengths + 1) - 1
        """Of each text: the place of the line feed that separates it from the next."""
        self.starts = self.ends - self.lengths
        self.flags = flags_table()[self.codes]

    @cached_property
    def is_solid(self) -> Bools:
        """Of each character, whether it is not space."""
        return np.asarray((self.flags & SPACE) == 0)

    @cached_property
    def upper_before(self) -> NDArray[np.int32]:
        """Of each place, how many characters before it are upper case."""
        return _before((self.flags & UPPER) != 0)

    @cached_property
    def words(self) -> Spans:
        """Words as `str.split()` finds them."""
        return self.runs(self.is_solid)

    @cached_property
    def word_flags(self) -> NDArray[np.uint8]:
        """The flags of each word's characters, joined by or."""
        return self.any_flags(self.words)

    @cached_property
    def word_hashes(self) -> Hashes:
        """A hash of each word."""
        return self.hashes(self.words)

    @cached_property
    def word_count(self) -> Ints:
        """Words of each text."""
        return self.per_text(self.words.texts)

    @cached_property
    def lines(self) -> Spans:
        """Lines as `split("\\n")` finds them, blank ones included."""
        ends = np.flatnonzero(self.codes == 10)
        starts = np.concatenate((np.zeros(1, np.int64), ends[:-1] + 1)) if len(ends) else ends
        return Spans(starts, ends, self.text_of(ends))

    @cached_property
    def solid_lines(self) -> Spans:
        """Lines that are not blank."""
        return self.lines.where(self.words_in(self.lines) > 0)

    @cached_property
    def word_lengths(self) -> Ints:
        """Characters of each word."""
        return self.words.lengths

    @cached_property
    def characters_before(self) -> Ints:
        """Of each word, how many characters the words before it have; one element more than words."""
        return np.concatenate((np.zeros(1, np.int64), np.cumsum(self.word_lengths)))

    def words_in(self, spans: Spans) -> Ints:
        """Return how many words start in each span."""
        first = np.searchsorted(self.words.starts, spans.starts)
        return np.searchsorted(self.words.starts, spans.ends) - first

    def runs(self, kept: Bools) -> Spans:
        """Return the unbroken runs of characters that are kept; the last character never is."""
        edges = np.flatnonzero(kept[1:] != kept[:-1]) + 1
        if len(kept) and kept[0]:
            edges = np.concatenate((np.zeros(1, np.int64), edges))
        return Spans(edges[::2], edges[1::2], self.text_of(edges[::2]))

    def any_flags(self, spans: Spans) -> NDArray[np.uint8]:
        """Return the flags of each span's characters, joined by or; no span may be empty."""
        if not len(spans.starts):
            return np.zeros(0, np.uint8)
        edges = np.column_stack((spans.starts, spans.ends)).ravel()
        return np.bitwise_or.reduceat(self.flags, edges)[::2]

    def text_of(self, places: Ints) -> Ints:
        """Return the text in which each place lies; places in ascending order."""
        counts = np.diff(np.searchsorted(places, self.ends, side="right"), prepend=0)
        return np.repeat(np.arange(self.size), counts)

    def per_text(self, texts: Ints, weights: Ints | Floats | Bools | None = None) -> Ints:
        """Return how often each text is named, or the whole-numbered sum of the weights."""
        counts = np.bincount(texts, weights, minlength=self.size)
        return counts.astype(np.int64)

    def first_solid(self, lines: Spans) -> Ints:
        """Return the place of the first character of each line that is not space; none may be blank."""
        return self.words.starts[np.searchsorted(self.words.starts, lines.starts)]

    def last_solid(self, lines: Spans) -> Ints:
        """Return the place of the last character of each line that is not space; none may be blank."""
        return self.words.ends[np.searchsorted(self.words.starts, lines.ends) - 1] - 1

    @cached_property
    def lowered(self) -> str:
        """The joined texts in lower case, with every character in its place."""
        return self.joined.replace("İ", "i").lower()

    def places_of(self, pieces: Iterable[str]) -> Ints:
        """Return where any of the lower-case `pieces` starts in the texts, whatever their case, in order."""
        found: list[int] = []
        for piece in pieces:
            place = self.lowered.find(piece)
            while place >= 0:
                found.append(place)
                place = self.lowered.find(piece, place + len(piece))
        return np.array(sorted(found), dtype=np.int64)

    def holding(self, lines: Spans, places: Ints) -> Bools:
        """Tell which lines hold at least one of the places, both in ascending order."""
        return np.searchsorted(places, lines.ends) > np.searchsorted(places, lines.starts)

    def count(self, piece: str) -> Ints:
        """Return how often `piece` occurs in each text, without overlaps."""
        return np.fromiter((text.count(piece) for text in self.texts), dtype=np.int64, count=self.size)

    @cached_property
    def _hash_before(self) -> Hashes:
        """Of each place, the sum of code * base**place over the characters before it."""
        sums = np.zeros(len(self.codes) + 1, np.uint64)
        spread = sums[1:]
        np.add(self.codes, np.uint64(1), out=spread, dtype=np.uint64)
        spread *= _SPREAD
        spread ^= spread >> _SHIFT
        spread *= _powers(_BASE, len(spread))
        np.cumsum(spread, out=spread)
        return sums

    def hashes(self, spans: Spans) -> Hashes:
        """Return a hash of each span's characters: equal texts have equal hashes wherever they stand."""
        before = self._hash_before
        return mixed((before[spans.ends] - before[spans.starts]) * _powers(_INVERSE, len(before))[spans.starts])

    def text(self, index: int, spans: Spans) -> str:
        """Return the characters of one span."""
        return self.joined[spans.starts[index] : spans.ends[index]]


def mixed(values: Hashes) -> Hashes:
    """Return each value with its bits mixed (the finaliser of splitmix64, one round)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.asarray(values ^ (values >> np.uint64(27)))


def _powers(base: int, count: int) -> Hashes:
    """Return the first powers of `base` modulo 2**64; the table is kept as far as common batches need it."""
    if count <= _TABLE:
        return _power_table(base, _TABLE)[:count]
    return _power_table.__wrapped__(base, count)


@cache
def _power_table(base: int, count: int) -> Hashes:
    powers = np.full(count, base, np.uint64)
    powers[0] = 1
    return np.multiply.accumulate(powers)


def _before(kept: Bools) -> NDArray[np.int32]:
    counts = np.zeros(len(kept) + 1, np.int32)
    np.cumsum(kept, dtype=np.int32, out=counts[1:])
    return counts
