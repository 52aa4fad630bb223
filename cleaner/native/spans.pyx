# cython: language_level=3, boundscheck=False, wraparound=False
"""Where words and lines stand, and which spans are equal: the twin of what `cleaner.signals.batch` does with numpy."""

import os

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free
from libc.string cimport memcmp

from cleaner.native.buffers cimport Numbers
from cleaner.native.keyed cimport Key, hash_points, key_of

cdef enum:
    SPACE = 1  # flags of `cleaner.signals.chars`
    BREAK = 1 | 4
    POINTS = 0x110000

cdef Key _key = key_of(os.urandom(sizeof(Key)))


def split(const uint32_t[::1] codes, const uint8_t[::1] flags, const int64_t[::1] ends):
    """Return where words and lines stand in joined texts.

    Args:
        codes: the code points of the texts, each text with a line feed behind it.
        flags: of each code point the flags of `cleaner.signals.chars`.
        ends: where these line feeds are.

    Returns:
        begin and end of each word, one after the other; begin and end of each line, its text, and the words before
        its begin and before its end, each the bytes of an array of 64-bit numbers; and whether there is another
        line break than line feeds.

    """
    cdef:
        Numbers bounds = Numbers(), heads = Numbers(), feet = Numbers(), texts = Numbers()
        Numbers first = Numbers(), behind = Numbers()
        Py_ssize_t place = 0, text, begin, before, size
        bint inside = False, outside
        uint32_t point
        uint8_t flag, breaks = 0
        int64_t *turns
    if flags.shape[0] != POINTS or (codes.shape[0] == 0) != (ends.shape[0] == 0):
        raise ValueError("the arrays do not belong to each other")
    for text in range(ends.shape[0]):
        if not place <= ends[text] < codes.shape[0] or codes[ends[text]] != 10 or not flags[10] & SPACE:
            raise ValueError("texts do not end in line feeds")
        begin, before = place, bounds.size >> 1
        bounds.reserve(ends[text] + 1 - place)
        turns, size = bounds.data, bounds.size
        while place <= ends[text]:
            point = codes[place]
            if point >= POINTS:
                raise ValueError("no code point")
            flag = flags[point]
            breaks |= flag == BREAK
            # Each place is written down and stays where a word begins or ends there: no branch to foretell.
            outside = flag & SPACE
            turns[size] = place
            size += inside == outside
            inside = not outside
            if point == 10:
                heads.push(begin)
                feet.push(place)
                texts.push(text)
                first.push(before)
                behind.push(size >> 1)
                begin, before = place + 1, size >> 1
            place += 1
        bounds.size = size
    if place != codes.shape[0]:
        raise ValueError("texts do not cover the code points")
    return *[each.taken() for each in (bounds, heads, feet, texts, first, behind)], bool(breaks)


cdef struct Bucket:
    uint64_t hash
    int64_t index  # of the first such span, and one more; 0 is none


cdef class Buckets:
    """A table of spans that grows with them."""

    cdef Bucket *data
    cdef uint64_t mask
    cdef Py_ssize_t filled

    def __cinit__(self):
        self.mask = (1 << 10) - 1
        self.data = <Bucket *>calloc(self.mask + 1, sizeof(Bucket))
        if self.data is NULL:
            raise MemoryError

    def __dealloc__(self):
        free(self.data)

    cdef int grow(self) except -1:
        cdef uint64_t mask = 4 * self.mask + 3, slot, place
        cdef Bucket *data = <Bucket *>calloc(mask + 1, sizeof(Bucket))
        if data is NULL:
            raise MemoryError
        for place in range(self.mask + 1):
            if self.data[place].index:
                slot = self.data[place].hash & mask
                while data[slot].index:
                    slot = (slot + 1) & mask
                data[slot] = self.data[place]
        free(self.data)
        self.data, self.mask = data, mask
        return 0


