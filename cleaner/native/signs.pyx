# cython: language_level=3, boundscheck=False, wraparound=False
"""Observations through their views, and the terms of a card: for `cleaner.rules.observe` and `Conditions`."""

from libc.stdint cimport int32_t, int64_t, uint8_t
from libc.stdlib cimport calloc, free, malloc, qsort
from libc.string cimport memset

from cleaner.native.buffers cimport Bytes

cdef enum:
    FAR = 99
    BLOCK = 512  # lines whose answers stay in the fastest cache

# Views, in the order of `VIEWS`; `above` and `below` are one, and so are the windows.
cdef enum:
    OWN, NEIGHBOUR, WINDOW, MEAN, PAST, REST, RUN, SINCE, UNTIL

VIEWS = {"own": OWN, "neighbour": NEIGHBOUR, "window": WINDOW, "mean": MEAN, "past": PAST, "rest": REST, "run": RUN, "since": SINCE, "until": UNTIL}


cdef class Lines:
    """The documents of a table, line by line, and the columns that are looked at."""

    cdef const int64_t[::1] first
    cdef Py_ssize_t count

    def __init__(self, const int64_t[::1] first, Py_ssize_t count):
        cdef Py_ssize_t document, begin = 0
        for document in range(first.shape[0]):
            if not begin <= first[document] <= count:
                raise ValueError("documents do not follow each other")
            begin = first[document]
        if first.shape[0] == 0 or first[0] != 0 or begin != count:
            raise ValueError("documents do not cover the lines")
        self.first, self.count = first, count

    def see(self, const int64_t[:, ::1] columns, const int64_t[:, ::1] views, int64_t[:, ::1] found):
        """Fill `found`, a row for each row of `views`: what a view shows of a column.

        Args:
            columns: the columns that are looked at, one a row.
            views: for each the number of its column, that of the view, and how many lines it reaches up and down.
            found: the answers, a column for each line.

        """
        cdef Py_ssize_t view, document
        cdef int64_t *sums
        if columns.shape[1] != self.count or found.shape[1] != self.count:
            raise ValueError("a column does not belong to these lines")
        if found.shape[0] != views.shape[0] or views.shape[1] != 4:
            raise ValueError("a view has four numbers")
        for view in range(views.shape[0]):
            if not 0 <= views[view, 0] < columns.shape[0] or not 0 <= views[view, 2] <= FAR >= views[view, 3] >= 0:
                raise ValueError(f"view {view} looks at what is not there")
        if not self.count:
            return
        sums = <int64_t *>malloc((self.count + 1) * sizeof(int64_t))
        if sums is NULL:
            raise MemoryError
        for view in range(views.shape[0]):
            for document in range(self.first.shape[0] - 1):
                _see(
                    &columns[views[view, 0], 0], self.first[document], self.first[document + 1],
                    <int>views[view, 1], <int>views[view, 2], <int>views[view, 3], sums, &found[view, 0],
                )
        free(sums)

    def counted(self, const int64_t[::1] column, int64_t[::1] copies, int64_t[::1] nth):
        """Fill in for each line how many lines of its document have its value, and how many of them stand above."""
        cdef Py_ssize_t document, place, low, high, begin
        cdef Pair *pairs
        if not column.shape[0] == copies.shape[0] == nth.shape[0] == self.count:
            raise ValueError("a column does not belong to these lines")
        pairs = <Pair *>malloc((self.count + 1) * sizeof(Pair))
        if pairs is NULL:
            raise MemoryError
        for document in range(self.first.shape[0] - 1):
            low, high = self.first[document], self.first[document + 1]
            for place in range(low, high):
                pairs[place].value, pairs[place].place = column[place], place
            _sort(pairs + low, high - low)
            begin = low
            for place in range(low, high):
                if pairs[place].value != pairs[begin].value:
                    _number(pairs, begin, place, &copies[0], &nth[0])
                    begin = place
            if begin < high:
                _number(pairs, begin, high, &copies[0], &nth[0])
        free(pairs)


