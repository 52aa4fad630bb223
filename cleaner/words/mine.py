"""Find words of the interface that a lexicon lacks: in short lines, beside the words it has, and seldom in prose.

A line is short up to 8 words and without the end of a sentence; it is prose from 12 words on. A word or two that the
lexicon lacks get a vote of a document for a concept where they stand in a short line beside a word of it, or
alone in a line beside one that is made of it. What is frequent in prose is counted against them.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from cleaner.fold import fold
from cleaner.words.concepts import CONCEPTS
from cleaner.words.files import ANY
from cleaner.words.lexicon import Lexicon

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["FREQUENT", "Candidate", "Miner"]

FREQUENT = 100
"""Times in a million words of prose from which on a word should be guarded."""

_SHORT, _PROSE = 8, 12  # words
_RUN = 2  # words of a candidate
_ENDS = (".", "!", "?", "。", "！", "？", "।", "؟", "…")
_JOINING = frozenset({"function", "unit", "month", "weekday"})
_DOUBT = 3  # added to the count of prose, so that a word met once is not sure


class Candidate(NamedTuple):
    """A word or two that a concept may lack.

    `documents` have it beside words of the concept, `share` is their part of all documents that have it
    in a short line, `prose` how often it stands in a million words of prose.
    """

    concept: str
    words: str
    documents: int
    share: float
    prose: float

    @property
    def score(self) -> float:
        """Return how well it is attested: documents, less the more it is met in prose or beside other words."""
        return self.documents * self.share * math.log2(2 + 1e4 / (1 + self.prose))


class Miner:
    """Counts the lines of documents of one language.

    Args:
        language: the language whose word list is looked at; one without a list starts from English and `any`.
        lexicon: the word lists; those that ship by default.

    """

    def __init__(self, language: str, lexicon: Lexicon | None = None) -> None:
        self.language = language
        self.lexicon = lexicon or Lexicon.shipped()
        self.known = _known(self.lexicon, language)
        self.documents = 0
        self._prose: Counter[str] = Counter()
        self._short: Counter[str] = Counter()
        self._votes: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, text: str) -> None:
        """Count one document."""
        self.documents += 1
        lines = [self.lexicon.split(line) for line in fold(text).split("\n")]
        ended = [line.rstrip().endswith(_ENDS) for line in text.split("\n")]
        votes: set[tuple[str, str]] = set()
        short: set[str] = set()
        for place, (words, end) in enumerate(zip(lines, ended, strict=False)):
            if len(words) >= _PROSE:
                self._prose.update(words)
                self._prose.update(_pairs(words))
            elif words and len(words) <= _SHORT and not end:
                short.update(words, _pairs(words))
                votes.update(self._voted(lines, place))
        self._short.update(short)
        for candidate, concept in votes:
            self._votes[candidate][concept] += 1

    def candidates(self, *, least: int = 3, most: int = 20) -> Iterator[Candidate]:
        """Yield what was found, by concept in their order, best first.

        Args:
            least: documents that a candidate must stand in.
            most: candidates of one concept.

        """
        total = max(1, self._prose.total() // 2)
        found: defaultdict[str, list[Candidate]] = defaultdict(list)
        for words, concepts in self._votes.items():
            concept, documents = min(concepts.items(), key=lambda each: (-each[1], CONCEPTS.index(each[0])))
            if documents >= least:
                rate = 1e6 * self._prose[words] / (total + _DOUBT)
                share = documents / max(documents, self._short[words])
                found[concept].append(Candidate(concept, words, documents, share, rate))
        for concept in CONCEPTS:
            ranked = sorted(found[concept], key=lambda each: (-each.score, each.words))
            yield from ranked[:most]

    def has(self, concept: str) -> list[str]:
        """Return the words that the list of the language has under a concept, guarded ones last."""
        entries = [
            (guarded, place, word)
            for file in self.lexicon.files
            if file.language == self.language
            for place, (name, word, guarded) in enumerate(file.entries())
            if name == concept
        ]
        return [word for _, _, word in sorted(entries)]

    def _voted(self, lines: Sequence[Sequence[str]], place: int) -> Iterator[tuple[str, str]]:
        words = lines[place]
        unknown = [at for at, word in enumerate(words) if word not in self.known and not word.isdigit()]
        if not 0 < len(unknown) <= _RUN or unknown[-1] - unknown[0] >= _RUN:
            return
        near = words
        if len(unknown) == len(words):
            around = [line for line in lines[max(0, place - 1) : place + 2] if self._is_made(line)]
            near = [word for line in around for word in line]
        candidate = " ".join(words[unknown[0] : unknown[-1] + 1])
        for word in near:
            for concept in self.known.get(word, ()):
                if concept not in _JOINING:
                    yield candidate, concept

    def _is_made(self, words: Sequence[str]) -> bool:
        return 0 < len(words) <= _SHORT and all(word in self.known or word.isdigit() for word in words)


def _known(lexicon: Lexicon, language: str) -> dict[str, tuple[str, ...]]:
    """Return the concepts of each word of a language, of `any`, and of the certain words of English."""
    known: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for file in lexicon.files:
        if file.language not in (language, ANY, "en"):
            continue
        for concept, entry, guarded in file.entries():
            words = lexicon.split(entry)
            foreign = file.language == "en" != language and (guarded or concept == "function")
            if len(words) == 1 and not foreign:
                known[words[0]][concept] = None
    return {word: tuple(concepts) for word, concepts in known.items()}


def _pairs(words: Sequence[str]) -> Iterable[str]:
    return (f"{first} {second}" for first, second in pairwise(words))