def firsts(const uint32_t[::1] codes, const int64_t[::1] starts, const int64_t[::1] ends, groups, int64_t[::1] found):
    """Fill in for each span the index of the first equal one, and return how many different ones there are.

    Args:
        codes: code points.
        starts: where each span begins.
        ends: where each ends.
        groups: None, or the number of the group of each span, from 0: then only spans of one group are equal.
        found: filled in.

    """
    cdef:
        Py_ssize_t index, many = starts.shape[0]
        int64_t low, size, other
        uint64_t value, slot
        const int64_t[::1] group = groups
        bint grouped = groups is not None
        Key key
        Bucket *bucket
        Buckets buckets = Buckets()
    if not many == ends.shape[0] == found.shape[0] or (grouped and group.shape[0] != many):
        raise ValueError("the arrays do not belong to each other")
    for index in range(many):
        low, size = starts[index], ends[index] - starts[index]
        if not 0 <= low <= ends[index] <= codes.shape[0]:
            raise ValueError(f"span {index} does not stand in the code points")
        key = _key
        if grouped:
            key.start ^= <uint64_t>group[index] << 32
        value = hash_points(&codes[low], size, key) if size else key.start
        slot = value & buckets.mask
        while True:
            bucket = &buckets.data[slot]
            if not bucket.index:
                bucket.hash, bucket.index, found[index] = value, index + 1, index
                buckets.filled += 1
                if <uint64_t>buckets.filled * 2 > buckets.mask:
                    buckets.grow()
                break
            other = bucket.index - 1
            if (
                bucket.hash == value
                and ends[other] - starts[other] == size
                and (not grouped or group[other] == group[index])
                and (not size or memcmp(&codes[low], &codes[starts[other]], size * sizeof(uint32_t)) == 0)
            ):
                found[index] = other
                break
            slot = (slot + 1) & buckets.mask
    return buckets.filled


def totals(const int64_t[::1] ids, const int64_t[::1] values, const int64_t[::1] heads, int64_t[::1] found):
    """Fill in sums of the values of words over stretches, each from its head to the next; the last to the end.

    Args:
        ids: the number of each word.
        values: of each number.
        heads: where each stretch begins, in ascending order.
        found: filled in.

    """
    cdef:
        Py_ssize_t stretch, place, end
        int64_t total
    if heads.shape[0] != found.shape[0]:
        raise ValueError("the arrays do not belong to each other")
    _inside(ids, values.shape[0])
    for stretch in range(heads.shape[0]):
        end = heads[stretch + 1] if stretch + 1 < heads.shape[0] else ids.shape[0]
        if not 0 <= heads[stretch] <= end <= ids.shape[0]:
            raise ValueError("the stretches do not follow each other")
        total = 0
        for place in range(heads[stretch], end):
            total += values[ids[place]]
        found[stretch] = total


def sentences(const int64_t[::1] ids, const uint8_t[::1] said, const int64_t[::1] ends, int64_t[::1] found):
    """Fill in for each text how many stretches between sentence marks hold a word character.

    Args:
        ids: the number of each word.
        said: of each number, in its bits: whether the word has a word character before its first mark (or anywhere,
            if it has no mark), whether it has a mark, and whether it has a word character behind the last one.
        ends: of each text the index of the first word behind it.
        found: filled in; stretches within one word are not counted.

    """
    cdef:
        Py_ssize_t text, place = 0
        int64_t count
        uint8_t word, held
    if ends.shape[0] != found.shape[0]:
        raise ValueError("the arrays do not belong to each other")
    _inside(ids, said.shape[0])
    for text in range(ends.shape[0]):
        if not place <= ends[text] <= ids.shape[0]:
            raise ValueError("the texts do not follow each other")
        count = held = 0
        for place in range(place, ends[text]):
            word = said[ids[place]]
            held |= word & 1
            if word & 2:
                count += held
                held = word >> 2 & 1
        found[text] = count + held
        place = ends[text]


cdef int _inside(const int64_t[::1] ids, Py_ssize_t vocabulary) except -1:
    cdef Py_ssize_t place
    cdef bint outside = False
    for place in range(ids.shape[0]):
        outside |= not 0 <= ids[place] < vocabulary
    if outside:
        raise ValueError("a word is not in the vocabulary")
    return 0