def likeness(bytes data, const int64_t[::1] bounds, int64_t[::1] patterns, int64_t[::1] begins, int64_t[::1] ends):
    """Fill in for each key what it looks like without its figures, its first and its last seven bytes, as numbers.

    Args:
        data: the keys, each ended by a newline.
        bounds: where each key begins, and the end of `data`.
        patterns: equal for keys that are equal but for their figures.
        begins: the first seven bytes, the first of them in the highest place; zeros behind a shorter key.
        ends: the last seven bytes, the last of them in the highest place.

    """
    cdef:
        Py_ssize_t count = bounds.shape[0] - 1, key, low, high, place
        const uint8_t *text = data
        uint8_t byte, figure, figures
        Bytes pattern = Bytes()
        dict seen = {}
    if not patterns.shape[0] == begins.shape[0] == ends.shape[0] == count:
        raise ValueError("the arrays do not belong to each other")
    for key in range(count):
        low, high = bounds[key], bounds[key + 1] - 1
        if not 0 <= low <= high < len(data):
            raise ValueError(f"key {key} does not stand in the data")
        begins[key] = ends[key] = 0
        for place in range(7):
            begins[key] = begins[key] * 256 + (text[low + place] if low + place < high else 0)
            ends[key] = ends[key] * 256 + (text[high - 1 - place] if high - 1 - place >= low else 0)
        pattern.size = 0
        pattern.reserve(high - low)
        figures = 0
        for place in range(high - low):
            byte = text[low + place]
            figure = c"0" <= byte <= c"9"
            figures |= figure
            pattern.data[place] = c"0" if figure else byte
        pattern.size = high - low
        patterns[key] = seen.setdefault(pattern.taken(), key) if figures else key


cdef struct Pair:
    int64_t value
    int64_t place


cdef int _order(const void *one, const void *other) noexcept nogil:
    cdef const Pair *a = <const Pair *>one
    cdef const Pair *b = <const Pair *>other
    if a.value != b.value:
        return 1 if a.value > b.value else -1
    return (a.place > b.place) - (a.place < b.place)


cdef void _sort(Pair *pairs, Py_ssize_t count) noexcept:
    """Sort by value, then by place; most documents are short."""
    cdef Py_ssize_t index, hole
    cdef Pair pair
    if count > 32:
        qsort(pairs, count, sizeof(Pair), _order)
        return
    for index in range(1, count):
        pair, hole = pairs[index], index
        while hole > 0 and pairs[hole - 1].value > pair.value:
            pairs[hole] = pairs[hole - 1]
            hole -= 1
        pairs[hole] = pair


cdef void _number(const Pair *pairs, Py_ssize_t begin, Py_ssize_t end, int64_t *copies, int64_t *nth) noexcept:
    cdef Py_ssize_t place
    for place in range(begin, end):
        copies[pairs[place].place] = end - begin
        nth[pairs[place].place] = place - begin


cdef void _see(
    const int64_t *column, Py_ssize_t low, Py_ssize_t high, int view, int above, int below, int64_t *sums, int64_t *found
) noexcept:
    """Fill in one document."""
    cdef Py_ssize_t row, place, begin, end
    cdef int64_t since
    if view in (WINDOW, MEAN, PAST, REST):
        sums[low] = 0
        for row in range(low, high):
            sums[row + 1] = sums[row] + column[row]
    if view == OWN:
        for row in range(low, high):
            found[row] = column[row]
    elif view == NEIGHBOUR:
        for row in range(low, high):
            place = row + below - above
            found[row] = column[place] if low <= place < high else -1
    elif view == WINDOW:
        for row in range(low, high):
            begin, end = max(row - above, low), min(row + 1 + below, high)
            found[row] = 100 * (sums[end] - sums[begin] - column[row]) // max(end - begin - 1, 1)
    elif view == MEAN:
        for row in range(low, high):
            found[row] = 100 * sums[high] // max(high - low, 1)
    elif view == PAST:
        for row in range(low, high):
            found[row] = sums[row]
    elif view == REST:
        for row in range(low, high):
            found[row] = sums[high] - sums[row + 1]
    elif view == RUN:
        row = low
        while row < high:
            end = row
            while end < high and column[end] > 0:
                end += 1
            for place in range(row, end):
                found[place] = end - row
            if end < high:
                found[end] = 0
            row = end + 1
    elif view == SINCE:
        since = FAR
        for row in range(low, high):
            found[row] = since
            since = 1 if column[row] > 0 else min(since + 1, FAR)
    elif view == UNTIL:
        since = FAR
        for row in range(high - 1, low - 1, -1):
            found[row] = since
            since = 1 if column[row] > 0 else min(since + 1, FAR)


