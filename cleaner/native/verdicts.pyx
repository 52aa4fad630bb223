# cython: language_level=3, boundscheck=False, wraparound=False
"""What becomes of the hits of a pass, and where the lines that go begin and end: for `cleaner.rules.decide` and `passes`.

Documents share no lines, so the hits of a whole batch are decided in one go, in the order of their rules.
"""

from libc.stdint cimport int8_t, int64_t, uint8_t
from libc.stdlib cimport calloc, free

from cleaner.native.buffers cimport Numbers

cdef enum:
    ACTS = 1
    FLAGS = 2
    KEEPS = 4

# The columns of a hit.
cdef enum:
    rule, low, high, witness, witnessed, limit, longest,
    WIDTH

# Verdicts.
cdef enum:
    VOID, DROPPED, FLAGGED, HELD

VERDICTS = {"void": VOID, "dropped": DROPPED, "flagged": FLAGGED, "held": HELD}


cdef class Pass:
    """The lines of a batch while hits are decided."""

    cdef const int64_t[:, ::1] hits
    cdef const int64_t[::1] witnesses
    cdef const uint8_t[:, ::1] holds
    cdef const int64_t[::1] keepers
    cdef int64_t[::1] taken
    cdef uint8_t *protected
    cdef uint8_t *named
    cdef int64_t *kept  # of each line the last of the links that say which hits keep it, and one more
    cdef Numbers links  # pairs: a rule that keeps, and the link before

    def __cinit__(self, const int64_t[:, ::1] hits, const int64_t[::1] witnesses, const uint8_t[:, ::1] holds,
                  const int64_t[::1] keepers, int64_t[::1] taken):
        cdef Py_ssize_t rows = taken.shape[0]
        self.hits, self.witnesses, self.holds, self.keepers, self.taken = hits, witnesses, holds, keepers, taken
        self.links = Numbers()
        self.protected = <uint8_t *>calloc(rows + 1, 1)
        self.named = <uint8_t *>calloc(rows + 1, 1)
        self.kept = <int64_t *>calloc(rows + 1, sizeof(int64_t))
        if not (self.protected and self.named and self.kept):
            raise MemoryError

    def __dealloc__(self):
        free(self.protected)
        free(self.named)
        free(self.kept)

    cdef int keep(self, Py_ssize_t hit) except -1:
        cdef int64_t row
        for row in range(self.hits[hit, low], self.hits[hit, high]):
            self.links.push(self.hits[hit, rule])
            self.links.push(self.kept[row])
            self.kept[row] = self.links.size >> 1
        return 0

    cdef int64_t keeper(self, int64_t row, int64_t asking) noexcept:
        """Return the first rule that keeps a line from another, or -1."""
        cdef int64_t link = self.kept[row], found = -1, number
        while link:
            number = self.keepers[self.links.data[2 * link - 2]]
            if self.holds[number, asking]:
                found = self.links.data[2 * link - 2]
            link = self.links.data[2 * link - 1]
        return found

    cdef bint flag(self, Py_ssize_t hit, bint always) noexcept:
        """Tell whether a rule that does not act names a line that none before it named."""
        cdef int64_t row
        cdef bint new = always
        for row in range(self.hits[hit, low], self.hits[hit, high]):
            new = new or not self.named[row]
            if not always:
                self.named[row] = 1
        return new

    cdef bint void(self, Py_ssize_t hit) noexcept:
        """Tell whether a hit relies on a line that goes, or takes one that another relies on."""
        cdef int64_t row
        for row in range(self.hits[hit, low], self.hits[hit, high]):
            if self.protected[row]:
                return True
        for row in range(self.hits[hit, witness], self.hits[hit, witnessed]):
            if self.taken[self.witnesses[row]] >= 0:
                return True
        return False

    cdef int64_t held(self, Py_ssize_t hit) noexcept:
        cdef int64_t row, found
        for row in range(self.hits[hit, low], self.hits[hit, high]):
            found = self.keeper(row, self.hits[hit, rule])
            if found >= 0:
                return found
        return -1

    cdef void take(self, Py_ssize_t hit) noexcept:
        cdef int64_t row
        for row in range(self.hits[hit, witness], self.hits[hit, witnessed]):
            self.protected[self.witnesses[row]] = 1
        for row in range(self.hits[hit, low], self.hits[hit, high]):
            if self.taken[row] < 0:
                self.taken[row] = hit


