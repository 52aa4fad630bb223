"""The scan misses nothing: repair behind it equals repair of every line, and ftfy of every line.

`CLEANER_FUZZ` multiplies the number of texts tried (default 1).
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import adversarial
import ftfy
import pytest
from ftfy.badness import BADNESS_RE

from cleaner import edits, repair
from cleaner.repair import gate
from cleaner.repair.badness import is_bad, tables
from cleaner.repair.layout import edits_of
from cleaner.repair.line import LINE_END, as_ftfy

if TYPE_CHECKING:
    from cleaner.document import Level

COUNT = 4000 * int(os.environ.get("CLEANER_FUZZ", "1"))
CONFIG = ftfy.TextFixerConfig(
    uncurl_quotes=False, fix_character_width=False, normalization="NFC", explain=True
)
OURS = re.compile("&(?:amp|#38|#x26);(?:amp|#38|#x26);|&#xD83D;&#xDE00;")
"""What `as_ftfy` does otherwise on purpose: chains of `amp;`, surrogates as two entities."""


def missed(texts: list[str], level: Level = "safe") -> list[str]:
    """Return the texts whose repair differs from one that looks at every line."""
    ungated = [edits.apply(text, edits_of(text, range(len(text)), level)) for text in texts]
    gated = [repaired.text for repaired in repair.repair(texts, level=level)]
    return [text for text, one, other in zip(texts, ungated, gated, strict=True) if one != other]


def test_gate_misses_nothing_that_any_step_would_change() -> None:
    assert missed(list(adversarial.texts(1, COUNT))) == []
    assert missed(list(adversarial.texts(3, COUNT // 4)), "balanced") == []


def test_line_repair_is_what_ftfy_makes_of_each_line() -> None:
    changed = 0
    for text in adversarial.texts(2, COUNT):
        for line in LINE_END.split(text):
            if OURS.search(line):
                continue
            expected = ftfy.fix_and_explain(line + "\n", CONFIG).text
            assert as_ftfy(line, set()) == expected.removesuffix("\n")
            assert is_bad(line + "\n") == bool(BADNESS_RE.search(line + "\n"))
            changed += expected != line + "\n"
    assert changed > COUNT  # the texts are as bad as they are meant to be


def test_long_texts_are_scanned_in_parts_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["\n".join(adversarial.texts(seed, 40)) for seed in range(20)]
    texts += ["a\n" * 100, "a\n\n" * 100 + "\n", "é\n\n\n" * 50, "ä" * 300 + " "]
    whole = repair.repair(texts)
    monkeypatch.setattr(gate, "_LONG", 100)
    assert repair.repair(texts) == whole


def without_multiline(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tables()._replace(bad=BADNESS_RE)
    monkeypatch.setattr(gate, "tables", lambda: broken)


def without_single_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    table = gate.bit.bits() & ~gate.np.uint8(gate.bit.ACT)
    monkeypatch.setattr(gate.bit, "bits", lambda: table)


def without_letters_of_two_alternatives(monkeypatch: pytest.MonkeyPatch) -> None:
    table = tables()
    pairs = table.pairs.copy()
    for char in "Ђ€":
        pairs[table.classes[ord(char)], :] = False
        pairs[:, table.classes[ord(char)]] = False
    monkeypatch.setattr(gate, "tables", lambda: table._replace(pairs=pairs))


def with_sticky_angle_bracket(monkeypatch: pytest.MonkeyPatch) -> None:
    def find(texts: list[str]) -> dict[int, gate.Found]:
        found = gate.find(texts)
        for place, need in found.items():
            text = texts[place]
            bracket = text.find("<")
            hits = [hit for hit in need.hits if text[hit] != "&" or bracket < 0 or hit < bracket]
            found[place] = need._replace(hits=hits)
        return found

    monkeypatch.setattr(repair, "find", find)


@pytest.mark.parametrize(
    "break_gate",
    [
        without_multiline,
        without_single_characters,
        without_letters_of_two_alternatives,
        with_sticky_angle_bracket,
    ],
)
def test_fuzz_notices_a_broken_gate(break_gate: object, monkeypatch: pytest.MonkeyPatch) -> None:
    break_gate(monkeypatch)  # type: ignore[operator]
    assert missed(list(adversarial.texts(1, COUNT)))
