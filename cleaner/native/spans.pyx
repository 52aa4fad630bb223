# cython: language_level=3, boundscheck=False, wraparound=False
"""Where words and lines stand, and which spans are equal: for `cleaner.signals.batch`."""

import os

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free
from libc.string cimport memcmp, memcpy

from cleaner.native.buffers cimport Bytes, Numbers, check_ids
from cleaner.native.keyed cimport Key, hash_number, hash_points, key_of
from cleaner.native.text cimport Text, open_text

cdef enum:
    SPACE = 1  # flags of `cleaner.signals.chars`
    BREAK = 1 | 4
    POINTS = 0x110000
    CHUNK = 4096
    MOST = 1 << 30

cdef Key _key = key_of(os.urandom(sizeof(Key)))


cdef struct Bucket:
    uint32_t hash  # its upper half
    uint32_t number  # and one more; 0 is none


cdef class Spans:
    """Spans of code points, of which equal ones have one number."""

    cdef const uint32_t *codes
    cdef const uint32_t *known  # where the first span of each number is compared, which need not be the codes
    cdef Py_ssize_t length
    cdef Bucket *buckets
    cdef uint32_t mask
    cdef Numbers first  # start, size and group of the first span of each number
    cdef int64_t count

    def __cinit__(self):
        self.first = Numbers()
        self.mask = (1 << 10) - 1
        self.buckets = <Bucket *>calloc(self.mask + 1, sizeof(Bucket))
        if self.buckets is NULL:
            raise MemoryError

    def __dealloc__(self):
        free(self.buckets)

    cdef int64_t add_span(self, uint32_t slot, uint32_t hash, int64_t start, int64_t size, int64_t group) except -1:
        """Return the next number, for a span that goes into a bucket that is free."""
        cdef int64_t *first
        if self.count >= MOST:
            raise ValueError("more different spans than are numbered")
        self.first.reserve(3)
        first = self.first.data + 3 * self.count
        first[0], first[1], first[2] = start, size, group
        self.first.size += 3
        self.count += 1
        self.buckets[slot].hash, self.buckets[slot].number = hash, <uint32_t>self.count
        if self.count * 2 > self.mask:
            self.grow()
        return self.count - 1

    cdef int grow(self) except -1:
        cdef uint32_t mask = 2 * self.mask + 1, slot
        cdef uint64_t place
        cdef Bucket *buckets = <Bucket *>calloc(<size_t>mask + 1, sizeof(Bucket))
        if buckets is NULL:
            raise MemoryError
        for place in range(<uint64_t>self.mask + 1):
            if self.buckets[place].number:
                slot = self.buckets[place].hash & mask
                while buckets[slot].number:
                    slot = (slot + 1) & mask
                buckets[slot] = self.buckets[place]
        free(self.buckets)
        self.buckets, self.mask = buckets, mask
        return 0


cdef inline int64_t number_of(Spans spans, int64_t start, int64_t size, int64_t group) except -1:
    """Return the number of a span; one that was not seen in its group gets the next."""
    cdef:
        uint32_t hash, slot
        Bucket *bucket
        int64_t *first
    hash = (hash_points(spans.codes + start, size, spans.length - start, &_key) ^ hash_number(group, &_key)) >> 32
    slot = hash & spans.mask
    while True:
        bucket = &spans.buckets[slot]
        if not bucket.number:
            return spans.add_span(slot, hash, start, size, group)
        if bucket.hash == hash:
            first = spans.first.data + 3 * <int64_t>bucket.number - 3
            if (
                first[1] == size
                and first[2] == group
                and memcmp(spans.codes + start, spans.known + first[0], size * sizeof(uint32_t)) == 0
            ):
                return <int64_t>bucket.number - 1
        slot = (slot + 1) & spans.mask


cdef class Words(Spans):
    """The words of joined texts in order."""

    cdef Numbers begins, ends, ids
    cdef Bytes vocabulary

    def __cinit__(self):
        self.begins, self.ends, self.ids, self.vocabulary = Numbers(), Numbers(), Numbers(), Bytes()

    cdef int add(self, int64_t *turns, Py_ssize_t count) except -1:
        """Add so many words, of each of which begin and end are given."""
        cdef Py_ssize_t place, row = self.ids.size
        cdef int64_t size, number, known
        for numbers in (self.begins, self.ends, self.ids):
            (<Numbers>numbers).reserve(count)
            (<Numbers>numbers).size += count
        for place in range(count):
            known = self.count
            size = turns[2 * place + 1] - turns[2 * place]
            number = number_of(self, turns[2 * place], size, 0)
            self.begins.data[row] = turns[2 * place]
            self.ends.data[row] = turns[2 * place + 1]
            self.ids.data[row] = number
            row += 1
            if number == known:  # compared in the vocabulary from now on: it is small and stays in the caches
                self.first.data[3 * known] = self.vocabulary.size // sizeof(uint32_t)
                size = (size + 1) * sizeof(uint32_t)  # the space behind it becomes a line feed
                self.vocabulary.reserve(size)
                memcpy(self.vocabulary.data + self.vocabulary.size, self.codes + turns[2 * place], size)
                self.vocabulary.size += size
                (<uint32_t *>(self.vocabulary.data + self.vocabulary.size) - 1)[0] = 10
                self.known = <const uint32_t *>self.vocabulary.data
        return 0