cdef class Terms:
    """What several terms ask of observations.

    Args:
        seen: for each condition which observation it is about.
        at_least: for each condition whether the figure is the least, else it is the first that is too much.
        figures: the figure of each condition.
        terms: for each term its conditions; a row is filled up with the number of conditions.

    """

    cdef object seen, at_least, figures, terms
    cdef const int64_t[::1] _seen
    cdef const uint8_t[::1] _at_least
    cdef const int64_t[::1] _figures
    cdef const int64_t[:, ::1] _terms

    def __init__(self, seen, at_least, figures, terms):
        cdef Py_ssize_t term, place
        self._seen, self._at_least, self._figures, self._terms = seen, at_least, figures, terms
        if not self._seen.shape[0] == self._at_least.shape[0] == self._figures.shape[0]:
            raise ValueError("the conditions do not belong to each other")
        for term in range(self._terms.shape[0]):
            for place in range(self._terms.shape[1]):
                if not 0 <= self._terms[term, place] <= self._seen.shape[0]:
                    raise ValueError("a term asks for a condition that is not there")

    def weigh(self, const int64_t[:, ::1] observed, const int64_t[::1] rows, const int64_t[::1] weights, int64_t[::1] points):
        """Add to `points` the sum of the weights of the terms that hold for each of `rows`."""
        if weights.shape[0] != self._terms.shape[0] or points.shape[0] != rows.shape[0]:
            raise ValueError("the arrays do not belong to each other")
        self._run(observed, rows, &weights[0] if weights.shape[0] else NULL, &points[0] if points.shape[0] else NULL, NULL)

    def hold(self, const int64_t[:, ::1] observed, const int64_t[::1] rows, uint8_t[:, ::1] held):
        """Fill `held` with whether each term (first axis) holds for each of `rows`."""
        if held.shape[0] != self._terms.shape[0] or held.shape[1] != rows.shape[0]:
            raise ValueError("the arrays do not belong to each other")
        self._run(observed, rows, NULL, NULL, &held[0, 0] if held.shape[0] and held.shape[1] else NULL)

    cdef int _run(
        self, const int64_t[:, ::1] observed, const int64_t[::1] rows, const int64_t *weights, int64_t *points, uint8_t *held
    ) except -1:
        cdef:
            Py_ssize_t conditions = self._seen.shape[0], many = rows.shape[0], index, begin, size
            uint8_t *single
        for index in range(conditions):
            if not 0 <= self._seen[index] < observed.shape[0]:
                raise ValueError("a condition is about an observation that is not there")
        for index in range(many):
            if not 0 <= rows[index] < observed.shape[1]:
                raise ValueError("a row is not there")
        single = <uint8_t *>calloc((conditions + 2) * BLOCK, 1)
        if single is NULL:
            raise MemoryError
        memset(single + conditions * BLOCK, 1, BLOCK)
        for begin in range(0, many, BLOCK):
            size = min(many - begin, <Py_ssize_t>BLOCK)
            for index in range(conditions):
                _ask(&observed[self._seen[index], 0], &rows[begin], size, self._at_least[index], self._figures[index], single + index * BLOCK)
            for index in range(self._terms.shape[0]):
                _join(single, &self._terms[index, 0] if self._terms.shape[1] else NULL, self._terms.shape[1], size, single + (conditions + 1) * BLOCK)
                if held is not NULL:
                    _copy(single + (conditions + 1) * BLOCK, size, held + index * many + begin)
                if points is not NULL:
                    _add(single + (conditions + 1) * BLOCK, size, weights[index], points + begin)
        free(single)
        return 0


cdef void _ask(const int64_t *column, const int64_t *rows, Py_ssize_t size, bint at_least, int64_t figure, uint8_t *answers) noexcept:
    cdef Py_ssize_t place
    for place in range(size):
        answers[place] = (column[rows[place]] >= figure) == at_least


cdef void _join(const uint8_t *single, const int64_t *asked, Py_ssize_t width, Py_ssize_t size, uint8_t *answers) noexcept:
    cdef Py_ssize_t place, which
    cdef const uint8_t *answer
    memset(answers, 1, size)
    for which in range(width):
        answer = single + asked[which] * BLOCK
        for place in range(size):
            answers[place] &= answer[place]


cdef void _copy(const uint8_t *answers, Py_ssize_t size, uint8_t *held) noexcept:
    cdef Py_ssize_t place
    for place in range(size):
        held[place] = answers[place]


cdef void _add(const uint8_t *answers, Py_ssize_t size, int64_t weight, int64_t *points) noexcept:
    cdef Py_ssize_t place
    for place in range(size):
        points[place] += weight * answers[place]
