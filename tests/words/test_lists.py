"""The word lists that ship: whole, folded, readable, without a word in two places."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from cleaner.shipped import packs_root
from cleaner.words import CONCEPTS, Lexicon
from cleaner.words.files import ANY, WordFile, load_file, problems

if TYPE_CHECKING:
    from pathlib import Path

PATHS = sorted((packs_root() / "words").glob("*.toml"))
FILES = {path.stem: load_file(path) for path in PATHS}
LANGUAGES = sorted(FILES.keys() - {ANY})
PARTIAL = frozenset(
    {
        "af", "az", "be", "ckb", "cy", "eo", "ga", "gd", "gu", "hy", "jv", "ka", "kk", "km", "kn", "ky", "lb",
        "ml", "mn", "mr", "my", "ne", "oc", "pa", "si", "so", "su", "sw", "tg", "tk", "tl", "tt", "ug", "uz",
    }
)  # fmt: skip
"""Languages with the commonest words only."""

COMMONEST = frozenset(
    {"share", "comment", "more", "search", "login", "page", "contact", "advert", "caption", "function"}
)


def held(file: WordFile) -> set[str]:
    return {concept for concept, _, _ in file.entries()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_concept_or_is_said_to_be_partial(language: str) -> None:
    missing = set(CONCEPTS) - {"network"} - held(FILES[language])
    if language in PARTIAL:
        assert missing, f"{language} is whole now: take it from PARTIAL"
        assert len(held(FILES[language]) & COMMONEST) >= len(COMMONEST) - 2
    else:
        assert not missing


def test_there_are_enough_languages() -> None:
    assert len(LANGUAGES) - len(PARTIAL) >= 40
    assert len(PARTIAL) >= 25


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_lists_are_in_form_and_say_where_their_words_were_seen(path: Path) -> None:
    file = FILES[path.stem]
    assert not problems(path, file)
    assert file.source


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_stands_in_two_places(language: str) -> None:
    lexicon = Lexicon([FILES[language]])
    counted = Counter((*lexicon.split(word), word.endswith(":")) for _, word, _ in FILES[language].entries())
    assert not [words for words, times in counted.items() if times > 1]


def test_networks_stand_in_one_list() -> None:
    assert [name for name, file in FILES.items() if "network" in held(file)] == [ANY]
