"""The compiled loops come to the numbers of their twins in numpy; without them everything works as well."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from itertools import chain
from typing import TYPE_CHECKING

import ahocorasick_rs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.native import loops
from cleaner.rules import likeness, observe, shape
from cleaner.rules.kinds.evidence import Conditions
from cleaner.rules.observe import Observations
from cleaner.rules.table import LineTable
from cleaner.rules.vocabulary import Vocabulary
from tests.strategies import documents as invented

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(loops("lines") is None, reason="the loops were not compiled")

ODD = " \t\r\x0b\x1c\x85\u2028\u3000\u200b`ABſKßẞİıΣςﬁ…\u0301\u0345éَᄀ가\u11a8ﷺｱﾞ中か😀\ud800\udfff|·•-–*.!?。:;,/()[]{}\"'”»«@©#$€0123456789٣"
documents = st.lists(
    invented | st.text(st.sampled_from(ODD + "\nab"), max_size=300) | st.text(max_size=40), max_size=6
)


@given(documents)
def test_tables(found: list[str]) -> None:
    made, wanted = LineTable._of_compiled(found), LineTable._of_arrays(found)
    assert (made.keys.data, made.keys.bounds.tolist()) == (wanted.keys.data, wanted.keys.bounds.tolist())
    for name in ("document", "start", "end", "key", "after_blank", "first"):
        assert getattr(made, name).tolist() == getattr(wanted, name).tolist(), name


@given(documents)
def test_shapes(found: list[str]) -> None:
    table = LineTable.of(found)
    made, wanted = shape._of_compiled(table), shape._of_arrays(table)
    assert made.keys() == wanted.keys()
    for name, column in wanted.items():
        assert made[name].tolist() == column.tolist(), name


LITERALS = st.lists(
    st.binary(min_size=1, max_size=9) | st.text("abc ", min_size=1).map(str.encode), max_size=30
)


@given(LITERALS, st.binary(max_size=60) | st.text("abc ").map(str.encode))
def test_literals(literals: list[bytes], data: bytes) -> None:
    made = np.frombuffer(loops("literals").Literals(literals).find(data), np.int64).reshape(-1, 3)
    wanted = (
        ahocorasick_rs.BytesAhoCorasick(literals).find_matches_as_indexes(data, overlapping=True)
        if literals
        else []
    )
    assert sorted(map(tuple, made.tolist())) == sorted(wanted)


WORDS = {
    "one": ("share", "share this", "x", "über", "é", "中", "続きを", "อ่าน"),
    "two": ("this", "share", "12", "a b", "y x"),
}


@given(st.lists(st.lists(st.sampled_from([*chain(*WORDS.values()), " ", ".", "a", "é", "中"])).map("".join)))
def test_words(lines: list[str]) -> None:
    keys = LineTable.of(["\n".join(lines)]).keys
    made, wanted = np.zeros((2, len(keys)), np.int64), np.zeros((2, len(keys)), np.int64)
    Vocabulary(WORDS)._automaton.cover(keys.data, keys.bounds, 160, made)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules[Vocabulary.__module__], "_compiled", None)
        Vocabulary(WORDS)._cover(keys, wanted)
    assert made.tolist() == wanted.tolist()


@given(documents)
def test_folded_lines_of_documents(found: list[str]) -> None:
    table = LineTable.of(found)
    wanted = [
        b"".join(
            table.keys[key].encode("utf-8", "surrogatepass") + b"\n"
            for key in table.key[table.first[document] : table.first[document + 1]].tolist()
        )
        for document in range(len(found))
    ]
    assert table.folded() == wanted


COLUMNS = ("chars", "label", "finished", "patterns", "later_copy", "begins_alike", "ends_as_above", "place")
VIEWS = (
    "",
    "above.",
    "below2.",
    "near5.",
    "before3.",
    "after1.",
    "all.",
    "past.",
    "rest.",
    "run.",
    "since.",
    "until.",
)


@given(documents, st.integers(0, 99))
def test_observations_and_terms(found: list[str], seed: int) -> None:
    draw = random.Random(seed)
    table = LineTable.of(found)
    table = table.select(np.array([draw.random() < 0.8 for _ in range(len(table))], np.bool_))
    names = tuple(view + column for view in VIEWS for column in COLUMNS)
    rows = np.arange(len(table))
    terms = [
        tuple(
            (draw.choice(names), draw.random() < 0.5, draw.randint(-1, 120))
            for _ in range(draw.randint(0, 3))
        )
        for _ in range(20)
    ]
    points = np.array([draw.randint(-99, 99) for _ in terms], np.int64)
    answers = []
    for compiled in (True, False):
        with pytest.MonkeyPatch.context() as patch:
            if not compiled:
                for module in (likeness, observe, sys.modules[Conditions.__module__]):
                    patch.setattr(module, "_compiled", None)
                table.memo.pop("likeness", None)
            seen, conditions = Observations(table, {}), Conditions(terms)
            answers.append(
                (
                    seen.columns(names).tolist(),
                    conditions.weighed(seen, rows, points).tolist(),
                    conditions.held(seen, rows).tolist(),
                )
            )
    assert answers[0] == answers[1]


def test_arrays_that_do_not_fit_are_refused() -> None:
    numbers = np.zeros(2, np.int64)
    signs = loops("signs")
    with pytest.raises(ValueError, match="cover"):
        signs.Lines(np.array([0, 1]), 2)
    with pytest.raises(ValueError, match="does not belong"):
        signs.Lines(np.array([0, 2]), 2).see(
            np.zeros((1, 1), np.int64), np.zeros((1, 4), np.int64), numbers[None]
        )
    with pytest.raises(ValueError, match="what is not there"):
        signs.Lines(np.array([0, 2]), 2).see(numbers[None], np.array([[1, 0, 0, 0]]), numbers[None])
    with pytest.raises(ValueError, match="not there"):
        signs.Terms(numbers, numbers.astype(np.bool_), numbers, np.array([[3]]))
    found = np.zeros((len(loops("shape").NAMES), 1), np.int64)
    with pytest.raises(ValueError, match="does not stand"):
        shape._shapes().columns(["ab"], np.array([0]), np.array([1]), np.array([3]), found)
    with pytest.raises(ValueError, match="stands everywhere"):
        loops("literals").Literals([b""])


def test_the_package_gives_the_same_without_them(root: Path) -> None:
    code = """
import hashlib, pathlib, sys
from cleaner import Cleaner
from cleaner.native import loops
texts = [path.read_text("utf-8", "replace") for path in sorted(pathlib.Path("samples").glob("*.txt"))]
results = [each for level in ("safe", "strict") for each in Cleaner(level=level).clean_many(texts)]
said = repr([(each.text, each.edits, each.flags, each.language, each.signals_after) for each in results])
print(loops("lines") is not None, hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest())
"""
    answers = [
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            capture_output=True,
            text=True,
            cwd=root,
            env={**os.environ, "CLEANER_COMPILED": compiled, "PYTHONPATH": str(root)},
        ).stdout.split()
        for compiled in ("1", "0")
    ]
    assert [compiled for compiled, _ in answers] == ["True", "False"]
    assert answers[0][1] == answers[1][1]
