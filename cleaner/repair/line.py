"""One line, repaired until nothing changes any more.

A line is its own text: nothing a neighbour holds decides what happens to it. The rule engine deletes
whole lines later, and what remains must be as repaired as before.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.repair.badness import is_bad
from cleaner.repair.beyond import steps_for
from cleaner.repair.classes import composed, is_composed
from cleaner.repair.steps import main_step

if TYPE_CHECKING:
    from collections.abc import Callable

    from cleaner.document import Level

__all__ = ["LINE_END", "Fixed", "as_ftfy", "fix_line"]

LINE_END = re.compile("\r\n|[\n\r\v\f\u2028\u2029]")
"""Line ends. NEL (U+0085) is one only where the document uses it so, see `cleaner.repair.layout`."""

_PIECE = 100_000
"""Characters of a line that ftfy sees at once, which bounds what one line can cost."""
_AMPERSANDS = re.compile(r"&(?:(?:amp|AMP|#0{0,20}38|#[xX]0{0,20}26);){2,}")
"""`&amp;amp;amp;`: ftfy takes one level a pass, which is quadratic in the length of the chain."""
_PAIRED = re.compile(
    r"&#(x)(d[89ab][0-9a-f]{2});&#x(d[c-f][0-9a-f]{2});|&#()(5[5-7]\d{3});&#(5[5-7]\d{3});", re.IGNORECASE
)


class Fixed(NamedTuple):
    """The repaired text of a line (it may have become several) and the step the edit is named after."""

    text: str
    rule: str


def fix_line(line: str, level: Level) -> Fixed:
    """Repair one line, given without its line end."""
    rules: set[str] = set()
    text = _settle(line, level, rules)
    return Fixed(text, main_step(rules) if rules else "")


def _settle(line: str, level: Level, rules: set[str]) -> str:
    while True:
        seen = _in_pieces(line, rules)
        fixed = _beyond_ftfy(seen, level, rules)
        if fixed == line or (fixed == seen and len(line) <= _PIECE and "\n" not in fixed):
            return fixed  # `as_ftfy` has come to its own fixed point, and nothing was added to it
        lines = LINE_END.split(fixed)
        if len(lines) > 1:
            return "\n".join([_settle(part, level, rules) for part in lines])
        line = fixed


def _in_pieces(line: str, rules: set[str]) -> str:
    """Hand the line to ftfy, long ones in pieces.

    The pieces of a repaired line begin elsewhere, so the next pass may see more; `_settle` goes on
    until a pass changes nothing, and that is a fixed point however the pieces fall.
    """
    if len(line) <= _PIECE:
        return as_ftfy(line, rules)
    unescape = "<" not in line
    pieces = [line[start : start + _PIECE] for start in range(0, len(line), _PIECE)]
    return "".join([as_ftfy(piece, rules, unescape=unescape) for piece in pieces])


def _beyond_ftfy(line: str, level: Level, rules: set[str]) -> str:
    for rule, step in steps_for(line):
        fixed = step(line, level)
        if fixed != line:
            rules.add(rule)
            line = fixed
    return line


def as_ftfy(line: str, rules: set[str], *, unescape: bool = True) -> str:
    """Return what `ftfy.fix_and_explain` makes of the line, adding the steps it took to `rules`.

    The steps are ftfy's own functions in ftfy's order, repeated until nothing changes; each is called
    only where it can act. Two things differ: a chain of `amp;` is collapsed at once, and surrogates
    written as two numeric entities are joined before ftfy makes two U+FFFD of them.
    """
    # ftfy sees a line with its line end, and "œ\n" is a sign of mojibake to it.
    text = line + "\n"
    unescape = unescape and "<" not in line
    while True:
        before = text
        for rule, acts, step in _ftfy_steps():
            if acts(text) and (unescape or rule != "repair/entity"):
                fixed = step(text)
                if fixed != text:
                    rules.add(rule)
                    text = fixed
        if text == before:
            return text.removesuffix("\n")


@cache
def _ftfy_steps() -> tuple[tuple[str, Callable[[str], Any], Callable[[str], str]], ...]:
    """Return ftfy's steps: the rule, a cheap test whether it can act, and the step."""
    import ftfy
    from ftfy import chardata, fixes

    config = ftfy.TextFixerConfig(
        uncurl_quotes=False, fix_character_width=False, normalization="NFC", explain=True
    )

    def fix_encoding(text: str) -> str:
        return str(ftfy.fix_encoding_and_explain(text, config).text)

    def unescape_html(text: str) -> str:
        text = _PAIRED.sub(_join_surrogates, _AMPERSANDS.sub("&amp;", text))
        return str(fixes.unescape_html(text))

    ligatures = re.compile("[" + "".join(map(chr, chardata.LIGATURES)) + "]")
    controls = re.compile("[" + "".join(re.escape(chr(code)) for code in chardata.CONTROL_CHARS) + "]")
    return (
        ("repair/entity", chardata.HTML_ENTITY_RE.search, unescape_html),
        ("repair/mojibake", is_bad, fix_encoding),
        ("repair/mojibake", chardata.C1_CONTROL_RE.search, fixes.fix_c1_controls),
        ("repair/ligature", ligatures.search, fixes.fix_latin_ligatures),
        ("repair/line-end", re.compile("[\r\u2028\u2029\x85]").search, fixes.fix_line_breaks),
        ("repair/surrogate", fixes.SURROGATE_RE.search, fixes.fix_surrogates),
        ("repair/control", fixes.ANSI_RE.search, fixes.remove_terminal_escapes),
        ("repair/control", controls.search, fixes.remove_control_chars),
        ("repair/normalization", _is_composable, _compose),
    )


def _is_composable(text: str) -> bool:
    return not is_composed(text)


def _compose(text: str) -> str:
    return composed(text)


def _join_surrogates(match: re.Match[str]) -> str:
    if match.group(1):
        high, low = int(match.group(2), 16), int(match.group(3), 16)
    else:
        high, low = int(match.group(5)), int(match.group(6))
    if not (0xD800 <= high < 0xDC00 <= low < 0xE000):
        return match.group()
    return chr(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
