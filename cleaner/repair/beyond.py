"""What ftfy leaves: soft hyphens, invisible characters, direction marks, odd spaces, stacked marks.

Each function maps the text of one line to its repaired text and looks at nothing but that line.
Joiners (U+200C, U+200D), variation selectors and Jamo fillers are letters of their scripts and stay.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleaner.document import Level

__all__ = ["ACTED_ON", "MARKS", "ODD_SPACES", "STACKED", "steps_for"]

ODD_SPACES = "\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
_INVISIBLE = "\u200b\u2060-\u2064\u3164"
_MARKS = "\u200e\u200f\u061c"
_EMBEDDINGS = "\u202a-\u202e\u2066-\u2069"
_BULLET = "\uf0b7"
_BOXES = "\u252c\u251c"
ACTED_ON = f"\xad{_INVISIBLE}{_MARKS}{_EMBEDDINGS}{ODD_SPACES}{_BULLET}{_BOXES}"
"""Members of a character class: every character below U+10000 that a step here may change."""

_SPACE = re.compile(f"[{ODD_SPACES}]")
_INVISIBLE_ANY = re.compile(f"[{_INVISIBLE}\U000e0000-\U000e007f]")
_INVISIBLE_GOES = re.compile(
    # A regional flag is U+1F3F4, tags that spell its code, and the end tag: those tags stay.
    f"(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{{1,7}}\U000e007f)"
    f"|[{_INVISIBLE}\U000e0000-\U000e007f]"
)
_INVISIBLE_BUT_BREAKS = re.compile(_INVISIBLE_GOES.pattern.replace("\u200b", ""))
_BREAKS_BY_ZERO_WIDTH = re.compile(
    "[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19ff\u1a20-\u1aaf\u1b00-\u1b7f\ua980-\uaadf]"
)
"""Thai, Lao, Tibetan, Myanmar, Khmer, the Tai scripts, Balinese, Javanese, Cham: they write no spaces
between words, and U+200B marks where one ends."""

_DIRECTION = re.compile(f"[{_MARKS}{_EMBEDDINGS}]")
_EMBEDDING = re.compile(f"[{_EMBEDDINGS}]")
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)

_CONTINUATION = bytes(range(0x80, 0xC0)).decode("cp437")
_BOXED = re.compile(
    f"(?<![\u2500-\u259f])[{_BOXES}][{re.escape(_CONTINUATION)}](?=[A-Za-z])"
    f"|(?<=[A-Za-z])[{_BOXES}][{re.escape(_CONTINUATION)}]"
)
"""UTF-8 read as code page 437 (`┬┐que`, `caf├⌐`): a letter stands beside it, as beside no drawn box."""
_BOXED_SIGNS = "¡¿«»ªº°"

MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d2\u20d3\u20e5\u20e6\u20ea\u20eb"
_STACKED_MARK = re.compile(f"[{MARKS}]")
STACKED = re.compile(f"(?:[^\n{MARKS}][{MARKS}]+){{4,}}")
"""Four characters in a row with marks that NFC cannot compose: no orthography asks for that. Stress,
tone and phonetic marks stand on one or two; `áéíóú` has none left after NFC."""


def drop_soft_hyphens(line: str, _level: Level) -> str:
    """Delete U+00AD, a hint for the typesetter of another page."""
    return line.replace("\xad", "")


def drop_invisible(line: str, _level: Level) -> str:
    """Delete zero-width spaces and fillers that carry nothing in the script of the line."""
    if not _INVISIBLE_ANY.search(line):
        return line
    goes = _INVISIBLE_BUT_BREAKS if _BREAKS_BY_ZERO_WIDTH.search(line) else _INVISIBLE_GOES
    return goes.sub(r"\1", line)


def drop_direction(line: str, _level: Level) -> str:
    """Delete direction embeddings, and direction marks where the line has no right-to-left letter."""
    if not _DIRECTION.search(line):
        return line
    return (_EMBEDDING if _RIGHT_TO_LEFT.search(line) else _DIRECTION).sub("", line)


def plain_spaces(line: str, _level: Level) -> str:
    """Turn odd spaces into spaces, one for one."""
    return _SPACE.sub(" ", line)


def plain_bullet(line: str, _level: Level) -> str:
    """Turn the bullet of the Symbol font, as word processors export it, into U+2022."""
    return line.replace(_BULLET, "•")


def reread_boxes(line: str, _level: Level) -> str:
    """Turn two box-drawing characters that are one letter of UTF-8 into it, where ftfy sees no mojibake."""
    return _BOXED.sub(_reread, line) if any(box in line for box in _BOXES) else line


def _reread(match: re.Match[str]) -> str:
    char = match.group().encode("cp437").decode("utf-8")
    return char if char.isalpha() or char in _BOXED_SIGNS else match.group()


def drop_stacked_marks(line: str, level: Level) -> str:
    """Delete marks put on every letter as decoration or obfuscation, from `balanced` on."""
    if level == "safe":
        return line
    return STACKED.sub(lambda run: _STACKED_MARK.sub("", run.group()), line)


def strip_end(line: str, _level: Level) -> str:
    """Drop the spaces at the end of the line."""
    return line.rstrip()


_STEPS: tuple[tuple[str, Callable[[str, Level], str]], ...] = (
    ("repair/mojibake", reread_boxes),
    ("repair/soft-hyphen", drop_soft_hyphens),
    ("repair/invisible", drop_invisible),
    ("repair/bidi", drop_direction),
    ("repair/space", plain_spaces),
    ("repair/bullet", plain_bullet),
    ("repair/combining-marks", drop_stacked_marks),
    ("repair/trailing-space", strip_end),
)


def steps_for(line: str) -> tuple[tuple[str, Callable[[str, Level], str]], ...]:
    """Return the named steps that can change `line`."""
    return _STEPS[-1:] if line.isascii() else _STEPS
