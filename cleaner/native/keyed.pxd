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
        return ((low & 0xFFFFFFFF) | middle << 32) ^ high;
    #endif
    }
    /* From the n-th on: eight code points of which the first 8 - n count. */
    static const uint32_t counted_points[16] = {
        0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF,
    };
    """
    uint64_t folded_product(uint64_t a, uint64_t b) nogil
    const uint32_t counted_points[16]


cdef struct Key:
    uint64_t parts[5]


cdef inline Key key_of(bytes secret) except *:
    """Return a key, given forty bytes that nobody knows."""
    cdef Key key
    cdef const char *data = secret
    if len(secret) != sizeof(Key):
        raise ValueError("a key has forty bytes")
    memcpy(&key, data, sizeof(Key))
    key.parts[4] |= 1
    return key


cdef inline uint64_t hash_number(uint64_t number, const Key *key) noexcept nogil:
    return folded_product(number ^ key.parts[0], key.parts[4])


cdef inline uint64_t hash_points(const uint32_t *points, Py_ssize_t size, Py_ssize_t room, const Key *key) noexcept nogil:
    """Return the hash of `size` code points, of `room` that may be read.

    Eight at a time, as four numbers that do not wait for each other; what is behind the last is masked out.
    """
    cdef:
        uint64_t lanes[4]
        uint64_t masks[4]
        uint64_t one = key.parts[0] ^ <uint64_t>size, two = key.parts[1], three = key.parts[2], four = key.parts[3]
    while size > 8:
        memcpy(lanes, points, sizeof(lanes))
        one = folded_product(one ^ lanes[0], key.parts[4])
        two = folded_product(two ^ lanes[1], key.parts[4])
        three = folded_product(three ^ lanes[2], key.parts[4])
        four = folded_product(four ^ lanes[3], key.parts[4])
        points += 8
        size -= 8
        room -= 8
    if room >= 8:
        memcpy(lanes, points, sizeof(lanes))
    else:
        memcpy(lanes, points, size * sizeof(uint32_t))
    memcpy(masks, counted_points + 8 - size, sizeof(masks))
    one = folded_product(one ^ (lanes[0] & masks[0]), two ^ (lanes[1] & masks[1]))
    three = folded_product(three ^ (lanes[2] & masks[2]), four ^ (lanes[3] & masks[3]))
    return folded_product(one ^ three, key.parts[4])
