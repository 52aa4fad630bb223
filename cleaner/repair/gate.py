"""Which documents of a batch need work, and where: a scan of all their characters as columns.

Most text needs nothing, and then this scan, or a shorter look before it (`cleaner.repair.quiet`), is all
that repair costs. A block of documents is looked
at as one array of UTF-16 units (of bytes, where all are ASCII); only units that are not plain ASCII
are looked at twice. What it finds is a superset of the places where some step changes something.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cleaner.repair import classes as bit
from cleaner.repair.badness import REACH, tables
from cleaner.repair.beyond import STACKED
from cleaner.repair.block import Block
from cleaner.repair.quiet import is_quiet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from cleaner.repair.block import Places

__all__ = ["Found", "find"]

_BLOCK = {False: 1_000_000, True: 250_000}
"""Characters scanned at once, ASCII and wide: what fits the processor's cache is scanned faster."""
_LONG = 4_000_000
"""Characters above which a text is scanned part by part."""
_ENTITY = re.compile(r"&#?[0-9A-Za-z]{1,24};")
_TAG = re.compile("[\U000e0000-\U000e007f]")
_END = re.compile("[\n\r\v\f\u2028\u2029\x85]")
_LINE = re.compile("[^\n\r\v\f\u2028\u2029\x85]+")
_MIN_WRAPPED = 8
_HIGH_HALF_OF_TAGS = 0xDB40
_RARE = (
    "repair/replacement", "repair/private-use", "repair/control-left",
    "repair/math-letters", "repair/stacked-marks",
)  # fmt: skip
"""What a character with the bit `LOOK` may turn out to be."""


class Found(NamedTuple):
    """What one document needs.

    `hits` are ascending offsets of lines to repair, `tidy` tells of blank lines, spaces or line ends,
    and `look` names the flags whose signs were seen.
    """

    hits: list[int]
    tidy: bool
    look: tuple[str, ...]


def find(texts: Sequence[str]) -> dict[int, Found]:
    """Return the documents of a batch that may need work, by their place in it."""
    found: dict[int, Found] = {}
    for place, text in enumerate(texts):
        if len(text) > _LONG and (result := _find_in_parts(text)):
            found[place] = result
    loud = ["" if len(text) <= _LONG and is_quiet(text) else text for text in texts]
    for wide in (False, True):
        for block in _blocks(loud, wide=wide):
            scan = _Scan([texts[place] for place in block], wide=wide)
            for place, result in scan.run().items():
                found[block[place]] = result
    return found


def _find_in_parts(text: str) -> Found | None:
    """Scan a long text part by part, cut behind line feeds, so that its columns stay small.

    Whatever a step acts on lies within a line; blank lines at a cut are found at the head or the tail
    of a part.
    """
    hits: list[int] = []
    tidy = False
    look: set[str] = set()
    start = 0
    while start < len(text):
        end = text.rfind("\n", start, start + _LONG) + 1 or text.find("\n", start + _LONG) + 1 or len(text)
        part = text[start:end]
        result = _Scan([part], wide=not part.isascii()).run().get(0)
        if result:
            hits += [start + hit for hit in result.hits]
            tidy = tidy or result.tidy
            look.update(result.look)
        start = end
    return Found(hits, tidy, tuple(sorted(look))) if hits or tidy or look else None


def _blocks(texts: Sequence[str], *, wide: bool) -> Iterator[list[int]]:
    block: list[int] = []
    size = 0
    for place, text in enumerate(texts):
        if not text or len(text) > _LONG or text.isascii() is wide:
            continue
        block.append(place)
        size += len(text)
        if size >= _BLOCK[wide]:
            yield block
            block, size = [], 0
    if block:
        yield block


