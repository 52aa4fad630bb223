# Hashes under a secret key, so that no text can be made to fill one bucket of a table. Only equality is asked of
# them, and what is equal is compared, so no result depends on the key.

from libc.stdint cimport uint32_t, uint64_t
from libc.string cimport memcpy

cdef extern from *:
    """
    static inline uint64_t folded_product(uint64_t a, uint64_t b) {
    #ifdef __SIZEOF_INT128__
        unsigned __int128 product = (unsigned __int128)a * b;
        return (uint64_t)product ^ (uint64_t)(product >> 64);
    #else
        uint64_t low = (a & 0xFFFFFFFF) * (b & 0xFFFFFFFF), high = (a >> 32) * (b >> 32);
        uint64_t one = (a >> 32) * (b & 0xFFFFFFFF), other = (a & 0xFFFFFFFF) * (b >> 32);
        uint64_t middle = (low >> 32) + (one & 0xFFFFFFFF) + (other & 0xFFFFFFFF);
        high += (one >> 32) + (other >> 32) + (middle >> 32);
        return (low & 0xFFFFFFFF | middle << 32) ^ high;
    #endif
    }
    """
    uint64_t folded_product(uint64_t a, uint64_t b) nogil


cdef struct Key:
    uint64_t start
    uint64_t odd


cdef inline Key key_of(bytes secret) except *:
    """Return a key, given sixteen bytes that nobody knows."""
    cdef Key key
    cdef const char *data = secret
    if len(secret) != sizeof(Key):
        raise ValueError("a key has sixteen bytes")
    memcpy(&key, data, sizeof(Key))
    key.odd |= 1
    return key


cdef inline uint64_t hash_number(uint64_t number, Key key) noexcept nogil:
    return folded_product(number ^ key.start, key.odd)


cdef inline uint64_t hash_points(const uint32_t *points, Py_ssize_t size, Key key) noexcept nogil:
    """Return the hash of so many code points."""
    cdef uint64_t value = key.start ^ <uint64_t>size, one = key.odd, other = ~key.start, third = ~key.odd
    cdef uint64_t lanes[4]
    while size >= 8:  # four at once, since one product does not wait for the other
        memcpy(lanes, points, sizeof(lanes))
        value = folded_product(value ^ lanes[0], key.odd)
        one = folded_product(one ^ lanes[1], key.odd)
        other = folded_product(other ^ lanes[2], key.odd)
        third = folded_product(third ^ lanes[3], key.odd)
        points += 8
        size -= 8
        if size < 8:
            value = folded_product(value ^ one, key.odd) + folded_product(other ^ third ^ key.start, key.odd)
    while size > 1:
        memcpy(lanes, points, sizeof(uint64_t))
        value = folded_product(value ^ lanes[0], key.odd)
        points += 2
        size -= 2
    if size:
        value = folded_product(value ^ points[0], key.odd)
    return folded_product(value ^ key.odd, key.start | 1)
