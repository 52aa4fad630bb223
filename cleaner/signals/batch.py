"""A batch of texts as arrays: words and lines of all of them at once.

The texts are joined with line feeds, so that a word or a line never reaches over two texts. Words are
known by their numbers in the vocabulary of the batch; only spaces are looked at in the texts themselves.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cleaner.native.spans import code_points, firsts
from cleaner.signals.chars import LINE_BREAK, LINE_FEED, flags_table
from cleaner.signals.cut import cut, text_of
from cleaner.signals.phrases import PHRASES, piece_of
from cleaner.signals.plain import Plain
from cleaner.signals.spans import Lines, Spans, Worded
from cleaner.signals.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.signals.spans import Bools, Ints

__all__ = ["Batch"]


class Batch(Worded):
    """The shared view that all families of signals compute from; every part is made once.

    `codes` are the code points of the joined texts, each text with a line feed behind it, and `ends` the
    places of those line feeds. `words` are what `str.split()` finds, `vocabulary` the distinct ones.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.joined = "\n".join(texts) + "\n"
        self.codes = np.empty(len(self.joined), np.uint32)
        code_points(self.joined, self.codes)
        self.ends = np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1) - 1
        self.starts = np.concatenate((np.zeros(1, np.int64), self.ends[:-1] + 1))
        self.lengths = self.ends - self.starts
        self._cut = cut(self.codes, self.ends)
        self.words = self._cut.words
        super().__init__(self._cut.ids, self.words.lengths, self._cut.counts)
        self.vocabulary = Vocabulary(self._cut.vocabulary)

    @cached_property
    def plain(self) -> Plain:
        """The words as RedPajama-v2 normalises them."""
        return Plain(self.vocabulary, self)

    @property
    def every_line(self) -> Spans:
        """Lines as splitting at line feeds finds them, blank ones included."""
        return self._cut.lines

    @cached_property
    def line_count(self) -> Ints:
        """Lines of each text, blank ones included."""
        return self.per_text(self.every_line.texts)

    @cached_property
    def lines(self) -> Lines:
        """Lines that are not blank."""
        return _solid(self.every_line, self._cut.first, self._cut.behind)

    @cached_property
    def repeated_lines(self) -> tuple[Spans, Bools]:
        """Lines of one character at least, and which of them are equal to one before in the same text."""
        lines = self.every_line.where(self.every_line.lengths > 0)
        return lines, self.repeats(lines)

    @cached_property
    def split_lines(self) -> tuple[Lines, Ints]:
        """Lines that are not blank as `str.splitlines` finds them, and how many lines a text has in all.

        There are more line ends than the line feed, and behind the last one is no empty line.
        """
        if not self._cut.broken:
            return self.lines, self.seen_lines
        lines = self._broken_lines()
        return self.solid(lines), self._without_empty_ends(lines)

    @cached_property
    def seen_lines(self) -> Ints:
        """Lines of each text, blank ones included, but not the empty one behind a last line feed."""
        return self._without_empty_ends(self.every_line)

    def _without_empty_ends(self, lines: Spans) -> Ints:
        count = self.per_text(lines.texts)
        closing = np.cumsum(count) - 1
        return np.asarray(count - (lines.lengths.take(closing) == 0))

    def _broken_lines(self) -> Spans:
        codes = self.codes
        flags = flags_table().take(codes)
        breaks = np.flatnonzero((flags == LINE_BREAK) | (flags == LINE_FEED))
        pair = np.zeros(len(codes) + 1, np.bool_)  # a line feed that belongs to the carriage return before it
        pair[1:-1] = (codes[1:] == ord("\n")) & (codes[:-1] == ord("\r"))
        pair[self.ends] = False
        ends = breaks[~pair[breaks]]
        after = ends + 1
        after += pair[after]
        starts = np.concatenate((np.zeros(1, np.int64), after[:-1]))
        return Spans(starts, ends, self.text_of(ends))

    def solid(self, lines: Spans) -> Lines:
        """Return the lines that are not blank, with their words."""
        first = np.searchsorted(self.words.starts, lines.starts)
        behind = np.searchsorted(self.words.starts, lines.ends)
        return _solid(lines, first, behind)

    def words_per_line(self, *columns: Ints) -> list[Ints]:
        """Return the same as `words_per_text` for each line that is not blank."""
        return list(self._summed(columns, self.lines.first, int(self.lines.words.max(initial=0))))

    @cached_property
    def line_uppers(self) -> Ints:
        """Upper case characters of each line that is not blank."""
        return self.words_per_line(self.vocabulary.looks["uppers"])[0]

    def lines_of(self, words: Ints) -> Bools:
        """Tell which of the lines that are not blank hold one of the words, given by index in any order."""
        found = np.zeros(len(self.lines.first), np.bool_)
        found[np.searchsorted(self.lines.behind, words, side="right")] = True
        return found

    def text_of(self, places: Ints) -> Ints:
        """Return the text in which each place lies; places in ascending order."""
        return text_of(places, self.ends)

    @cached_property
    def words_holding(self) -> dict[str, Ints]:
        """For each phrase of `phrases` the words in which it begins, whatever its case.

        A phrase may begin inside a word and end inside another; between its words are single spaces.
        """
        marks = np.zeros(self.vocabulary.size, np.int64)
        for index, phrase in enumerate(PHRASES):
            marks[self.vocabulary.holding(piece_of(phrase, 0))] |= 1 << index
        places = np.flatnonzero((marks != 0).take(self.ids))
        marked = marks.take(self.ids.take(places))
        present = int(np.bitwise_or.reduce(marks, initial=0))
        none = np.zeros(0, np.int64)
        return {
            phrase: self._followed(places[(marked >> index & 1) != 0], phrase)
            if present >> index & 1
            else none
            for index, phrase in enumerate(PHRASES)
        }

    def lines_holding(self, phrases: Sequence[str]) -> Bools:
        """Tell which of the lines that are not blank hold one of the phrases."""
        return self.lines_of(np.concatenate([self.words_holding[phrase] for phrase in phrases]))

    def _followed(self, words: Ints, phrase: str) -> Ints:
        """Return which of the words are followed by the others of a phrase, one space between."""
        for index in range(1, phrase.count(" ") + 1):
            if not len(words):
                break
            known = np.zeros(self.vocabulary.size, np.bool_)
            known[self.vocabulary.holding(piece_of(phrase, index))] = True
            words = words[words + index < len(self.ids)]
            behind = words + index
            gap = self.words.ends.take(behind - 1)
            single = (self.words.starts.take(behind) == gap + 1) & (self.codes.take(gap) == ord(" "))
            words = words[single & known.take(self.ids.take(behind))]
        return words

    def repeats(self, spans: Spans) -> Bools:
        """Tell of each span whether an equal one stands before it in the same text."""
        found = np.empty(len(spans.starts), np.int64)
        firsts(self.codes, spans.starts, spans.ends, spans.texts, found)
        return np.asarray(found != np.arange(len(found)))

    def text(self, spans: Spans, index: int) -> str:
        """Return the characters of one span."""
        return self.joined[spans.starts[index] : spans.ends[index]]


def _solid(lines: Spans, first: Ints, behind: Ints) -> Lines:
    """Return the lines that hold words, given how many words stand before the begin and the end of each."""
    kept = np.flatnonzero(behind > first)
    spans = Spans(lines.starts.take(kept), lines.ends.take(kept), lines.texts.take(kept))
    return Lines(spans, first.take(kept), behind.take(kept))
