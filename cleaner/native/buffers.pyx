# cython: language_level=3, boundscheck=False, wraparound=False
"""Memory that grows, for modules that do not know beforehand how much they will write."""

from cpython.bytes cimport PyBytes_FromStringAndSize
from libc.stdlib cimport free, realloc


cdef void *_grown(void *data, Py_ssize_t *room, Py_ssize_t more, size_t each) except NULL:
    """Return the memory with room for so many more, twice what there was at least, and say how much that is."""
    cdef Py_ssize_t wanted = 2 * room[0] + more + 64
    cdef void *grown = realloc(data, wanted * each)
    if grown is NULL:
        raise MemoryError
    room[0] = wanted
    return grown


cdef class Bytes:
    """Bytes that grow at the end."""

    def __dealloc__(self):
        free(self.data)

    cdef int reserve(self, Py_ssize_t more) except -1:
        """Make room for so many bytes more."""
        if self.size + more > self.room:
            self.data = <uint8_t *>_grown(self.data, &self.room, more, sizeof(uint8_t))
        return 0

    def taken(self):
        """Return a copy."""
        return PyBytes_FromStringAndSize(<char *>self.data, self.size)


cdef class Numbers:
    """64-bit numbers that grow at the end."""

    def __dealloc__(self):
        free(self.data)

    cdef int reserve(self, Py_ssize_t more) except -1:
        """Make room for so many numbers more."""
        if self.size + more > self.room:
            self.data = <int64_t *>_grown(self.data, &self.room, more, sizeof(int64_t))
        return 0

    cdef int push(self, int64_t value) except -1:
        if self.size == self.room:
            self.reserve(1)
        self.data[self.size] = value
        self.size += 1
        return 0

    def taken(self):
        """Return a copy, as the bytes of an array."""
        return PyBytes_FromStringAndSize(<char *>self.data, self.size * sizeof(int64_t))
