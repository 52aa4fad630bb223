"""Word classes: how much of each short line is made of words that a rule lists."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from cleaner.fold import fold
from cleaner.native import words as compiled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from cleaner.rules.table import Ints, Keys, LineTable

__all__ = ["Vocabulary"]

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
    def _compiled(self) -> compiled.Words:
        texts = [pattern.encode() for pattern in self.patterns]
        classes = [tuple(np.flatnonzero(row).tolist()) for row in self.members]
        return compiled.Words(list(zip(texts, self.loose.tolist(), classes, strict=True)))

    def __getstate__(self) -> dict[str, object]:
        return {name: value for name, value in self.__dict__.items() if name != "_compiled"}

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
        self._compiled.cover(keys.data, keys.bounds, _LONGEST, covered)
        shares: NDArray[np.int64] = np.minimum(100, -(-100 * covered // np.maximum(keys.sizes, 1)))
        return shares
