"""Bytes to text: which encoding, how it was found, and how many bytes did not fit it.

The order is the order of certainty: a byte order mark, the NUL pattern of UTF-16 and UTF-32, strict
UTF-8 (ISO-2022 when it is ASCII with escapes), UTF-8 with a few bad bytes, what the source declares,
and a statistical detector last. Real pages that are not valid UTF-8 are most often UTF-8 with one to
four bad bytes, and every detector turns those into mojibake; that is why the detector comes last.

Methods, as `Decoded.method` names them:

- `empty`: no bytes.
- `bom`: a byte order mark.
- `nul-pattern`: UTF-16 or UTF-32 without a mark.
- `utf-8`: valid UTF-8 (ASCII included).
- `iso-2022`: ASCII bytes with the escapes of ISO-2022-JP or ISO-2022-KR.
- `mostly-utf-8`: more valid UTF-8 characters than bad bytes; the bad bytes are read as windows-1252.
- `declared`: the HTTP charset, or for HTML the meta element or XML declaration.
- `detector`: chardet, or windows-1252 when it has no answer.
- `binary`: not text; `text` is empty, `encoding` None, and `describe_binary` says what it is.
"""

from __future__ import annotations

from cleaner.decoding.binary import describe_binary, is_binary
from cleaner.decoding.legacy import decode_declared, decode_detected
from cleaner.decoding.result import Decoded
from cleaner.decoding.unicode import decode_bom, decode_iso_2022, decode_mostly_utf_8, decode_nul_pattern

__all__ = ["Decoded", "decode", "describe_binary"]

_ESCAPE = b"\x1b"


def decode(data: bytes, *, declared: str | None = None, html: bool = False) -> Decoded:
    """Return the text of `data` with its encoding and how that was found.

    Never raises, and takes time linear in the size of `data`. The text holds no lone surrogates.

    Args:
        data: the bytes as they were stored or fetched, already decompressed.
        declared: the charset the source names (HTTP header, WARC record), any WHATWG label.
        html: look for a meta element or XML declaration in the first 4096 bytes too.

    """
    if not data:
        return Decoded("", None, "empty", None, 0)
    return decode_bom(data) or decode_nul_pattern(data) or _decode_text(data, declared=declared, html=html)


def _decode_text(data: bytes, *, declared: str | None, html: bool) -> Decoded:
    if is_binary(data):
        return Decoded("", None, "binary", None, 0)
    if _ESCAPE in data and data.isascii() and (found := decode_iso_2022(data)):
        return found
    try:
        return Decoded(data.decode("utf-8"), "utf-8", "utf-8", None, 0)
    except UnicodeDecodeError:
        pass
    return (
        decode_mostly_utf_8(data)
        or decode_declared(data, declared=declared, html=html)
        or decode_detected(data)
    )