def decide(
    const int64_t[:, ::1] hits, const int64_t[::1] witnesses, const uint8_t[::1] treated, const uint8_t[:, ::1] holds,
    const int64_t[::1] keepers, const int64_t[::1] chars, const int64_t[::1] first,
    int64_t[::1] taken, int8_t[::1] verdict, int64_t[::1] keeper,
):
    """Decide hits in the order in which they stand, which is that of their rules.

    Args:
        hits: for each its rule, the lines from and to which it reaches, where its witnesses stand in `witnesses` from and to,
            and its limit: 0, or so many lines at least must be too few below it (above it, as a negative number). With
            `longest` of 0 or more it takes all that is left below it, where none of that is longer.
        witnesses: lines.
        treated: of each rule whether it acts (1), flags (2), keeps (4).
        holds: for each rule that keeps whether it holds off each rule.
        keepers: of each rule its place in `holds`.
        chars: the length of each line.
        first: where the lines of each document begin, and behind the last.
        taken: filled in: for each line the hit that takes it, or -1.
        verdict: filled in, one of `VERDICTS` for each hit.
        keeper: filled in: the rule that held a hit off.

    """
    cdef:
        Py_ssize_t hit, many = hits.shape[0], rows = taken.shape[0]
        int64_t found
        uint8_t how
        Pass state
    _check(hits, witnesses, treated.shape[0], rows)
    if chars.shape[0] != rows or verdict.shape[0] != many or keeper.shape[0] != many or keepers.shape[0] != treated.shape[0]:
        raise ValueError("the arrays do not belong to each other")
    for hit in range(treated.shape[0]):
        if treated[hit] & KEEPS and not 0 <= keepers[hit] < holds.shape[0] or (holds.shape[0] and holds.shape[1] != treated.shape[0]):
            raise ValueError("a rule that keeps holds off no rule")
    if first.shape[0] == 0 or first[0] != 0 or first[first.shape[0] - 1] != rows:
        raise ValueError("documents do not cover the lines")
    for hit in range(first.shape[0] - 1):
        if first[hit + 1] < first[hit]:
            raise ValueError("documents do not follow each other")
    for hit in range(rows):
        taken[hit] = -1
    state = Pass(hits, witnesses, holds, keepers, taken)
    for hit in range(many):
        how = treated[hits[hit, rule]]
        verdict[hit], keeper[hit] = VOID, -1
        if hits[hit, limit]:
            continue
        if how & KEEPS:
            if how & ACTS:
                state.keep(hit)
        elif not how & ACTS:
            if state.flag(hit, how & FLAGS != 0):
                verdict[hit] = FLAGGED
        elif not state.void(hit):
            found = state.held(hit)
            if found >= 0:
                verdict[hit], keeper[hit] = HELD, found
            else:
                verdict[hit] = DROPPED
                state.take(hit)
    _close(state, treated, chars, first, verdict)
    _first_held(state, verdict)


cdef int _check(const int64_t[:, ::1] hits, const int64_t[::1] witnesses, Py_ssize_t rules, Py_ssize_t rows) except -1:
    cdef Py_ssize_t hit
    if hits.shape[1] != WIDTH:
        raise ValueError("a hit has seven numbers")
    for hit in range(hits.shape[0]):
        if not 0 <= hits[hit, rule] < rules or not 0 <= hits[hit, low] < hits[hit, high] <= rows:
            raise ValueError(f"hit {hit} is of no rule or takes lines that are not there")
        if not 0 <= hits[hit, witness] <= hits[hit, witnessed] <= witnesses.shape[0]:
            raise ValueError(f"hit {hit} has witnesses that are not there")
    for hit in range(witnesses.shape[0]):
        if not 0 <= witnesses[hit] < rows:
            raise ValueError("a witness is not there")
    return 0


cdef int _close(
    Pass state, const uint8_t[::1] treated, const int64_t[::1] chars, const int64_t[::1] first, int8_t[::1] verdict
) except -1:
    """Take what stands too far from an end, and no longer does: from the end inwards, each document in one sweep."""
    cdef:
        const int64_t[:, ::1] hits = state.hits
        Py_ssize_t hit
        list below = [], above = []
    for hit in range(hits.shape[0]):
        if hits[hit, limit] and treated[hits[hit, rule]] & (ACTS | KEEPS) == ACTS:
            (below if hits[hit, limit] > 0 else above).append((-hits[hit, high] if hits[hit, limit] > 0 else hits[hit, low], hit))
    if below:
        below.sort()
        _sweep_up(state, below, chars, first, verdict)
    if above:
        above.sort()
        _sweep_down(state, above, first, verdict)
    return 0


