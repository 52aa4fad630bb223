"""Bytes to text: the order of certainty, declarations, binary data, and bytes that fit nothing."""

from __future__ import annotations

import codecs
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.decoding import Decoded, decode, describe_binary

RUSSIAN = "Вчера вечером в городе шёл сильный дождь, и многие улицы оказались под водой. "
GERMAN = "Über Nacht fiel in den Höhen der erste Schnee, größere Störungen blieben aus. "
JAPANESE = "昨日の夜、町では強い雨が降り、多くの道が水に浸かりました。"
CHINESE = "昨天晚上城里下了大雨，许多街道都被水淹了。天气预报说明天会放晴。"
KOREAN = "어제 저녁 도시에 많은 비가 내려 여러 거리가 물에 잠겼습니다. "
FRENCH = "L’été dernier, la ville a réparé près de vingt façades abîmées. "


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-32-le", codecs.BOM_UTF32_LE),
        ("utf-32-be", codecs.BOM_UTF32_BE),
    ],
)
@pytest.mark.parametrize("text", [RUSSIAN, GERMAN, JAPANESE, ""])
def test_byte_order_mark(encoding: str, mark: bytes, text: str) -> None:
    assert decode(mark + text.encode(encoding)) == Decoded(text, encoding, "bom", None, 0)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize(
    "text", [RUSSIAN, GERMAN, "plain ASCII text\n", JAPANESE + "\n", CHINESE * 3, KOREAN * 2]
)
def test_wide_encodings_without_a_mark(encoding: str, text: str) -> None:
    found = decode(text.encode(encoding))
    assert (found.text, found.encoding, found.method) == (text, encoding, "nul-pattern")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN * 3, "cp1252"),
        (FRENCH * 3, "cp1252"),
        (RUSSIAN * 2, "cp1251"),
        (RUSSIAN * 2, "koi8-r"),
        (JAPANESE * 3, "cp932"),
        (JAPANESE * 3, "euc_jp"),
        (CHINESE * 3, "gb18030"),
        (KOREAN * 3, "cp949"),
    ],
)
def test_detector_reads_legacy_encodings(text: str, encoding: str) -> None:
    found = decode(text.encode(encoding))
    assert (found.text, found.method, found.bad_bytes) == (text, "detector", 0)
    assert found.confidence is not None


def test_utf_8_never_reaches_a_detector() -> None:
    assert decode(RUSSIAN.encode()) == Decoded(RUSSIAN, "utf-8", "utf-8", None, 0)
    assert decode(b"plain") == Decoded("plain", "utf-8", "utf-8", None, 0)


def test_utf_8_with_bad_bytes_keeps_its_characters() -> None:
    data = RUSSIAN.encode() + b"caf\xe9 \x93quoted\x94"
    assert decode(data) == Decoded(RUSSIAN + "café “quoted”", "utf-8", "mostly-utf-8", None, 3)


def test_character_cut_off_at_the_end_is_lost_and_said_so() -> None:
    found = decode(GERMAN.encode() + "ü".encode()[:1])
    assert (found.text, found.bad_bytes) == (GERMAN + "\ufffd", 1)


def test_surrogate_pairs_and_java_nul_in_utf_8_are_read_as_meant() -> None:
    data = GERMAN.encode() + b"\xed\xa0\xbd\xed\xb8\x80\xc0\x80"
    assert decode(data).text == GERMAN + "😀\0"


def test_one_odd_byte_is_windows_1252() -> None:
    assert decode(b"\xe9").text == "é"


@pytest.mark.parametrize("encoding", ["iso2022_jp", "iso2022_kr"])
def test_iso_2022_is_not_taken_for_ascii(encoding: str) -> None:
    text = JAPANESE if encoding.endswith("jp") else KOREAN
    assert decode(text.encode(encoding)) == Decoded(text, encoding, "iso-2022", None, 0)


def test_terminal_escapes_are_ascii() -> None:
    assert decode(b"\x1b[1mbold\x1b[0m").method == "utf-8"


