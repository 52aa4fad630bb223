"""What decoding returns."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Decoded"]


class Decoded(NamedTuple):
    """A decoded text.

    `encoding` is the Python codec name, None for empty and binary data; `method` one of the names in
    `cleaner.decoding`; `confidence` the detector's own (0 to 1), None where nothing was guessed;
    `bad_bytes` the number of bytes that did not fit the encoding.
    """

    text: str
    encoding: str | None
    method: str
    confidence: float | None
    bad_bytes: int
