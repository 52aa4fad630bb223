"""What a batch of documents shows of its sites: one row for each line of a document, its first words and its last."""

from __future__ import annotations

from hashlib import blake2b as _blake2b
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from cleaner.rules.affixes import AFFIXED, HEAD, TAIL, begin_of, digits_folded, end_of
from cleaner.rules.table import LineTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from cleaner.rules.table import Ints

    Hashes = NDArray[np.uint64]

__all__ = [
    "BEGIN",
    "END",
    "LONGEST",
    "OBSERVED",
    "SITE",
    "WHOLE",
    "observe",
]

WHOLE, BEGIN, END, SITE = range(4)
"""What a row is about: a line, the first words of one, the last words of one, or the document itself."""

LONGEST = 600
"""Longer lines, in characters, are prose, and not remembered."""

OBSERVED = pa.schema(
    [
        pa.field("line", pa.uint64()),
        pa.field("site", pa.uint64()),
        pa.field("part", pa.uint8()),
        pa.field("document", pa.uint64()),
        pa.field("group", pa.uint64()),
        pa.field("count", pa.int32()),
        pa.field("head", pa.int32()),
        pa.field("tail", pa.int32()),
        pa.field("next", pa.uint64()),
        pa.field("previous", pa.uint64()),
        pa.field("text", pa.large_string()),
    ]
)
"""One row for each line of a document.

`line` is a hash of the site, the part and the folded line, `document` one of the folded text, `group` one that nearly
equal documents share. `count` is how often the line stands in the document, `head` and `tail` how often near an end of
it; `next` and `previous` are its neighbours, 0 where there is none; `text` is the line as it stands, or the site.
"""

_PROSE = 40  # characters; shorter lines say nothing of whether two documents are nearly the same


def observe(texts: Sequence[str], sites: Sequence[str | None]) -> pa.Table:
    """Return what documents show of their sites, with the columns of `OBSERVED`.

    Args:
        texts: the documents, repaired: lines as the rules meet them.
        sites: the site of each; documents without one are left out.

    """
    known = [index for index, site in enumerate(sites) if site is not None]
    table = LineTable.of([texts[index] for index in known])
    names = [sites[index] or "" for index in known]
    lines = digits_folded(table.keys.data).split(b"\n")[:-1]
    document = _hashes(table.folded())
    site = _hashes_of(names)
    hashed = _hashes(lines)
    seen = _Seen(table, hashed, document, _groups(table, hashed, document), site)
    parts = [seen.whole(), seen.documents(names)]
    for part, affix in ((BEGIN, begin_of), (END, end_of)):
        short = table.keys.chars <= AFFIXED
        words = [affix(line) if fits else None for line, fits in zip(lines, short.tolist(), strict=True)]
        numbers = np.zeros(len(lines), np.uint64)
        held = [place for place, each in enumerate(words) if each is not None]
        numbers[held] = _hashes(each for each in words if each is not None)
        parts.append(seen.affixes(part, numbers))
    return pa.concat_tables(parts)


