# cython: language_level=3, boundscheck=False, wraparound=False
"""Runs of words that occur again in their text: for `cleaner.signals.repeats`.

Of each place it is known where its run of n - 1 words was first seen. Where the run at the next place was first seen
one place further, the run of n words was first seen there too. Else the two places together tell it from others. Runs
that occur once are left out of the search for longer ones, which are few after three words in most texts.
"""

import os

from libc.stdint cimport int32_t, int64_t, uint64_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memset

from cleaner.native.buffers cimport Numbers, check_ids
from cleaner.native.keyed cimport Key, hash_number, key_of

cdef enum:
    TOP = 4  # up to here the most frequent run is asked for
    LONGEST = 10
    ROWS = 12
    MOST = 1 << 30

cdef Key _key = key_of(os.urandom(sizeof(Key)))


cdef struct Pair:
    uint64_t places  # of two runs, the first in the upper half
    int32_t first  # and one more; 0 is none


cdef class Search:
    """The places of one text that are still looked at."""

    cdef int32_t *first  # of each place where its run was first seen
    cdef int32_t *times  # of each such place how often; 0 between the steps
    cdef int32_t *places  # with a run that occurs more than once, in order
    cdef int32_t *seen  # of each word of the vocabulary where a text has it first, counted from 1 over all texts
    cdef int64_t *before  # the characters of the words before each
    cdef Pair *pairs
    cdef Py_ssize_t many, count

    def __cinit__(self, Py_ssize_t longest, Py_ssize_t vocabulary):
        cdef Py_ssize_t room = 1
        while room < 2 * longest:
            room *= 2
        self.first = <int32_t *>malloc((longest + 1) * sizeof(int32_t))
        self.times = <int32_t *>calloc(longest + 1, sizeof(int32_t))
        self.places = <int32_t *>malloc((longest + 1) * sizeof(int32_t))
        self.seen = <int32_t *>calloc(vocabulary + 1, sizeof(int32_t))
        self.before = <int64_t *>malloc((longest + 1) * sizeof(int64_t))
        self.pairs = <Pair *>malloc(room * sizeof(Pair))
        if not (self.first and self.times and self.places and self.seen and self.before and self.pairs):
            raise MemoryError

    def __dealloc__(self):
        free(self.first)
        free(self.times)
        free(self.places)
        free(self.seen)
        free(self.before)
        free(self.pairs)

    cdef void open(self, const int64_t *ids, const int64_t *lengths, Py_ssize_t count, int32_t begin) noexcept:
        """Look at one text, which begins at a word: where each word was first seen, and which occur more than once."""
        cdef:
            Py_ssize_t place
            int32_t point, here = begin + 1
            int32_t *first = self.first
            int32_t *times = self.times
            int32_t *places = self.places
            int32_t *seen = self.seen
            int64_t *before = self.before
            int64_t sum_ = 0
        self.count, self.many = count, count
        for place in range(count):
            point = seen[ids[place]]
            point = point if point > begin else here + <int32_t>place
            seen[ids[place]] = point
            first[place] = point - here
            times[point - here] += 1
            places[place] = <int32_t>place
            before[place] = sum_
            sum_ += lengths[place]
        before[count] = sum_

    cdef void lengthen(self) noexcept:
        """Go on to runs one word longer."""
        cdef:
            Py_ssize_t index, kept = 0
            int32_t place, one, other
            uint64_t mask = 1, slot, key
            int32_t *first = self.first
            int32_t *times = self.times
            int32_t *places = self.places
            Pair *pairs = self.pairs
            Pair *pair
        while mask < <uint64_t>(2 * self.many):
            mask *= 2
        memset(self.pairs, 0, mask * sizeof(Pair))
        mask -= 1
        for index in range(self.many - 1):  # without a branch, which nobody could foretell
            place = places[index]
            places[kept] = place
            kept += places[index + 1] == place + 1
        self.many = kept
        for index in range(kept):
            place = places[index]
            one, other = first[place], first[place + 1]
            if other != one + 1:
                key = <uint64_t>one << 32 | <uint64_t>other
                slot = hash_number(key, &_key) & mask
                pair = &pairs[slot]
                while pair.first and pair.places != key:
                    slot = (slot + 1) & mask
                    pair = &pairs[slot]
                if not pair.first:
                    pair.places, pair.first = key, place + 1
                one = pair.first - 1
            first[place] = one
            times[one] += 1

    cdef void thin(self) noexcept:
        """Leave out what occurs once."""
        cdef:
            Py_ssize_t index, kept = 0
            int32_t place, often, again
            int32_t *first = self.first
            int32_t *times = self.times
            int32_t *places = self.places
        for index in range(self.many):
            place = places[index]
            often = times[first[place]]
            again = often > 1
            places[kept] = place
            times[first[place]] = often * again
            kept += again
        self.many = kept

    cdef void forget(self) noexcept:
        """Forget how often runs occur."""
        cdef Py_ssize_t index
        for index in range(self.many):
            self.times[self.first[self.places[index]]] = 0

    cdef int64_t between(self, Py_ssize_t begin, Py_ssize_t end) noexcept:
        return self.before[end] - self.before[begin]

    cdef int tell(self, int64_t text, Numbers told) except -1:
        """Add the text and how often it occurs of each word that occurs more than once."""
        cdef Py_ssize_t index
        cdef int32_t place
        for index in range(self.many):
            place = self.places[index]
            if self.first[place] == place:
                told.push(text)
                told.push(self.times[place])
        return 0

    cdef void top(self, int n, int64_t *characters, int64_t *times) noexcept:
        """Look for the most frequent run, of equals the first: its characters with spaces, and how often it occurs."""
        cdef Py_ssize_t index
        cdef int32_t place, best = 0
        characters[0] = times[0] = 0
        if self.count < n:
            return
        times[0] = 1
        for index in range(self.many):
            place = self.places[index]
            if self.times[self.first[place]] > times[0]:
                best, times[0] = self.first[place], self.times[self.first[place]]
        characters[0] = self.between(best, best + n) + n - 1

    cdef int64_t greedy(self, int n) noexcept:
        """Scan from the left: a run seen before counts, and the scan goes on behind it; another is remembered."""
        cdef Py_ssize_t index, free_ = 0
        cdef int32_t place
        cdef int64_t characters = 0
        for index in range(self.many):
            place = self.places[index]
            if place < free_:
                continue
            if self.times[self.first[place]] < 0:
                characters += self.between(place, place + n)
                free_ = place + n
            else:
                self.times[self.first[place]] = -1
        return characters

    cdef int64_t covered(self, int n) noexcept:
        """Add up the words that lie in any repeated run."""
        cdef Py_ssize_t index, free_ = 0
        cdef int32_t place
        cdef int64_t characters = 0
        for index in range(self.many):
            place = self.places[index]
            characters += self.between(max(free_, place), place + n)
            free_ = place + n
        return characters


