"""Text of documents on a terminal: it must not be able to steer it."""

from __future__ import annotations

import re

__all__ = ["printable"]

_STEERS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """Return one line of text with control characters and direction overrides named, as in `<U+001B>`."""
    return _STEERS.sub(lambda match: f"<U+{ord(match.group()):04X}>", text)
