"""Every signal, computed by hand for a text small enough to count on one's fingers."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from cleaner.signals import DEFINITIONS, SIGNALS, compute

A, B, C = "the cat sat on it", "a dog ran", "so it goes on"  # 5, 3 and 4 words; 17, 9 and 13 characters
RUN = "a b c d e"  # a run of five words: 5 letters, 9 characters
TEN = "a b c d e f g h i j"  # ten words: 10 letters, 19 characters
LONG = "x" * 200
WIDE = "y" * 1001

VECTORS: list[tuple[str, str, float | None]] = [
    ("gopher.word_count", "one two - ... three", 3),
    ("gopher.word_count", "", 0),
    ("gopher.mean_word_length", "one two - ... three", 11 / 3),
    ("gopher.mean_word_length", "- -", None),
    ("gopher.hash_to_word_ratio", "# a #b c", 2 / 4),
    ("gopher.ellipsis_to_word_ratio", "a... b… c.... d......", 5 / 4),
    ("gopher.bullet_line_frac", "- a\n  • b\n* c\n\n", 2 / 4),
    ("gopher.ellipsis_line_frac", "a...\nb… \n.. c\nd", 2 / 4),
    ("gopher.ellipsis_line_frac", "a...\r\nb\x0bc\u2028d…", 2 / 4),
    ("gopher.alpha_word_frac", "a 1 2b -", 2 / 4),
    ("gopher.stop_words", "the the The of, and with", 3),
    ("gopher.dup_line_frac", f"{A}\n{B}\n\n{A}\n{A}", 2 / 4),
    ("gopher.dup_line_frac", f"\n{A}\n", 1 / 3),
    ("gopher.dup_line_char_frac", f"{A}\n{B}\n{A}", 17 / (17 + 1 + 9 + 1 + 17)),
    ("gopher.dup_para_frac", f"{A}\n{B}\n\n{C}\n\n\n{A}\n{B}\n", 1 / 3),
    ("gopher.dup_para_char_frac", f"{A}\n\n{C}\n\n{A}", 17 / (17 + 2 + 13 + 2 + 17)),
    ("gopher.top_2gram_char_frac", "a b x a b y", 2 * 3 / 11),
    ("gopher.top_2gram_char_frac", "ab cd e", 5 / 7),
    ("gopher.top_2gram_char_frac", "ab", 0),
    ("gopher.top_3gram_char_frac", "a b c a b c", 2 * 5 / 11),
    ("gopher.top_4gram_char_frac", "a b c d x a b c d", 2 * 7 / 17),
    ("gopher.dup_5gram_char_frac", f"{RUN} {RUN}", 5 / 19),
    ("gopher.dup_5gram_char_frac", "a a a a a a a", 1 * 5 / 13),
    ("gopher.dup_6gram_char_frac", f"{TEN} {TEN}", 6 / 39),
    ("gopher.dup_7gram_char_frac", f"{TEN} {TEN}", 7 / 39),
    ("gopher.dup_8gram_char_frac", f"{TEN} {TEN}", 8 / 39),
    ("gopher.dup_9gram_char_frac", f"{TEN} {TEN}", 9 / 39),
    ("gopher.dup_10gram_char_frac", f"{TEN} {TEN}", 10 / 39),
    ("c4.line_no_terminal_punct_frac", 'a.\nb\n"c?"\nd...\ne!\n“f.”\n\n', 3 / 6),
    ("c4.line_no_terminal_punct_frac", "as shown.[12]\nas shown [12]", 1 / 2),
    ("c4.line_no_terminal_punct_unicode_frac", "“f.”\nb\nc。\nd…\ne.)\n»", 2 / 6),
    ("c4.line_too_few_words_frac", f"{A}\n{C}\n\n", 1 / 2),
    ("c4.line_too_few_words_frac", "a b c d [edit]\na b c d e", 1 / 2),
    ("c4_paper.line_too_few_words_frac", f"{B}\na dog\n", 1 / 2),
    ("c4.line_long_word_count", f"{WIDE}\n{LONG}\nb {WIDE}", 2),
    ("c4.line_javascript_count", "Please enable JavaScript.\njava script\njavascripts javascript", 2),
    ("c4.line_policy_count", "Our Privacy Policy\nthis site uses cookies\na cookie\nTerms of Use é", 3),
    ("c4.has_lorem_ipsum", "Lorem Ipsum dolor", 1),
    ("c4.has_lorem_ipsum", "lorem-ipsum", 0),
    ("c4.has_curly_bracket", "a { b {", 1),
    ("c4.has_curly_bracket", "a } b", 0),
    (
        "c4.num_sentences",
        "One two three. Four five!\nToo few words.\nNo end mark in this line\nA b c d e 3.5 f (g.) Yes?",
        4,
    ),
    (
        "c4_paper.num_sentences",
        "One two three. Four five!\nOnly three words.\nTwo words.\n我们三 在 这里。好的。",
        3,
    ),
    ("c4.long_line_count", f"{LONG}\n{LONG[1:]}\n{LONG}.", 2),
    ("fineweb.line_punct_frac", "a.\nb. \nc”\nd。\n\n", 2 / 4),
    ("fineweb.short_line_frac", f"{'x' * 30}\n{'x' * 31}\n \nb", 2 / 3),
    ("fineweb.char_dup_frac", f"{A}\n{B}\n\n{A}", 17 / (17 + 9 + 17)),
    ("fineweb.char_dup_frac", "\n\n", None),
    ("fineweb.newline_word_ratio", "a b\nc\n\nd", 3 / 4),
    ("refinedweb.line_upper_frac", "ABC d\nABcd\n\nabc", 1 / 3),
    ("refinedweb.line_numeric_frac", "123\n12 3\n½\n4", 2 / 4),
    ("refinedweb.line_is_counter", "3 likes\n1.2K Shares!\n3 like\nabout 3 likes", 2 / 4),
    ("refinedweb.line_one_word", "Home\nTwo words\n\n", 1 / 2),
    (
        "refinedweb.removed_word_frac",
        "Home\nSign-in to read this\n2 items in cart\nplain words stay here",
        5 / 13,
    ),
    ("refinedweb.removed_word_frac", "a b c Read more...\na b c Read more... x", 2 / 11),
    ("ccnet_length", "ab\ncd\n", 6),
    ("ccnet_nlines", "ab\n\ncd", 3),
    ("ccnet_nlines", "ab\n", 1),
    ("ccnet_nlines", "", 0),
    ("rps_doc_word_count", "Don't - STOP, now_then", 3),
    ("rps_doc_mean_word_length", "Don't café", (4 + 5) / 2),
    ("rps_doc_num_sentences", "A b. C? ... -- !\nd", 3),
    ("rps_doc_symbol_to_word_ratio", "#a b...", 2 / 4),
    ("rps_doc_frac_lines_end_with_ellipsis", "a...\n\nb…\nc", 2 / 4),
    ("rps_doc_frac_no_alph_words", "a, 1 é", 3 / 4),
    ("rps_doc_frac_unique_words", "A a, b c", 3 / 4),
    ("rps_doc_unigram_entropy", "a A b", -(2 / 3 * math.log(2 / 3) + 1 / 3 * math.log(1 / 3))),
    ("rps_doc_unigram_entropy", "...", None),
    ("rps_doc_frac_all_caps_words", "NASA is A B2 c", 3 / 5),
    ("rps_doc_lorem_ipsum", "Lorem, ipsum", 1 / 11),
    ("rps_doc_curly_bracket", "{a}b", 2 / 4),
    ("rps_doc_frac_chars_top_2gram", "a b x A, b", 2 * 2 / 5),
    ("rps_doc_frac_chars_top_2gram", "ab cd e", 0),
    ("rps_doc_frac_chars_top_3gram", "a b c a b c", 1),
    ("rps_doc_frac_chars_top_4gram", "a b c d x a b c d", 8 / 9),
    *((f"rps_doc_frac_chars_dupe_{n}grams", f"{TEN} x {TEN}", 20 / 21) for n in range(5, 11)),
    ("rps_doc_frac_chars_dupe_5grams", "a a a a a a b", 6 / 7),
    ("rps_lines_ending_with_terminal_punctution_mark", 'a.\nb”\nc"\nd', 2 / 4),
    ("rps_lines_javascript_counts", "JavaScript, javascript\njavascripts", 2 / 2),
    ("rps_lines_num_words", "a b c\n\n- d", 4 / 3),
    ("rps_lines_numerical_chars_fraction", "12 b\n--\n3", (2 / 4 + 0 + 1) / 3),
    ("rps_lines_start_with_bulletpoint", "• a\n – b\n- c\n\n", 2 / 4),
    ("rps_lines_uppercase_letter_fraction", "AB\nAb", (2 / 3 + 1 / 2) / 2),
    ("c4.badword_count", "no list, no number", None),  # with lists: test_wordlists.py
    ("rps_doc_ldnoobw_words", "no list, no number", None),
    ("rps_doc_stop_word_fraction", "no list, no number", None),
]


@pytest.mark.parametrize(("name", "text", "value"), VECTORS)
def test_the_value_is_the_one_computed_by_hand(name: str, text: str, value: float | None) -> None:
    assert compute([text]).field(name)[0].as_py() == (
        pytest.approx(value, abs=1e-12) if value is not None else None
    )


def test_every_signal_has_a_vector() -> None:
    assert {name for name, _, _ in VECTORS} == set(DEFINITIONS)


def test_all_vectors_in_one_batch_give_the_same_values() -> None:
    rows = compute([text for _, text, _ in VECTORS])
    assert rows.type == SIGNALS
    for row, (name, _, value) in zip(rows.to_pylist(), VECTORS, strict=True):
        assert row[name] == (pytest.approx(value, abs=1e-12) if value is not None else None)


def test_every_signal_says_what_it_is() -> None:
    for name, signal in DEFINITIONS.items():
        assert signal.name == name
        assert signal.definition
        assert signal.source
        assert signal.unit


def test_every_signal_is_documented() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "signals.md").read_text(encoding="utf-8")
    for name, signal in DEFINITIONS.items():
        assert f"| `{name}` | {signal.unit} | " + signal.definition.replace("|", "\\|") in page
