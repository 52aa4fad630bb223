# The code points of a string, whatever width they are stored in.

from libc.stdint cimport uint8_t, uint16_t, uint32_t
from libc.string cimport memcpy

ctypedef fused Char:
    uint8_t
    uint16_t
    uint32_t

cdef extern from "Python.h":
    int PyUnicode_KIND(object)
    void *PyUnicode_DATA(object)
    Py_ssize_t PyUnicode_GET_LENGTH(object)


cdef class Text:
    cdef str owner
    cdef int kind
    cdef const void *data
    cdef Py_ssize_t length

    cdef inline void copy(self, Py_ssize_t start, Py_ssize_t size, uint32_t *points) noexcept:
        """Write so many code points from `start` on."""
        cdef Py_ssize_t index
        if self.kind == 1:
            for index in range(size):
                points[index] = (<const uint8_t *>self.data)[start + index]
        elif self.kind == 2:
            for index in range(size):
                points[index] = (<const uint16_t *>self.data)[start + index]
        else:
            memcpy(points, <const uint32_t *>self.data + start, size * sizeof(uint32_t))


cdef inline Text open_text(str owner):
    cdef Text text = Text.__new__(Text)
    text.owner, text.kind = owner, PyUnicode_KIND(owner)
    text.data, text.length = PyUnicode_DATA(owner), PyUnicode_GET_LENGTH(owner)
    return text
