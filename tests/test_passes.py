"""Passes come to an end soon, whatever the text; work is counted, not time."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from cleaner import Cleaner
from cleaner.document import Edit
from cleaner.edited import RuleNames
from cleaner.native import verdicts
from cleaner.rules import engine as engines
from cleaner.rules.engine import Engine
from cleaner.rules.finder import Context
from cleaner.rules.passes import Part, Settled
from cleaner.rules.table import LineTable
from cleaner.settings import Settings

PROSE = "The ferry that linked both banks since the spring will stop for repairs, and nobody can say for how long."
FAMILIES = {
    "eaten from the tail": lambda n: PROSE + "\n" + "".join(f"The post a{i} appeared first on b.\n" for i in range(n)),
    "below a boundary": lambda n: PROSE + "\n" + "Leave a Reply\nName *\nEmail *\nWebsite\n" * (n // 4),
    "sources": lambda n: "".join(f"{PROSE} {i}\n" for i in range(n // 3)) + "".join(f"Source: Agency {i}\n" for i in range(n)),
    "one letter": lambda n: "a\n" * n,
    "figures": lambda n: "".join(f"{i}\n" for i in range(n)),
    "menus": lambda n: "".join(f"Home\nNews {i}\nRead more\n{PROSE} {i}\nShare this:\nFacebook\n" for i in range(n // 6)),
    "labels": lambda n: "".join(f"Related articles\nFerry stops for repairs {i}\n" for i in range(n // 2)),
}  # fmt: skip


@pytest.fixture(params=["safe", "balanced", "strict"])
def engine(request: pytest.FixtureRequest) -> Engine:
    return Settings(level=request.param).engine()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows by the number of lines of each pass."""
    passes: list[int] = []
    found = Engine._found

    def counted(self: Engine, part, batch, level):
        passes.append(len(batch.table))
        return found(self, part, batch, level)

    monkeypatch.setattr(Engine, "_found", counted)
    return passes


@pytest.mark.parametrize("family", FAMILIES)
def test_work_grows_with_the_text_and_no_faster(family: str, engine: Engine, asked: list[int]) -> None:
    text = FAMILIES[family](1200)
    [cleaned] = engine.clean([text])
    assert sum(asked) <= 2 * engines.PASSES * 1600
    if family != "below a boundary":  # evidence about the whole text moves with every line that goes
        assert len(asked) <= 30
    assert "unsettled" not in cleaned.flags
    assert engine.clean([cleaned.text])[0].text == cleaned.text


@pytest.mark.parametrize("count", [40, 4100])
def test_a_rule_that_eats_from_the_tail_takes_its_run_in_one_pass(count: int, asked: list[int]) -> None:
    engine = Settings().engine()
    [cleaned] = engine.clean([FAMILIES["eaten from the tail"](count)])
    assert cleaned.text == PROSE + "\n"
    assert len(asked) <= 3


def test_a_document_that_comes_to_no_end_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "PASSES", 1)
    first, other = Settings().engine().clean([FAMILIES["below a boundary"](400), PROSE])
    assert "unsettled" in first.flags
    assert "unsettled" not in other.flags


def test_what_a_headline_allows_is_not_taken_in_one_cleaning_and_left_in_the_next() -> None:
    """Where the headline goes with the safe rules, the others decide as they will when it is not there."""
    headline = "Ferry Stops for Repairs as River Falls"
    part = Part(Settled.start([headline], [Context()]), LineTable.of([headline]), {})
    part.titles[0] = headline
    known = RuleNames.of([], [])
    assert part.view(part.batch(), 0, lambda _: None).context.title == headline
    assert part.blinded().view(part.batch(), 0, lambda _: None).context.title is None
    assert part.blinded().results(known, np.zeros(0, np.bool_))[0].title == headline

    text = f"{headline}\n{headline}\n{PROSE} {PROSE}\nRead more: {headline}\n{PROSE}\n"
    for level in ("balanced", "strict"):
        engine = Settings(level=level, title_in_text=False).engine()
        [once] = engine.clean([text])
        assert once.title == headline
        assert headline not in once.text.split("\n")
        assert engine.clean([once.text])[0].text == once.text


def test_edits_are_made_when_somebody_looks() -> None:
    [cleaned] = Settings().engine().clean([FAMILIES["eaten from the tail"](3)])
    edits = cleaned.edits
    assert len(edits) == 3
    assert edits._made is None
    assert all(type(edit) is Edit for edit in edits)
    assert edits == tuple(edits)
    assert edits[0].before == "\nThe post a0 appeared first on b."
    assert {edit.artifact for edit in edits} != {""}


def test_hits_that_do_not_fit_are_refused() -> None:
    def decide(hit: list[int], witnesses: list[int] = [0], first: list[int] = [0, 2]) -> None:  # noqa: B006
        numbers = np.zeros(2, np.int64)
        verdicts.decide(
            np.array([hit], np.int64), np.array(witnesses, np.int64), np.ones(1, np.uint8), np.zeros((0, 1), np.uint8),
            np.full(1, -1), numbers, np.array(first, np.int64), numbers.copy(), np.zeros(1, np.int8), np.zeros(1, np.int64),
        )  # fmt: skip

    decide([0, 0, 1, 0, 0, 0, -1])
    for hit, said in (
        ([1, 0, 1, 0, 0, 0, -1], "of no rule"),
        ([0, 1, 3, 0, 0, 0, -1], "not there"),
        ([0, 0, 1, 0, 2, 0, -1], "witnesses"),
        ([0, 0, 1], "seven numbers"),
    ):
        with pytest.raises(ValueError, match=said):
            decide(hit)
    with pytest.raises(ValueError, match="witness is not there"):
        decide([0, 0, 1, 0, 1, 0, -1], [7])
    with pytest.raises(ValueError, match="do not cover"):
        decide([0, 0, 1, 0, 0, 0, -1], first=[0, 3])


def test_signals_are_computed_when_somebody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    signals = Cleaner._signals

    def counted(self: Cleaner, texts, outcomes):
        asked.append(len(texts))
        return signals(self, texts, outcomes)

    monkeypatch.setattr(Cleaner, "_signals", counted)
    first, second = Cleaner(language=None).clean_many([FAMILIES["eaten from the tail"](3), PROSE])
    assert asked == []
    assert first.signals_before["rps_doc_word_count"] > first.signals_after["rps_doc_word_count"]
    assert second.signals_before == second.signals_after
    assert asked == [2]
    again = pickle.loads(pickle.dumps(first))
    assert (again, again.signals_after) == (first, first.signals_after)
