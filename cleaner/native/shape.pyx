# cython: language_level=3, boundscheck=False, wraparound=False
"""What each line looks like, line by line: the twin of `cleaner.rules.shape`, whose classes it is given."""

from libc.stdint cimport int64_t, uint16_t, uint32_t
from libc.string cimport memset

from cleaner.native.text cimport Text, open_text

cdef enum:
    LETTER = 1 << 0
    UPPER = 1 << 1
    LOWER = 1 << 2
    DIGIT = 1 << 3
    SPACE = 1 << 4
    END = 1 << 5
    COMMA = 1 << 6
    COLON = 1 << 7
    BAR = 1 << 8
    CLOSE = 1 << 9
    QUOTE = 1 << 10
    CODE = 1 << 11
    WIDE = 1 << 12
    BULLET = 1 << 13
    MONEY = 1 << 14
    OPEN = 1 << 15
    TOP = 0xFFFF
    WHOLE = 240
    SAMPLE = 160
    PARTICLE = 4
    BEYOND = 5  # places behind a line that may be looked at

# The columns, in the order of `NAMES`.
cdef enum:
    chars, letters, uppers, digits, ends, commas, colons, bars, brackets, quotes, code, money,
    words, capitals, lowers, particles, longest,
    finished, dots, asks, exclaims, ends_colon, ends_comma, ends_bar, ends_digit, ends_bracket, bullet,
    starts_lower, starts_upper, starts_digit, starts_quote, starts_bar, starts_comma, starts_odd,
    years, times, dates, numbers, inner_ends, urls, mails, dotted, rights, pipes, symbols,
    prose, long_, short_, tiny, open_, label, figures, dated, voiceless,
    upper_share, digit_share, letter_share, capital_share, particle_share, word_chars,
    COUNT

NAMES = (
    "chars letters uppers digits ends commas colons bars brackets quotes code money "
    "words capitals lowers particles longest "
    "finished dots asks exclaims ends_colon ends_comma ends_bar ends_digit ends_bracket bullet "
    "starts_lower starts_upper starts_digit starts_quote starts_bar starts_comma starts_odd "
    "years times dates numbers inner_ends urls mails dotted rights pipes symbols "
    "prose long short tiny open label figures dated voiceless "
    "upper_share digit_share letter_share capital_share particle_share word_chars"
).split()


