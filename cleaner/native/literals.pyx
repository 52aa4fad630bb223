# cython: language_level=3, boundscheck=False, wraparound=False
"""Find many literals in one scan: what an Aho-Corasick automaton finds, in another order.

Each literal is found by its gram, the rarest four of its bytes in a row. A bitmap of the grams stays in the
fastest cache, and most places of a text are done with after one look at it; where a gram stands, the literals that
have it are compared (Wu and Manber, 1994, without the shifts). Shorter literals, of which there are few, are
looked for one by one.
"""

from libc.stdint cimport int32_t, uint8_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free
from libc.string cimport memchr, memcmp, memcpy

from cleaner.native.buffers cimport Numbers

cdef enum:
    GRAM = 4
    BITS = 18  # of the bitmap: 32 kB

COMMON = b" etaonirslhdcumpfgywbvk"  # bytes that stand everywhere in folded text, the commonest first


cdef struct Literal:
    uint64_t head  # up to eight bytes from the gram on
    uint64_t mask
    const uint8_t *text
    int32_t number
    int32_t place  # of the gram
    int32_t size


cdef inline uint32_t _slot(const uint8_t *data) noexcept:
    cdef uint32_t gram
    memcpy(&gram, data, GRAM)
    return (gram * <uint32_t>0x9E3779B1) >> (32 - BITS)


cdef class Literals:
    """Literals ready to be looked for.

    Args:
        texts: the literals, in bytes; none of them empty.

    """

    cdef uint8_t *bitmap
    cdef int32_t *first  # of each slot the first of its literals, and one more
    cdef Literal *literals
    cdef list short, texts
    cdef bint any

    def __cinit__(self, texts):
        cdef bytes text
        cdef Literal *literal
        cdef Py_ssize_t index, place
        self.short, chosen = [], []
        for number, text in enumerate(texts):
            if not text:
                raise ValueError("an empty literal stands everywhere")
            if len(text) < GRAM:
                self.short.append((number, text))
                continue
            place = _rarest(text, len(text))
            chosen.append((_slot(<const uint8_t *>text + place), number, place, text))
        chosen.sort()
        self.texts = [text for _, _, _, text in chosen]  # they own the memory
        self.any = bool(chosen)
        self.bitmap = <uint8_t *>calloc(1 << (BITS - 3), 1)
        self.first = <int32_t *>calloc((1 << BITS) + 1, sizeof(int32_t))
        self.literals = <Literal *>calloc(len(chosen) + 1, sizeof(Literal))
        if not (self.bitmap and self.first and self.literals):
            raise MemoryError
        for index in range(len(chosen)):
            slot, number, place, text = chosen[index]
            self.bitmap[slot >> 3] |= <uint8_t>(1 << (slot & 7))
            self.first[slot + 1] += 1
            literal = &self.literals[index]
            literal.text, literal.number, literal.place, literal.size = text, number, place, len(text)
            memcpy(&literal.head, literal.text + literal.place, min(8, literal.size - literal.place))
            memcpy(&literal.mask, <const uint8_t *>b"\xff\xff\xff\xff\xff\xff\xff\xff", min(8, literal.size - literal.place))
        for index in range(1 << BITS):
            self.first[index + 1] += self.first[index]

    def __dealloc__(self):
        free(self.bitmap)
        free(self.first)
        free(self.literals)

    def find(self, bytes data):
        """Return number, begin and end of every literal that stands in `data`, one after the other, as bytes."""
        cdef Numbers hits = Numbers()
        if self.any:
            self._find(data, len(data), hits)
        for number, text in self.short:
            _find_one(data, len(data), text, len(text), number, hits)
        return hits.taken()

    cdef int _find(self, const uint8_t *data, Py_ssize_t length, Numbers hits) except -1:
        cdef:
            Py_ssize_t at
            uint32_t slot
            uint64_t head
            const uint8_t *bitmap = self.bitmap
        for at in range(length - GRAM + 1):
            slot = _slot(data + at)
            if bitmap[slot >> 3] >> (slot & 7) & 1:
                head = 0
                memcpy(&head, data + at, min(8, length - at))
                self._compare(slot, data, at, length, head, hits)
        return 0

    cdef int _compare(
        self, uint32_t slot, const uint8_t *data, Py_ssize_t at, Py_ssize_t length, uint64_t head, Numbers hits
    ) except -1:
        cdef:
            Literal *literal = self.literals + self.first[slot]
            Literal *last = self.literals + self.first[slot + 1]
            Py_ssize_t begin
        while literal < last:
            if head & literal.mask == literal.head:
                begin = at - literal.place
                if (
                    begin >= 0
                    and begin + literal.size <= length
                    and memcmp(data + begin, literal.text, literal.size) == 0
                ):
                    hits.push(literal.number)
                    hits.push(begin)
                    hits.push(begin + literal.size)
            literal += 1
        return 0


cdef int _find_one(
    const uint8_t *data, Py_ssize_t length, const uint8_t *text, Py_ssize_t size, int number, Numbers hits
) except -1:
    cdef const uint8_t *at = data
    cdef const uint8_t *last = data + length - size
    while at <= last:
        at = <const uint8_t *>memchr(at, text[0], last - at + 1)
        if at is NULL:
            return 0
        if memcmp(at, text, size) == 0:
            hits.push(number)
            hits.push(at - data)
            hits.push(at - data + size)
        at += 1
    return 0


cdef int _common[256]
for _byte in range(256):
    _common[_byte] = 24 - COMMON.index(_byte) if _byte in COMMON else 6 if _byte >= 0x80 else 0


cdef Py_ssize_t _rarest(const uint8_t *text, Py_ssize_t size) noexcept:
    """Return where the gram of a literal begins that is likely to be the rarest."""
    cdef Py_ssize_t at, found = 0
    cdef int common, least = 1 << 20
    for at in range(size - GRAM + 1):
        common = _common[text[at]] + _common[text[at + 1]] + _common[text[at + 2]] + _common[text[at + 3]]
        if common < least:
            found, least = at, common
    return found
