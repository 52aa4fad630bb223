"""The encodings from before Unicode: what a source declares, else what a detector makes of the bytes."""

from __future__ import annotations

import codecs
import re

from cleaner.decoding.result import Decoded

__all__ = ["codec_of", "decode_declared", "decode_detected"]

_META_HEAD = 4096
"""Bytes searched for a declaration. 120 of 1,214 real pages declare theirs beyond byte 1024."""
_META = re.compile(rb"""<meta[^>]{0,512}?charset\s*=\s*["']?\s*([\w:.-]{2,40})""", re.IGNORECASE)
_XML = re.compile(rb"""\A\s*<\?xml[^>]{0,256}?encoding\s*=\s*["']\s*([\w:.-]{2,40})""", re.IGNORECASE)
_SAMPLE = 200_000
_UNSURE = 0.2
"""Confidence below which an encoding hardly ever met (hp-roman8, cp737) gives way to a usual one."""
_USUAL = (
    "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "cp866",
    "iso8859-1", "iso8859-2", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8", "iso8859-9", "iso8859-13",
    "iso8859-15", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic", "cp932", "shift_jis_2004", "euc_jis_2004",
    "cp949", "euc_kr", "gb18030", "big5hkscs",
)  # fmt: skip
_DECLARED_BAD_SHARE = 0.01
"""Bad bytes among all non-ASCII bytes, above which a declaration is not believed."""
_BAD_BYTE = "cleaner.bad-byte"

_SUPERSETS = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "hz": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
    "johab": "johab", "big5": "big5hkscs",
}  # fmt: skip
"""Labels are used loosely: a text is decoded by the widest codec that agrees with the label."""
_WHATWG = {
    "x-sjis": "cp932", "windows-31j": "cp932", "ms_kanji": "cp932", "csshiftjis": "cp932", "x-gbk": "gb18030",
    "x-euc-jp": "euc_jp", "windows-949": "cp949", "ks_c_5601-1987": "cp949", "ks_c_5601-1989": "cp949",
    "ksc5601": "cp949", "korean": "cp949", "windows-874": "cp874", "dos-874": "cp874", "x-x-big5": "big5hkscs",
    "big5-hkscs": "big5hkscs", "x-mac-roman": "mac_roman", "macintosh": "mac_roman", "mac": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic", "x-mac-ukrainian": "mac_cyrillic", "iso-8859-8-i": "iso8859-8",
    "logical": "iso8859-8", "visual": "iso8859-8", "koi": "koi8-r", "koi8": "koi8-r", "koi8-ru": "koi8-u",
    "x-cp1250": "cp1250", "x-cp1251": "cp1251", "x-cp1252": "cp1252", "x-cp1253": "cp1253", "x-cp1254": "cp1254",
    "x-cp1255": "cp1255", "x-cp1256": "cp1256", "x-cp1257": "cp1257", "x-cp1258": "cp1258", "chinese": "gb18030",
    "gb_2312-80": "gb18030", "iso-ir-58": "gb18030", "cp-1251": "cp1251", "win-1251": "cp1251", "win1251": "cp1251",
    "unicode-1-1-utf-8": "utf-8", "sun_eu_greek": "iso8859-7", "iso-8859-1": "cp1252", "latin1": "cp1252",
}  # fmt: skip
_NOT_DECLARABLE = {
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-32-le",
    "utf-32-be",
    "utf-7",
    "utf-8-sig",
}
"""Answers that the bytes have already contradicted."""


def codec_of(label: str) -> str | None:
    """Return the Python codec for a charset label; None for no text encoding or a Unicode one."""
    label = label.strip().strip("\"'").lower()
    name = _WHATWG.get(label, label)
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # codecs.lookup also finds "hex" and "rot13", which are no encodings of text.
    if not getattr(found, "_is_text_encoding", True) or found.name in _NOT_DECLARABLE:
        return None
    if found.name in ("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"):
        return None
    return _SUPERSETS.get(found.name, found.name)


def decode_declared(data: bytes, *, declared: str | None, html: bool) -> Decoded | None:
    """Decode as the source declares; None when it declares nothing that fits the bytes."""
    for label in _labels(data, declared=declared, html=html):
        codec = codec_of(label)
        if codec is None:
            continue
        found = _decode_with(data, codec, "declared", None)
        if found.bad_bytes <= _DECLARED_BAD_SHARE * _count_high(data):
            return found
    return None


def _labels(data: bytes, *, declared: str | None, html: bool) -> list[str]:
    labels = [declared] if declared else []
    if html:
        head = data[:_META_HEAD]
        labels += [m.group(1).decode("ascii", "ignore") for rx in (_XML, _META) if (m := rx.search(head))]
    return labels


def decode_detected(data: bytes) -> Decoded:
    """Decode by chardet's answer on a sample around the first non-ASCII byte; windows-1252 for none."""
    import chardet

    first = _HIGH.search(data)
    start = max(0, first.start() - 1000) if first else 0
    start = data.find(b"\n", start, first.start()) + 1 or start if first and start else start
    sample = data[start : start + _SAMPLE]
    answer = chardet.detect(sample)
    if (answer["confidence"] or 0.0) < _UNSURE and codec_of(answer["encoding"] or "") not in _USUAL:
        answer = chardet.detect(sample, include_encodings=_USUAL)
    codec = codec_of(answer["encoding"] or "") or "cp1252"
    return _decode_with(data, codec, "detector", float(answer["confidence"] or 0.0))


_HIGH = re.compile(rb"[\x80-\xff]")
_ASCII = bytes(range(0x80))


def _count_high(data: bytes) -> int:
    return len(data.translate(None, _ASCII))


def _decode_with(data: bytes, codec: str, method: str, confidence: float | None) -> Decoded:
    try:
        return Decoded(data.decode(codec), codec, method, confidence, 0)
    except UnicodeDecodeError:
        pass
    text = data.decode(codec, _BAD_BYTE)
    bad = sum(text.count(chr(code)) for code in range(_PLACE, _PLACE + 0x100))
    return Decoded(text.translate(_PLACES) if bad else text, codec, method, confidence, bad)


_PLACE = 0xDC00
_PLACES = {_PLACE + byte: chr(byte) if byte < 0xA0 else "\ufffd" for byte in range(0x100)}
"""Bytes a single-byte codec leaves open become the C1 control of the same number, as browsers read them."""


def _mark_bad_bytes(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    return "".join([chr(_PLACE + byte) for byte in error.object[error.start : error.end]]), error.end


codecs.register_error(_BAD_BYTE, _mark_bad_bytes)
