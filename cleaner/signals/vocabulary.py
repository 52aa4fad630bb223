"""The distinct words of a batch: what is known of a word by its characters is found out once for each.

Running text says the same words again and again: a batch has about six words for each distinct one. So
characters are looked at here, and what is asked of lines and texts is a sum over the numbers of words.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cleaner.signals.chars import ALPHA, NOT_PUNCTUATION
from cleaner.signals.looks import looks
from cleaner.signals.phrases import scanned

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.signals.spans import Ints

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
        self.size = len(self.ends)
        self.starts = np.zeros(self.size, np.int64)
        self.starts[1:] = self.ends[:-1] + 1
        self.lengths = self.ends - self.starts

    @cached_property
    def text(self) -> str:
        """The words, with a line feed behind each."""
        return self.codes.tobytes().decode("utf-32-le", "surrogatepass")

    @cached_property
    def looks(self) -> dict[str, Ints]:
        """What each word looks like, as `cleaner.signals.looks` has it."""
        return looks(self)

    @cached_property
    def with_alpha(self) -> Ints:
        """Of each word, 1 if it has an alphabetic character, else 0."""
        return np.asarray((self.looks["kinds"] & ALPHA) != 0, dtype=np.int64)

    @cached_property
    def beyond_punctuation(self) -> Ints:
        """Of each word, 1 if it has a character that is not punctuation, else 0."""
        return np.asarray((self.looks["kinds"] & NOT_PUNCTUATION) != 0, dtype=np.int64)

    def owners(self, places: Ints) -> Ints:
        """Return the word in which each place lies; in any order."""
        if 8 * len(places) < self.size:
            return np.searchsorted(self.ends, places)
        return self._owner.take(places)

    @cached_property
    def _owner(self) -> Ints:
        return np.repeat(np.arange(self.size), self.lengths + 1)

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