cdef class Seen:
    """What is looked at of a line, with what it is seen to be, and the values of its columns."""

    cdef uint32_t points[WHOLE + 8]
    cdef uint16_t marks[WHOLE + 8]
    cdef int size
    cdef int wide
    cdef int first, last  # the first and the last that is no space
    cdef int second  # where the second word begins; the first of all, where there is one only
    cdef int64_t value[COUNT]

    cdef void look(self, Text text, Py_ssize_t start, Py_ssize_t end, const uint16_t *classes) noexcept:
        cdef Py_ssize_t length = end - start
        cdef int index
        self.size = <int>length if length <= WHOLE else SAMPLE
        if length <= WHOLE:
            text.copy(start, self.size, self.points)
        else:
            text.copy(start, SAMPLE // 2, self.points)
            text.copy(end - SAMPLE // 2, SAMPLE // 2, self.points + SAMPLE // 2)
        for index in range(self.size):
            self.marks[index] = classes[min(self.points[index], <uint32_t>TOP)]
        for index in range(self.size, self.size + BEYOND):
            self.points[index], self.marks[index] = 10, SPACE

    cdef void count(self) noexcept:
        """Count characters, and what stands at figures, full stops and slashes."""
        cdef int64_t *value = self.value
        cdef uint32_t point, before = 10
        cdef uint16_t mark, above = SPACE
        cdef int index
        self.wide = 0
        for index in range(self.size):
            point, mark = self.points[index], self.marks[index]
            if mark & (LETTER | DIGIT | SPACE):
                value[letters] += mark & LETTER
                value[uppers] += mark >> 1 & 1
                self.wide += mark >> 12 & 1
                if mark & DIGIT:
                    value[digits] += 1
                    self.figure(index, not above & DIGIT)
            if mark & ~(LETTER | UPPER | LOWER | DIGIT | SPACE | WIDE):
                value[commas] += mark >> 6 & 1
                value[colons] += mark >> 7 & 1
                value[bars] += mark >> 8 & 1
                value[brackets] += (mark & (CLOSE | OPEN)) != 0
                value[quotes] += mark >> 10 & 1
                value[code] += mark >> 11 & 1
                value[money] += mark >> 14 & 1
                if mark & END:
                    value[ends] += 1
                    value[inner_ends] += self.marks[index + 1] >> 4 & 1
                    value[dotted] += (self.marks[index + 1] & LOWER) != 0 and (above & LOWER) != 0
            value[pipes] += point == c"|"
            value[rights] += point == 0xA9
            value[mails] += point == c"@"
            value[urls] += point == c"/" and self.points[index + 1] == c"/"
            value[symbols] += mark == 0 and point > 0xA0
            above = mark

    cdef void figure(self, int index, bint begins) noexcept:
        """Find years, times and dates that begin at a figure."""
        cdef int64_t *value = self.value
        cdef uint32_t *points = &self.points[index]
        cdef uint16_t *marks = &self.marks[index]
        cdef bint year
        value[numbers] += begins
        year = begins and marks[1] & DIGIT and marks[2] & DIGIT and marks[3] & DIGIT and not marks[4] & DIGIT
        if year:
            value[years] += (points[0] == c"1" and points[1] == c"9") or (points[0] == c"2" and points[1] == c"0")
        if marks[2] & DIGIT:
            value[times] += points[1] == c":"
            if points[1] == c"." or points[1] == c"/" or points[1] == c"-":
                value[dates] += not (begins and marks[3] & DIGIT and marks[4] & DIGIT)

    cdef void count_words(self) noexcept:
        cdef int64_t *value = self.value
        cdef int index, begin = -1, count = 0
        cdef uint16_t mark
        self.first = self.last = self.second = 0
        for index in range(self.size + 1):
            if not self.marks[index] & SPACE:
                if begin < 0:
                    begin = index
            elif begin >= 0:
                mark = self.marks[begin]
                if count == 0:
                    self.first = begin
                elif count == 1:
                    self.second = begin
                count += 1
                value[capitals] += mark >> 1 & 1
                if mark & LOWER:
                    value[lowers] += 1
                    value[particles] += index - begin <= PARTICLE
                value[longest] = max(value[longest], index - begin)
                self.last = index - 1
                begin = -1
        value[words] = count

    cdef void edge(self) noexcept:
        """Look at the first and the last characters that are no spaces."""
        cdef int64_t *value = self.value
        cdef uint16_t head = self.marks[self.first]
        cdef uint16_t tail = self.marks[self.last]
        cdef uint32_t point = self.points[self.last]
        cdef int before = max(self.last - 1, self.first)
        cdef uint16_t opening
        value[dots] = point == 0x2026 or (
            point == c"." and self.points[before] == c"." and self.last > self.first
        )
        value[finished] = (tail & END or (tail & CLOSE and self.marks[before] & END)) and not value[dots]
        value[asks] = point == c"?" or point == 0xFF1F or point == 0x61F
        value[exclaims] = point == c"!" or point == 0xFF01
        value[ends_colon] = tail & COLON != 0
        value[ends_comma] = tail & COMMA != 0
        value[ends_bar] = tail & BAR != 0 and not tail & CLOSE
        value[ends_digit] = tail & DIGIT != 0
        value[ends_bracket] = tail & (CLOSE | OPEN) != 0
        value[bullet] = head & BULLET != 0 and self.marks[self.first + 1] & SPACE != 0
        opening = self.marks[self.second] if value[bullet] and value[words] > 1 else head
        value[starts_lower] = opening & LOWER != 0
        value[starts_upper] = opening & UPPER != 0
        value[starts_digit] = opening & DIGIT != 0
        value[starts_quote] = opening & QUOTE != 0
        value[starts_bar] = head & BAR != 0
        value[starts_comma] = opening & (COMMA | END | CLOSE) != 0
        value[starts_odd] = not opening & (LETTER | DIGIT | QUOTE)

    cdef void judge(self, Py_ssize_t length) noexcept:
        """Tell what follows from the counts."""
        cdef int64_t *value = self.value
        cdef int64_t seen = self.size + 2 * self.wide  # an ideograph says about three letters
        cdef int64_t size = seen * length // SAMPLE if length > WHOLE else seen
        cdef bint done = value[finished] != 0
        cdef int64_t all_words = max(value[words], 1)
        value[chars] = size
        value[prose] = (size >= 100 and (done or value[inner_ends] >= 2)) or (
            size >= 60 and done and value[particles] >= 3
        )
        value[long_] = size >= 200
        value[short_] = size < 40
        value[tiny] = size < 15
        value[open_] = not done and not value[ends_colon]
        value[label] = not done and size < 60
        seen = max(seen, 1)
        value[figures] = value[digits] * 4 >= seen
        value[dated] = (value[years] > 0 or value[times] > 0 or value[dates] > 0) and size < 60
        value[voiceless] = value[letters] == 0
        value[upper_share] = 100 * value[uppers] // max(value[letters], 1)
        value[digit_share] = 100 * value[digits] // seen
        value[letter_share] = 100 * value[letters] // seen
        value[capital_share] = 100 * value[capitals] // all_words
        value[particle_share] = 100 * value[particles] // all_words
        value[word_chars] = value[letters] // all_words


def columns(
    texts, const int64_t[::1] document, const int64_t[::1] start, const int64_t[::1] end,
    const uint16_t[::1] classes, int64_t[:, ::1] found,
):
    """Fill `found`, a row for each name of `NAMES` and a column for each line."""
    cdef:
        Py_ssize_t row, column, many = document.shape[0]
        int64_t number = -1
        Text text = None
        Seen seen = Seen()
    if found.shape[0] != COUNT or not many == start.shape[0] == end.shape[0] == found.shape[1] or classes.shape[0] != TOP + 1:
        raise ValueError("the arrays do not belong to each other")
    for row in range(many):
        if document[row] != number:
            number = document[row]
            text = open_text(texts[number])
        if not 0 <= start[row] <= end[row] <= text.length:
            raise ValueError(f"line {row} does not stand in its text")
        memset(seen.value, 0, sizeof(seen.value))
        seen.look(text, start[row], end[row], &classes[0])
        seen.count()
        seen.count_words()
        seen.edge()
        seen.judge(end[row] - start[row])
        for column in range(COUNT):
            found[column, row] = seen.value[column]
