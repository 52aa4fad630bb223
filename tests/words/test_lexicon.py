"""What lines are made of: words of one language, of all, of English; names by their spelling; what is guarded."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.rules.table import LineTable
from cleaner.shipped import packs_root
from cleaner.words import CONCEPTS, Lexicon, LexiconError
from cleaner.words.files import WordFile, load_file, problems

ENGLISH = WordFile(
    "en",
    "tests",
    {
        "subscribe": ("subscribe", "sign up"),
        "legal": ("©",),
        "function": ("to", "our", "the"),
        "byline": ("by:",),
    },
    {"page": ("home",), "read": ("read",)},
)
GERMAN = WordFile("de", "tests", {"subscribe": ("abonnieren",), "function": ("die", "to")})
CHINESE = WordFile("zh", "tests", {"share": ("分享",), "function": ("到",)})
NETWORKS = WordFile("any", "tests", {"network": ("facebook", "朋友圈")})
LEXICON = Lexicon([ENGLISH, GERMAN, CHINESE, NETWORKS])


def made(line: str, lexicon: Lexicon = LEXICON) -> dict[str, object]:
    table = LineTable.of([line])
    found = lexicon.of(table.keys)
    key = int(table.key[0])
    names = lexicon.names(table, np.arange(1))
    counts = {
        name: int(found.counts[key, place]) for place, name in enumerate(CONCEPTS) if found.counts[key, place]
    }
    return {
        "words": int(found.words[key]),
        "rest": int(found.rest[key]),
        "names": (int(names.runs[0]), int(names.words[0])),
        "language": lexicon.languages[found.language[key]],
        **counts,
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Sign up to our Facebook", {"words": 4, "rest": 0, "names": (0, 0), "language": "en", "subscribe": 1, "network": 1, "function": 2}),
        ("Sign-up", {"words": 1, "rest": 0, "names": (0, 0), "language": "en", "subscribe": 1}),
        ("Subscribe to Harbour the Times", {"words": 5, "rest": 2, "names": (1, 2), "language": "en", "subscribe": 1, "function": 2}),
        ("Subscribe to harbour times", {"words": 4, "rest": 2, "names": (0, 0), "language": "en", "subscribe": 1, "function": 1}),
        ("分享到朋友圈", {"words": 3, "rest": 0, "names": (0, 0), "language": "zh", "share": 1, "network": 1, "function": 1}),
        ("Die Fähre abonnieren", {"words": 3, "rest": 1, "names": (1, 1), "language": "de", "subscribe": 1, "function": 1}),
        ("© 2026 Harbour", {"words": 3, "rest": 1, "names": (1, 1), "language": "en", "legal": 1}),
        ("By: Ida", {"words": 2, "rest": 1, "names": (1, 1), "language": "en", "byline": 1}),
        ("By Ida", {"words": 2, "rest": 2, "names": (1, 2), "language": "en"}),
    ],
)  # fmt: skip
def test_a_line_is_made_of_words(line: str, expected: dict[str, object]) -> None:
    assert made(line) == expected


def test_joining_words_of_another_language_do_not_count() -> None:
    assert made("Abonnieren the")["rest"] == 1  # `the` joins English words
    assert made("Abonnieren die")["rest"] == 0
    assert made("Subscribe die")["rest"] == 1


def test_a_guarded_word_counts_only_where_the_others_are_certain() -> None:
    assert made("Home") == {"words": 1, "rest": 1, "names": (1, 1), "language": "en"}
    assert made("Subscribe to our home")["page"] == 1
    assert "page" not in made("Subscribe to our harbour home")


def test_long_lines_are_not_looked_at() -> None:
    assert made("subscribe " * 60)["words"] == 0


@given(st.lists(st.text(max_size=60), max_size=8))
def test_a_line_is_read_alike_whatever_stands_beside_it(lines: list[str]) -> None:
    clean = [line.replace("\n", " ") for line in lines]
    together = LineTable.of(["\n".join(clean)])
    found = LEXICON.of(together.keys)
    for row in range(len(together)):
        alone = LineTable.of([together.line(row).text])
        one, key = LEXICON.of(alone.keys), int(together.key[row])
        mine = int(alone.key[0])
        assert found.counts[key].tolist() == one.counts[mine].tolist()
        assert (found.words[key], found.rest[key]) == (one.words[mine], one.rest[mine])
        assert found.rest[key] + found.numbers[key] + found.sure[key] <= found.words[key]


def test_a_lexicon_can_be_sent_to_another_process() -> None:
    assert made("Abonnieren", pickle.loads(pickle.dumps(LEXICON))) == made("Abonnieren")


def test_the_word_lists_that_ship_are_in_order() -> None:
    paths = sorted((packs_root() / "words").glob("*.toml"))
    assert len(paths) >= 2
    assert not [problem for path in paths for problem in problems(path, load_file(path))]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("language = 1", "Expected `str`"),
        ('language = "xx"\nsource = "s"\nwords = 1\n[concepts]', "unknown field"),
        ("language", "is not valid TOML"),
    ],
)
def test_a_file_of_the_wrong_form_is_refused(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "xx.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(LexiconError, match=message):
        load_file(path)


def test_what_is_wrong_with_a_word_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "xx.toml"
    path.write_text(
        'language = "xx"\nsource = "tests"\n[concepts]\nshare = ["Teilen", "teilen", "teilen"]\nsahre = ["a"]\n'
        '[frames]\nshare = ["{nam} teilen"]\n',
        "utf-8",
    )
    said = [problem.split("xx.toml:")[1] for problem in problems(path, load_file(path))]
    assert said == [
        "5: no concept is called 'sahre'; see cleaner/words/concepts.py",
        "4: share: 'Teilen' is not in its folded form: write 'teilen'",
        "4: share: 'teilen' stands twice under one concept",
        "7: share: {nam} stands for nothing",
    ]
