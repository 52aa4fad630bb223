"""Keys of words and lines: 64-bit numbers that are equal for equal text, and which of many are equal.

All is done for a whole batch at once. Nothing depends on the order of keys, only on their equality, so
the numbers that are computed with them do not depend on what else is in the batch.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from cleaner.native import loops

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.signals.spans import Hashes, Ints

__all__ = ["BASE", "INVERSE", "equals", "firsts", "mixed", "powers", "ragged", "word_keys"]

BASE = 0x9E3779B97F4A7C15  # odd, so that it has an inverse modulo 2**64
INVERSE = pow(BASE, -1, 1 << 64)
_LENGTH = np.uint64(0xD6E8FEB86659FD93)
_SPREAD = np.uint64(BASE)
_TABLE = 1 << 20
_LANES_CHARACTERS = 32

_compiled = loops("spans")


def equals(codes: NDArray[np.uint32], starts: Ints, lengths: Ints) -> Ints:
    """Return for each word, given the characters it is cut from, the index of the first equal one."""
    if not _compiled:
        return firsts(word_keys(codes, starts, lengths))
    found = np.empty(len(starts), np.int64)
    _compiled.firsts(codes, starts, starts + lengths, None, found)
    return found


def firsts(keys: Ints | Hashes, bound: int = 1 << 64) -> Ints:
    """Return for each key the index of the first equal one; keys are not negative and below `bound`.

    Each key writes its index into a bucket of a table, the first last; who finds an equal key there is
    done, and the few who find another one go round again. A fifth of the price of sorting.
    """
    count = len(keys)
    index = np.arange(count)
    if bound <= count << 4:
        buckets, size = keys.view(np.int64), bound
    else:
        bits = max(count.bit_length() + 2, 4)
        buckets, size = (keys.view(np.uint64) * _SPREAD >> np.uint64(64 - bits)).view(np.int64), 1 << bits
    table = np.empty(size, np.int32 if count < 1 << 31 else np.int64)
    table[buckets[::-1]] = index[::-1]
    found = table.take(buckets).astype(np.int64)
    if size != bound:
        others = np.flatnonzero(keys.take(found) != keys)
        if len(others):
            found[others] = others.take(firsts(mixed(keys.view(np.uint64).take(others))))
    return found


def word_keys(codes: NDArray[np.uint32], starts: Ints, lengths: Ints) -> Hashes:
    """Return a key for each word, given the characters it is cut from; comparable within one call only.

    A word is read eight bytes at a time, at one byte for each character where the characters are of
    128 kinds beside ASCII at most. What is longer than 32 characters is summed up one by one.
    """
    narrow = _narrow(codes)
    width = narrow.itemsize
    step = 8 // width
    lanes: Hashes = np.ndarray((len(codes),), "<u8", narrow.data, 0, (width,))  # one from each character
    masks = np.array([(1 << 8 * width * size) - 1 for size in range(step + 1)], np.uint64)
    keys = lanes[starts] & masks.take(np.minimum(lengths, step))
    keys += lengths.view(np.uint64) * _LENGTH
    done = step
    rest = np.flatnonzero(lengths > done)
    while len(rest) and done < _LANES_CHARACTERS:
        sizes = lengths[rest] - done
        lane = lanes[starts[rest] + done] & masks.take(np.minimum(sizes, step))
        keys[rest] = mixed(keys[rest]) + lane
        done += step
        rest = rest[sizes > step]
    if len(rest):
        sizes = lengths[rest] - done
        places, heads = ragged(starts[rest] + done, sizes)
        within = np.arange(len(places)) - np.repeat(heads, sizes)
        values = codes[places] * powers(BASE, int(sizes.max()))[within]
        keys[rest] = mixed(keys[rest]) + np.add.reduceat(values, heads)
    return keys


def _narrow(codes: NDArray[np.uint32]) -> NDArray[np.uint8 | np.uint16 | np.uint32]:
    """Return the codes numbered anew in as few bytes as they need, with eight bytes to spare behind them."""
    narrow: NDArray[np.uint8 | np.uint16 | np.uint32] = np.zeros(len(codes) + 8, np.uint8)
    narrow[: len(codes)] = codes
    foreign = np.flatnonzero(codes > 127)
    if not len(foreign):
        return narrow
    written = codes.take(foreign)
    present = np.zeros(int(written.max()) + 1, np.bool_)
    present[written] = True
    distinct = np.flatnonzero(present)
    kind = np.uint8 if len(distinct) <= 1 << 7 else np.uint16 if len(distinct) <= 1 << 15 else np.uint32
    numbers = np.zeros(len(present), kind)
    numbers[distinct] = np.arange(128, 128 + len(distinct)).astype(kind)
    if kind is not np.uint8:
        narrow = np.zeros(len(codes) + 8, kind)
        narrow[: len(codes)] = codes  # what is cut off here is written anew below
    narrow[foreign] = numbers.take(written)
    return narrow


def ragged(starts: Ints, sizes: Ints) -> tuple[Ints, Ints]:
    """Return all places of spans one behind the other, and where each span begins among them."""
    ends = np.cumsum(sizes)
    heads = ends - sizes
    return np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(starts - heads, sizes), heads


def mixed(values: Hashes) -> Hashes:
    """Return each value with its bits mixed (part of the finaliser of splitmix64); no two become one."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    return np.asarray(values ^ (values >> np.uint64(27)))


def powers(base: int, count: int) -> Hashes:
    """Return the first powers of `base` modulo 2**64; the table is kept as far as common batches need it."""
    if count <= _TABLE:
        return _power_table(base, _TABLE)[:count]
    return _power_table.__wrapped__(base, count)


@cache
def _power_table(base: int, count: int) -> Hashes:
    powers = np.full(count, base, np.uint64)
    powers[0] = 1
    return np.multiply.accumulate(powers)
