"""The samples do what `samples/expected.toml` says of them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from cleaner import Cleaner, decode
from cleaner.rules.diff import document_diff
from cleaner.rules.pack import built_in

SAMPLES = Path(__file__).parent.parent / "samples"
EXPECTED = tomllib.loads((SAMPLES / "expected.toml").read_text("utf-8"))["sample"]

ENCODINGS = {"utf-8-sig": "utf-8", "windows-1252": "cp1252"}  # the mark is not part of the name


def test_every_sample_is_spoken_of() -> None:
    assert {sample["file"] for sample in EXPECTED} == {path.name for path in SAMPLES.glob("*.txt")}


@pytest.mark.parametrize("sample", EXPECTED, ids=lambda sample: sample["file"])
@pytest.mark.parametrize("level", ["safe", "balanced"])
def test_a_sample_reads_as_expected(sample: dict[str, Any], level: str) -> None:
    decoded = decode((SAMPLES / sample["file"]).read_bytes())
    result = Cleaner(level=level, language=None).clean(decoded.text)
    assert decoded.encoding.removesuffix("-le") == ENCODINGS.get(sample["encoding"], sample["encoding"])
    assert result.restore() == decoded.text
    if "title" in sample:
        assert result.title == sample["title"]
    lines = decoded.text.split("\n")
    gone = _gone(decoded.text, result.edits)
    known = {loaded.pack.id for loaded in built_in()}
    expected = set(sample["drop"][level]) if known.issuperset(sample.get("needs", [])) else set()
    free = set(sample.get("free", []))
    groups = [set(group) for group in sample.get("one_of", [])]
    for group in groups:
        assert len(group - gone) == 1, "exactly one copy stays"
    assert gone - free - set().union(*groups) == expected - free
    for change in sample.get("change", []):
        assert change["after"] in result.text.split("\n"), lines[change["line"] - 1]


def _gone(text: str, edits: Any) -> set[int]:
    """Return the numbers of the lines that are removed and not replaced."""
    gone, number = set(), 0
    diff = document_diff(text, edits)
    for index, line in enumerate(diff):
        if line.mark == "+":
            continue
        number += 1
        replaced = index + 1 < len(diff) and diff[index + 1].mark == "+"
        if line.mark == "-" and not replaced:
            gone.add(number)
    return gone
