"""The folded form in which lines are compared: case, width, quotes and spaces do not matter.

Folding keeps the line structure of a text: `fold(text)` has as many lines as `text`, so a whole batch
can be folded in one call.
"""

from __future__ import annotations

import unicodedata

import regex

__all__ = ["fold"]

_QUOTES = str.maketrans({"‘": "'", "’": "'", "‚": "'", "‛": "'", "ʼ": "'", "´": "'", "`": "'",
                         "“": '"', "”": '"', "„": '"', "‟": '"', "«": '"', "»": '"'})  # fmt: skip
_HAS_QUOTES = regex.compile("[‘’‚‛ʼ´`“”„‟«»]")
_SPACES = regex.compile(r"[^\S\n]{2,}|[\t\v\f\r\x1c-\x1f\x85\u2028\u2029]|(?m:^[^\S\n]+|[^\S\n]+$)")


def fold(text: str) -> str:
    """Return `text` NFKC-normalised, with straight quotes, caseless, with single spaces, line by line.

    The result is a fixed point: `fold(fold(x)) == fold(x)`.
    """
    if text.isascii():
        folded = text.lower().replace("`", "'") if "`" in text else text.lower()
    else:
        folded = _fold_unicode(text)
    if _SPACES.search(folded):
        folded = "\n".join([" ".join(line.split()) for line in folded.split("\n")])
    return folded


def _fold_unicode(text: str) -> str:
    while True:
        # The accent ´ must become a quote before NFKC turns it into a space and a combining mark.
        folded = text.translate(_QUOTES) if _HAS_QUOTES.search(text) else text
        folded = unicodedata.normalize("NFKC", folded).casefold()
        if folded == text or folded.isascii():
            return folded
        text = folded
