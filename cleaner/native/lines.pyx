# cython: language_level=3, boundscheck=False, wraparound=False
"""Split texts into lines, fold each and number the distinct ones: the twin of `LineTable.of`."""

from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_FromStringAndSize, PyBytes_GET_SIZE
from libc.stdint cimport int32_t, uint8_t, uint16_t, uint32_t
from libc.stdlib cimport calloc
from libc.string cimport memcpy

from cleaner.native.buffers cimport Bytes, Numbers, encode

cdef extern from "Python.h":
    int PyUnicode_KIND(object)
    void *PyUnicode_DATA(object)
    Py_ssize_t PyUnicode_GET_LENGTH(object)

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


ctypedef fused Char:
    uint8_t
    uint16_t
    uint32_t


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


def table(texts, fold_char, fold_line):
    """Return the columns of the lines of `texts` that are not blank, and the distinct folded lines.

    Args:
        texts: a sequence of strings.
        fold_char: what a code point becomes, or None where that depends on the one before it.
        fold_line: folds a line that holds such a code point.

    Returns:
        document, start, end, key and after_blank (each the bytes of an array of 64-bit numbers), then the
        folded lines, each ended by a newline, and where each begins.

    """
    global _becomes
    cdef:
        Numbers document = Numbers(), start = Numbers(), end = Numbers(), key = Numbers()
        Numbers after_blank = Numbers(), bounds = Numbers()
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
    columns = [each.taken() for each in (document, start, end, key, after_blank)]
    return *columns, out.taken(), bounds.taken()
