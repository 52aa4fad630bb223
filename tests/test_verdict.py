"""Documents held against languages and profiles."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pytest

from cleaner import Cleaner, Settings

ENGLISH = "The ferry that linked both banks since the spring will stop for repairs, and nobody can say for how long."
GERMAN = "Die Fähre, die seit dem Frühjahr beide Ufer verband, wird repariert, und niemand kann sagen, wie lange es dauert."


def rows(texts: list[str], **options: object) -> list[dict]:
    batch = pa.RecordBatch.from_pydict({"text": pa.array(texts, pa.string())})
    return Cleaner(**options).clean_batch(batch).to_pylist()


def test_other_languages_are_rejected_with_the_reason_and_keep_their_text() -> None:
    found = rows([ENGLISH, GERMAN, "1 2 3", None], languages=("en",))
    assert [row["rejected"] for row in found] == [None, "language:de", "language_unknown", None]
    assert found[1]["text"] == GERMAN
    assert found[3]["error"]


def test_a_profile_adds_whether_it_is_passed_and_why_not() -> None:
    headline = "Ferry Stops for Repairs as River Falls Again"
    body = "\n".join(f"{number} boats were counted on day {number}, and {ENGLISH}" for number in range(9))
    found = rows([f"{headline}\n{headline}\n{body}", "no end\nno end at all\nnothing"], profiles=("fineweb",))
    assert [row["passes"]["fineweb"] for row in found] == [True, False]
    assert found[0]["passes"]["gopher"] is None
    assert any(reason.startswith("fineweb: fineweb.line_punct_frac") for reason in found[1]["reasons"])
    assert [row["rejected"] for row in found] == [None, None]
    assert (
        found[0]["signals_before"]["fineweb.char_dup_frac"]
        > found[0]["signals_after"]["fineweb.char_dup_frac"]
        == 0
    )


def test_failing_rows_are_rejected_only_when_asked() -> None:
    found = rows(["no end\nno end at all\nnothing"], profiles=("fineweb", "gopher"), reject=True)
    assert found[0]["rejected"].startswith("fineweb: ")
    assert "; gopher: " in found[0]["rejected"]
    assert found[0]["text"]


def test_two_languages_in_one_document_are_flagged() -> None:
    found = rows(["\n".join([ENGLISH] * 6 + [GERMAN] * 6), ENGLISH])
    assert "mixed_language" in found[0]["flags"]
    assert {share["code"] for share in found[0]["languages"]} == {"en", "de"}
    assert found[1]["flags"] == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"languages": ("en",), "language": False}, "do not switch detection off"),
        ({"profiles": ("fineweb",), "signals": False}, "do not switch signals off"),
        ({"profiles": ("fineweeb",)}, "no profile 'fineweeb'; there are: c4-code"),
        ({"reject": True}, "reject needs a profile"),
        ({"level": "fierce"}, "use safe, balanced, strict"),
        ({"budget": 2}, "a number from 0 to 1"),
    ],
)
def test_options_that_contradict_each_other_are_refused(options: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        replace(Settings(), **options)


def test_what_is_switched_off_is_null() -> None:
    row = rows([ENGLISH], language=False, signals=False)[0]
    assert (row["language"], row["languages"], row["signals_before"], row["passes"]) == (
        None,
        None,
        None,
        None,
    )
    chosen = rows([ENGLISH], language="langdetect", signals=False)[0]
    assert chosen["language"] == "en"