class _Scan(Block):
    """One block of documents, and what the scan of it finds."""

    def __init__(self, texts: list[str], *, wide: bool) -> None:
        super().__init__(texts, wide=wide)
        self.hits: dict[int, set[int]] = {}
        self.tidy: set[int] = set()
        self.look: dict[int, set[str]] = {}

    def run(self) -> dict[int, Found]:
        if self.wide:
            self._scan_wide(np.flatnonzero(self.units >= 0x80))
        self._scan_controls()
        self._scan_margins()
        self._scan_entities()
        self._scan_signs()
        return {
            place: Found(
                sorted(self.hits.get(place, ())), place in self.tidy, tuple(sorted(self.look.get(place, ())))
            )
            for place in sorted(self.hits.keys() | self.tidy | self.look.keys())
        }

    def _add_hits(self, places: Places) -> None:
        if places.size:
            for document, offset in self.offsets(places):
                self.hits.setdefault(document, set()).add(offset)

    def _add_matches(self, document: int, pattern: re.Pattern[str]) -> None:
        offsets = [match.start() for match in pattern.finditer(self.texts[document])]
        if offsets:
            self.hits.setdefault(document, set()).update(offsets)

    def _add_look(self, documents: Iterable[int], *rules: str) -> None:
        for document in documents:
            self.look.setdefault(document, set()).update(rules)

    def _scan_controls(self) -> None:
        low = np.flatnonzero(self.units < 0x20)
        kinds = self.units[low]
        is_feed = kinds == 0x0A
        feeds = low[is_feed]
        if feeds.size < low.size:
            other = ~is_feed & (kinds != 0x09)
            is_end = (kinds >= 0x0B) & (kinds <= 0x0D)
            self.tidy |= self.documents(low[other & is_end])
            self._add_hits(low[other & ~is_end])
        self._add_hits(self.where(0x7F))
        before = self.units[feeds - 1]
        self.tidy |= self.documents(feeds[(before == 0x20) | (before == 0x09)])
        widths = np.diff(feeds) - 1
        empty = widths == 0
        self.tidy |= self.documents(feeds[2:][empty[1:] & empty[:-1]])
        self._scan_widths(feeds, np.where(empty, 0, widths), ~empty)

    def _scan_widths(self, feeds: Places, widths: Places, full: NDArray[np.bool_]) -> None:
        """Find documents most of whose lines are of one width: the sign of hard wraps."""
        first = np.searchsorted(feeds, self.starts)
        last = np.searchsorted(feeds, self.ends) - 1  # behind it lies the next document
        if not (last - first >= _MIN_WRAPPED).any():
            return
        first = np.minimum(first, widths.size)
        last = np.maximum(first, last)

        def total(values: NDArray[Any]) -> NDArray[np.int64]:
            sums = np.concatenate(([0], np.cumsum(values)))
            return np.asarray(sums[last] - sums[first])

        lines = total(full)
        counted = np.maximum(lines, 1)
        mean = total(widths) / counted
        spread = total(widths * widths) / counted - mean**2
        wrapped = (lines >= _MIN_WRAPPED) & (mean >= 30) & (mean <= 100) & (spread < 16**2)
        self._add_look(np.flatnonzero(wrapped).tolist(), "repair/hard-wrap")

    def _scan_margins(self) -> None:
        """Find blank lines at the head, and at the tail more than the one line feed that ends a line."""
        first, last, last_but_one = (self.units[at] for at in (self.starts, self.ends - 1, self.ends - 2))
        blank_tail = (last == 0x0A) & ((last_but_one == 0x0A) | (self.ends - self.starts == 1))
        self.tidy.update(
            np.flatnonzero((first == 0x0A) | (last == 0x20) | (last == 0x09) | blank_tail).tolist()
        )

    def _scan_entities(self) -> None:
        for document in self.documents(self.where(0x26)):
            self._add_matches(document, _ENTITY)

    def _scan_signs(self) -> None:
        """Find signs of what is only reported: lost letters, and escapes of three kinds."""
        for sign, following, rule in _SIGNS:
            places = self.where(sign)
            places = places[following[np.minimum(self.units[places + 1], 0x80)]]
            self._add_look(self.documents(places), rule)

    def _scan_wide(self, places: Places) -> None:
        kinds = bit.bits()[self.units[places]]
        seen = int(np.bitwise_or.reduce(kinds, initial=0))
        if seen & bit.ASTRAL:
            units = self.units[places]
            self.high_halves = places[(units & 0xFC00) == 0xD800]
            for document in self.documents(places[units == _HIGH_HALF_OF_TAGS]):
                self._add_matches(document, _TAG)
        self._add_hits(places[(kinds & bit.ACT) != 0])
        self.tidy |= self.documents(places[(kinds & bit.END) != 0])
        for document in self.documents(places[(kinds & bit.LOOK) != 0]):
            self._add_look([document], *_RARE)
            self._add_matches(document, STACKED)
        if seen & (bit.COMPOSE | bit.MARK | bit.ASTRAL):
            self._scan_composition(places, kinds)
        if seen & bit.GREEK_OR_CYRILLIC:
            self._scan_mixed(places[(kinds & bit.GREEK_OR_CYRILLIC) != 0])
        accented = places[(kinds & bit.ACCENTED) != 0]
        runs = accented[3:][accented[3:] - accented[:-3] == 3]
        self._add_look(self.documents(runs), "repair/wrong-charset")
        self._scan_pairs(places)

    def _scan_mixed(self, places: Places) -> None:
        """Find Greek or Cyrillic letters beside Latin ones, at either end of each run of them."""
        breaks = np.diff(places) != 1
        heads = places[np.concatenate(([True], breaks))]
        tails = places[np.concatenate((breaks, [True]))]
        latin = [((self.units[at] | 0x20) - ord("a")) < 26 for at in (heads - 1, tails + 1)]
        self._add_look(self.documents(heads[latin[0] | latin[1]]), "repair/homoglyph")

    def _scan_composition(self, places: Places, kinds: NDArray[np.uint8]) -> None:
        """Find what is not in NFC.

        `unicodedata` tells it at once of a text without characters that may compose, but has to
        compose a whole text that holds one, so there each is looked at with its neighbours.
        """
        maybe = places[(kinds & bit.COMPOSE) != 0]
        marks = places[(kinds & bit.MARK) != 0]
        astral = self.documents(places[(kinds & bit.ASTRAL) != 0])
        looked_at = self.documents(maybe) - astral
        for document in (self.documents(marks) | astral) - looked_at:
            text = self.texts[document]
            if not bit.is_composed(text):
                offsets = [m.start() for m in _LINE.finditer(text) if not bit.is_composed(m.group())]
                self.hits.setdefault(document, set()).update(offsets)
        if looked_at:
            runs = marks[1:][np.diff(marks) == 1]
            known: dict[str, bool] = {}
            last = (-1, 0, 0)  # document, begin and end of a cluster: one look at each
            for document, offset in self.offsets(np.union1d(maybe, runs)):
                if document in looked_at and not (document == last[0] and offset < last[2]):
                    last = document, *bit.cluster(self.texts[document], offset)
                    cluster = self.texts[document][last[1] : last[2]]
                    if cluster not in known:
                        known[cluster] = bit.is_composed(cluster)
                    if not known[cluster]:
                        self.hits.setdefault(document, set()).add(offset)

    def _scan_pairs(self, places: Places) -> None:
        """Find neighbours that may be mojibake, and among them what ftfy's own expression matches."""
        table = tables()
        kinds = table.classes[self.units[places]]
        places = places[table.decisive[kinds]]
        before, here, after = (table.classes[self.units[places + step]] for step in (-1, 0, 1))
        suspect = places[table.pairs[before, here] | table.pairs[here, after]]
        skip: dict[int, int] = {}
        for document, offset in self.offsets(suspect):
            if offset < skip.get(document, 0):
                continue
            text = self.texts[document]
            # The line feed is what ftfy sees behind a line that ends with the text.
            tail = "\n" if offset + REACH >= len(text) else ""
            window = text[max(0, offset - REACH) : offset + REACH + 1] + tail
            if table.bad.search(window):
                self.hits.setdefault(document, set()).add(offset)
                end = _END.search(text, offset)  # one hit a line is enough
                skip[document] = end.start() if end else len(text)


def _following(characters: str, *, beyond_ascii: bool = False) -> NDArray[np.bool_]:
    table = np.zeros(0x81, bool)
    table[[ord(char) for char in characters]] = True
    table[0x80] = beyond_ascii
    return table


_SIGNS = (
    (ord("?"), _following("abcdefghijklmnopqrstuvwxyz", beyond_ascii=True), "repair/lost-letter"),
    (ord("\\"), _following("uUx"), "repair/escape"),
    (ord("%"), _following("cdefCDEF"), "repair/escape"),
    (ord("="), _following("CDEF"), "repair/escape"),
)
