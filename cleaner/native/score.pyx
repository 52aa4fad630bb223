# cython: language_level=3, boundscheck=False, wraparound=False
"""The line model in whole numbers: what lines say as hashed words, and trees over observations.

Training and cleaning call the same loops, so that a model sees in use what it saw when it was fitted.
"""

from libc.stdint cimport int8_t, int16_t, int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport calloc, free, malloc

from cleaner.native.buffers cimport Numbers

cdef enum:
    LETTER = 1 << 0
    DIGIT = 1 << 3
    SPACE = 1 << 4
    TOP = 0xFFFF
    TOKENS = 40  # of a longer line the beginning speaks
    WHOLE = 7  # tokens of a line that is looked at as one, at most
    PIECES = 80  # pairs and triples of characters in scripts without spaces
    MOST = 3 * (TOKENS + 2) + 2 * PIECES + 8  # hashes of a line
    BLOCK = 512  # lines whose answers stay in the fastest cache
    DEEPEST = 8

# What a hash stands for.
cdef enum:
    WORD = 1, PAIR, TRIPLE, LINE, TWO, THREE, LENGTH

KINDS = {"word": WORD, "pair": PAIR, "triple": TRIPLE, "line": LINE, "two": TWO, "three": THREE, "length": LENGTH}


cdef inline uint64_t _mix(uint64_t hash, uint64_t value) noexcept:
    hash = (hash ^ value) * <uint64_t>0x9E3779B97F4A7C15
    return hash ^ hash >> 29


cdef inline bint _unspaced(uint32_t point) noexcept:
    """Tell whether a letter belongs to a script that parts no words: Thai, Lao, Burmese, Khmer, kana, ideographs, Hangul."""
    return point >= 0xE00 and (
        point < 0xF00 or 0x1000 <= point < 0x10A0 or 0x1780 <= point < 0x1800
        or 0x3040 <= point < 0x3100 or 0x3400 <= point < 0xA000 or 0xAC00 <= point < 0xD7B0
    )


cdef inline uint32_t _decode(const uint8_t *data, Py_ssize_t *at) noexcept:
    """Return the code point at a place in UTF-8, and move behind it."""
    cdef uint32_t byte = data[at[0]]
    if byte < 0x80:
        at[0] += 1
        return byte
    if byte < 0xE0:
        at[0] += 2
        return (byte & 0x1F) << 6 | (data[at[0] - 1] & 0x3F)
    if byte < 0xF0:
        at[0] += 3
        return (byte & 0x0F) << 12 | (data[at[0] - 2] & 0x3F) << 6 | (data[at[0] - 1] & 0x3F)
    at[0] += 4
    return (byte & 0x07) << 18 | (data[at[0] - 3] & 0x3F) << 12 | (data[at[0] - 2] & 0x3F) << 6 | (data[at[0] - 1] & 0x3F)


cdef struct Said:
    int count
    uint64_t hash[MOST]
    int32_t low[MOST]  # where in the line what was hashed begins and ends, in bytes
    int32_t high[MOST]
    uint8_t kind[MOST]


cdef inline void _add(Said *said, int kind, uint64_t hash, Py_ssize_t low, Py_ssize_t high) noexcept:
    said.hash[said.count] = _mix(hash, kind)
    said.kind[said.count] = kind
    said.low[said.count], said.high[said.count] = <int32_t>low, <int32_t>high
    said.count += 1