class _Seen:
    """The lines of a batch with what is known of them."""

    def __init__(
        self, table: LineTable, hashed: Hashes, document: Hashes, group: Hashes, site: Hashes
    ) -> None:
        self.table, self.document, self.group, self.site = table, document, group, site
        self.line = _mixed(site[table.document], hashed[table.key]) if len(table) else hashed[:0]
        self.first = np.zeros(len(table), np.bool_)
        self.first[table.first[:-1][np.diff(table.first) > 0]] = True
        above, below = table.from_head, table.from_tail
        self.head = above < HEAD
        self.tail = (below < HEAD) | ((below < TAIL) & (below < above))

    def whole(self) -> pa.Table:
        """Return the rows of whole lines."""
        previous = np.where(self.first, np.uint64(0), np.roll(self.line, 1))
        last = np.roll(self.first, -1)
        following = np.where(last, np.uint64(0), np.roll(self.line, -1))
        rows = np.flatnonzero(self.table.chars <= LONGEST)
        return self._rows(WHOLE, rows, self.line, following, previous)

    def affixes(self, part: int, hashed: Hashes) -> pa.Table:
        """Return the rows of the first words of lines, or of the last; `hashed` gives them for each key, 0 for none."""
        rows = np.flatnonzero(hashed[self.table.key])
        numbers = _mixed(self.site[self.table.document], hashed[self.table.key] + np.uint64(part << 1))
        none = np.zeros(len(self.table), np.uint64)
        return self._rows(part, rows, numbers, none, none)

    def documents(self, names: Sequence[str]) -> pa.Table:
        """Return a row for each document that has a line."""
        held = np.flatnonzero(np.diff(self.table.first) > 0)
        ones, zeros = np.ones(len(held), np.int32), np.zeros(len(held), np.uint64)
        columns = [self.site[held], self.site[held], np.full(len(held), SITE, np.uint8), self.document[held]]
        columns += [self.group[held], ones, ones, ones, zeros, zeros]
        return pa.table(
            [*map(pa.array, columns), pa.array([names[index] for index in held.tolist()], pa.large_string())],
            schema=OBSERVED,
        )

    def _rows(self, part: int, rows: Ints, line: Hashes, following: Hashes, previous: Hashes) -> pa.Table:
        """Return one row for each different line of a document among `rows`."""
        document = self.table.document[rows]
        order = np.lexsort((rows, line[rows], document))
        rows, document = rows[order], document[order]
        new = np.ones(len(rows), np.bool_)
        new[1:] = (line[rows[1:]] != line[rows[:-1]]) | (document[1:] != document[:-1])
        starts = np.flatnonzero(new)
        sums = [
            np.add.reduceat(each[rows].astype(np.int32), starts, dtype=np.int32)
            if len(rows)
            else np.empty(0, np.int32)
            for each in (np.ones_like(self.head), self.head, self.tail)
        ]
        first, owner = rows[starts], document[starts]
        texts, begin, end = self.table.texts, self.table.start[first].tolist(), self.table.end[first].tolist()
        spelled = [texts[d][b:e] for d, b, e in zip(owner.tolist(), begin, end, strict=True)]
        columns = [line[first], self.site[owner], np.full(len(first), part, np.uint8), self.document[owner]]
        columns += [self.group[owner], *sums, following[first], previous[first]]
        return pa.table([*map(pa.array, columns), _strings(spelled)], schema=OBSERVED)


def _groups(table: LineTable, hashed: Hashes, document: Hashes) -> Hashes:
    """Return a hash for each document that nearly equal ones share: that of the three smallest of its longer lines.

    Documents that share nine lines in ten come to the same hash three times in four (Broder, "On the resemblance and
    containment of documents", 1997). A document with fewer lines has the hash of its text.
    """
    rows = np.flatnonzero(table.chars >= _PROSE)
    owner, line = table.document[rows], hashed[table.key[rows]]
    order = np.lexsort((line, owner))
    owner, line = owner[order], line[order]
    new = np.ones(len(rows), np.bool_)
    new[1:] = (owner[1:] != owner[:-1]) | (line[1:] != line[:-1])
    owner, line = owner[new], line[new]
    first = np.searchsorted(owner, np.arange(len(document)))
    enough = np.flatnonzero(np.searchsorted(owner, np.arange(len(document)), side="right") - first >= 3)
    groups = document.copy()
    begin = first[enough]
    groups[enough] = _mixed(_mixed(line[begin], line[begin + 1]), line[begin + 2])
    return groups


def _strings(texts: Sequence[str]) -> pa.Array:
    """Return texts as a column; one half of a surrogate pair, which Arrow cannot hold, becomes a question mark."""
    try:
        return pa.array(texts, pa.large_string())
    except UnicodeEncodeError:
        return pa.array([text.encode("utf-8", "replace").decode() for text in texts], pa.large_string())


def _hashes_of(names: Sequence[str]) -> Hashes:
    distinct = list(dict.fromkeys(names))
    known = dict(
        zip(distinct, _hashes(name.encode("utf-8", "surrogatepass") for name in distinct), strict=True)
    )
    return np.array([known[name] for name in names], np.uint64)


def _hashes(each: Iterable[bytes]) -> Hashes:
    digests = b"".join([_blake2b(data, digest_size=8).digest() for data in each])
    return np.frombuffer(digests, "<u8").astype(np.uint64) | np.uint64(1)  # 0 stands for nothing


def _mixed(first: Hashes, second: Hashes) -> Hashes:
    """Return one hash of two (the finaliser of SplitMix64: Steele, Lea and Flood, 2014)."""
    mixed = first * np.uint64(0x9E3779B97F4A7C15) ^ second
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    hashes: Hashes = (mixed ^ (mixed >> np.uint64(31))) | np.uint64(1)
    return hashes
