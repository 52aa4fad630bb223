# cython: language_level=3
"""Strings as other modules here read them."""


cdef class Text:
    """A string, kept alive while it is read."""
