"""Documents and paragraphs that a corpus holds more than once, as they are or nearly."""

from __future__ import annotations

__all__ = ["JACCARD"]

JACCARD = 0.8
"""The similarity from which on texts are near-duplicates, where none is given."""
