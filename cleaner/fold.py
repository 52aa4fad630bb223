"""The folded form in which lines are compared: case, width, quotes and spaces do not matter.

Folding keeps the line structure of a text: `fold(text)` has as many lines as `text`, so a whole batch
can be folded in one call.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

__all__ = ["fingerprint", "fold"]

_FIRST = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼ´`", "'"),
        **dict.fromkeys("“”„‟«»", '"'),
        # Upper and lower case of the Turkish i's meet in one letter, whichever case mapping was used.
        **dict.fromkeys("ıİ", "i"),
    }
)
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_COMBINING = re.compile("[\u0300-\u036f]")
_FOREIGN_COMBINING = re.compile(r"[\x00-\x7f][^\x00-\x7f]*[\u0300-\u036f][^\x00-\x7f]*|[^\x00-\x7f]+")
_OTHER_SPACES = "\t\v\f\r\x1c\x1d\x1e\x1f\x85\u1680\u2028\u2029"  # those that normalisation leaves
_SPACES = re.compile("  +")


def fold(text: str) -> str:
    """Return `text` NFKC-normalised, with straight quotes, caseless, with single spaces, line by line.

    The result is a fixed point: `fold(fold(x)) == fold(x)`.
    """
    if text.isascii():
        folded = text.lower().replace("`", "'")
    else:
        folded = _fold_foreign(text).casefold().replace("`", "'")
    return _single_spaced(folded)


def _single_spaced(text: str) -> str:
    """Return `text` with every stretch of white space in a line as one space, and none at its ends."""
    for space in _OTHER_SPACES:
        if space in text:
            text = text.replace(space, " ")
    if "  " in text:
        text = _SPACES.sub(" ", text)
    if "\n " in text or " \n" in text:
        text = text.replace("\n ", "\n").replace(" \n", "\n")
    return text.strip(" ")


def _fold_foreign(text: str) -> str:
    """Fold the non-ASCII runs of `text`, each distinct run once.

    Most runs are a quote, a dash or an accented letter, so this is several times faster than
    normalising the whole text, and equal to it: of the characters that change by what stands before
    them, only the combining diacritics can follow an ASCII letter, and their runs begin one letter
    earlier.
    """
    memo: dict[str, str] = {}

    def replace(match: re.Match[str]) -> str:
        run = match.group()
        folded = memo.get(run)
        if folded is None:
            folded = memo[run] = _fold_run(run)
        return folded

    runs = _FOREIGN_COMBINING if _COMBINING.search(text) else _FOREIGN
    return runs.sub(replace, text)


def _fold_run(text: str) -> str:
    while True:
        folded = unicodedata.normalize("NFKC", text.translate(_FIRST)).casefold()
        if folded == text:
            return folded
        text = folded


def fingerprint(folded: bytes) -> int:
    """Return 64 bits of BLAKE2b of the folded lines of a text, blank ones left out, in UTF-8.

    Texts that differ in case, quotes, spaces and blank lines only have the same fingerprint.
    """
    return int.from_bytes(hashlib.blake2b(folded, digest_size=8).digest(), "little")
