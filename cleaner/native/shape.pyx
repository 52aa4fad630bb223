# cython: language_level=3, boundscheck=False, wraparound=False
"""What each line looks like, line by line: for `cleaner.rules.shape`, whose classes it is given."""

from libc.stdint cimport int64_t, uint16_t, uint32_t, uint64_t
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


# The columns that are counted eight at a time, and what they count.
cdef int[8] FIRST = [letters, uppers, digits, ends, commas, colons, bars, brackets]
cdef int[8] SECOND = [quotes, code, money, pipes, rights, mails, symbols, COUNT]  # the last one is how many are wide


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

    cdef void count(self, const uint64_t *first, const uint64_t *second) noexcept:
        """Count characters, and what stands at figures, full stops and slashes; no count passes 255."""
        cdef int64_t *value = self.value
        cdef uint64_t packed = 0, more = 0
        cdef uint32_t known
        cdef uint16_t mark, above = SPACE
        cdef int index
        for index in range(self.size):
            mark, known = self.marks[index], min(self.points[index], <uint32_t>TOP)
            packed += first[known]
            more += second[known]
            if mark & (DIGIT | END):
                if mark & DIGIT:
                    self.figure(index, not (above & DIGIT))
                else:
                    value[inner_ends] += self.marks[index + 1] >> 4 & 1
                    value[dotted] += (self.marks[index + 1] & LOWER) != 0 and (above & LOWER) != 0
            value[urls] += known == c"/" and self.points[index + 1] == c"/"
            above = mark
        for index in range(8):
            value[FIRST[index]] = packed >> 8 * index & 0xFF
            if SECOND[index] < COUNT:
                value[SECOND[index]] = more >> 8 * index & 0xFF
        self.wide = more >> 8 * 7 & 0xFF

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


cdef class Shapes:
    """Ready to look at lines.

    Args:
        classes: for each code point up to 0xFFFF its classes; the last stands for all above.

    """

    cdef uint16_t[TOP + 1] classes
    cdef uint64_t[TOP + 1] first
    cdef uint64_t[TOP + 1] second

    def __init__(self, const uint16_t[::1] classes):
        cdef uint32_t point
        cdef uint16_t mark
        cdef int index
        cdef bint[8] first, second
        if classes.shape[0] != TOP + 1:
            raise ValueError("there is one entry for each code point up to 0xFFFF")
        for point in range(TOP + 1):
            mark = self.classes[point] = classes[point]
            first = [
                mark & LETTER != 0, mark & UPPER != 0, mark & DIGIT != 0, mark & END != 0,
                mark & COMMA != 0, mark & COLON != 0, mark & BAR != 0, mark & (CLOSE | OPEN) != 0,
            ]
            second = [
                mark & QUOTE != 0, mark & CODE != 0, mark & MONEY != 0, point == c"|", point == 0xA9,
                point == c"@", mark == 0 and point > 0xA0, mark & WIDE != 0,
            ]
            self.first[point] = self.second[point] = 0
            for index in range(8):
                self.first[point] |= <uint64_t>first[index] << 8 * index
                self.second[point] |= <uint64_t>second[index] << 8 * index

    def columns(
        self, texts, const int64_t[::1] document, const int64_t[::1] start, const int64_t[::1] end,
        int64_t[:, ::1] found,
    ):
        """Fill `found`, a row for each name of `NAMES` and a column for each line."""
        cdef:
            Py_ssize_t row, column, many = document.shape[0]
            int64_t number = -1
            Text text = None
            Seen seen = Seen()
        if found.shape[0] != COUNT or not many == start.shape[0] == end.shape[0] == found.shape[1]:
            raise ValueError("the arrays do not belong to each other")
        for row in range(many):
            if document[row] != number:
                number = document[row]
                text = open_text(texts[number])
            if not 0 <= start[row] <= end[row] <= text.length:
                raise ValueError(f"line {row} does not stand in its text")
            memset(seen.value, 0, sizeof(seen.value))
            seen.look(text, start[row], end[row], self.classes)
            seen.count(self.first, self.second)
            seen.count_words()
            seen.edge()
            seen.judge(end[row] - start[row])
            for column in range(COUNT):
                found[column, row] = seen.value[column]
