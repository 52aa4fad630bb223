"""Word classes: how much of each short line is made of words that a rule lists."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from cleaner.fold import fold
from cleaner.native import loops

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cleaner.rules.table import Ints, Keys, LineTable

__all__ = ["Vocabulary"]

_compiled = loops("words")
_LONGEST = 160  # bytes; in longer lines words of the interface are words of the text
_UNSPACED = "\u0e00"  # from here on scripts do not part words by spaces: Thai, kana, ideographs


class Vocabulary:
    """Word classes ready to be counted. Picklable.

    A word counts where it stands between two places that are no letters or figures; in scripts without
    spaces, anywhere. Lines of more than 160 bytes hold no words.

    Args:
        words: for each class its words and phrases, in any case.

    """

    def __init__(self, words: Mapping[str, Sequence[str]]) -> None:
        self.names = tuple(sorted(words))
        held: dict[str, set[int]] = {}
        for number, name in enumerate(self.names):
            for word in words[name]:
                held.setdefault(fold(word), set()).add(number)
        self.patterns = tuple(sorted(held))
        self.members = np.zeros((len(self.patterns), len(self.names)), np.bool_)
        for row, pattern in enumerate(self.patterns):
            self.members[row, sorted(held[pattern])] = True
        self.loose = np.array([pattern[0] >= _UNSPACED for pattern in self.patterns], np.bool_)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Vocabulary)
            and self.patterns == other.patterns
            and self.names == other.names
            and bool((self.members == other.members).all())
        )

    def __hash__(self) -> int:
        return hash((self.names, len(self.patterns)))

    @cached_property
    def _automaton(self) -> Any:
        texts = [pattern.encode() for pattern in self.patterns]
        if _compiled:
            classes = [tuple(np.flatnonzero(row).tolist()) for row in self.members]
            return _compiled.Words(list(zip(texts, self.loose.tolist(), classes, strict=True)))
        import ahocorasick_rs

        return ahocorasick_rs.BytesAhoCorasick(texts)

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name != "_automaton"}

    def of(self, table: LineTable) -> dict[str, Ints]:
        """Return for each class the share of each line, in per cent of its bytes, that its words make up."""
        if not self.names:
            return {}
        memo = table.whole.memo
        known = memo.get(self)
        if known is None:
            known = memo[self] = self._shares(table.keys)
        return {name: known[number][table.key] for number, name in enumerate(self.names)}

    def _shares(self, keys: Keys) -> NDArray[np.int64]:
        covered = np.zeros((len(self.names), len(keys)), np.int64)
        if _compiled:
            self._automaton.cover(keys.data, keys.bounds, _LONGEST, covered)
        else:
            self._cover(keys, covered)
        shares: NDArray[np.int64] = np.minimum(100, -(-100 * covered // np.maximum(keys.sizes, 1)))
        return shares

    def _cover(self, keys: Keys, covered: NDArray[np.int64]) -> None:
        short = np.flatnonzero(keys.sizes <= _LONGEST)
        joined, bounds = keys.joined(short)
        found = self._automaton.find_matches_as_indexes(joined, overlapping=True)
        if not found:
            return
        pattern, start, end = np.array(found, np.int64).T
        data = np.frombuffer(joined, np.uint8)
        whole = self.loose[pattern] | ~(_inside(data, start - 1) | _inside(data, end))
        pattern, start, end = pattern[whole], start[whole], end[whole]
        key = short[np.searchsorted(bounds, start, side="right") - 1]
        for number in range(len(self.names)):
            mine = self.members[pattern, number]
            covered[number] = np.bincount(key[mine], (end - start)[mine], len(keys)).astype(np.int64)


def _inside(data: NDArray[np.uint8], place: Ints) -> NDArray[np.bool_]:
    """Tell whether the byte at each place belongs to a letter or a figure."""
    byte = np.where((place >= 0) & (place < len(data)), data[np.clip(place, 0, len(data) - 1)], ord("\n"))
    letter = (byte >= ord("a")) & (byte <= ord("z"))
    return letter | ((byte >= ord("0")) & (byte <= ord("9"))) | (byte >= 0x80)
