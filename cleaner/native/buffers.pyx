# cython: language_level=3, boundscheck=False, wraparound=False
"""Memory that grows, for modules that do not know beforehand how much they will write."""

from cpython.bytes cimport PyBytes_FromStringAndSize
from libc.stdlib cimport free, realloc


cdef class Bytes:
    """Bytes that grow at the end."""

    def __dealloc__(self):
        free(self.data)

    cdef int reserve(self, Py_ssize_t more) except -1:
        """Make room for so many bytes more."""
        cdef Py_ssize_t room
        cdef void *data
        if self.size + more <= self.room:
            return 0
        room = 2 * self.room + more + 64
        data = realloc(self.data, room)
        if data is NULL:
            raise MemoryError
        self.data, self.room = <uint8_t *>data, room
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
        cdef Py_ssize_t room
        cdef void *data
        if self.size + more <= self.room:
            return 0
        room = 2 * self.room + more + 64
        data = realloc(self.data, room * sizeof(int64_t))
        if data is NULL:
            raise MemoryError
        self.data, self.room = <int64_t *>data, room
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
