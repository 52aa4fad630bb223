"""The compiled loops of signals, language and repair come to what their twins find."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.language import sample
from cleaner.native import loops
from cleaner.repair import gate
from cleaner.repair.quiet import is_quiet
from cleaner.signals import DEFINITIONS, compute, cut, looks, repeats
from cleaner.signals.batch import Batch
from cleaner.signals.chars import codes_of, flags_table
from cleaner.signals.plain import Plain
from tests.strategies import documents as invented

pytestmark = pytest.mark.skipif(loops("spans") is None, reason="the loops were not compiled")

ODD = (
    " \t\r\x0b\x1c\x85\u2028\u3000\u200b`ABſKßẞİıΣςﬁ…\u0301\u0345éáéíóúᄀ가\u11a8ﷺｱﾞ中か😀\ud800\udfff|·•-–*.!?。！？:;,/()[]"
    "{}\"'”»«@©#$€0123456789٣ЖжαβÃ©â€œÂ&\\%=\x00\x7f\n\n\nabct"
)
PIECES = (
    "a ", "b ", "c ", "a b\n", "b c ", "\n", "\n\n", "the ", "be", "lorem ipsum ", "3 likes\n", "javascript ", "terms of use ",
    "Read more...\n", "...", "…", "e.g. ", "«Oui.» ", "中文。” ", "[edit] ", "ÉTÉ ", "x-1 ", "&amp; ", "wh?t ", "= ", "\\x41 ", "%c3",
)  # fmt: skip
texts = st.one_of(
    invented,
    st.text(st.sampled_from(ODD), max_size=300),
    st.lists(st.sampled_from(PIECES), max_size=120).map("".join),
    st.lists(st.sampled_from("ab c"), max_size=300).map("".join),
    st.text(max_size=60),
)
batches = st.lists(texts, max_size=5)

USERS = {
    "spans": ("batch", "cut", "keys", "redpajama", "spans"),
    "runs": ("repeats",),
    "marks": ("looks",),
}


def _without(patch: pytest.MonkeyPatch) -> None:
    for modules in USERS.values():
        for module in modules:
            patch.setattr(sys.modules[f"cleaner.signals.{module}"], "_compiled", None)


@given(batches)
def test_signals(found: list[str]) -> None:
    made = compute(found)
    with pytest.MonkeyPatch.context() as patch:
        _without(patch)
        wanted = compute(found)
    for name in DEFINITIONS:
        one, other = made.field(name).to_pylist(), wanted.field(name).to_pylist()
        assert list(map(repr, one)) == list(map(repr, other)), name


@given(batches.filter(len))
def test_cuts(found: list[str]) -> None:
    codes = codes_of("\n".join(found) + "\n")
    ends = np.cumsum([len(text) + 1 for text in found]) - 1
    made, wanted = cut._compiled_cut(codes, ends), cut._cut_of_arrays(codes, ends)
    for one, other in zip(made, wanted, strict=True):
        assert np.array_equal(one, other)
    words = [text.split() for text in found]
    assert made.counts.tolist() == list(map(len, words))


@given(st.integers(4000, 4200), st.integers(0, 2), texts)
def test_words_at_the_bounds_of_blocks(size: int, spaces: int, text: str) -> None:
    found = ["x" * size + " " * spaces + "y " * size, "y" * size + text]
    batch = Batch(found)
    pieces = [batch.text(batch.words, index) for index in range(len(batch.ids))]
    assert pieces == [word for each in found for word in each.split()]
    assert len(dict(zip(batch.ids.tolist(), pieces, strict=True))) == len(set(pieces))


@given(batches.filter(len), st.booleans(), st.booleans())
def test_runs(found: list[str], greedy: bool, plain: bool) -> None:
    batch: Batch | Plain = Batch(found).plain if plain else Batch(found)
    made = repeats._compiled_runs(batch, greedy=greedy)
    wanted = repeats._runs_of_arrays(batch, greedy=greedy)
    for n, (characters, times) in wanted.top.items():
        assert made.top[n][0].tolist() == characters.tolist()
        assert made.top[n][1].tolist() == times.tolist()
    for n, characters in wanted.again.items():
        assert made.again[n].tolist() == characters.tolist()
    assert [each.tolist() for each in made.often] == [each.tolist() for each in wanted.often]


@given(batches.filter(len))
def test_looks(found: list[str]) -> None:
    batch = Batch(found)
    for words in (batch.vocabulary, batch.plain.vocabulary):
        made, wanted = looks._compiled_looks(words), looks._looks_of_arrays(words)
        assert made.keys() == wanted.keys()
        for name, column in wanted.items():
            assert made[name].tolist() == column.tolist(), name


@given(texts)
def test_lines_of_prose(text: str) -> None:
    assert loops("prose").lines(text, sample._HEAD, sample._LINE_LETTERS) == sample._running(text)


@given(batches)
def test_quiet_texts_need_no_repair(found: list[str]) -> None:
    quiet = [text for text in found if is_quiet(text)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "is_quiet", lambda _: False)
        assert gate.find(quiet) == {}


def test_plain_prose_is_quiet() -> None:
    assert is_quiet("The ferry stops.\nNobody knows why?\n\n«Oui», dit-elle. Паром 100% & more = “fine”.\n")
    assert not is_quiet("a\n\n\nb")
    assert not is_quiet("caf\u00c3\u00a9")


def test_arrays_that_do_not_fit_are_refused() -> None:
    spans, numbers = loops("spans"), np.zeros(2, np.int64)
    codes, flags = codes_of("a\n"), flags_table()
    with pytest.raises(ValueError, match="end in line feeds"):
        spans.split(codes, flags, np.array([0]))
    with pytest.raises(ValueError, match="do not cover"):
        spans.split(codes_of("a\nb"), flags, np.array([1]))
    with pytest.raises(ValueError, match="belong"):
        spans.split(codes, flags[:9], np.array([1]))
    with pytest.raises(ValueError, match="no code point"):
        spans.split(np.array([0x110000, 10], np.uint32), flags, np.array([1]))
    with pytest.raises(ValueError, match="does not stand"):
        spans.firsts(codes, np.array([1]), np.array([3]), None, numbers[:1])
    with pytest.raises(ValueError, match="not below"):
        spans.totals(np.array([0, 2]), numbers, numbers[:1], numbers[:1])
    with pytest.raises(ValueError, match="follow each other"):
        spans.totals(numbers, numbers, np.array([1, 0]), numbers)
    with pytest.raises(ValueError, match="follow each other"):
        spans.sentences(numbers, np.zeros(1, np.uint8), np.array([3]), numbers[:1])
    with pytest.raises(ValueError, match="do not hold"):
        loops("runs").runs(numbers, numbers, np.array([3]), 1, True, np.zeros((12, 1), np.int64))
    with pytest.raises(ValueError, match="end in line feeds"):
        loops("marks").columns(codes, np.array([0]), flags, flags * 0, numbers, np.zeros((18, 1), np.int64))
    with pytest.raises(ValueError, match="without tables"):
        loops("quiet").is_quiet("é", None)
