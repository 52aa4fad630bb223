# cython: language_level=3, boundscheck=False, wraparound=False
"""What each word of a vocabulary looks like: for `cleaner.signals.looks`, whose tables it is given."""

from libc.stdint cimport int64_t, uint8_t, uint32_t
from libc.string cimport memset

cdef enum:
    POINTS = 0x110000
    ASCII_STOP = 4  # the longest stop word
    # Flags of `cleaner.signals.chars`, of a character:
    UPPER = 8
    LOWER = 16
    WORD = 32
    NUMERIC = 64
    ASCII_ALPHA = 128
    # and as a mark:
    TERMINAL = 1
    CLOSER = 2
    UNSPACED = 4
    STOP = 8

# The columns, in the order of `NAMES`.
cdef enum:
    kinds, uppers, numerics, tokens, letterless, capitals, hashes, ellipses, braces, curly, sentence_ends, inner,
    said, dots, ends_sentence, first, last, stop_word,
    COUNT

NAMES = (
    "kinds uppers numerics tokens letterless capitals hashes ellipses braces curly sentence_ends inner "
    "said dots ends_sentence first last stop_word"
).split()


cdef void _see(const uint32_t *points, Py_ssize_t size, const uint8_t *flags, const uint8_t *marks, int64_t *value) noexcept:
    """Look at each character of a word, which is not empty and has a line feed behind it."""
    cdef:
        Py_ssize_t place, run = 0, skipped
        uint32_t point, above = 10
        uint8_t flag, mark, token = 0, before = 0, kind = 0
        bint spoken = False, marked = False
        int64_t many = 0, bare = 0, large = 0, tall = 0, figures = 0
    for place in range(size):
        point, flag = points[place], flags[points[place]]
        if (flag ^ before) & WORD or place == 0:
            if place:
                bare += not token & ASCII_ALPHA
                large += token & (UPPER | LOWER) == UPPER
            many += 1
            token = 0
        token |= flag
        kind |= flag
        tall += flag >> 3 & 1
        figures += flag >> 6 & 1
        before = flag
        if flag & WORD:
            spoken = True
            above = point
            continue
        mark = marks[point]
        value[hashes] += point == c"#"
        value[curly] += point == c"{"
        value[braces] += point == c"{" or point == c"}"
        if point == c".":
            run = run + 1 if above == c"." else 1
            value[ellipses] += run % 3 == 0
        value[ellipses] += point == 0x2026
        above = point
        if mark & STOP:
            if marked:
                value[inner] += spoken
            else:
                value[said] = spoken
            spoken, marked = False, True
        if mark & TERMINAL and not marks[points[place + 1]] & TERMINAL:
            skipped = place + 1
            while marks[points[skipped]] & CLOSER:
                skipped += 1
            value[sentence_ends] += skipped == size or mark & UNSPACED != 0
    value[letterless] = bare + (not token & ASCII_ALPHA)
    value[capitals] = large + (token & (UPPER | LOWER) == UPPER)
    value[kinds], value[tokens], value[uppers], value[numerics] = kind, many, tall, figures
    value[said] = value[said] | 2 | spoken << 2 if marked else spoken


cdef void _see_ends(const uint32_t *points, Py_ssize_t size, const uint8_t *marks, int64_t *value) noexcept:
    cdef Py_ssize_t place = size - 1
    value[first], value[last] = marks[points[0]], marks[points[size - 1]]
    value[dots] = points[place] == 0x2026 or (
        size >= 3 and points[place] == points[place - 1] == points[place - 2] == c"."
    )
    while place and marks[points[place]] & CLOSER:
        place -= 1
    value[ends_sentence] = marks[points[place]] & TERMINAL


def columns(
    const uint32_t[::1] codes, const int64_t[::1] ends, const uint8_t[::1] flags, const uint8_t[::1] marks,
    const int64_t[::1] stop_words, int64_t[:, ::1] found,
):
    """Fill `found`, a row for each name of `NAMES` and a column for each word.

    Args:
        codes: the characters of the words, with a line feed behind each word.
        ends: where these line feeds are.
        flags: of each code point the flags of `cleaner.signals.chars`.
        marks: of each code point what it is as a mark.
        stop_words: the bytes of each, of up to four, the first in the lowest place, and above them their number.
        found: filled in.

    """
    cdef:
        Py_ssize_t word, place, column, begin = 0, size
        int64_t value[COUNT]
        int64_t key
    if found.shape[0] != COUNT or found.shape[1] != ends.shape[0] or not flags.shape[0] == marks.shape[0] == POINTS:
        raise ValueError("the arrays do not belong to each other")
    if marks[10]:
        raise ValueError("a line feed is no mark")
    for place in range(codes.shape[0]):
        if codes[place] >= POINTS:
            raise ValueError("no code point")
    for word in range(ends.shape[0]):
        if not begin <= ends[word] < codes.shape[0] or codes[ends[word]] != 10:
            raise ValueError("words do not end in line feeds")
        size = ends[word] - begin
        memset(value, 0, sizeof(value))
        if size:
            _see(&codes[begin], size, &flags[0], &marks[0], value)
            _see_ends(&codes[begin], size, &marks[0], value)
        if 0 < size <= ASCII_STOP:
            key = size << 32
            for place in range(size):
                key |= <int64_t>codes[begin + place] << 8 * place if codes[begin + place] < 128 else -1
            for place in range(stop_words.shape[0]):
                if stop_words[place] == key:
                    value[stop_word] = place + 1
        for column in range(COUNT):
            found[column, word] = value[column]
        begin = ends[word] + 1


def counted(const uint32_t[::1] codes, const int64_t[::1] ends, const uint8_t[::1] flags, int flag, int64_t[::1] found):
    """Fill in how many characters of each word have a flag; `codes`, `ends` and `flags` as above."""
    cdef:
        Py_ssize_t word, place = 0
        int64_t count
    if found.shape[0] != ends.shape[0] or flags.shape[0] != POINTS:
        raise ValueError("the arrays do not belong to each other")
    for word in range(ends.shape[0]):
        if not place <= ends[word] < codes.shape[0]:
            raise ValueError("words do not follow each other")
        count = 0
        for place in range(place, ends[word]):
            if codes[place] >= POINTS:
                raise ValueError("no code point")
            count += flags[codes[place]] & flag != 0
        found[word] = count
        place = ends[word] + 1