cdef void _read(const uint8_t *data, Py_ssize_t size, const uint16_t *classes, Said *said) noexcept:
    """Take a folded line apart: words, figures as one sign, marks; their pairs and triples; the whole of a short one."""
    cdef:
        uint64_t token[TOKENS + 2]
        int32_t low[TOKENS + 2]
        int32_t high[TOKENS + 2]
        uint64_t hash, one = 0, two = 0
        Py_ssize_t at = 0, start, begin, before = 0, earlier = 0
        uint32_t point
        uint16_t mark
        int tokens = 1, index, pieces = 0, run
        bint ended = True
    said.count = 0
    token[0], low[0], high[0] = 1, 0, 0
    while at < size:
        start = begin = at
        point = _decode(data, &at)
        mark = classes[min(point, <uint32_t>TOP)]
        if mark & SPACE:
            continue
        if tokens > TOKENS:
            ended = False
            break
        if mark & DIGIT:
            hash = 2
            while at < size and classes[min(_peek(data, at), <uint32_t>TOP)] & DIGIT:
                _decode(data, &at)
        elif mark & LETTER:
            hash, run = _mix(3, point), 0
            while True:
                if _unspaced(point) and pieces < PIECES:
                    if run >= 1:
                        _add(said, TWO, _mix(one, point), before, at)
                    if run >= 2:
                        _add(said, THREE, _mix(_mix(two, one), point), earlier, at)
                    two, one, earlier, before = one, point, before, begin
                    run, pieces = run + 1, pieces + 1
                else:
                    run = 0
                if at >= size or not classes[min(_peek(data, at), <uint32_t>TOP)] & LETTER:
                    break
                begin = at
                point = _decode(data, &at)
                hash = _mix(hash, point)
        else:
            hash = _mix(4, point)
        token[tokens], high[tokens] = hash, <int32_t>at
        low[tokens] = <int32_t>start
        tokens += 1
    if ended:
        token[tokens], low[tokens], high[tokens] = 5, <int32_t>size, <int32_t>size
    index = tokens + ended
    _rest(token, low, high, tokens, index, said)


cdef inline uint32_t _peek(const uint8_t *data, Py_ssize_t at) noexcept:
    return _decode(data, &at)


