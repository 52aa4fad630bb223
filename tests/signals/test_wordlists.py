"""Lists of words are given by the user; without one the signals that count them are null."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleaner import Cleaner
from cleaner.config import load_config
from cleaner.settings import Settings
from cleaner.signals import compute
from cleaner.signals.wordlists import load_word_lists

NAMES = ("c4.badword_count", "rps_doc_ldnoobw_words", "rps_doc_stop_word_fraction")


def counted(tmp_path: Path, entries: list[str], text: str, language: str | None = None) -> dict[str, object]:
    path = tmp_path / "words.txt"
    path.write_text("\n".join(entries), encoding="utf-8")
    lists = load_word_lists([f"badwords={path}", f"stopwords={path}"])
    row = compute([text], [language], lists).to_pylist()[0]
    return {name: row[name] for name in NAMES}


@pytest.mark.parametrize(
    ("entries", "text", "c4", "redpajama"),
    [
        (["darn"], "Darn it. It is darned, DARN-ed; darn", 3, 2),
        (["rotten egg", "egg"], "A rotten egg, a rotten  egg, an egg", 3, 5),
        (["d*rn!"], "d*rn! d*rn!x drn", 1, 2),
        (["é", "ÉTÉ"], "été É e\u0301", 2, 3),
        (["坏话"], "他说坏话。", 1, 0),
        (["a b", "a b c"], "a b c", 1, 2),
        (["egg"], "", 0, 0),
    ],
)
def test_entries_are_counted(tmp_path: Path, entries: list[str], text: str, c4: int, redpajama: int) -> None:
    found = counted(tmp_path, entries, text)
    assert found["c4.badword_count"] == c4
    assert found["rps_doc_ldnoobw_words"] == redpajama


def test_stop_words_are_a_share_of_the_raw_words(tmp_path: Path) -> None:
    assert counted(tmp_path, ["the", "of"], "The end of the, end")["rps_doc_stop_word_fraction"] == 2 / 6
    assert counted(tmp_path, ["the"], "")["rps_doc_stop_word_fraction"] is None


def test_a_list_by_language_counts_in_texts_of_that_language_only(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "en").write_text("the\n", encoding="utf-8")
    (folder / "de.txt").write_text("\ufeffder\n\n die \n", encoding="utf-8")
    (folder / "README.md").write_text("no list", encoding="utf-8")
    (tmp_path / "all.json").write_text(json.dumps({"en": ["the"], "de": ["der", "die"], "fr": []}), "utf-8")
    texts, languages = ["the cat", "die Katze", "le chat", "the cat"], ["en", "de", "fr", None]
    for path in (folder, tmp_path / "all.json"):
        rows = compute(texts, languages, load_word_lists([f"stopwords={path}"]))
        assert rows.field("rps_doc_stop_word_fraction").to_pylist() == [0.5, 0.5, None, None]


def test_what_the_neighbours_are_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "words"
    path.write_text("a b\nb\nc", encoding="utf-8")
    lists = load_word_lists([f"badwords={path}", f"stopwords={path}"])
    texts = ["a b", "b a", "a", "b c", "", "c a"]
    alone = [compute([text], None, lists)[0].as_py() for text in texts]
    assert compute(texts, None, lists).to_pylist() == alone


def test_the_cleaner_asks_for_the_list_of_the_language_it_found(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "en").write_text("the\n", encoding="utf-8")
    text = "The boats lay in the harbour all night, and the sailors slept in the houses of their friends."
    plain, listed = Cleaner(), Cleaner(word_lists=[f"stopwords={tmp_path / 'lists'}"])
    signals = listed.clean(text).signals_after
    assert signals is not None
    assert signals["rps_doc_stop_word_fraction"] == pytest.approx(3 / 20)
    assert plain.clean(text).signals_after["rps_doc_stop_word_fraction"] is None  # type: ignore[index]


def test_the_metadata_tell_lists_apart_by_what_is_in_them(tmp_path: Path) -> None:
    told = []
    for name, entries in (("a", "x\ny"), ("b", "y\nx\n"), ("c", "x\nz")):
        (tmp_path / name).write_text(entries, encoding="utf-8")
        told.append(Settings(word_lists=(f"badwords={tmp_path / name}",)).described()["word_lists"])
    assert told[0] == told[1] != told[2]


def test_paths_in_a_configuration_are_relative_to_it(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("x", encoding="utf-8")
    (tmp_path / "cleaner.toml").write_text('word-lists = ["badwords=words"]', encoding="utf-8")
    found = load_config(tmp_path / "cleaner.toml").word_lists
    assert Settings(word_lists=found).words()["badwords"].of(None) == ("x",)


def test_a_list_that_cannot_be_used_is_an_error_that_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n \n", encoding="utf-8")
    (tmp_path / "bad.json").write_text('{"en": "the"}', encoding="utf-8")
    (tmp_path / "words").write_text("x", encoding="utf-8")
    for given, why in (
        ("badwords", "NAME=PATH"),
        ("goodwords=x", "badwords or stopwords"),
        (f"badwords={tmp_path / 'none'}", "none"),
        (f"badwords={tmp_path / 'empty'}", "no entries"),
        (f"stopwords={tmp_path / 'bad.json'}", r"bad\.json"),
    ):
        with pytest.raises(ValueError, match=why):
            Settings(word_lists=(given,))
    with pytest.raises(ValueError, match="twice"):
        Settings(word_lists=(f"badwords={tmp_path / 'words'}", f"badwords={tmp_path / 'words'}"))
    with pytest.raises(ValueError, match="signals"):
        Settings(word_lists=(f"badwords={tmp_path / 'words'}",), signals=False)
