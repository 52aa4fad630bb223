# cython: language_level=3, boundscheck=False, wraparound=False
"""Split texts into lines, fold each and number the distinct ones: what `LineTable.of` is made of."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t
from libc.stdlib cimport calloc
from libc.string cimport memcpy

from cleaner.native.buffers cimport Bytes, Numbers, encode
from cleaner.native.text cimport Char, PyUnicode_DATA, PyUnicode_GET_LENGTH, PyUnicode_KIND

cdef enum:
    POINTS = 0x110000
    JOINS = -1

# What each code point becomes: 0 not asked yet, JOINS where that depends on the one before it, a
# code point plus one, or -2 - n for the several of `_expansions[n]`.
cdef int32_t *_becomes = NULL
cdef list _expansions = []


cdef int32_t _ask(uint32_t point, object fold_char) except 0:
    cdef int32_t answer
    folded = fold_char(point)
    if folded is None:
        answer = JOINS
    elif len(folded) == 1:
        answer = <int32_t>ord(folded) + 1
    else:
        answer = -2 - <int32_t>len(_expansions)
        _expansions.append(folded)
    _becomes[point] = answer
    return answer


cdef Py_ssize_t _fold(const Char *text, Py_ssize_t place, Py_ssize_t length, Bytes out, object fold_char, bint *joins) except -1:
    """Fold one line of `text` from `place` on, to the end of `out`, and return where it ends.

    Spaces become one and stand at no end. `joins` tells whether a code point asks for the one before it;
    then nothing was written.
    """
    cdef:
        const int32_t *table = _becomes
        Py_ssize_t begin = out.size, size = out.size, room = out.room - 5
        uint8_t *data = out.data
        bint space = False
        uint32_t point, folded
        int32_t becomes
        str several
    joins[0] = False
    while place < length:
        point = text[place]
        if point == 10:
            break
        becomes = table[point]
        if becomes <= 0:
            if becomes == 0:
                becomes = _ask(point, fold_char)
            if becomes == JOINS:
                joins[0], out.size = True, begin
                while place < length and text[place] != 10:
                    place += 1
                return place
        if becomes > 0:
            if becomes == 33:
                space = size > begin
            else:
                if size > room:
                    out.size = size
                    out.reserve(1 << 14)
                    data, room = out.data, out.room - 5
                data[size] = 32
                size += space
                space = False
                folded = becomes - 1
                if folded < 0x80:
                    data[size] = <uint8_t>folded
                    size += 1
                else:
                    size += encode(folded, data + size)
        else:
            several = _expansions[-2 - becomes]
            out.size = size
            out.reserve(5 * len(several) + 5)
            data, room = out.data, out.room - 5
            for point in several:
                if point == 32:
                    space = size > begin
                    continue
                data[size] = 32
                size += space
                space = False
                size += encode(point, data + size)
        place += 1
    out.size = size
    return place


cdef Py_ssize_t _length(const uint8_t *data, Py_ssize_t size) noexcept:
    """Return the number of code points."""
    cdef Py_ssize_t at, count = 0
    for at in range(size):
        count += (data[at] & 0xC0) != 0x80
    return count


def table(texts, fold_char, fold_line):
    """Return the columns of the lines of `texts` that are not blank, and the distinct folded lines.

    Args:
        texts: a sequence of strings.
        fold_char: what a code point becomes, or None where that depends on the one before it.
        fold_line: folds a line that holds such a code point.

    Returns:
        The folded lines, each ended by a newline; then, each as the bytes of an array of 64-bit numbers,
        document, start, end, key and after_blank, where each folded line begins, and its code points.

    """
    global _becomes
    cdef:
        Numbers document = Numbers(), start = Numbers(), end = Numbers(), key = Numbers()
        Numbers after_blank = Numbers(), bounds = Numbers(), chars = Numbers()
        Bytes out = Bytes()
        Py_ssize_t number, place, begin, low, length, size
        int kind
        void *data
        bint joins, blank
        dict seen = {}
        bytes folded
        str text
    if _becomes is NULL:
        _becomes = <int32_t *>calloc(POINTS, sizeof(int32_t))
        if _becomes is NULL:
            raise MemoryError
    bounds.push(0)
    for number in range(len(texts)):
        text = texts[number]
        kind, data, length = PyUnicode_KIND(text), PyUnicode_DATA(text), PyUnicode_GET_LENGTH(text)
        place, blank = 0, False
        while place <= length:
            begin, low = place, out.size
            if kind == 1:
                place = _fold(<const uint8_t *>data, place, length, out, fold_char, &joins)
            elif kind == 2:
                place = _fold(<const uint16_t *>data, place, length, out, fold_char, &joins)
            else:
                place = _fold(<const uint32_t *>data, place, length, out, fold_char, &joins)
            if joins:
                folded = (<str>fold_line(text[begin:place])).encode("utf-8", "surrogatepass")
                out.reserve(PyBytes_GET_SIZE(folded))
                memcpy(out.data + out.size, PyBytes_AS_STRING(folded), PyBytes_GET_SIZE(folded))
                out.size += PyBytes_GET_SIZE(folded)
            size = out.size - low
            folded = PyBytes_FromStringAndSize(<char *>out.data + low if size else NULL, size)
            known = seen.get(folded)
            if known is None:
                known = seen[folded] = len(seen)
                out.reserve(1)
                out.data[out.size] = 10
                out.size += 1
                bounds.push(out.size)
                chars.push(_length(out.data + low, size))
            else:
                out.size = low
            if size:
                document.push(number)
                start.push(begin)
                end.push(place)
                key.push(known)
                after_blank.push(blank)
            blank = not size
            place += 1
    return out.taken(), *[each.taken() for each in (document, start, end, key, after_blank, bounds, chars)]


def joined(bytes data, const int64_t[::1] bounds, const int64_t[::1] key, const int64_t[::1] first):
    """Return for each document its keys, one behind the other: those of `key` from `first[d]` to `first[d + 1]`."""
    cdef:
        Py_ssize_t document, row, low, size
        Bytes out = Bytes()
        list found = []
    for document in range(first.shape[0] - 1):
        out.size = 0
        if not 0 <= first[document] <= first[document + 1] <= key.shape[0]:
            raise ValueError(f"document {document} is not there")
        for row in range(first[document], first[document + 1]):
            if not 0 <= key[row] < bounds.shape[0] - 1:
                raise ValueError(f"row {row} has no key")
            low = bounds[key[row]]
            size = bounds[key[row] + 1] - low
            if not 0 <= low <= low + size <= len(data):
                raise ValueError(f"key {key[row]} does not stand in the data")
            out.reserve(size)
            memcpy(out.data + out.size, <const char *>data + low, size)
            out.size += size
        found.append(out.taken())
    return found
