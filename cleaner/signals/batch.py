"""A batch of texts as arrays: characters, words and lines of all of them at once.

The texts are joined with line feeds, so that a word or a line never reaches over two texts. A span is
a half-open range of the joined characters. Spans are compared by a 64-bit hash of their characters.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cleaner.signals.chars import NUMERIC, SPACE, UPPER, WORD, flags_table
from cleaner.signals.spans import BASE, INVERSE, Spans, Worded, finished, powers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from cleaner.signals.spans import Bools, Hashes, Ints

__all__ = ["Batch"]

_KIND = np.uint8(WORD | SPACE)


class Batch(Worded):
    """The shared view that all families of signals compute from; every part is made once, when asked for.

    `codes` are the code points of the joined texts, each text with a line feed behind it, and `ends` the
    places of those line feeds.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        super().__init__(np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1) - 1)
        self.texts = texts
        self.joined = "\n".join(texts) + "\n"
        self.codes = np.frombuffer(self.joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
        self.starts = np.concatenate((np.zeros(1, np.int64), self.ends[:-1] + 1))
        self.lengths = self.ends - self.starts
        self.flags = flags_table().take(self.codes)  # twice as fast as indexing by 32-bit integers

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
    def word_lengths(self) -> Ints:
        """Characters of each word."""
        return self.words.lengths

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
        np.multiply(self.codes, powers(BASE, len(self.codes)), out=sums[1:], dtype=np.uint64)
        np.cumsum(sums, out=sums)
        return sums

    def hashes(self, spans: Spans) -> Hashes:
        """Return a hash of each span's characters: equal texts have equal hashes wherever they stand."""
        before = self._hash_before
        content = (before[spans.ends] - before[spans.starts]) * powers(INVERSE, len(before))[spans.starts]
        return finished(content, spans.lengths)

    def text(self, index: int, spans: Spans) -> str:
        """Return the characters of one span."""
        return self.joined[spans.starts[index] : spans.ends[index]]
