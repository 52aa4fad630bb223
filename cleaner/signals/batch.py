"""A batch of texts as arrays: characters, words and lines of all of them at once.

The texts are joined with line feeds, so that a word or a line never reaches over two texts. A span is
a half-open range of the joined characters. Spans are compared by a 64-bit hash of their characters.
"""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cleaner.signals.chars import NUMERIC, SPACE, UPPER, WORD, flags_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Bools = NDArray[np.bool_]
    Floats = NDArray[np.float64]
    Hashes = NDArray[np.uint64]
    Ints = NDArray[np.int64]

__all__ = ["Batch", "Spans", "mixed", "within"]

_BASE = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64
_INVERSE = pow(_BASE, -1, 1 << 64)
_LENGTH = np.uint64(0xD6E8FEB86659FD93)
_TABLE = 1 << 20
_KIND = np.uint8(WORD | SPACE)


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
    """The shared view that all families of signals compute from; every part is made once, when asked for.

    `codes` are the code points of the joined texts, each text with a line feed behind it, and `ends` the
    places of those line feeds. A character counts once more for each time its place is in `longer`.
    """

    def __init__(
        self,
        texts: Sequence[str],
        codes: NDArray[np.uint32] | None = None,
        ends: Ints | None = None,
        longer: Ints | None = None,
    ) -> None:
        self.texts = texts
        self.size = len(texts)
        if codes is None or ends is None:
            self.joined = "\n".join(texts) + "\n"
            codes = np.frombuffer(self.joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
            ends = np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=self.size) + 1) - 1
        self.codes = codes
        self.longer = longer
        self.ends = ends
        self.starts = np.concatenate((np.zeros(1, np.int64), ends[:-1] + 1))
        self.lengths = self.ends - self.starts
        self.flags = flags_table().take(codes)  # twice as fast as indexing by 32-bit integers

    @cached_property
    def _edges(self) -> tuple[Ints, NDArray[np.uint8]]:
        """Places where the kind of character changes (space, word character, other), and the kind there."""
        kind = self.flags & _KIND
        places = np.flatnonzero(kind[1:] != kind[:-1]) + 1
        if kind[0] != SPACE:
            places = np.concatenate((np.zeros(1, np.int64), places))
        return places, kind[places]

    @cached_property
    def tokens(self) -> Ints:
        r"""Places where NLTK's WordPunct tokens start, `\w+|[^\w\s]+`."""
        places, kinds = self._edges
        return np.asarray(places[kinds != SPACE])

    @cached_property
    def token_flags(self) -> NDArray[np.uint8]:
        """The flags of each token's characters, joined by or; the space behind it takes part."""
        if not len(self.tokens):
            return self.flags[:0]
        return np.bitwise_or.reduceat(self.flags, self.tokens)

    @cached_property
    def words(self) -> Spans:
        """Words as `str.split()` finds them."""
        places, kinds = self._edges
        space = kinds == SPACE
        starts = places[~space & np.concatenate((np.ones(1, np.bool_), space))[:-1]]
        ends = places[space]
        return Spans(starts, ends, self.text_of(starts))

    @cached_property
    def word_flags(self) -> NDArray[np.uint8]:
        """The flags of each word's characters, joined by or."""
        if not len(self.tokens):
            return self.flags[:0]
        return np.bitwise_or.reduceat(self.token_flags, np.searchsorted(self.tokens, self.words.starts))

    @cached_property
    def word_hashes(self) -> Hashes:
        """A hash of each word."""
        return self.hashes(self.words)

    @cached_property
    def word_count(self) -> Ints:
        """Words of each text."""
        return self.places_per_text(self.words.starts)

    @cached_property
    def word_lengths(self) -> Ints:
        """Characters of each word."""
        lengths = self.words.lengths
        if self.longer is not None and len(self.longer):
            owners = np.searchsorted(self.words.starts, self.longer, side="right") - 1
            lengths = lengths + np.bincount(owners, minlength=len(lengths))
        return lengths

    @cached_property
    def word_characters(self) -> Ints:
        """Characters of the words of each text."""
        ends = np.cumsum(self.word_count)
        return np.asarray(self.characters_before[ends] - self.characters_before[ends - self.word_count])

    @cached_property
    def characters_before(self) -> Ints:
        """Of each word, how many characters the words before it have; one element more than words."""
        return np.concatenate((np.zeros(1, np.int64), np.cumsum(self.word_lengths)))

    @cached_property
    def marks(self) -> Ints:
        """Places of the characters that are neither space nor word characters."""
        return np.flatnonzero((self.flags & _KIND) == 0)

    @cached_property
    def mark_codes(self) -> NDArray[np.uint32]:
        """The characters at `marks`."""
        return self.codes[self.marks]

    @cached_property
    def uppers(self) -> Ints:
        """Places of the upper case characters."""
        return np.flatnonzero((self.flags & UPPER) != 0)

    @cached_property
    def numerics(self) -> Ints:
        """Places of the numeric characters."""
        return np.flatnonzero((self.flags & NUMERIC) != 0)

    @cached_property
    def lines(self) -> Spans:
        """Lines as splitting at line feeds finds them, blank ones included."""
        ends = np.flatnonzero(self.codes == 10)
        starts = np.concatenate((np.zeros(1, np.int64), ends[:-1] + 1))
        return Spans(starts, ends, self.text_of(ends))

    @cached_property
    def solid_lines(self) -> Spans:
        """Lines that are not blank."""
        return self.lines.where(self.words_in(self.lines) > 0)

    def words_in(self, spans: Spans) -> Ints:
        """Return how many words start in each span."""
        return within(self.words.starts, spans)

    def first_solid(self, lines: Spans) -> Ints:
        """Return the place of the first character of each line that is not space; none may be blank."""
        return self.words.starts[np.searchsorted(self.words.starts, lines.starts)]

    def last_solid(self, lines: Spans) -> Ints:
        """Return the place of the last character of each line that is not space; none may be blank."""
        return self.words.ends[np.searchsorted(self.words.starts, lines.ends) - 1] - 1

    def ends_in_dots(self, lines: Spans) -> Bools:
        """Tell which lines end in "..." before spaces; none may be blank."""
        last = self.last_solid(lines)
        dots = last - 2 >= lines.starts
        for back in range(3):
            dots &= self.codes[np.maximum(last - back, 0)] == ord(".")
        return dots

    def text_of(self, places: Ints) -> Ints:
        """Return the text in which each place lies; places in ascending order."""
        counts = np.diff(np.searchsorted(places, self.ends, side="right"), prepend=0)
        return np.repeat(np.arange(self.size), counts)

    def places_per_text(self, places: Ints) -> Ints:
        """Return how many of the places, which are in ascending order, lie in each text."""
        return np.diff(np.searchsorted(places, self.ends), prepend=0)

    def per_text(self, texts: Ints, weights: Ints | None = None) -> Ints:
        """Return how often each text is named, or the sum of the weights."""
        return np.bincount(texts, weights, minlength=self.size).astype(np.int64)

    @cached_property
    def lowered(self) -> bytes:
        """The joined texts in UTF-8, with ASCII letters in lower case."""
        return self.joined.encode("utf-8", "surrogatepass").lower()

    def places_of(self, pieces: Iterable[str]) -> Ints:
        """Return where any of the ASCII `pieces`, given in lower case, starts, whatever its case there."""
        found: list[int] = []
        for piece in pieces:
            sought = piece.encode()
            place = self.lowered.find(sought)
            while place >= 0:
                found.append(place)
                place = self.lowered.find(sought, place + len(sought))
        found.sort()
        if found and len(self.lowered) != len(self.codes):  # bytes are not characters
            before = place = 0
            for index, byte in enumerate(found):
                place += len(self.lowered[before:byte].decode("utf-8", "surrogatepass"))
                found[index], before = place, byte
        return np.array(found, dtype=np.int64)

    def places_of_mark(self, mark: str) -> Ints:
        """Return where `mark` stands, a character that is neither space nor a word character."""
        return np.asarray(self.marks[self.mark_codes == ord(mark)])

    def count(self, marks: str) -> Ints:
        """Return how often the marks occur in each text, all together."""
        return sum(
            (self.places_per_text(self.places_of_mark(mark)) for mark in marks), np.zeros(self.size, np.int64)
        )

    @cached_property
    def ellipses(self) -> Ints:
        """Of each text, how often "..." (without overlaps) and "…" occur."""
        dots = self.places_of_mark(".")
        heads = np.flatnonzero(np.diff(dots, prepend=-2) > 1)
        weights = np.diff(heads, append=len(dots)) // 3
        return self.per_text(self.text_of(dots[heads]), weights) + self.count("…")

    @cached_property
    def _hash_before(self) -> Hashes:
        """Of each place, the sum of code * base**place over the characters before it."""
        sums = np.zeros(len(self.codes) + 1, np.uint64)
        np.multiply(self.codes, _powers(_BASE, len(self.codes)), out=sums[1:], dtype=np.uint64)
        np.cumsum(sums, out=sums)
        return sums

    def hashes(self, spans: Spans) -> Hashes:
        """Return a hash of each span's characters: equal texts have equal hashes wherever they stand."""
        before = self._hash_before
        content = (before[spans.ends] - before[spans.starts]) * _powers(_INVERSE, len(before))[spans.starts]
        return mixed(content + spans.lengths.astype(np.uint64) * _LENGTH)

    def text(self, index: int, spans: Spans) -> str:
        """Return the characters of one span."""
        return self.joined[spans.starts[index] : spans.ends[index]]


def within(places: Ints, spans: Spans) -> Ints:
    """Return how many of the places, which are in ascending order, lie in each span."""
    return np.searchsorted(places, spans.ends) - np.searchsorted(places, spans.starts)


def mixed(values: Hashes) -> Hashes:
    """Return each value with its bits mixed (part of the finaliser of splitmix64)."""
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
