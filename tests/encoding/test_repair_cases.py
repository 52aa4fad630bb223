"""What each step changes, what it must leave alone, and what is only reported. All texts are our own."""

from __future__ import annotations

import unicodedata

import pytest

from cleaner.document import LEVELS
from cleaner.repair import FLAGS, STEPS, classes, repair

CHANGED = [
    ("repair/mojibake", "Der KÃ¶nig wÃ¤hlt", "Der König wählt"),
    ("repair/mojibake", "Ð´Ð¾Ð¶Ð´ÑŒ Ð¸ Ð²ÐµÑ‚ÐµÑ€", "дождь и ветер"),
    ("repair/mojibake", "It was â€œfineâ€\x9d", "It was “fine”"),
    ("repair/mojibake", "a lamp\x92s glow", "a lamp’s glow"),
    ("repair/mojibake", "┬┐vienes o no?", "¿vienes o no?"),
    ("repair/mojibake", "un caf├⌐ largo", "un café largo"),
    ("repair/entity", "bread &amp; butter", "bread & butter"),
    ("repair/entity", "a &amp;amp;amp;lt; b", "a < b"),
    ("repair/entity", "&#xD83D;&#xDE80; starts", "🚀 starts"),
    ("repair/entity", "one&#10;two", "one\ntwo"),
    ("repair/surrogate", "go \ud83d\ude80", "go 🚀"),
    ("repair/surrogate", "go \ud83d", "go \ufffd"),
    ("repair/control", "bell\x07, null\x00", "bell, null"),
    ("repair/control", "\x1b[31mred\x1b[0m", "red"),
    ("repair/ligature", "the ﬁnal ﬂoor", "the final floor"),
    ("repair/bullet", "\uf0b7 first", "• first"),
    ("repair/normalization", "cafe\u0301", "café"),
    ("repair/normalization", "\u1112\u1161\u11ab", "한"),
    ("repair/soft-hyphen", "Ver\xadein", "Verein"),
    ("repair/invisible", "zero\u200bwidth\u2060", "zerowidth"),
    ("repair/invisible", "hidden\U000e0041\U000e0042 tags", "hidden tags"),
    ("repair/bidi", "left\u200e to right", "left to right"),
    ("repair/bidi", "\u202bשלום\u202c", "שלום"),
    ("repair/space", "10\u202f000\xa0km", "10 000 km"),
    ("repair/space", "\u3000春が来た", " 春が来た"),
    ("repair/line-end", "a\r\nb", "a\nb"),
    ("repair/line-end", "a\rb", "a\nb"),
    ("repair/line-end", "a\u2028b", "a\nb"),
    ("repair/line-end", "a\fb", "a\nb"),
    ("repair/line-end", "a\vb", "a\nb"),
    ("repair/line-end", "a\x85b", "a\nb"),
    ("repair/trailing-space", "a \t\nb", "a\nb"),
    ("repair/blank-lines", "a\n\n\n\nb", "a\n\nb"),
    ("repair/blank-lines", "\n\na", "a"),
    ("repair/blank-lines", "a\n\n", "a\n"),
    ("repair/blank-lines", "\n", ""),
]

KEPT = [
    # Joiners, marks and spaces that are spelling in their scripts.
    "می\u200cخواهم به خانه بروم", "क्\u200dष और क्ष", "ක්\u200dෂ", "ภาษา\u200bไทย\u200bสวย", "ខ្ញុំ\u200bស្រលាញ់", "ꦧꦱ\u200bꦗꦮ",
    "👩\u200d🚀 👨\u200d👩\u200d👧\u200d👦 ❤\ufe0f 🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "שָׁלוֹם \u200fABC\u200f עולם", "قال \u200f(WHO)\u200f اليوم", "بِسْمِ ٱللّٰه", "ᄒᆞᆫ글", "한국어 문장입니다.", "Tiếng Việt rất đẹp",
    "“Curly” ‘quotes’ – and … dashes", "10³ m² ½ ™ № ﷼", "ＡＢＣ，（テスト）", "Æsop, Œuvre, cœur, Straße", "«À la carte», dit-il",
    "áéíóú ÁÉÍÓÚ", "naïve façade, Ångström", "ÅÄÖ", "10 × 5 ° ± 3", "Привет, как дела?", "Αθήνα, καλημέρα",
    # Line ends, tables and code.
    "├── src\n│   └── main.c\n└── README", "┌─┬┐\n├─┤\n└─┘", "AT&T, R&D; a&b", "<b>&amp;</b>", "if (a < b) &amp; c",
    "C:\\new\\table", "https://example.org/?q=caf%C3%A9", "a\tb", "one\n\ntwo\n", "  indented\n    more",
]  # fmt: skip

