# cython: language_level=3, boundscheck=False, wraparound=False
"""Which texts surely need no repair: one look at each character, where `cleaner.repair.gate` takes many.

What it lets pass is a superset of what the gate finds; tests hold that. It asks less exactly, one place at a time.
"""

from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t

from cleaner.native.text cimport Char, Text, open_text

cdef enum:
    UNITS = 0x10000
    # Bits of `cleaner.repair.classes`; the others are always looked at.
    GREEK_OR_CYRILLIC = 32
    ACCENTED = 128
    LOUD = 0xFF - 32 - 128
    MIN_WRAPPED = 8
    # What an ASCII character can be.
    PLAIN = 0
    ODD = 1
    FEED = 2
    SIGN = 3

cdef uint8_t _ascii[128]
for _code in range(128):
    _ascii[_code] = FEED if _code == 10 else ODD if (_code < 32 and _code != 9) or _code == 127 else SIGN if chr(_code) in "&?\\%=" else PLAIN


cdef inline bint _is_letter(uint32_t point) noexcept:
    return (point | 32) - <uint32_t>c"a" < 26


cdef bint _is_sign(uint32_t sign, uint32_t after) noexcept:
    """Tell whether an entity, a lost letter or an escape may begin with these two."""
    if sign == c"&":
        return after == c"#" or _is_letter(after) or after - <uint32_t>c"0" < 10
    if sign == c"?":
        return after - <uint32_t>c"a" < 26 or after >= 128
    if sign == c"\\":
        return after == c"u" or after == c"U" or after == c"x"
    return (after | 32) - <uint32_t>c"c" < 4


cdef class Quiet:
    """The tables of the gate, for texts that are not ASCII.

    Args:
        bits: of each UTF-16 unit, those of `cleaner.repair.classes`.
        classes: of each unit, which of `pairs` it belongs to.
        pairs: whether two classes side by side are suspect.
        decisive: of each class whether a pair is looked for at it.

    """

    cdef const uint8_t[::1] bits, classes
    cdef const uint8_t[:, ::1] pairs
    cdef const uint8_t[::1] decisive

    def __init__(self, const uint8_t[::1] bits, const uint8_t[::1] classes, const uint8_t[:, ::1] pairs, const uint8_t[::1] decisive):
        cdef Py_ssize_t unit
        if not bits.shape[0] == classes.shape[0] == UNITS or not pairs.shape[0] == pairs.shape[1] == decisive.shape[0]:
            raise ValueError("the tables do not belong to each other")
        for unit in range(UNITS):
            if classes[unit] >= decisive.shape[0]:
                raise ValueError("a class is not there")
        self.bits, self.classes, self.pairs, self.decisive = bits, classes, pairs, decisive

    cdef bint loud(self, uint32_t before, uint32_t point, uint32_t after, int accented) noexcept:
        """Tell whether a character beyond ASCII may be more than a letter; so many accented letters end with it."""
        cdef uint8_t bits, kind
        if point >= UNITS or before >= UNITS or after >= UNITS:
            return True
        bits, kind = self.bits[point], self.classes[point]
        if bits & LOUD or accented > 3 or (bits & GREEK_OR_CYRILLIC and (_is_letter(before) or _is_letter(after))):
            return True
        return self.decisive[kind] and (
            self.pairs[self.classes[before], kind] or self.pairs[kind, self.classes[after]]
        )


cdef bint _is_quiet(const Char *points, Py_ssize_t length, Quiet tables) noexcept:
    cdef:
        Py_ssize_t place, fed = -1
        int64_t width, lines = 0, total = 0, squares = 0
        int accented = 0, blank = 0
        uint32_t point, before = c"0", after
        uint8_t kind
        double mean
    for place in range(length):
        point = points[place]
        if point >= 128:
            after = points[place + 1] if place + 1 < length else c" "
            accented = accented + 1 if point < UNITS and tables.bits[point] & ACCENTED else 0
            if tables.loud(before, point, after, accented):
                return False
        else:
            accented = 0
            kind = _ascii[point]
            if kind == FEED:
                width = place - fed - 1
                # A blank line at the head, spaces before a line feed, two blank lines.
                blank = blank + 1 if before == 10 else 0
                if place == 0 or before == c" " or before == 9 or blank > 1:
                    return False
                if fed >= 0 and width:
                    lines += 1
                    total += width
                    squares += width * width
                fed = place
            elif kind == ODD or (kind == SIGN and place + 1 < length and _is_sign(point, points[place + 1])):
                return False
        before = point
    if before == c" " or before == 9 or (before == 10 and length > 1 and points[length - 2] == 10):
        return False
    if lines < MIN_WRAPPED:
        return True
    mean = <double>total / lines
    return mean < 29 or mean > 101 or <double>squares / lines - mean * mean > 257


def is_quiet(str text, Quiet tables):
    """Tell whether a text, which is not empty, surely needs no repair.

    Args:
        text: the text.
        tables: an instance of `Quiet`; None is enough for ASCII.

    """
    cdef Text read = open_text(text)
    if not text.isascii() and tables is None:
        raise ValueError("this text cannot be looked at without tables")
    if read.kind == 1:
        return _is_quiet(<const uint8_t *>read.data, read.length, tables)
    if read.kind == 2:
        return _is_quiet(<const uint16_t *>read.data, read.length, tables)
    return _is_quiet(<const uint32_t *>read.data, read.length, tables)
