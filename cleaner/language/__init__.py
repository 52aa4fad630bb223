"""Which language a text is written in, how sure that is, and in which shares languages are mixed.

Importing this package loads no detector: each is loaded once per process, at its first use.
"""

from __future__ import annotations

from cleaner.language.cascade import DETECTORS, Language, identify, identify_shares, shares
from cleaner.language.select import MINIMUM_SCORE, MIXED_SHARE, mixed, select_languages

__all__ = [
    "DETECTORS",
    "MINIMUM_SCORE",
    "MIXED_SHARE",
    "Language",
    "identify",
    "identify_shares",
    "mixed",
    "select_languages",
    "shares",
]
