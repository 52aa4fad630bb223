"""The Unicode encodings: marks, NUL patterns, ISO-2022, and UTF-8 with a few bad bytes."""

from __future__ import annotations

import codecs
import re
import unicodedata

from cleaner.decoding.binary import is_binary
from cleaner.decoding.result import Decoded

__all__ = ["decode_bom", "decode_iso_2022", "decode_mostly_utf_8", "decode_nul_pattern"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_HEAD = 4096
_MIN_SHARE = 0.5
"""Valid characters among valid characters and bad bytes. Legacy files reach .444, broken UTF-8 .96."""
_HIGH_BYTES = bytes(range(0x80, 0x100))
_CESU = re.compile(rb"\xed([\xa0-\xaf][\x80-\xbf])\xed([\xb0-\xbf][\x80-\xbf])")
_CUT = re.compile(rb"(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})\Z")
_BAD_UTF_8 = "cleaner.bad-utf-8"


def decode_bom(data: bytes) -> Decoded | None:
    """Decode by the byte order mark, which the text does not keep; None when there is none.

    A mark that the rest contradicts (an image that happens to begin with FF FE) counts as none.
    """
    for mark, encoding in _BOMS:
        if not data.startswith(mark):
            continue
        body = data[len(mark) :]
        if encoding == "utf-8":
            return _decode_marked_utf_8(data)
        text = body.decode(encoding, "replace")
        bad = text.count("\ufffd") - body.count("\ufffd".encode(encoding))
        if bad <= 1 or _is_plausible(text[:_HEAD], strict=False):
            return Decoded(text, encoding, "bom", None, max(bad, 0))
    return None


def _decode_marked_utf_8(data: bytes) -> Decoded | None:
    try:
        return Decoded(data[3:].decode("utf-8"), "utf-8", "bom", None, 0)
    except UnicodeDecodeError:
        found = decode_mostly_utf_8(data)  # the mark itself counts as one valid character
    return found._replace(text=found.text[1:], method="bom") if found else None


def decode_nul_pattern(data: bytes) -> Decoded | None:
    """Decode UTF-32 and UTF-16 without a mark; None when the bytes do not look like it.

    ASCII characters show as NULs at every second or fourth byte. Chinese or Japanese text has few of
    them, so a candidate is believed when what it decodes to is plausible as a whole.
    """
    head = data[:_HEAD]
    if len(data) % 2 or (b"\0" not in head and not is_binary(data)):
        return None
    for encoding, width in (("utf-32-le", 4), ("utf-32-be", 4), ("utf-16-le", 2), ("utf-16-be", 2)):
        if len(data) % width or not _has_pattern(head, encoding):
            continue
        cut = len(head) - len(head) % width
        sample = codecs.getincrementaldecoder(encoding)("strict")
        try:
            text = sample.decode(head[:cut])
        except UnicodeDecodeError:
            continue
        if _is_plausible(text, strict=True):
            whole = data.decode(encoding, "replace")
            bad = whole.count("\ufffd") - data.count("\ufffd".encode(encoding))
            return Decoded(whole, encoding, "nul-pattern", None, max(bad, 0))
    return None


def _has_pattern(head: bytes, encoding: str) -> bool:
    """Tell whether the NULs of `head` stand where the high bytes of ASCII do in this encoding."""
    if encoding.startswith("utf-32"):
        top = head[3::4] if encoding.endswith("le") else head[0::4]
        return not top.strip(b"\0")
    high, low = (head[1::2], head[0::2]) if encoding.endswith("le") else (head[0::2], head[1::2])
    return 2 * low.count(0) <= high.count(0)  # some characters beyond ASCII end in a NUL too


def _is_plausible(text: str, *, strict: bool) -> bool:
    """Tell whether `text` is made of what texts are made of.

    Strict: next to no controls, private or unassigned characters, and at most 2 rare ones in 100.
    """
    if not text:
        return False
    odd = rare = 0
    for char in text:
        code = ord(char)
        if char in "\t\n\r\f\v\ufeff" or 0x20 <= code < 0x7F:
            continue
        category = unicodedata.category(char)
        if category in ("Cc", "Cn", "Co", "Cs") or char == "\ufffd":
            odd += 1
        elif strict and not _is_usual(code):
            rare += 1
    return odd <= 0.02 * len(text) and rare <= 0.05 * len(text)


_USUAL = (
    (0xA0, 0x24F), (0x300, 0x6FF), (0x900, 0xEFF), (0x10A0, 0x11FF), (0x1E00, 0x22FF), (0x2500, 0x26FF),
    (0x3000, 0x30FF), (0x3100, 0x312F), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xFF00, 0xFFEF), (0x1F300, 0x1FAFF),
)  # fmt: skip


def _is_usual(code: int) -> bool:
    return any(low <= code <= high for low, high in _USUAL)


def decode_iso_2022(data: bytes) -> Decoded | None:
    """Decode ASCII bytes with ISO-2022 escapes; None when they are no such text."""
    if b"\x1b$)C" in data:
        encodings: tuple[str, ...] = ("iso2022_kr",)
    elif b"\x1b$" in data or b"\x1b(J" in data or b"\x1b(I" in data:
        encodings = ("iso2022_jp", "iso2022_jp_2", "iso2022_jp_ext", "iso2022_jp_2004")
    else:
        return None
    for encoding in encodings:
        try:
            return Decoded(data.decode(encoding), encoding, "iso-2022", None, 0)
        except UnicodeDecodeError:
            continue
    return None


def decode_mostly_utf_8(data: bytes) -> Decoded | None:
    """Decode UTF-8 with bad bytes in it; None when bad bytes are as many as valid characters.

    Bad bytes are read as windows-1252; a character cut off at the very end becomes U+FFFD; CESU-8
    pairs and the two-byte NUL of Java are read as what they mean.
    """
    valid = data.decode("utf-8", "ignore")
    bad = len(data) - len(valid.encode("utf-8"))
    characters = len(valid) - len(data.translate(None, _HIGH_BYTES))
    pairs = len(_CESU.findall(data)) if b"\xed" in data else 0
    nulls = data.count(b"\xc0\x80")
    characters += pairs + nulls
    bad -= 6 * pairs + 2 * nulls
    if characters <= _MIN_SHARE * (characters + bad):
        return None
    if nulls:
        data = data.replace(b"\xc0\x80", b"\0")
    if pairs:
        data = _CESU.sub(_join_pair, data)
    cut = _CUT.search(data[-3:])
    tail = ""
    if cut:
        data, tail = data[: len(data) - len(cut.group())], "\ufffd"
    return Decoded(data.decode("utf-8", _BAD_UTF_8) + tail, "utf-8", "mostly-utf-8", None, bad)


def _join_pair(match: re.Match[bytes]) -> bytes:
    return (
        match.group()
        .decode("utf-8", "surrogatepass")
        .encode("utf-16-le", "surrogatepass")
        .decode("utf-16-le")
        .encode()
    )


def _read_as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    bad = error.object[error.start : error.end]
    return "".join([_WINDOWS_1252[byte] for byte in bad]), error.end


_WINDOWS_1252 = [
    bytes([byte]).decode("cp1252", "replace").replace("\ufffd", chr(byte)) for byte in range(256)
]
codecs.register_error(_BAD_UTF_8, _read_as_windows_1252)
