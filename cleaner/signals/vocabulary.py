"""The distinct words of a batch: what is known of a word by its characters is found out once for each.

Running text says the same words again and again: a batch has about six words for each distinct one. So
characters are looked at here, and what is asked of lines and texts is a sum over the numbers of words.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cleaner.signals.chars import ALPHA, NOT_PUNCTUATION, NUMERIC, SPACE, UPPER, WORD, flags_table, one_of
from cleaner.signals.phrases import scanned

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.signals.spans import Bools, Ints

__all__ = ["Vocabulary"]


class Vocabulary:
    """Words, each known by its number. "Of each word" is an array with one element for each of them.

    Args:
        codes: the characters of the words, with a line feed behind each word. A word may be empty, but
            holds no space.

    """

    def __init__(self, codes: NDArray[np.uint32]) -> None:
        self.codes = codes
        self.ends = np.flatnonzero(codes == ord("\n"))
        self.flags = flags_table().take(codes)
        self.flags[self.ends] = SPACE
        self.size = len(self.ends)
        self.starts = np.zeros(self.size, np.int64)
        self.starts[1:] = self.ends[:-1] + 1
        self.lengths = self.ends - self.starts

    @cached_property
    def text(self) -> str:
        """The words, with a line feed behind each."""
        return self.codes.tobytes().decode("utf-32-le", "surrogatepass")

    @cached_property
    def first(self) -> NDArray[np.uint32]:
        """The first character of each word; a line feed where it is empty."""
        return self.codes.take(self.starts)

    @cached_property
    def last(self) -> NDArray[np.uint32]:
        """The last character of each word; none may be empty."""
        return self.codes.take(self.ends - 1)

    @cached_property
    def kinds(self) -> NDArray[np.uint8]:
        """The flags of each word's characters, joined by or."""
        return np.bitwise_or.reduceat(self.flags, self.starts) if self.size else self.flags

    @cached_property
    def with_alpha(self) -> Ints:
        """Of each word, 1 if it has an alphabetic character, else 0."""
        return np.asarray((self.kinds & ALPHA) != 0, dtype=np.int64)

    @cached_property
    def beyond_punctuation(self) -> Ints:
        """Of each word, 1 if it has a character that is not punctuation, else 0."""
        return np.asarray((self.kinds & NOT_PUNCTUATION) != 0, dtype=np.int64)

    @cached_property
    def uppers(self) -> Ints:
        """Of each word, how many of its characters are upper case."""
        return self.per_word(np.flatnonzero((self.flags & UPPER) != 0))

    @cached_property
    def numerics(self) -> Ints:
        """Of each word, how many of its characters are numeric."""
        return self.per_word(np.flatnonzero((self.flags & NUMERIC) != 0))

    @cached_property
    def tokens(self) -> Ints:
        r"""Places where NLTK's WordPunct tokens start, `\w+|[^\w\s]+`."""
        kind = self.flags & (WORD | SPACE)
        heads = np.ones(len(kind), np.bool_)
        np.not_equal(kind[1:], kind[:-1], out=heads[1:])
        heads &= kind != SPACE
        return np.flatnonzero(heads)

    @cached_property
    def token_kinds(self) -> NDArray[np.uint8]:
        """The flags of each token's characters, joined by or; a line feed behind it takes part."""
        return np.bitwise_or.reduceat(self.flags, self.tokens) if len(self.tokens) else self.flags[:0]

    @cached_property
    def marks(self) -> Ints:
        """Places of the characters that are not word characters."""
        return np.flatnonzero((self.flags & (WORD | SPACE)) == 0)

    @cached_property
    def mark_codes(self) -> NDArray[np.uint32]:
        """The characters at `marks`."""
        return self.codes.take(self.marks)

    @cached_property
    def ellipses(self) -> Ints:
        """Of each word, how often "..." (without overlaps) and "…" occur."""
        dots = self.places(".")
        heads = np.flatnonzero(np.diff(dots, prepend=-2) > 1)
        triples = np.diff(heads, append=len(dots)) // 3
        return self.per_word(np.repeat(dots.take(heads), triples)) + self.count("…")

    @cached_property
    def ending_in_dots(self) -> Bools:
        """Which words end in "..."; none may be empty."""
        dots = self.lengths >= 3
        for back in range(1, 4):
            dots &= self.codes.take(self.ends - back, mode="clip") == ord(".")
        return dots

    def places(self, marks: str) -> Ints:
        """Return where one of the marks stands, which are no word characters."""
        return np.asarray(self.marks[one_of(marks, self.mark_codes)])

    def count(self, marks: str) -> Ints:
        """Return of each word how often the marks occur, all together."""
        return self.per_word(self.places(marks))

    def owners(self, places: Ints) -> Ints:
        """Return the word in which each place lies; in any order."""
        return self._owner.take(places)

    @cached_property
    def _owner(self) -> Ints:
        return np.repeat(np.arange(self.size), self.lengths + 1)

    def per_word(self, places: Ints) -> Ints:
        """Return of each word how many of the places lie in it."""
        return np.bincount(self.owners(places), minlength=self.size)

    @cached_property
    def _held(self) -> dict[str, Ints]:
        # Of all foreign letters only the Kelvin sign is an ASCII letter in lower case.
        codes = np.where(self.codes == 0x212A, ord("k"), np.minimum(self.codes, 255))
        places, slices = scanned(b"\n" + codes.astype(np.uint8).tobytes().lower())
        owners = self.owners(places - 1)
        return {piece: owners[where] for piece, where in slices.items()}

    def holding(self, piece: str) -> Ints:
        """Return the words that hold a piece of a phrase (see `phrases`), whatever its case; some twice."""
        return self._held[piece]

    def spelled(self, piece: str, *, head: bool = True, tail: bool = True) -> Ints:
        """Return the words that are `piece`, or with one of `head` and `tail` that begin or end with it."""
        size = len(piece)
        found = np.flatnonzero(self.lengths == size if head and tail else self.lengths >= size)
        for index, character in enumerate(piece):
            places = self.starts.take(found) + index if head else self.ends.take(found) - size + index
            found = found[self.codes.take(places) == ord(character)]
        return found
