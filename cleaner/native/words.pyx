# cython: language_level=3, boundscheck=False, wraparound=False
"""Count the words of classes in short lines: for `cleaner.rules.vocabulary`."""

from libc.stdint cimport int32_t, int64_t, uint8_t, uint64_t
from libc.stdlib cimport calloc, free
from libc.string cimport memcmp, memcpy

cdef enum:
    STARTS = 1 << 16  # the first two bytes of a word
    UNSPACED = 0xE0  # words that begin with this byte or a higher one may stand behind a letter


cdef struct Word:
    uint64_t head  # the first eight bytes
    uint64_t mask
    const uint8_t *text
    int32_t size
    bint loose
    int32_t first, last  # of its classes


cdef inline bint _inside(uint8_t byte) noexcept:
    """Tell whether a byte belongs to a letter or a figure."""
    return c"a" <= byte <= c"z" or c"0" <= byte <= c"9" or byte >= 0x80


cdef class Words:
    """Words ready to be counted.

    Args:
        words: for each its text in bytes, whether it may stand inside a word, and the numbers of its classes.

    """

    cdef Word *words
    cdef int32_t *first  # of each start the first of its words, and one more
    cdef int32_t *classes
    cdef list texts
    cdef int count

    def __cinit__(self, words):
        cdef Py_ssize_t index, start
        cdef bytes text
        cdef Word *word
        for text, loose, _ in words:
            if not text or (loose and text[0] < UNSPACED):
                raise ValueError(f"cannot look for {text!r}")
        ordered = sorted((start, *each) for each in words for start in _starts(each[0]))
        self.texts = [text for _, text, _, _ in ordered]  # they own the memory
        numbers = [number for _, _, _, classes in ordered for number in classes]
        self.count = max(numbers, default=-1) + 1
        self.words = <Word *>calloc(len(ordered) + 1, sizeof(Word))
        self.first = <int32_t *>calloc(STARTS + 1, sizeof(int32_t))
        self.classes = <int32_t *>calloc(len(numbers) + 1, sizeof(int32_t))
        if not (self.words and self.first and self.classes):
            raise MemoryError
        for index, number in enumerate(numbers):
            self.classes[index] = number
        done = 0
        for index, (start, text, loose, classes) in enumerate(ordered):
            word = &self.words[index]
            word.text, word.size, word.loose = text, len(text), loose
            word.first, word.last = done, done + len(classes)
            done += len(classes)
            memcpy(&word.head, word.text, min(8, word.size))
            memcpy(&word.mask, <const uint8_t *>b"\xff\xff\xff\xff\xff\xff\xff\xff", min(8, word.size))
            self.first[start + 1] += 1
        for start in range(STARTS):
            self.first[start + 1] += self.first[start]

    def __dealloc__(self):
        free(self.words)
        free(self.first)
        free(self.classes)

    def cover(self, bytes data, const int64_t[::1] bounds, Py_ssize_t longest, int64_t[:, ::1] covered):
        """Add to `covered`, a row for each class and a column for each key, how many bytes of a key its words make up.

        Args:
            data: the keys, each ended by a newline.
            bounds: where each key begins, and the end of `data`.
            longest: keys of more bytes hold no words.
            covered: the counts.

        """
        cdef Py_ssize_t key, low, high
        if covered.shape[0] < self.count or covered.shape[1] != bounds.shape[0] - 1:
            raise ValueError("the arrays do not belong to each other")
        for key in range(bounds.shape[0] - 1):
            low, high = bounds[key], bounds[key + 1] - 1
            if not 0 <= low <= high < len(data):
                raise ValueError(f"key {key} does not stand in the data")
            if high - low <= longest:
                self._look(data, low, high, key, covered)

    cdef void _look(self, const uint8_t *data, Py_ssize_t low, Py_ssize_t high, Py_ssize_t key, int64_t[:, ::1] covered) noexcept:
        cdef:
            Py_ssize_t at
            bint begins = True
            uint64_t head
            int32_t which
            Word *word
            Word *last
        for at in range(low, high):
            if begins or data[at] >= UNSPACED:
                # Behind the last byte of a key stands its newline.
                which = data[at] << 8 | data[at + 1]
                word, last = self.words + self.first[which], self.words + self.first[which + 1]
                if word < last:
                    head = 0
                    memcpy(&head, data + at, min(8, high - at))
                    while word < last:
                        if (
                            head & word.mask == word.head
                            and at + word.size <= high
                            and (word.loose or (begins and not (at + word.size < high and _inside(data[at + word.size]))))
                            and memcmp(data + at, word.text, word.size) == 0
                        ):
                            for which in range(word.first, word.last):
                                covered[self.classes[which], key] += word.size
                        word += 1
            begins = not _inside(data[at])


def _starts(bytes text):
    """Return the first two bytes of a word as a number; of a word of one byte with all that may stand behind it."""
    behind = range(256) if len(text) == 1 else (text[1],)
    return [text[0] << 8 | byte for byte in behind]
