"""The table of lines says what a plain reading of the text says."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from cleaner.fold import fold
from cleaner.rules.table import LineTable
from tests.strategies import documents


@given(st.lists(documents, max_size=5))
def test_rows_are_the_lines_that_are_not_blank(texts: list[str]) -> None:
    table = LineTable.of(texts)
    expected = []
    for document, text in enumerate(texts):
        start, blank = 0, False
        for number, line in enumerate(text.split("\n")):
            if fold(line):
                expected.append((document, start, start + len(line), fold(line), blank and number > 0))
                blank = False
            else:
                blank = True
            start += len(line) + 1
    rows = range(len(table))
    found = [
        (
            int(table.document[row]),
            int(table.start[row]),
            int(table.end[row]),
            table.line(row).key,
            bool(table.after_blank[row]),
        )
        for row in rows
    ]
    assert found == expected
    assert all(
        texts[table.document[row]][slice(*table.line(row)[:2])] == table.line(row).text for row in rows
    )


@given(st.lists(documents, min_size=1, max_size=4), st.randoms())
def test_a_selection_is_the_table_of_the_lines_left(texts: list[str], random: object) -> None:
    table = LineTable.of(texts)
    alive = [random.random() < 0.6 for _ in range(len(table))]
    import numpy as np

    left = table.select(np.array(alive, np.bool_))
    assert [left.line(row) for row in range(len(left))] == [
        table.line(row) for row in range(len(table)) if alive[row]
    ]
    for row in range(len(left)):
        head = int(left.from_head[row])
        assert head == 0 or left.document[row - 1] == left.document[row]
        assert (int(left.from_tail[row]) == 0) == (
            row + 1 == len(left) or left.document[row + 1] != left.document[row]
        )
        assert not (head == 0 and left.after_blank[row])


def plain_fold(text: str) -> str:
    """Fold as the words of the docstring say, line by line."""
    for char, plain in [
        *((quote, "'") for quote in "‘’‚‛ʼ´`"),
        *((quote, '"') for quote in "“”„‟«»"),
        ("ı", "i"),
        ("İ", "i"),
    ]:
        text = text.replace(char, plain)
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


@given(st.text(max_size=40))
@example("STRASSE straße ﬁne ΣΊΣΥΦΟΣ İI ı ½ …")
@example("w\u030a\u0317\u0483")
@example("5Y\u05a3\u0301")
def test_folding_is_stable_and_keeps_lines(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text).count("\n") == text.count("\n")
    assert fold(text) == "\n".join(fold(line) for line in text.split("\n"))
    for line in text.split("\n"):
        once = plain_fold(line)
        assert fold(line) == once or fold(line) == plain_fold(once)


def test_folding_joins_what_readers_take_for_equal() -> None:
    assert fold("“ＡＢＯＮＥ  OL” ") == '"abone ol"'
    assert fold("TIKLAYIN") == fold("tıklayın")
    assert fold("Straße") == fold("STRASSE")
    assert fold("ΣΊΣΥΦΟΣ") == fold("σίσυφος")
    assert fold("café") == fold("cafe\u0301")


@given(st.lists(st.text(max_size=60) | documents, max_size=8), st.integers(0, 3))
@example(["ｶ\uff9e", "\u1100\u1161\u11a8", "a \u0301b  \t c", "½ ß ﷺ …", "\ud800 x"], 1)
def test_a_long_text_is_folded_as_its_lines_are(lines: list[str], spaces: int) -> None:
    lines = [line.replace("\n", " ") for line in lines]
    long = "\n".join([*lines, "é" + " " * spaces, " x" * 1200])
    assert fold(long) == "\n".join([*map(fold, lines), "é", fold(" x" * 1200)])
