"""The lexicon: the words of all languages, compiled, and what each line of a batch is made of."""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from cleaner.native import lexicon as compiled
from cleaner.words.concepts import BITS, CONCEPTS, FUNCTION
from cleaner.words.files import ANY, shipped_files
from cleaner.words.letters import letters

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from cleaner.words.files import WordFile

    Ints = NDArray[np.int64]

__all__ = ["NUMBER", "UNSURE", "Lexicon", "Made", "Names"]

NUMBER, UNSURE = np.uint64(1 << 63), np.uint64(1 << 62)
"""Bits of a word in `Made.sequence`: it is a number; the lexicon guards it. 0 is a word that no list has."""

_LONGEST = 500  # characters; longer lines are paragraphs, and are not looked at
_MOST = 40  # words of a line whose words are returned one by one


class Keys(Protocol):
    """Distinct folded lines, as `cleaner.rules.table.Keys` holds them."""

    @property
    def data(self) -> bytes: ...
    @property
    def bounds(self) -> Ints: ...
    @property
    def chars(self) -> Ints: ...
    def __len__(self) -> int: ...


class Lines(Protocol):
    """The lines of a batch, as `cleaner.rules.table.LineTable` holds them."""

    @property
    def keys(self) -> Keys: ...
    @property
    def texts(self) -> Sequence[str]: ...
    @property
    def document(self) -> Ints: ...
    @property
    def start(self) -> Ints: ...
    @property
    def end(self) -> Ints: ...
    @property
    def key(self) -> Ints: ...
    @property
    def whole(self) -> Any: ...


class Made(NamedTuple):
    """What each distinct line of a batch is made of.

    `words` is how many words a line has: in scripts without spaces an entry counts for one, and so do two
    characters that none covers. `rest` are those that are no concept and no number; names are among them, since a
    folded line has no capitals (see `Lexicon.names`). A guarded word counts for its concepts where all the others
    are certain, else among the rest; `held` counts the guarded ones in any case, and `sure` the words of a concept that
    are not. `counts` has a row for each line and a column for each of `CONCEPTS`. `language` is the place in
    `Lexicon.languages` of the language that covers most of the line. `sequence[begin[i]:begin[i + 1]]` are the
    concepts, as bits, of the words of a line of at most 40 words with some concept; others have none there.
    """

    words: NDArray[np.int32]
    rest: NDArray[np.int32]
    numbers: NDArray[np.int32]
    held: NDArray[np.int32]
    language: NDArray[np.int32]
    sure: NDArray[np.int32]
    counts: NDArray[np.uint8]
    sequence: NDArray[np.uint64]
    begin: Ints


class Names(NamedTuple):
    """For each row of a table how many runs of names it has and how many words they have.

    A name is a word that no list has, in capitals or in a script that has none.
    """

    runs: NDArray[np.int32]
    words: NDArray[np.int32]


class Lexicon:
    """Word lists ready to be counted.

    A line may be made of the words of one language, of those of `any`, and of the certain words of English, which
    stands on pages of all languages; the words that join others are of the one language alone.

    Args:
        files: the word lists.

    """

    def __init__(self, files: Iterable[WordFile]) -> None:
        self.files = tuple(files)
        # English first: of two languages that cover as much of a line the first is meant.
        named = {file.language for file in self.files} | {"en", ANY}
        self.languages = ("en", *sorted(named - {"en"}))

    @classmethod
    def shipped(cls) -> Lexicon:
        """Return the lexicon that ships with the package; the same object at each call."""
        return _shipped()

    @cached_property
    def _compiled(self) -> compiled.Lexicon:
        places = {language: place for place, language in enumerate(self.languages)}
        known: dict[tuple[str, int, bool], int] = {}
        for file in self.files:
            for concept, word, guarded in file.entries():
                entry = word, places[file.language], guarded
                known[entry] = known.get(entry, 0) | BITS[concept]
        entries = [(word, place, held, guarded) for (word, place, guarded), held in known.items()]
        return compiled.Lexicon(letters(), entries, places["en"], places[ANY], FUNCTION)

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name != "_compiled"}

    def split(self, text: str) -> list[str]:
        """Return the tokens of a text: runs of letters and figures, or single characters where no spaces part words."""
        return self._compiled.split(text)

    def of(self, keys: Keys) -> Made:
        """Say what folded lines are made of; lines of more than 500 characters are not looked at."""
        count = len(keys)
        columns = np.zeros((count, 6), np.int32)
        counts = np.zeros((count, len(CONCEPTS)), np.uint8)
        sequence, begin = self._compiled.of(
            keys.data, keys.bounds, keys.chars, _LONGEST, _MOST, columns, counts
        )
        words, rest, numbers, held, language, sure = np.ascontiguousarray(columns.T)
        return Made(
            words, rest, numbers, held, language, sure, counts,
            np.frombuffer(sequence, np.uint64), np.frombuffer(begin, np.int64),
        )  # fmt: skip

    def in_table(self, table: Lines) -> Made:
        """Say what the keys of a table are made of, once for a batch."""
        memo = table.whole.memo
        if self not in memo:
            memo[self] = self.of(table.keys)
        made: Made = memo[self]
        return made

    def names(self, table: Lines, rows: Ints, allowed: int = 0) -> Names:
        """Count the names in rows of a table, as the text spells them; 0 where folding parted or joined words.

        A guarded word in capitals is a name too, unless it is one of the concepts `allowed`, given as bits.
        """
        found = np.zeros((len(rows), 2), np.int32)
        self._compiled.names(
            table.keys.data, table.keys.bounds, table.key, table.texts, table.document, table.start,
            table.end, np.ascontiguousarray(rows, np.int64), allowed, found,
        )  # fmt: skip
        return Names(found[:, 0], found[:, 1])

    def said(self, made: Made, key: int) -> list[str]:
        """Return the names of the concepts of a line, those of its first word first."""
        counts = made.counts[key]
        first: dict[str, int] = {}
        for word in made.sequence[made.begin[key] : made.begin[key + 1]].tolist():
            for name in CONCEPTS:
                if word & BITS[name]:
                    first.setdefault(name, len(first))
        named = [name for place, name in enumerate(CONCEPTS) if counts[place] and name != "function"]
        return sorted(named, key=lambda name: first.get(name, len(first)))


@cache
def _shipped() -> Lexicon:
    return Lexicon(shipped_files())