def runs(
    const int64_t[::1] ids, const int64_t[::1] lengths, const int64_t[::1] counts, Py_ssize_t vocabulary, bint greedy,
    int64_t[:, ::1] found,
):
    """Fill in what is asked about the runs of each text.

    Args:
        ids: the number of each word, all texts one behind the other.
        lengths: the characters of each word.
        counts: the words of each text.
        vocabulary: above all numbers of words.
        greedy: whether repeated runs are asked as Gopher does, else as RedPajama-v2.
        found: characters and number of the most frequent run of 2, 3 and 4 words, then the characters of repeated
            runs of 5 to 10 words; a column for each text.

    Returns:
        unless `greedy`, text and number of occurrences of each word that occurs more than once in its text, in the
        order of the texts: the bytes of an array of 64-bit numbers.

    """
    cdef:
        Py_ssize_t text, begin = 0, longest = 0
        int n
        Numbers told = Numbers()
        Search search
    if ids.shape[0] > MOST:
        raise ValueError("more words than are numbered")
    if lengths.shape[0] != ids.shape[0] or found.shape[0] != ROWS or found.shape[1] != counts.shape[0]:
        raise ValueError("the arrays do not belong to each other")
    for text in range(counts.shape[0]):
        if not 0 <= counts[text] <= ids.shape[0] - begin:
            raise ValueError("the texts do not hold these words")
        begin += counts[text]
        longest = max(longest, counts[text])
    check_ids(ids, vocabulary)
    search, begin = Search(longest, vocabulary), 0
    for text in range(counts.shape[0]):
        if counts[text]:
            search.open(&ids[begin], &lengths[begin], counts[text], <int32_t>begin)
        else:
            search.many = search.count = 0
        search.thin()
        if not greedy:
            search.tell(text, told)
        for n in range(2, LONGEST + 1):
            search.forget()
            search.lengthen()
            search.thin()
            if n <= TOP:
                search.top(n, &found[2 * n - 4, text], &found[2 * n - 3, text])
            elif greedy:
                found[n + 1, text] = search.greedy(n)
            else:
                found[n + 1, text] = search.covered(n)
        search.forget()
        begin += counts[text]
    return told.taken()