def page(head: str, text: str, encoding: str) -> bytes:
    return f"<html><head>{head}</head><body>{text}</body></html>".encode(encoding)


@pytest.mark.parametrize(
    "head",
    [
        '<meta charset="windows-1251">',
        "<META http-equiv=Content-Type content='text/html; charset=windows-1251'>",
        "<!--" + "-" * 2000 + "--><meta charset=cp1251>",
    ],
)
def test_html_declares_its_encoding(head: str) -> None:
    found = decode(page(head, "Да", "cp1251"), html=True)
    assert (found.encoding, found.method) == ("cp1251", "declared")
    assert "Да" in found.text


def test_xml_declaration() -> None:
    data = '<?xml version="1.0" encoding="koi8-r"?><p>Да</p>'.encode("koi8-r")
    assert decode(data, html=True).text.endswith("<p>Да</p>")


def test_http_charset_comes_before_meta_and_bytes_before_both() -> None:
    data = page('<meta charset="koi8-r">', "Да", "cp1251")
    assert decode(data, declared="Windows-1251", html=True).encoding == "cp1251"
    assert (
        decode(page('<meta charset="koi8-r">', "Да", "utf-8"), declared="latin1", html=True).encoding
        == "utf-8"
    )


@pytest.mark.parametrize(
    "declared", ["utf-8", "hex", "rot13", "none such", "", "idna", "x-user-defined", "\0"]
)
def test_declaration_that_cannot_be_is_passed_over(declared: str) -> None:
    found = decode((GERMAN * 2).encode("cp1252"), declared=declared)
    assert (found.text, found.method) == (GERMAN * 2, "detector")


def test_declared_latin_1_is_windows_1252() -> None:
    assert decode(b"\x93quoted\x94", declared="ISO-8859-1").text == "“quoted”"


BINARY = {
    "PNG image": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde",
    "gzip data": b"\x1f\x8b\x08\0\0\0\0\0\0\x03" + zlib.compress(b"text" * 50),
    "PDF document": b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n",
    "zip archive (or docx, xlsx, epub)": b"PK\x03\x04\x14\0\0\0\x08\0" + bytes(range(64)),
    "binary data": bytes(range(32)) * 20,
}


@pytest.mark.parametrize("name", BINARY)
def test_binary_data_is_no_text(name: str) -> None:
    assert decode(BINARY[name]) == Decoded("", None, "binary", None, 0)
    assert describe_binary(BINARY[name]) == name


def test_a_stray_nul_does_not_make_a_text_binary() -> None:
    assert decode(b"hello\0world").text == "hello\0world"


def test_nothing_is_empty() -> None:
    assert decode(b"") == Decoded("", None, "empty", None, 0)


@given(
    st.one_of(
        st.binary(max_size=200),
        st.tuples(
            st.sampled_from([codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, b"\x1b$B"]),
            st.binary(),
        ).map(b"".join),
        st.tuples(st.text(), st.sampled_from(["utf-8", "utf-16", "utf-16-be", "utf-32-le", "utf-7"])).map(
            lambda pair: pair[0].encode(pair[1])
        ),
        st.tuples(st.text(), st.binary(max_size=3), st.text()).map(
            lambda x: x[0].encode() + x[1] + x[2].encode()
        ),
    ),
    st.one_of(
        st.none(), st.text(max_size=12), st.sampled_from(["gbk", "big5", "utf-7", "shift_jis", "euc-kr"])
    ),
    st.booleans(),
)
def test_decoding_never_raises_and_leaves_no_surrogates(
    data: bytes, declared: str | None, html: bool
) -> None:
    found = decode(data, declared=declared, html=html)
    found.text.encode("utf-8")
    assert found.bad_bytes >= 0
    assert (found.encoding is None) == (found.method in ("empty", "binary"))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_utf_8_is_read_back(text: str) -> None:
    data = text.encode()
    assert decode(data).text == text.removeprefix("\ufeff")
