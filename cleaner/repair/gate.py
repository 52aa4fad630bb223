"""Which documents of a batch need work, and where: a scan of all their characters as columns.

Most text needs nothing, and then this scan is all that repair costs. A block of documents is looked
at as one array of UTF-16 units (of bytes, where all are ASCII); only units that are not plain ASCII
are looked at twice. What it finds is a superset of the places where some step changes something.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cleaner.repair import classes as bit
from cleaner.repair.badness import REACH, tables
from cleaner.repair.beyond import STACKED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    Places = NDArray[np.int64]
    """Positions in the units of a block, ascending."""

__all__ = ["Found", "find"]

_BLOCK = {False: 1_000_000, True: 250_000}
"""Characters scanned at once, ASCII and wide: what fits the processor's cache is scanned faster."""
_SEPARATOR = " 0"
"""Stands between the documents of a block. To a last character the space is what a line feed would be
(`œ` at a line end is suspect), and the digit is nothing to a first one."""
_ENTITY = re.compile(r"&#?[0-9A-Za-z]{1,24};")
_TAG = re.compile("[\U000e0000-\U000e007f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
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
    for wide in (False, True):
        for block in _blocks(texts, wide=wide):
            scan = _Scan([texts[place] for place in block], wide=wide)
            for place, result in scan.run().items():
                found[block[place]] = result
    return found


def _blocks(texts: Sequence[str], *, wide: bool) -> Iterator[list[int]]:
    block: list[int] = []
    size = 0
    for place, text in enumerate(texts):
        if not text or text.isascii() is wide:
            continue
        block.append(place)
        size += len(text)
        if size >= _BLOCK[wide]:
            yield block
            block, size = [], 0
    if block:
        yield block


def _encode(text: str) -> bytes:
    """Return UTF-16 units; a lone surrogate becomes a control, to be found at the same offset."""
    try:
        return text.encode("utf-16-le")
    except UnicodeEncodeError:
        return _SURROGATE.sub("\x01", text).encode("utf-16-le")


class _Scan:
    """One block of documents, all ASCII or none."""

    def __init__(self, texts: list[str], *, wide: bool) -> None:
        self.texts = texts
        self.wide = wide
        if wide:
            parts = [_encode(text) for text in texts]
            separator = _SEPARATOR.encode("utf-16-le")
            self.joined = b"".join((separator, separator.join(parts), separator))
            lengths = np.array([len(part) for part in parts], np.int64) // 2
        else:
            self.joined = _SEPARATOR.join(("", *texts, "")).encode()
            lengths = np.array([len(text) for text in texts], np.int64)
        self.units: NDArray[Any] = np.frombuffer(self.joined, np.uint16 if wide else np.uint8)
        self.ends = np.cumsum(lengths + len(_SEPARATOR))
        self.starts = self.ends - lengths
        self.high_halves: Places = np.zeros(0, np.int64)
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

    def _where(self, sign: int) -> Places:
        """Return the places of one ASCII character; where it is nowhere, at the speed of `memchr`."""
        if not self.wide and sign not in self.joined:
            return np.zeros(0, np.int64)
        return np.flatnonzero(self.units == sign)

    def _documents(self, places: Places) -> set[int]:
        return set(np.searchsorted(self.ends, places, side="right").tolist()) if places.size else set()

    def _offsets(self, places: Places) -> Iterator[tuple[int, int]]:
        """Yield document and offset in characters of each place."""
        documents = np.searchsorted(self.ends, places, side="right")
        starts = self.starts[documents]
        offsets = places - starts
        if self.high_halves.size:  # two units, one character
            before = np.searchsorted(self.high_halves, places) - np.searchsorted(self.high_halves, starts)
            offsets = offsets - before
        return zip(documents.tolist(), offsets.tolist(), strict=True)

    def _add_hits(self, places: Places) -> None:
        if places.size:
            for document, offset in self._offsets(places):
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
            self.tidy |= self._documents(low[other & is_end])
            self._add_hits(low[other & ~is_end])
        self._add_hits(self._where(0x7F))
        before = self.units[feeds - 1]
        self.tidy |= self._documents(feeds[(before == 0x20) | (before == 0x09)])
        widths = np.diff(feeds) - 1
        empty = widths == 0
        self.tidy |= self._documents(feeds[2:][empty[1:] & empty[:-1]])
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
        for document in self._documents(self._where(0x26)):
            self._add_matches(document, _ENTITY)

    def _scan_signs(self) -> None:
        """Find signs of what is only reported: lost letters, and escapes of three kinds."""
        for sign, following, rule in _SIGNS:
            places = self._where(sign)
            places = places[following[np.minimum(self.units[places + 1], 0x80)]]
            self._add_look(self._documents(places), rule)

    def _scan_wide(self, places: Places) -> None:
        kinds = bit.bits()[self.units[places]]
        seen = int(np.bitwise_or.reduce(kinds, initial=0))
        if seen & bit.ASTRAL:
            units = self.units[places]
            self.high_halves = places[(units & 0xFC00) == 0xD800]
            for document in self._documents(places[units == _HIGH_HALF_OF_TAGS]):
                self._add_matches(document, _TAG)
        self._add_hits(places[(kinds & bit.ACT) != 0])
        self.tidy |= self._documents(places[(kinds & bit.END) != 0])
        for document in self._documents(places[(kinds & bit.LOOK) != 0]):
            self._add_look([document], *_RARE)
            self._add_matches(document, STACKED)
        if seen & (bit.COMPOSE | bit.ASTRAL):
            for document in self._documents(places[(kinds & (bit.COMPOSE | bit.ASTRAL)) != 0]):
                self._add_uncomposed(document)
        if seen & bit.GREEK_OR_CYRILLIC:
            self._scan_mixed(places[(kinds & bit.GREEK_OR_CYRILLIC) != 0])
        accented = places[(kinds & bit.ACCENTED) != 0]
        runs = accented[3:][accented[3:] - accented[:-3] == 3]
        self._add_look(self._documents(runs), "repair/wrong-charset")
        self._scan_pairs(places)

    def _scan_mixed(self, places: Places) -> None:
        """Find Greek or Cyrillic letters beside Latin ones, at either end of each run of them."""
        breaks = np.diff(places) != 1
        heads = places[np.concatenate(([True], breaks))]
        tails = places[np.concatenate((breaks, [True]))]
        table = bit.bits()
        beside = table[self.units[heads - 1]] | table[self.units[tails + 1]]
        self._add_look(self._documents(heads[(beside & bit.LATIN) != 0]), "repair/homoglyph")

    def _add_uncomposed(self, document: int) -> None:
        text = self.texts[document]
        if unicodedata.is_normalized("NFC", text):
            return
        lines = _LINE.finditer(text)
        offsets = (m.start() for m in lines if not unicodedata.is_normalized("NFC", m.group()))
        self.hits.setdefault(document, set()).update(offsets)

    def _scan_pairs(self, places: Places) -> None:
        """Find neighbours that may be mojibake, and among them what ftfy's own expression matches."""
        table = tables()
        kinds = table.classes[self.units[places]]
        places = places[table.decisive[kinds]]
        before, here, after = (table.classes[self.units[places + step]] for step in (-1, 0, 1))
        suspect = places[table.pairs[before, here] | table.pairs[here, after]]
        skip: dict[int, int] = {}
        for document, offset in self._offsets(suspect):
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