def code_points(str characters, uint32_t[::1] found):
    """Fill in the code points of a string."""
    cdef Text text = open_text(characters)
    if found.shape[0] != text.length:
        raise ValueError("the array does not belong to the string")
    if text.length:
        text.copy(0, text.length, &found[0])


def split(const uint32_t[::1] codes, const uint8_t[::1] flags, const int64_t[::1] ends):
    """Return where words and lines stand in joined texts.

    Args:
        codes: the code points of the texts, each text with a line feed behind it.
        flags: of each code point the flags of `cleaner.signals.chars`.
        ends: where these line feeds are.

    Returns:
        begin, end and number of each word, the words of each text; begin and end of each line, its text, and the
        words before its begin and before its end, each the bytes of an array of 64-bit numbers; the code points of
        the distinct words in the order of their numbers, a line feed behind each; and whether there is another
        line break than line feeds.

    """
    cdef:
        Words words = Words()
        Numbers counts = Numbers(), heads = Numbers(), feet = Numbers(), texts = Numbers()
        Numbers first = Numbers(), behind = Numbers()
        Py_ssize_t place = 0, text, begin, before, size = 0, counted = 0, stop
        int64_t turns[CHUNK + 1]
        bint inside = False, outside
        uint32_t point
        uint8_t flag, breaks = 0
    if flags.shape[0] != POINTS or (codes.shape[0] == 0) != (ends.shape[0] == 0):
        raise ValueError("the arrays do not belong to each other")
    words.codes, words.length = &codes[0] if codes.shape[0] else NULL, codes.shape[0]
    for text in range(ends.shape[0]):
        if not place <= ends[text] < codes.shape[0] or codes[ends[text]] != 10 or not flags[10] & SPACE:
            raise ValueError("texts do not end in line feeds")
        begin, before = place, words.ids.size + (size >> 1)
        while place <= ends[text]:
            stop = min(place + CHUNK - size, ends[text] + 1)
            while place < stop:
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
                    before = words.ids.size + (size >> 1)
                    behind.push(before)
                    begin = place + 1
                place += 1
            if size > CHUNK // 2:
                words.add(turns, size >> 1)
                turns[0] = turns[size - 1]
                size &= 1
        counts.push(before - counted)
        counted = before
    words.add(turns, size >> 1)
    if place != codes.shape[0]:
        raise ValueError("texts do not cover the code points")
    columns = words.begins, words.ends, words.ids, counts, heads, feet, texts, first, behind, words.vocabulary
    return *[each.taken() for each in columns], bool(breaks)


def firsts(const uint32_t[::1] codes, const int64_t[::1] starts, const int64_t[::1] ends, groups, int64_t[::1] found):
    """Fill in for each span the index of the first equal one.

    Args:
        codes: code points.
        starts: where each span begins.
        ends: where each ends.
        groups: None, or the number of the group of each span: then only spans of one group are equal.
        found: filled in.

    """
    cdef:
        Py_ssize_t index, many = starts.shape[0]
        int64_t number
        const int64_t[::1] group = groups
        Numbers indices = Numbers()
        Spans spans = Spans()
    if not many == ends.shape[0] == found.shape[0] or (group is not None and group.shape[0] != many):
        raise ValueError("the arrays do not belong to each other")
    spans.codes, spans.length = &codes[0] if codes.shape[0] else NULL, codes.shape[0]
    spans.known = spans.codes
    for index in range(many):
        if not 0 <= starts[index] <= ends[index] <= codes.shape[0]:
            raise ValueError(f"span {index} does not stand in the code points")
        number = number_of(spans, starts[index], ends[index] - starts[index], group[index] if group is not None else 0)
        if number == indices.size:
            indices.push(index)
        found[index] = indices.data[number]


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
    check_ids(ids, values.shape[0])
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
    check_ids(ids, said.shape[0])
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
