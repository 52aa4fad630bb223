"""Where the lines of an extracted text stand in their page: in links, captions, headings, named boxes.

The page's own text nodes are joined without white space, in the order of the page; a line is looked up
in that string, so that one search in C finds it whatever tags stand inside it. What surrounds a line
speaks of the line only as long as it does not surround most of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from cleaner.document import Place
from cleaner.fold import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["find_places"]

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LARGEST = 0.4  # an element that holds a larger share of the text is the article, or holds it
_DEEPEST = 40
_MOST_WORDS = 40
_SHORTEST = 2
_LONG = 60  # characters without spaces; a line so long stands in no menu
_TRIES = 8


def find_places(root: Any, text: str) -> dict[str, Place]:
    """Return for the folded lines of `text` where they stand below `root`, an lxml element.

    A line that is not found, because an extractor has left out a part of it, is not in the result; of
    a line that stands twice only what holds for both copies is said.
    """
    nodes = _Nodes(root)
    found = _looked_up(nodes, text.split("\n"), fold(text).split("\n"))
    held: Counter[Any] = Counter()
    for _, start, end in found:
        for element in nodes.above(start):
            held[element] += end - start
    total = sum(end - start for _, start, end in found)
    places: dict[str, Place] = {}
    for key, start, end in found:
        place = nodes.place(
            start, end, [each for each in nodes.above(start) if held[each] <= _LARGEST * total]
        )
        places[key] = _both(places[key], place) if key in places else place
    return places


def _looked_up(nodes: _Nodes, lines: Sequence[str], keys: Sequence[str]) -> list[tuple[str, int, int]]:
    """Return (key, start, end) of the lines found, in order.

    Short lines may stand in menus too, so the first long one is looked up first, and the others from
    there, upwards and downwards.
    """
    bare = ["".join(line.removeprefix("- ").split()) for line in lines]
    long = next(
        (index for index, each in enumerate(bare) if len(each) >= _LONG and nodes.find(each, 0) >= 0), 0
    )
    anchor = max(0, nodes.find(bare[long], 0))
    found: list[tuple[str, int, int]] = []
    cursor = anchor
    for index in reversed(range(long)):
        start = nodes.find_before(bare[index], cursor)
        if start >= 0:
            cursor = start
            found.append((keys[index], start, start + len(bare[index])))
    found.reverse()
    cursor = anchor
    for index in range(long, len(lines)):
        start = nodes.find(bare[index], cursor)
        if start >= 0:
            cursor = start + len(bare[index])
            found.append((keys[index], start, cursor))
    return found


@cache
def _texts() -> Any:
    from lxml import etree

    return etree.XPath("//body//text()[normalize-space()]")


class _Nodes:
    """The text nodes of a page, joined without white space."""

    def __init__(self, root: Any) -> None:
        self.nodes: list[Any] = []
        self.starts: list[int] = []
        parts: list[str] = []
        position = 0
        for node in _texts()(root):
            bare = "".join(node.split())
            if bare:
                self.nodes.append(node)
                self.starts.append(position)
                parts.append(bare)
                position += len(bare)
        self.text = "".join(parts)
        self._begins = frozenset(self.starts)
        self._chains: dict[int, list[Any]] = {}

    def find(self, bare: str, cursor: int) -> int:
        """Return where `bare` stands, beginning with a text node: at `cursor` or later if possible; else -1."""
        if len(bare) < _SHORTEST:
            return -1
        for low, high in ((cursor, len(self.text)), (0, cursor + len(bare))):
            place = self.text.find(bare, low, high)
            for _ in range(_TRIES):
                if place < 0 or place in self._begins:
                    break
                place = self.text.find(bare, place + 1, high)
            if place >= 0 and place in self._begins:
                return place
        return -1

    def find_before(self, bare: str, cursor: int) -> int:
        """Return the last place before `cursor` where `bare` stands, else as `find`."""
        if len(bare) < _SHORTEST:
            return -1
        place = self.text.rfind(bare, 0, cursor)
        for _ in range(_TRIES):
            if place < 0 or place in self._begins:
                break
            place = self.text.rfind(bare, 0, place + len(bare) - 1)
        return place if place >= 0 and place in self._begins else self.find(bare, cursor)

    def above(self, start: int) -> list[Any]:
        """Return the elements around the text node at `start`, the nearest first."""
        return self._above(bisect_right(self.starts, start) - 1)

    def _above(self, index: int) -> list[Any]:
        chain = self._chains.get(index)
        if chain is None:
            node = self.nodes[index]
            parent = node.getparent()
            if node.is_tail:
                parent = parent.getparent()
            chain = [] if parent is None else [parent, *islice(parent.iterancestors(), _DEEPEST)]
            self._chains[index] = chain
        return chain

    def place(self, start: int, end: int, around: Sequence[Any]) -> Place:
        """Return what is known of the text from `start` to `end`, with `around` as its elements."""
        first, last = bisect_right(self.starts, start) - 1, bisect_right(self.starts, end - 1)
        linked = 0
        for index in range(first, last):
            begin = max(start, self.starts[index])
            stop = min(end, self.starts[index + 1] if index + 1 < len(self.starts) else end)
            if any(element.tag == "a" for element in self._above(index)[:6]):
                linked += stop - begin
        tags = frozenset(element.tag for element in around if isinstance(element.tag, str))
        words: set[str] = set()
        for element in around:
            words.update(_names(element))
        return Place(linked / max(1, end - start), tags, frozenset(words))


def _names(element: Any) -> list[str]:
    given = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('data-component') or ''}"
    return [word.lower() for word in _WORDS.findall(given[:300])[:_MOST_WORDS]]


def _both(first: Place, second: Place) -> Place:
    return Place(min(first.linked, second.linked), first.tags & second.tags, first.names & second.names)
