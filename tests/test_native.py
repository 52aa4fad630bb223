"""The compiled modules come to what plain code comes to (`tests/oracles`), and refuse arrays that do not belong together."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner import native
from cleaner.fold import fold
from cleaner.language.sample import HEAD, LINE_LETTERS
from cleaner.native import marks, prose, quiet, runs, signs, spans
from cleaner.native.literals import Literals
from cleaner.repair import gate
from cleaner.repair.quiet import is_quiet
from cleaner.rules.asked import Conditions
from cleaner.rules.likeness import REPEATS
from cleaner.rules.observe import Observations
from cleaner.rules.shape import COLUMNS, shape_of, shapes
from cleaner.rules.table import LineTable
from cleaner.rules.vocabulary import Vocabulary
from cleaner.signals.batch import Batch
from cleaner.signals.chars import codes_of, flags_table
from tests.oracles import lines as oracle
from tests.strategies import documents as invented

ODD = " \t\r\x0b\x1c\x85\u2028\u3000\u200b`ABſKßẞİıΣςﬁ…\u0301\u0345éَᄀ가\u11a8ﷺｱﾞ中か😀\ud800\udfff|·•-–*.!?。:;,/()[]{}\"'”»«@©#$€0123456789٣"
documents = st.lists(
    invented | st.text(st.sampled_from(ODD + "\nab"), max_size=300) | st.text(max_size=40), max_size=6
)


@given(documents)
def test_tables(found: list[str]) -> None:
    made = LineTable.of(found)
    rows, distinct = oracle.table(found)
    assert [made.keys[key] for key in range(len(made.keys))] == distinct
    assert made.keys.chars.tolist() == list(map(len, distinct))
    assert [
        (document, start, end, made.keys[key], blank)
        for document, start, end, key, blank in zip(
            *(each.tolist() for each in (made.document, made.start, made.end, made.key, made.after_blank)), strict=True
        )
    ] == rows  # fmt: skip
    assert made.first.tolist() == [
        sum(row[0] < document for row in rows) for document in range(len(found) + 1)
    ]


@given(documents)
def test_shapes(found: list[str]) -> None:
    table = LineTable.of(found)
    made = shape_of(table)
    wanted = [oracle.shape(table.line(row).text) for row in range(len(table))]
    assert made.keys() == COLUMNS
    for name, column in made.items():
        assert column.tolist() == [line[name] for line in wanted], name


LITERALS = st.lists(
    st.binary(min_size=1, max_size=9) | st.text("abc ", min_size=1).map(str.encode), max_size=30
)


@given(LITERALS, st.binary(max_size=60) | st.text("abc ").map(str.encode))
def test_literals(literals: list[bytes], data: bytes) -> None:
    made = np.frombuffer(Literals(literals).find(data), np.int64).reshape(-1, 3)
    assert sorted(map(tuple, made.tolist())) == sorted(oracle.literals(literals, data))


WORDS = {
    "one": ("share", "share this", "x", "über", "é", "中", "続きを", "อ่าน"),
    "two": ("this", "share", "12", "a b", "y x"),
}


@given(st.lists(st.lists(st.sampled_from([*chain(*WORDS.values()), " ", ".", "a", "é", "中"])).map("".join)))
def test_words(lines: list[str]) -> None:
    table = LineTable.of(["\n".join(lines)])
    made = Vocabulary(WORDS).of(table)
    for row in range(len(table)):
        line = table.line(row).key.encode()
        for name, size in oracle.covered(WORDS, line if len(line) <= 160 else b"").items():
            assert made[name][row] == min(100, -(-100 * size // len(line)))


@given(documents)
def test_folded_lines_of_documents(found: list[str]) -> None:
    wanted = ["".join(fold(line) + "\n" for line in text.split("\n") if fold(line)) for text in found]
    assert LineTable.of(found).folded() == [each.encode("utf-8", "surrogatepass") for each in wanted]


OWN = ("chars", "label", "finished", *REPEATS, "place", "from_head", "from_tail", "lines")
VIEWS = (*(("", 0), ("above", 1), ("below", 2), ("near", 5), ("before", 3), ("after", 1), ("all", 0)),
         *((name, 0) for name in ("past", "rest", "run", "since", "until")))  # fmt: skip


def _columns(lines: list[str], keys: list[bytes]) -> dict[str, list[int]]:
    """Return the columns `OWN` of one document."""
    size = len(lines)
    form, begin, end = ([oracle.likeness(key)[part] for key in keys] for part in range(3))
    shaped = [oracle.shape(line) for line in lines]
    return {
        **{name: [line[name] for line in shaped] for name in ("chars", "label", "finished")},
        "copies": [count for count, _ in oracle.repeats(keys)],
        "later_copy": [int(nth > 0) for _, nth in oracle.repeats(keys)],
        "patterns": [count for count, _ in oracle.repeats(form)],
        "begins_alike": [count for count, _ in oracle.repeats(begin)],
        "ends_alike": [count for count, _ in oracle.repeats(end)],
        "begins_as_above": [int(row > 0 and begin[row] == begin[row - 1]) for row in range(size)],
        "ends_as_above": [int(row > 0 and end[row] == end[row - 1]) for row in range(size)],
        "place": [100 * row // max(size - 1, 1) for row in range(size)],
        "from_head": list(range(size)),
        "from_tail": list(reversed(range(size))),
        "lines": [size] * size,
    }


@given(documents, st.integers(0, 99))
def test_observations_and_terms(found: list[str], seed: int) -> None:
    draw = random.Random(seed)
    table = LineTable.of(found)
    table = table.select(np.array([draw.random() < 0.8 for _ in range(len(table))], np.bool_))
    wanted: dict[tuple[str, str, int], list[int]] = {}
    for first, behind in zip(table.first[:-1].tolist(), table.first[1:].tolist(), strict=True):
        lines = [table.line(row) for row in range(first, behind)]
        own = _columns(
            [line.text for line in lines], [line.key.encode("utf-8", "surrogatepass") for line in lines]
        )
        for column in OWN:
            for view, far in VIEWS:
                wanted.setdefault((column, view, far), []).extend(oracle.seen(own[column], view, far))
    names = [f"{view}{far or ''}.{column}" if view else column for column in OWN for view, far in VIEWS]
    names = [name.replace("above1", "above") for name in names]
    seen = Observations(table, {})
    for name, key in zip(names, ((column, *view) for column in OWN for view in VIEWS), strict=True):
        assert seen[name].tolist() == wanted.get(key, []), name

    terms = [
        tuple((draw.choice(names), draw.random() < 0.5, draw.randint(-1, 120)) for _ in range(draw.randint(0, 3)))
        for _ in range(20)
    ]  # fmt: skip
    conditions, rows = Conditions(terms), np.arange(len(table))
    columns = seen.columns(tuple(names))
    asked = [[(names.index(name), *rest) for name, *rest in term] for term in terms]
    answers = np.array([[oracle.held(term, columns, row) for row in rows] for term in asked], np.bool_)
    assert conditions.held(seen, rows).tolist() == answers.tolist()


PIECES = (
    "a ",
    "\n",
    "the ferry that linked both banks since the spring ",
    "x = {y}; ",
    "é" * 25,
    "中文。" * 9,
    "\x85",
    "- ",
)
texts = st.one_of(
    invented,
    st.text(st.sampled_from(ODD), max_size=300),
    st.lists(st.sampled_from(PIECES), max_size=60).map("".join),
    st.lists(st.sampled_from("ab c"), max_size=300).map("".join),
    st.text(max_size=60),
)


@given(st.integers(4000, 4200), st.integers(0, 2), texts)
def test_words_at_the_bounds_of_blocks(size: int, spaces: int, text: str) -> None:
    found = ["x" * size + " " * spaces + "y " * size, "y" * size + text]
    batch = Batch(found)
    pieces = [batch.text(batch.words, index) for index in range(len(batch.ids))]
    assert pieces == [word for each in found for word in each.split()]
    assert len(dict(zip(batch.ids.tolist(), pieces, strict=True))) == len(set(pieces))


@given(texts)
def test_lines_of_prose(text: str) -> None:
    assert prose.lines(text, HEAD, LINE_LETTERS) == oracle.prose(text)


@given(st.lists(texts, max_size=5))
def test_quiet_texts_need_no_repair(found: list[str]) -> None:
    still = [text for text in found if is_quiet(text)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "is_quiet", lambda _: False)
        assert gate.find(still) == {}


def test_plain_prose_is_quiet() -> None:
    assert is_quiet("The ferry stops.\nNobody knows why?\n\n«Oui», dit-elle. Паром 100% & more = “fine”.\n")
    assert not is_quiet("a\n\n\nb")
    assert not is_quiet("caf\u00c3\u00a9")


def test_lines_that_do_not_fit_are_refused() -> None:
    numbers = np.zeros(2, np.int64)
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
    found = np.zeros((len(COLUMNS), 1), np.int64)
    with pytest.raises(ValueError, match="does not stand"):
        shapes().columns(["ab"], np.array([0]), np.array([1]), np.array([3]), found)
    with pytest.raises(ValueError, match="stands everywhere"):
        Literals([b""])


def test_words_that_do_not_fit_are_refused() -> None:
    numbers = np.zeros(2, np.int64)
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
        runs.runs(numbers, numbers, np.array([3]), 1, True, np.zeros((12, 1), np.int64))
    with pytest.raises(ValueError, match="end in line feeds"):
        marks.columns(codes, np.array([0]), flags, flags * 0, numbers, np.zeros((18, 1), np.int64))
    with pytest.raises(ValueError, match="without tables"):
        quiet.is_quiet("é", None)


def test_a_checkout_that_was_not_compiled_says_what_to_do(tmp_path) -> None:
    (tmp_path / "cleaner" / "native").mkdir(parents=True)
    (tmp_path / "cleaner" / "__init__.py").touch()
    shutil.copy(native.__file__, tmp_path / "cleaner" / "native")
    run = subprocess.run(
        [sys.executable, "-c", "import cleaner.native"], check=False, capture_output=True, text=True, cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert run.returncode == 1
    assert "python hatch_build.py" in run.stderr