cdef int _sweep_up(Pass state, list waiting, const int64_t[::1] chars, const int64_t[::1] first, int8_t[::1] verdict) except -1:
    cdef:
        const int64_t[:, ::1] hits = state.hits
        Py_ssize_t document = first.shape[0] - 1, hit, index
        int64_t row = first[document], tallest = 0
        Numbers left = Numbers()  # the lines below that stay
        bint fits
    for _, hit in waiting:
        if hits[hit, low] < first[document]:
            while hits[hit, low] < first[document]:
                document -= 1
            row, left.size, tallest = first[document + 1], 0, 0
        while row > hits[hit, high]:
            row -= 1
            if state.taken[row] < 0:
                left.push(row)
                tallest = max(tallest, chars[row])
        if left.size >= hits[hit, limit] or state.void(hit) or state.held(hit) >= 0:
            continue
        if hits[hit, longest] >= 0:
            fits = tallest <= hits[hit, longest]
            for index in range(left.size):
                fits = fits and not state.protected[left.data[index]] and state.keeper(left.data[index], hits[hit, rule]) < 0
            if not fits:
                continue
            for index in range(left.size):
                state.taken[left.data[index]] = hit
            left.size, tallest = 0, 0
        verdict[hit] = DROPPED
        state.take(hit)
    return 0


cdef int _sweep_down(Pass state, list waiting, const int64_t[::1] first, int8_t[::1] verdict) except -1:
    cdef:
        const int64_t[:, ::1] hits = state.hits
        Py_ssize_t document = -1, hit
        int64_t row = 0, left = 0
    for _, hit in waiting:
        while document < 0 or hits[hit, low] >= first[document + 1]:
            document += 1
            row, left = first[document], 0
        while row < hits[hit, low]:
            left += state.taken[row] < 0
            row += 1
        if left < -hits[hit, limit] and not state.void(hit) and state.held(hit) < 0:
            verdict[hit] = DROPPED
            state.take(hit)
    return 0


cdef int _first_held(Pass state, int8_t[::1] verdict) except -1:
    """Leave of the hits that were held off those with a line that stays and that none before them wanted."""
    cdef:
        const int64_t[:, ::1] hits = state.hits
        Py_ssize_t hit
        int64_t row
        uint8_t *known = state.named  # which is not asked any more
        bint new
    for row in range(state.taken.shape[0]):
        known[row] = state.taken[row] >= 0
    for hit in range(hits.shape[0]):
        if verdict[hit] == HELD:
            new = False
            for row in range(hits[hit, low], hits[hit, high]):
                new = new or not known[row]
                known[row] = 1
            if not new:
                verdict[hit] = VOID
    return 0


def spans(
    const uint8_t[::1] alive, const int64_t[::1] start, const int64_t[::1] end, const uint8_t[::1] after_blank,
    const int64_t[::1] first, const int64_t[::1] sizes, int64_t[::1] low, int64_t[::1] high,
):
    """Fill in from where to where the text of each line goes that is not alive, so that the blank lines stay right.

    Between two lines that stay, one of the gaps that stood there stays too: the first that holds a blank line, else
    the first. No gap stays above the first line or below the last.

    Args:
        alive: which lines stay.
        start: where each begins in its text.
        end: and where it ends.
        after_blank: whether a blank line stands above it.
        first: where the lines of each document begin, and behind the last.
        sizes: the length of each text.
        low: filled in for the lines that go.
        high: likewise.

    """
    cdef Py_ssize_t document, row, begin, behind, feet, gap, rows = alive.shape[0]
    if not rows == start.shape[0] == end.shape[0] == after_blank.shape[0] == low.shape[0] == high.shape[0]:
        raise ValueError("the arrays do not belong to each other")
    if first.shape[0] != sizes.shape[0] + 1 or first[0] != 0 or first[sizes.shape[0]] != rows:
        raise ValueError("documents do not cover the lines")
    for document in range(sizes.shape[0]):
        begin, feet = first[document], first[document + 1]
        if feet < begin:
            raise ValueError("documents do not follow each other")
        row = begin
        while row < feet:
            if alive[row]:
                row += 1
                continue
            behind = row
            while behind < feet and not alive[behind]:
                behind += 1
            if row == begin:
                gap = row
            elif behind == feet:
                gap = behind
            else:
                gap = row
                while gap <= behind and not after_blank[gap]:
                    gap += 1
                if gap > behind:
                    gap = row
            _fill(row, behind, gap, begin, feet, sizes[document], start, end, low, high)
            row = behind


cdef void _fill(
    Py_ssize_t row, Py_ssize_t behind, Py_ssize_t gap, Py_ssize_t begin, Py_ssize_t feet, int64_t size,
    const int64_t[::1] start, const int64_t[::1] end, int64_t[::1] low, int64_t[::1] high,
) noexcept:
    """Fill in the lines of a run that goes, of which the gap above line `gap` stays."""
    cdef Py_ssize_t each
    for each in range(row, behind):
        if each < gap:
            low[each], high[each] = end[each - 1] if each > begin else 0, end[each]
        else:
            low[each], high[each] = start[each], start[each + 1] if each + 1 < feet else size
        if row == begin and behind == feet:
            low[each] = 0 if each == row else start[each]
