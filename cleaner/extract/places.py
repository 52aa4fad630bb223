"""Where the lines of an extracted text stand in their page: in links, captions, headings, named boxes.

The page's own text nodes are joined without white space, in the order of the page; a line is looked up
in that string, so that one search in C finds it whatever tags stand inside it. What surrounds a line
speaks of the line only as long as it does not surround most of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from typing import TYPE_CHECKING, Any

from cleaner.document import Place
from cleaner.fold import fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["find_places"]

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_LARGEST = 0.4  # an element that holds a larger share of the text is the article, or holds it
_SKIPPED = frozenset({"script", "style", "noscript", "template", "head", "title", "textarea"})
_INLINE = frozenset({"span", "b", "strong", "em", "i", "u", "font", "small", "br"})
_DEEPEST = 40
_MOST_WORDS = 40
_SHORTEST = 2


def find_places(root: Any, text: str) -> dict[str, Place]:
    """Return for the folded lines of `text` where they stand below `root`, an lxml element.

    A line that is not found, because an extractor has left out a part of it, is not in the result; of
    a line that stands twice only what holds for both copies is said.
    """
    nodes = _Nodes(root)
    found: list[tuple[str, int, int]] = []
    cursor = 0
    for line in text.split("\n"):
        bare = "".join(line.removeprefix("- ").split())
        if len(bare) < _SHORTEST:
            continue
        start = nodes.find(bare, cursor)
        if start >= 0:
            cursor = start + len(bare)
            found.append((line, start, cursor))
    held: Counter[Any] = Counter()
    for _, start, end in found:
        for element in nodes.above(start):
            held[element] += end - start
    total = sum(end - start for _, start, end in found)
    places: dict[str, Place] = {}
    for line, start, end in found:
        place = nodes.place(start, end, [each for each in nodes.above(start) if held[each] <= _LARGEST * total])
        key = fold(line)
        places[key] = _both(places[key], place) if key in places else place
    return places


class _Nodes:
    """The text nodes of a page, joined without white space."""

    def __init__(self, root: Any) -> None:
        parents: list[Any] = []
        starts: list[int] = []
        parts: list[str] = []
        position = 0
        for parent, text in _texts(root):
            bare = "".join(text.split())
            if bare:
                parents.append(parent)
                starts.append(position)
                parts.append(bare)
                position += len(bare)
        self.parents, self.starts = parents, starts
        self.text = "".join(parts)
        self._begins = frozenset(starts)
        self._chains: dict[Any, list[Any]] = {}

    def find(self, bare: str, cursor: int) -> int:
        """Return where `bare` begins and ends with text nodes, at `cursor` or later if possible; else -1."""
        for low, high in ((cursor, len(self.text)), (0, cursor + len(bare))):
            place = self.text.find(bare, low, high)
            for _ in range(8):
                if place < 0:
                    break
                if place in self._begins:
                    return place
                place = self.text.find(bare, place + 1, high)
        return -1

    def above(self, start: int) -> list[Any]:
        """Return the elements around the text node at `start`, the nearest first."""
        parent = self.parents[bisect_right(self.starts, start) - 1]
        chain = self._chains.get(parent)
        if chain is None:
            chain = [parent]
            while len(chain) < _DEEPEST and (parent := parent.getparent()) is not None:
                chain.append(parent)
            self._chains[chain[0]] = chain
        return chain

    def place(self, start: int, end: int, around: Sequence[Any]) -> Place:
        """Return what is known of the text from `start` to `end`, with `around` as its elements."""
        first, last = bisect_right(self.starts, start) - 1, bisect_right(self.starts, end - 1)
        linked = 0
        for index in range(first, last):
            begin = max(start, self.starts[index])
            stop = min(end, self.starts[index + 1] if index + 1 < len(self.starts) else end)
            if any(element.tag == "a" for element in self.above(self.starts[index])[:6]):
                linked += stop - begin
        tags = frozenset(element.tag for element in around if isinstance(element.tag, str))
        words: set[str] = set()
        for element in around:
            words.update(_names(element))
        return Place(linked / max(1, end - start), tags, frozenset(words))


def _texts(root: Any) -> Iterator[tuple[Any, str]]:
    """Yield (element, text) for each text node; the element is the one whose content the text is."""
    for node in root.xpath("//body//text()"):
        parent = node.getparent()
        if node.is_tail:
            parent = parent.getparent()
        if parent is not None and parent.tag not in _SKIPPED:
            yield parent, node


def _names(element: Any) -> list[str]:
    given = f"{element.get('class') or ''} {element.get('id') or ''} {element.get('data-component') or ''}"
    return [word.lower() for word in _WORDS.findall(given[:300])[:_MOST_WORDS]]


def _both(first: Place, second: Place) -> Place:
    return Place(min(first.linked, second.linked), first.tags & second.tags, first.names & second.names)
