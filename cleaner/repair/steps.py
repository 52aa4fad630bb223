"""The steps of repair by name: what each changes, and what is only reported."""

from __future__ import annotations

__all__ = ["FLAGS", "STEPS", "main_step"]

STEPS: dict[str, str] = {
    "repair/mojibake": "Text that was decoded in the wrong encoding reads as it was written (`Ã¼` becomes `ü`)",
    "repair/entity": "HTML entities left in plain text become the characters they name",
    "repair/surrogate": "Surrogate pairs become their character, lone ones U+FFFD: no file format accepts them",
    "repair/control": "Control characters and terminal escapes go",
    "repair/combining-marks": "Marks on every letter (struck-out, stacked) go; from `balanced` on",
    "repair/ligature": "Latin ligatures and digraphs become their letters (`ﬁ` becomes `fi`)",
    "repair/bullet": "The private-use bullet of the Symbol font becomes a bullet",
    "repair/normalization": "Composed characters (Unicode NFC)",
    "repair/soft-hyphen": "Soft hyphens go",
    "repair/invisible": "Zero-width spaces (kept in Thai, Khmer, Javanese and other scripts without spaces), word joiners, fillers and stray tags go",
    "repair/bidi": "Direction marks go where no right-to-left letter stands, direction embeddings everywhere",
    "repair/space": "No-break, thin, wide and other odd spaces become a space",
    "repair/line-end": "Every line end becomes a line feed",
    "repair/trailing-space": "Spaces at the end of a line go",
    "repair/blank-lines": "Blank lines at the head and the tail go, several in a row become one",
}
"""Steps that change text, in the order of their claim to name an edit that several steps share."""

FLAGS: dict[str, str] = {
    "repair/replacement": "Characters lost to U+FFFD: nothing can bring them back",
    "repair/lost-letter": "A question mark inside a word, where a letter was lost",
    "repair/private-use": "Private-use characters: icons of a font that is not here",
    "repair/control-left": "C1 control characters that no repair explains",
    "repair/homoglyph": "A word of Latin and Cyrillic or Greek letters",
    "repair/escape": "Escapes left as they were written: `\\u00e9`, `%C3%A9`, `=C3=A9`",
    "repair/wrong-charset": "Words of accented letters alone: a single-byte encoding read as another (`Ïðèâåò`)",
    "repair/bidi-override": "A direction override, which can make a text read unlike what it holds",
    "repair/math-letters": "Words of mathematical letters, used as fonts",
    "repair/stacked-marks": "Marks on every letter, left alone below `balanced`",
    "repair/hard-wrap": "Lines broken at one width, as in old mail",
}
"""Findings that are reported and left alone."""

_ORDER = {rule: place for place, rule in enumerate(STEPS)}


def main_step(rules: set[str]) -> str:
    """Return the one of several steps after which a shared edit is named: the first in `STEPS`."""
    return min(rules, key=_ORDER.__getitem__)
