"""The part of a text that a language detector is shown.

Detectors cost by the character and gain nothing beyond about a thousand of them, and menus, addresses
and code mislead them. So a sample is drawn: lines of running text first, from head to tail.
"""

from __future__ import annotations

import regex

from cleaner.native import prose

__all__ = ["LIMIT", "MINIMUM_LETTERS", "letters", "prose_lines", "sample", "tidy"]

LIMIT = 1000
"""Characters a sample has at most, give or take a word."""

MINIMUM_LETTERS = 20
"""Letters below which no detector is asked: every one guesses there."""

LINE_LETTERS, HEAD = 40, 160
"""A line of running text has so many letters among so many of its first characters."""

_SLICES = 12
_WINDOW = 16_000

_ASCII_OTHER = bytes(byte for byte in range(128) if not chr(byte).isalpha())
_MARKUP = regex.compile(r"`[^`\n]*`|</?[a-zA-Z][^<>\n]*>")
_ADDRESS_MARKS = ("://", "www.", "@")
_UNSAFE = regex.compile(r"[[\p{C}\s]--\x20]+", regex.V1)


def letters(text: str) -> int:
    """Return about how many letters `text` has.

    ASCII letters count one; every other character counts half its UTF-8 bytes, so an accented or a
    Cyrillic letter counts one and a Chinese or Devanagari one, which says more, one and a half.
    """
    return _weighed(text.encode("utf-8", "surrogatepass").translate(None, _ASCII_OTHER))


def _weighed(kept: bytes) -> int:
    if kept.isascii():
        return len(kept)
    plain = len(kept.decode("ascii", "ignore"))
    return plain + (len(kept) - plain) // 2


def tidy(text: str) -> str:
    """Return `text` with odd spaces, controls, lone surrogates and unassigned characters as spaces.

    pycld2 and fastText refuse surrogates, NUL and noncharacters, so no detector sees any.
    """
    return text if text.isprintable() else _UNSAFE.sub(" ", text)


def prose_lines(text: str) -> list[str]:
    """Return the lines of `text` with 40 letters or more that are not code; all lines if there is none.

    Of a very long text only head, middle and tail are read.
    """
    if len(text) > 3 * _WINDOW:
        middle = (len(text) - _WINDOW) // 2
        text = "\n".join((text[:_WINDOW], text[middle : middle + _WINDOW], text[-_WINDOW:]))
    return prose.lines(text, HEAD, LINE_LETTERS) or [
        line for line in _split(text) if line and not line.isspace()
    ]


def _split(text: str) -> list[str]:
    return text.split("\n") if text.isascii() else text.splitlines()


def sample(lines: list[str], limit: int = LIMIT) -> str:
    """Return at most about `limit` characters of `lines`: all, or a slice of evenly spaced ones.

    Addresses, inline code and tags are cut out of what was drawn.
    """
    text = _draw(lines, limit)
    if "<" in text or "`" in text:
        text = _MARKUP.sub(" ", text)
    text = tidy(text)
    if "://" in text or "www." in text or "@" in text:
        text = " ".join(
            [word for word in text.split(" ") if not any(mark in word for mark in _ADDRESS_MARKS)]
        )
    return text


def _draw(lines: list[str], limit: int) -> str:
    if sum(map(len, lines)) <= limit:
        return " ".join(lines)
    if len(lines) < 3:
        joined = " ".join(lines)
        third = limit // 3
        middle = (len(joined) - third) // 2
        pieces = [_to_space(joined, 0, third), _to_space(joined, middle, third)]
        pieces.append(joined[len(joined) - third :])
        return " ".join(pieces)
    count, last = min(_SLICES, len(lines)), len(lines) - 1
    size = limit // count
    chosen = [lines[index * last // (count - 1)] for index in range(count)]
    return " ".join([line if len(line) <= size else _to_space(line, 0, size) for line in chosen])


def _to_space(line: str, start: int, length: int) -> str:
    """Return about `length` characters from `start`, ending where a word ends."""
    if start + length >= len(line):
        return line[start:]
    end = line.find(" ", start + length, start + length + 30)
    return line[start : end if end > 0 else start + length]
