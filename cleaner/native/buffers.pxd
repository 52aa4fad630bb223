# Memory that grows, and goes with the object that holds it.

from libc.stdint cimport int64_t, uint8_t, uint32_t


cdef class Bytes:
    cdef uint8_t *data
    cdef Py_ssize_t size
    cdef Py_ssize_t room

    cdef int reserve(self, Py_ssize_t more) except -1


cdef class Numbers:
    cdef int64_t *data
    cdef Py_ssize_t size
    cdef Py_ssize_t room

    cdef int reserve(self, Py_ssize_t more) except -1
    cdef int push(self, int64_t value) except -1


cdef inline int check_ids(const int64_t[::1] ids, int64_t count) except -1:
    """Refuse numbers that are not from 0 to below `count`."""
    cdef Py_ssize_t place
    cdef int64_t signs = 0
    for place in range(ids.shape[0]):  # without a comparison, so that several are looked at at once
        signs |= ids[place] | (count - 1 - ids[place])
    if signs < 0:
        raise ValueError(f"a number is not below {count}")
    return 0


cdef inline Py_ssize_t encode(uint32_t point, uint8_t *out) noexcept:
    """Write a code point in UTF-8 (a surrogate as its three bytes), and return the number of bytes, up to four."""
    if point < 0x80:
        out[0] = <uint8_t>point
        return 1
    if point < 0x800:
        out[0] = <uint8_t>(0xC0 | point >> 6)
        out[1] = <uint8_t>(0x80 | point & 0x3F)
        return 2
    if point < 0x10000:
        out[0] = <uint8_t>(0xE0 | point >> 12)
        out[1] = <uint8_t>(0x80 | point >> 6 & 0x3F)
        out[2] = <uint8_t>(0x80 | point & 0x3F)
        return 3
    out[0] = <uint8_t>(0xF0 | point >> 18)
    out[1] = <uint8_t>(0x80 | point >> 12 & 0x3F)
    out[2] = <uint8_t>(0x80 | point >> 6 & 0x3F)
    out[3] = <uint8_t>(0x80 | point & 0x3F)
    return 4
