# cython: language_level=3, boundscheck=False, wraparound=False
"""Lines of running text, for `cleaner.language.sample.prose_lines`."""

from libc.stdint cimport uint8_t, uint16_t, uint32_t

from cleaner.native.text cimport Char, Text, open_text

cdef enum:
    LETTER = 1
    MARK = 2

cdef uint8_t _ascii[128]
for _code in range(128):
    _ascii[_code] = LETTER if chr(_code).isalpha() else MARK if chr(_code) in "{};=|\\" else 0


cdef inline bint _breaks(uint32_t point, bint is_ascii) noexcept:
    """Tell whether `str.splitlines` breaks here; in ASCII text only line feeds count."""
    if point == 10 or is_ascii:
        return point == 10
    return (
        11 <= point <= 13 or 0x1C <= point <= 0x1E or point == 0x85 or point == 0x2028 or point == 0x2029
    )


cdef list _lines(const Char *points, Py_ssize_t length, str text, Py_ssize_t head, Py_ssize_t least):
    cdef:
        Py_ssize_t place = 0, begin, stop, letters, halves, marks, seen
        bint is_ascii = text.isascii()
        uint32_t point
        list found = []
    while place < length:
        begin, stop = place, min(place + head, length)
        letters = halves = marks = 0
        while place < stop and not _breaks(points[place], is_ascii):
            point = points[place]
            if point < 128:
                letters += _ascii[point] & LETTER
                marks += _ascii[point] >> 1
            else:
                halves += 2 if point < 0x800 else 3 if point < 0x10000 else 4
            place += 1
        seen = place - begin
        while place < length and not _breaks(points[place], is_ascii):
            place += 1
        if letters + halves // 2 >= least and 2 * (place - begin) >= least and 25 * marks <= seen:
            found.append(text[begin:place])
        place += 1
    return found


def lines(str text, Py_ssize_t head, Py_ssize_t least):
    """Return the lines with `least` letters among their first `head` characters, and no more than a mark of code in 25.

    An ASCII letter counts one and another character half its bytes in UTF-8. A line has half as many characters as
    it needs letters.
    """
    cdef Text read = open_text(text)
    if read.kind == 1:
        return _lines(<const uint8_t *>read.data, read.length, text, head, least)
    if read.kind == 2:
        return _lines(<const uint16_t *>read.data, read.length, text, head, least)
    return _lines(<const uint32_t *>read.data, read.length, text, head, least)
