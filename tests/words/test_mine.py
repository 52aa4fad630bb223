"""Words that a list lacks are found beside those that it has; what stands in prose is counted against them."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

import pytest

from cleaner.toolbox import main
from cleaner.words import Lexicon
from cleaner.words.files import WordFile, load_file
from cleaner.words.mine import Miner

if TYPE_CHECKING:
    from pathlib import Path

PROSE = "The old ferry left the harbour at noon and reached the far side of the bay an hour later than usual."
LISTS = [
    WordFile("en", "tests", {"share": ("share",), "comment": ("comments",), "function": ("this", "the")}),
    WordFile("any", "tests", {"network": ("facebook",)}),
]


def mined(*texts: str, least: int = 1) -> dict[str, str]:
    miner = Miner("en", Lexicon(LISTS))
    for text in texts:
        miner.add(text)
    return {each.words: each.concept for each in miner.candidates(least=least)}


def test_a_word_in_a_line_with_known_ones_is_found() -> None:
    assert mined(f"Share this blip\n{PROSE}") == {"blip": "share"}


def test_a_line_beside_one_that_is_known_is_found() -> None:
    assert mined(f"Comments\nBlip blop\n{PROSE}") == {"blip blop": "comment"}


def test_prose_gives_no_candidates() -> None:
    assert mined(f"{PROSE}\n\n{PROSE}") == {}


def test_a_candidate_stands_in_several_documents() -> None:
    texts = [f"Share this blip\n{PROSE}", f"Share this blop\n{PROSE}", f"Share this blip\n{PROSE}"]
    assert mined(*texts, least=2) == {"blip": "share"}


def test_what_is_frequent_in_prose_comes_after_what_is_not() -> None:
    texts = [f"Share this ferry\nShare this blip\n{PROSE}"] * 3
    assert list(mined(*texts)) == ["blip", "ferry"]


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stop:
        main([str(argument) for argument in arguments])
    out, err = capsys.readouterr()
    return stop.value.code, out, err  # type: ignore[return-value]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "corpus.jsonl"
    rows = [{"text": f"Comments zorble\n{PROSE}", "language": "en-GB"}] * 4
    rows += [{"text": "Kommentare zorbel", "language": "de"}]
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return path


def test_mine_shows_candidates_and_writes_nothing(capsys: pytest.CaptureFixture[str], corpus: Path) -> None:
    code, out, err = run(capsys, "words", "mine", corpus, "--language", "en")
    assert code == 0
    assert "comment   has: " in out
    assert "zorble" in out
    assert "zorbel" not in out
    assert err.startswith("4 documents")
    assert [path.name for path in corpus.parent.iterdir()] == ["corpus.jsonl"]


def test_mine_writes_a_list_that_can_be_read_when_it_is_asked_to(
    capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    new = corpus.parent / "en.toml"
    assert run(capsys, "words", "mine", corpus, "--language", "en", "-o", new)[0] == 0
    assert "zorble" in load_file(new).concepts["comment"]
    code, _, err = run(capsys, "words", "mine", corpus, "--language", "en", "-o", new)
    assert code == 2
    assert "exists" in err
    assert tomllib.loads(new.read_text("utf-8"))["language"] == "en"


def test_mine_says_that_no_document_is_in_the_language(
    capsys: pytest.CaptureFixture[str], corpus: Path
) -> None:
    code, _, err = run(capsys, "words", "mine", corpus, "--language", "fi")
    assert code == 2
    assert "'fi'" in err


def test_list_shows_languages_and_the_words_of_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert "\nfi " in run(capsys, "words", "list")[1]
    assert "subscribe: " in run(capsys, "words", "list", "en")[1]
    assert run(capsys, "words", "list", "xx")[0] == 2