cdef void _rest(const uint64_t *token, const int32_t *low, const int32_t *high, int tokens, int ends, Said *said) noexcept:
    """Add what is made of tokens; the first of them is where the line begins."""
    cdef:
        int index, many = tokens - 1
        uint64_t hash = 6
    for index in range(1, ends):
        if index < tokens:
            _add(said, WORD, token[index], low[index], high[index])
        _add(said, PAIR, _mix(token[index - 1], token[index]), low[index - 1], high[index])
        if index >= 2:
            _add(said, TRIPLE, _mix(_mix(token[index - 2], token[index - 1]), token[index]), low[index - 2], high[index])
    if many <= WHOLE:
        for index in range(1, tokens):
            hash = _mix(hash, token[index])
        _add(said, LINE, hash, 0, high[tokens - 1])
    _add(said, LENGTH, many if many < 6 else min(12, 6 + many // 8), 0, 0)


cdef class Reader:
    """Reads keys as hashes of `bits` bits.

    Args:
        classes: for each code point up to 0xFFFF what it is (`cleaner.rules.charclass`).
        bits: how many of the bits of a hash are used.

    """

    cdef const uint16_t[::1] classes
    cdef int shift

    def __init__(self, const uint16_t[::1] classes, int bits):
        if classes.shape[0] != TOP + 1 or not 9 <= bits <= 32:
            raise ValueError("a reader needs the classes of 65536 code points, and 9 to 32 bits")
        self.classes, self.shift = classes, 64 - bits

    cdef int read(self, bytes data, const int64_t[::1] bounds, Py_ssize_t key, Said *said) except -1:
        cdef Py_ssize_t low = bounds[key], high = bounds[key + 1] - 1
        if not 0 <= low <= high < len(data):
            raise ValueError(f"key {key} does not stand in the data")
        _read(<const uint8_t *>data + low, high - low, &self.classes[0], said)
        return 0

    cdef inline uint32_t place(self, uint64_t hash) noexcept:
        return <uint32_t>(hash * <uint64_t>0xD6E8FEB86659FD93 >> self.shift)

    def hashed(self, bytes data, const int64_t[::1] bounds):
        """Return the hashes of all keys one behind the other, and where those of each key begin; 64-bit numbers as bytes."""
        cdef:
            Numbers found = Numbers(), begins = Numbers()
            Said said
            Py_ssize_t key
            int index
        begins.push(0)
        for key in range(bounds.shape[0] - 1):
            self.read(data, bounds, key, &said)
            for index in range(said.count):
                found.push(self.place(said.hash[index]))
            begins.push(found.size)
        return found.taken(), begins.taken()

    def weigh(
        self, bytes data, const int64_t[::1] bounds, const uint8_t[::1] checks, const int8_t[::1] weights,
        const int32_t[::1] norms, int64_t[::1] sums,
    ):
        """Fill in for each key the sum of its weights, divided by the root of how many hashes it has.

        Args:
            data: the keys, each ended by a newline.
            bounds: where each key begins, and the end of `data`.
            checks: for each place the lowest eight bits of the hash that stands there; the others are its place.
            weights: for each place the weight of that hash.
            norms: for each number of hashes what to multiply a sum with before it is shifted by ten bits.
            sums: the answers.

        """
        cdef:
            Said said
            Py_ssize_t key
            int64_t total
            uint32_t hash
            int index
        if not weights.shape[0] == checks.shape[0] == 1 << (56 - self.shift) or norms.shape[0] < MOST + 1:
            raise ValueError("the weights do not belong to this reader")
        if sums.shape[0] != bounds.shape[0] - 1:
            raise ValueError("the arrays do not belong to each other")
        for key in range(bounds.shape[0] - 1):
            self.read(data, bounds, key, &said)
            total = 0
            for index in range(said.count):
                hash = self.place(said.hash[index])
                if checks[hash >> 8] == hash & 0xFF:
                    total += weights[hash >> 8]
            sums[key] = total * norms[said.count] >> 10

    def parts(self, bytes line):
        """Return for each hash of a folded line what it stands for (see `KINDS`), its bytes from and to, and the hash."""
        cdef:
            Said said
            int index
        _read(line, len(line), &self.classes[0], &said)
        return [(said.kind[index], said.low[index], said.high[index], self.place(said.hash[index])) for index in range(said.count)]


cdef class Trees:
    """Trees whose nodes of one depth ask the same question, so that the answers are the number of a leaf.

    Args:
        column: for each question the number of the column it is about.
        least: for each question the figure from which on the answer is yes.
        asked: for each tree its questions, one for each depth; the answer to the first is the lowest bit.
        leaves: for each tree the points of each leaf.

    """

    cdef object owners
    cdef const int32_t[::1] column
    cdef const int16_t[::1] least
    cdef const int32_t[:, ::1] asked
    cdef const int32_t[:, ::1] leaves

    def __init__(self, column, least, asked, leaves):
        cdef Py_ssize_t tree, depth
        self.column, self.least, self.asked, self.leaves = column, least, asked, leaves
        if self.column.shape[0] != self.least.shape[0] or self.asked.shape[0] != self.leaves.shape[0]:
            raise ValueError("the trees do not belong to each other")
        if self.asked.shape[1] > DEEPEST or self.leaves.shape[1] != 1 << self.asked.shape[1]:
            raise ValueError("a tree does not have the leaves that it needs")
        for tree in range(self.asked.shape[0]):
            for depth in range(self.asked.shape[1]):
                if not 0 <= self.asked[tree, depth] < self.column.shape[0]:
                    raise ValueError("a tree asks what is not there")

    def add(self, const int16_t[:, ::1] columns, int64_t[::1] points):
        """Add the points of all trees; `columns` has a row for each column, and a column for each line."""
        cdef:
            Py_ssize_t questions = self.column.shape[0], trees = self.asked.shape[0], depths = self.asked.shape[1]
            Py_ssize_t many = points.shape[0], begin, size, index, depth, place
            uint8_t *answers
            uint8_t leaf[BLOCK]
            const uint8_t *answer
            const int16_t *seen
            const int32_t *leaves
            int16_t least
        if columns.shape[1] != many:
            raise ValueError("the columns do not belong to these lines")
        for index in range(questions):
            if not 0 <= self.column[index] < columns.shape[0]:
                raise ValueError("a question is about a column that is not there")
        answers = <uint8_t *>calloc((questions + 1) * BLOCK, 1)
        if answers is NULL:
            raise MemoryError
        for begin in range(0, many, BLOCK):
            size = min(many - begin, <Py_ssize_t>BLOCK)
            for index in range(questions):
                seen, least = &columns[self.column[index], begin], self.least[index]
                _ask(seen, size, least, answers + index * BLOCK)
            for index in range(trees):
                for place in range(size):
                    leaf[place] = 0
                for depth in range(depths):
                    _join(answers + self.asked[index, depth] * BLOCK, size, <int>depth, leaf)
                leaves = &self.leaves[index, 0]
                for place in range(size):
                    points[begin + place] += leaves[leaf[place]]
        free(answers)


cdef void _ask(const int16_t *seen, Py_ssize_t size, int16_t least, uint8_t *answers) noexcept:
    cdef Py_ssize_t place
    for place in range(size):
        answers[place] = seen[place] >= least


cdef void _join(const uint8_t *answers, Py_ssize_t size, int depth, uint8_t *leaf) noexcept:
    cdef Py_ssize_t place
    for place in range(size):
        leaf[place] |= <uint8_t>(answers[place] << depth)