REPORTED = [
    ("repair/replacement", "lost \ufffd here"),
    ("repair/lost-letter", "M?nchen liegt in Bayern, Stra?e und H?user"),
    ("repair/private-use", "\ue001 menu"),
    ("repair/homoglyph", "EnglishУкраїнська"),
    ("repair/homoglyph", "pаypal"),
    ("repair/escape", "caf\\u00e9"),
    ("repair/escape", "see caf%C3%A9"),
    ("repair/escape", "caf=C3=A9"),
    ("repair/wrong-charset", "Ïðèâåò âñåì"),
    ("repair/bidi-override", "invoice\u202efdp.exe"),
    ("repair/math-letters", "𝐛𝐨𝐥𝐝 words"),
    ("repair/stacked-marks", "s\u0336t\u0336r\u0336u\u0336c\u0336k\u0336"),
    (
        "repair/hard-wrap",
        "\n".join(f"{n:02} a line that was broken by a mail program at one width" for n in range(12)),
    ),
]


@pytest.mark.parametrize(("rule", "text", "expected"), CHANGED)
def test_step_changes_and_names_the_line(rule: str, text: str, expected: str) -> None:
    repaired = repair([text])[0]
    assert repaired.text == expected
    assert {edit.rule for edit in repaired.edits if edit.applied} == {rule}


@pytest.mark.parametrize("text", KEPT)
@pytest.mark.parametrize("level", LEVELS)
def test_good_text_stays(text: str, level: str) -> None:
    assert repair([text], level=level)[0].text is text


@pytest.mark.parametrize(("rule", "text"), REPORTED)
def test_flag_reports_the_place(rule: str, text: str) -> None:
    repaired = repair([text])[0]
    assert rule in repaired.flags
    assert any(edit.rule == rule and not edit.applied for edit in repaired.edits)


def test_nothing_is_reported_of_ordinary_text() -> None:
    texts = [
        "Really? Yes. Why not?",
        "https://example.org/a?b=c&d=e",
        "Größe",
        "Привет, iPhone и МТС",
        "50 % more",
    ]
    assert [repaired.flags for repaired in repair(texts)] == [()] * len(texts)


def test_stacked_marks_go_from_balanced_on() -> None:
    struck = "s\u0336t\u0336r\u0336u\u0336c\u0336k\u0336 out"
    assert repair([struck])[0].text == struck
    assert repair([struck], level="balanced")[0].text == "struck out"
    stressed = "за\u0301мок и замо\u0301к, стро\u0301гий, моло\u0301чный"
    assert repair([stressed], level="strict")[0].text == stressed


def test_edit_shared_by_steps_is_named_after_the_first_in_the_list() -> None:
    repaired = repair(["KÃ¶nig\xa0\xadvon &amp; zu  "])[0]
    assert repaired.text == "König von & zu"
    assert [edit.rule for edit in repaired.edits] == ["repair/mojibake"]


def test_nel_is_an_ellipsis_where_the_text_says_so() -> None:
    assert repair(["It went on\x85 and on."])[0].text == "It went on… and on."
    assert repair(["It\x92s one.\x85It\x92s two."])[0].text == "It’s one.…It’s two."
    assert repair(["one\x85two\x85three"])[0].text == "one\ntwo\nthree"


def test_angle_bracket_keeps_entities_of_its_own_line_only() -> None:
    assert repair(["a <b>&amp;</b>\nc &amp; d"])[0].text == "a <b>&amp;</b>\nc & d"


def test_flag_points_into_the_text_that_came_in() -> None:
    text = "KÃ¶nig\r\n\r\n\r\nlost \ufffd here"
    repaired = repair([text])[0]
    (flag,) = (edit for edit in repaired.edits if not edit.applied)
    assert text[flag.start : flag.end] == flag.before == "\ufffd"


def test_every_step_and_flag_is_described() -> None:
    assert {rule for rule, *_ in CHANGED} | {"repair/combining-marks"} == set(STEPS)
    assert {rule for rule, _ in REPORTED} | {"repair/control-left"} == set(FLAGS)


@pytest.mark.xfail(strict=True, reason="single-byte mix-ups and some mojibake cannot be told from text")
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ïðèâåò âñåì", "Привет всем"),  # windows-1251 read as windows-1252: reported
        ("est\x87 bien", "está bien"),  # MacRoman read as Latin-1
        ("fÃ cil", "fàcil"),  # the no-break space of Catalan `à` was made a space
        ("ÐŸÑ€Ð¸Ð²ÐµÑ‚ Ð¼Ð¸Ñ€ Ð¢Ñ", "Привет мир Тс"),  # a byte was dropped on the way
    ],
)
def test_known_failures(text: str, expected: str) -> None:
    assert repair([text])[0].text == expected


@pytest.mark.parametrize("marks", ["\u0301", "\u0301\u0323"])
def test_a_letter_with_many_marks_is_looked_at_once(marks: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0
    cluster = classes.cluster

    def counted(text: str, offset: int) -> tuple[int, int]:
        nonlocal asked
        asked += 1
        return cluster(text, offset)

    monkeypatch.setattr(classes, "cluster", counted)
    text = "a" + marks * 5000
    (result,) = repair([text])
    assert asked <= 2
    assert result.text == unicodedata.normalize("NFC", text)
