"""The library as a caller meets it: what a result shows, what may be given, and what is said of the rest."""

from __future__ import annotations

import pickle
import subprocess
import sys
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import msgspec
import pyarrow as pa
import pytest
from hypothesis import given

from cleaner import Cleaner, Document, PackError, Settings, clean, clean_series
from cleaner.rules.kinds.line import LineKind
from cleaner.rules.pack import load_pack
from cleaner.settings import Options
from tests.strategies import documents

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "The ferry waits.\nSubscribe to get the latest posts sent to your email.\nThe mayor\x92s boat <b>does not</b>."
FAST = Cleaner(language=None, signals=False)
TOML = '[[rule]]\nid = "gull"\nsummary = "The gull"\nkind = "line"\nexact = "a gull."\nartifact = "debris"\n'


class Tags(HTMLParser):
    """Checks that tags are closed in their order, and gathers them and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.text = ""
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_result_says_in_one_line_what_it_is() -> None:
    result = clean(TEXT * 50)
    assert len(repr(result)) < 200
    assert repr(FAST.clean("A calm day.")) == "<Result 'A calm day.': 11 -> 11 characters, 0 edits>"


def test_a_notebook_shows_the_marked_text() -> None:
    page = Tags(FAST.clean(TEXT)._repr_html_())
    assert {"del", "ins"} <= page.tags
    assert "<b>does not</b>" in page.text
    assert "en/jetpack/subscribe-line" in page.text


@given(documents)
def test_whatever_the_text_the_marked_text_is_plain_html(text: str) -> None:
    allowed = {"div", "details", "summary", "del", "ins", "mark", "small"}
    shown = FAST.clean(text)._repr_html_()
    assert Tags(shown).tags <= allowed
    assert not set(shown) & {"\0", "\u202e"}


def test_diff_and_explain_say_what_was_done_and_why() -> None:
    result = FAST.clean(TEXT)
    assert result.diff().split("\n")[:2] == [
        "  The ferry waits.",
        "- Subscribe to get the latest posts sent to your email.    [en/jetpack/subscribe-line]",
    ]
    assert "en/jetpack/subscribe-line: " in result.explain()
    assert "from level safe on; source: " in result.explain()
    assert FAST.clean("A calm day.").explain() == "nothing was changed"


def test_explain_knows_rules_that_were_given() -> None:
    result = Cleaner(rules=TOML, level="strict", language=None, signals=False).clean("The sea.\nA gull.")
    assert result.text == "The sea."
    assert "own/gull: The gull" in result.explain()
    assert pickle.loads(pickle.dumps(result)).explain() == result.explain()


def test_options_by_name_are_those_of_the_settings() -> None:
    assert set(Options.__annotations__) == set(Settings.__dataclass_fields__)
    with pytest.raises(TypeError, match="no option is called 'levle': did you mean 'level'"):
        Cleaner(levle="strict")


def test_a_wrong_option_does_not_pass_the_type_checker(tmp_path: Path) -> None:
    pytest.importorskip("mypy")
    (tmp_path / "a.py").write_text(
        'from cleaner import Cleaner\nCleaner(level="strict")\nCleaner(levle="strict")\n'
    )
    run = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", "", "--follow-imports", "silent", "a.py"],
        capture_output=True, text=True, cwd=tmp_path, check=False,
    )  # fmt: skip
    assert 'a.py:3: error: Unexpected keyword argument "levle"' in run.stdout
    assert "a.py:2" not in run.stdout


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: clean(None), "the text is None: give a str"),
        (lambda: clean(b"x"), r"the text is bytes: decode them first, as with cleaner.decode"),
        (lambda: clean(3), "the text is of type int: give a str"),
        (lambda: list(FAST.clean_many("text")), "clean_many got one text: give a list"),
        (lambda: list(FAST.clean_many(None)), "clean_many got None: give a list"),
        (lambda: list(FAST.clean_many(["a", float("nan")])), r"text 1 \(counted from 0\) is missing \(NaN\)"),
        (
            lambda: FAST.clean_batch(pa.table({"text": ["a"]})),
            "clean_batch got a Table: call it for each batch",
        ),
        (lambda: FAST.clean_batch(["a"]), "clean_batch got list: give a pyarrow RecordBatch"),
        (lambda: clean_series(["a"]), "clean_series got list: give a Series"),
        (lambda: Cleaner(rules=[3]), "rules: int is no rule"),
    ],
)
def test_what_cannot_be_cleaned_is_said_in_a_sentence(call: object, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call()


def test_a_frame_is_no_list_of_texts() -> None:
    pandas = pytest.importorskip("pandas")
    with pytest.raises(TypeError, match="clean_many got a DataFrame: give its column of texts"):
        list(FAST.clean_many(pandas.DataFrame({"text": ["a"]})))


def test_rules_may_be_a_path_text_a_mapping_or_a_struct(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        '[pack]\nid = "own"\nsummary = "Own rules"\nsource = "here"\n'
        + TOML
        + 'match = ["A gull."]\nkeep = ["A hull."]\n'
    )
    mapping = {"id": "gull", "summary": "The gull", "kind": "line", "exact": "a gull.", "artifact": "debris"}
    struct = msgspec.structs.replace(load_pack(path)[0].rule, match=(), keep=())
    assert LineKind(struct).rule is struct
    for rules in (str(path), path, TOML, mapping, {"rule": [mapping]}, struct, [struct]):
        cleaner = Cleaner(rules=rules, level="strict", language=None, signals=False)
        assert cleaner.clean("The sea.\nA gull.").text == "The sea."
        assert pickle.loads(pickle.dumps(cleaner)).settings == cleaner.settings
        assert hash(cleaner.settings) == hash(Settings(**cleaner.settings.described() | {"word_lists": ()}))


def test_what_is_wrong_with_given_rules_is_told() -> None:
    with pytest.raises(PackError, match=r"<rules>: rule gull: kind: is missing"):
        Cleaner(rules={"id": "gull", "summary": "The gull", "exact": "a gull."})
    with pytest.raises(PackError, match=r"no rule pack at nowhere\.toml"):
        Cleaner(rules="nowhere.toml")


def test_languages_are_codes() -> None:
    with pytest.raises(ValueError, match="languages: 'english' is no language code: use 'en'"):
        Settings(languages="english")
    with pytest.raises(ValueError, match="languages: 'deu' is no language code"):
        Settings(languages=["deu"])
    assert Settings(languages=["de", "zh-Hant"]).languages == ("de", "zh-Hant")


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_a_column_is_cleaned_into_one_of_its_kind(library: str) -> None:
    module = pytest.importorskip(library)
    texts = [TEXT, None, "A calm day."]
    if library == "pyarrow":
        series = pa.chunked_array([pa.array(texts)])
        cleaned = clean_series(series)
        assert cleaned.type == series.type
    elif library == "pandas":
        series = module.Series([*texts[:1], float("nan"), texts[2]], index=[5, 6, 7], name="body")
        cleaned = clean_series(series, level="balanced")
        assert (cleaned.name, list(cleaned.index), cleaned.dtype) == ("body", [5, 6, 7], series.dtype)
        assert cleaned.isna().tolist() == [False, True, False]
        return
    else:
        series = module.Series("body", texts)
        cleaned = clean_series(series, FAST)
        assert (cleaned.name, cleaned.dtype) == ("body", series.dtype)
    assert (
        cleaned.to_pylist()
        if library == "pyarrow"
        else cleaned.to_list() == [FAST.clean(TEXT).text, None, "A calm day."]
    )


def test_a_series_takes_a_cleaner_or_options() -> None:
    with pytest.raises(TypeError, match="give the options to the cleaner"):
        clean_series(pa.array(["a"]), FAST, level="strict")


def test_documents_go_through_clean_many() -> None:
    assert [each.document.id for each in FAST.clean_many([Document("a", id="x"), "b"])] == ["x", None]
