"""Fit the card rules/cards/lines.toml on the line benchmark, the negative set and the labelled pages.

    python benchmarks/fit_evidence.py            # estimates from models that never saw the documents (5 parts by site)
    python benchmarks/fit_evidence.py --sources  # also from models that never saw the source
    python benchmarks/fit_evidence.py --engine   # also what the whole engine does with the rules' thresholds
    python benchmarks/fit_evidence.py --seed 2   # the sites parted otherwise: how firm the estimates are
    python benchmarks/fit_evidence.py --write    # fit on everything and write the card
    python benchmarks/fit_evidence.py --fits 1   # one choice of terms, not the mean of two

How terms are chosen stands in terms.py, what they may ask for and what a line weighs in observed.py.
Documents are also shown as they stand after a first removal: the engine asks the rule again until
nothing changes. A card is the mean of several choices whose trees saw other lines and columns: what chance
chose weighs half, what both chose weighs whole. Needs the extra `bench` (lightgbm). Nothing of the texts is stored, only the figures.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from linedata import Labelled, load, shared
from observed import LONGEST, Lines, names_of
from terms import Chosen, binned, boosted, chosen_of, edges_of, points_of

from cleaner.rules.vocabulary import Vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from terms import Asked

    from cleaner.rules.engine import Cleaned

ROOT = Path(__file__).resolve().parent.parent
CARD = ROOT / "rules/cards/lines.toml"
TERMS = 150
FITS = 2
WIDTH = 140
FIRST = (
    150,
    0,
)  # points at which lines go in the states that a fit sees besides, document by document in turn
LIMITS = {"manual": (0.006, 0.02, 0.06), "residual": (0.003, 0.01, 0.03), "fulldump": (0.005, 0.015, 0.04)}


class Study(NamedTuple):
    """What a fit works on."""

    lines: Lines
    bins: NDArray[np.uint8]
    edges: list[NDArray[np.int64]]
    names: list[str]
    vocabulary: Vocabulary
    many: int
    fits: int


def fitted(study: Study, rows: NDArray[np.bool_]) -> list[Chosen]:
    """Fit several times on the documents of `rows`, as they are and as they stand after a first removal."""
    lines = study.lines
    first = boosted(*_shown(lines, study.bins, rows)[:3])
    points = 100 * first.predict(study.bins, raw_score=True)
    own = [lines.documents[number] for number in np.unique(lines.document[rows])]
    gone = (points >= np.array(FIRST)[lines.document % len(FIRST)]) & (lines.chars <= LONGEST)
    states = list(_left(lines, rows, gone))
    whole = Lines(own + states, study.vocabulary, study.names)
    shown = _shown(whole, binned(whole.seen, study.edges), whole.used)
    return [chosen_of(*shown, study.many, seed) for seed in range(study.fits)]


def _shown(
    lines: Lines, bins: NDArray[np.uint8], rows: NDArray[np.bool_]
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.float32], NDArray[np.int64]]:
    used = rows & lines.used
    return bins[used], lines.label[used], lines.weights()[used], lines.document[used]


def _left(lines: Lines, rows: NDArray[np.bool_], gone: NDArray[np.bool_]) -> list[Labelled]:
    """Return the documents of `rows` that lose something, without the lines that go."""
    states = []
    for number in np.unique(lines.document[rows]):
        document, mine = lines.documents[number], gone[lines.document == number]
        if mine.any() and not mine.all():
            kept = np.flatnonzero(~mine)
            left = [document.lines[row] for row in kept], [document.labels[row] for row in kept]
            states.append(document._replace(lines=left[0], labels=left[1]))
    return states


def joined(fits: list[Chosen]) -> Chosen:
    """Return the mean of several choices; equal terms become one."""
    total: dict[Asked, float] = {}
    for chosen in fits:
        for points, asked in zip(chosen.points, [(), *chosen.asked], strict=True):
            total[asked] = total.get(asked, 0) + points / len(fits)
    base = total.pop(())
    return Chosen([base, *total.values()], list(total))


def terms_of(study: Study, chosen: Chosen) -> list[str]:
    """Write the choice as the terms of a card, heaviest first."""
    said = []
    for points, asked in zip(chosen.points[1:], chosen.asked, strict=True):
        conditions = [
            f"{study.names[column]} {'>=' if more else '<'} {study.edges[column][figure - 1]}"
            for column, more, figure in asked
        ]
        said.append((round(points), " & ".join(conditions)))
    said.sort(key=lambda term: (-abs(term[0]), term[1]))
    return [
        f"{round(chosen.points[0]):+d} always",
        *(f"{points:+d} {text}" for points, text in said if points),
    ]


def in_lines(terms: list[str]) -> str:
    """Write terms as items of a list in TOML, as many in a line as can be read at a glance."""
    lines: list[str] = []
    for term in terms:
        if lines and len(lines[-1]) + len(term) + 4 <= WIDTH:
            lines[-1] += f' "{term}",'
        else:
            lines.append(f'  "{term}",')
    return "\n".join(lines)


def curve(lines: Lines, points: NDArray[np.float64], title: str) -> None:
    """Print the best F1 within the bounds of each group, and the points where it is reached."""
    print(title)
    for group, limits in LIMITS.items():
        mine = lines.group == group
        order = np.argsort(-points[mine] + 1e6 * (lines.chars[mine] > LONGEST), kind="stable")
        label, chars = lines.label[mine][order], lines.chars[mine][order]
        cost = np.cumsum(chars * (label == 0)) / chars[label == 0].sum()
        hits, taken = np.cumsum(label == 1), np.maximum(np.cumsum(label < 2), 1)
        score = 2 * hits / (taken + (label == 1).sum())
        said = []
        for most in limits:
            best = int(np.argmax(np.where(cost <= most, score, -1)))
            said.append(
                f"{100 * most:.1f}%: F1 {score[best]:.3f} P {hits[best] / taken[best]:.3f} at {points[mine][order][best]:.0f}"
            )
        print(f"  {group:9}", " | ".join(said), flush=True)


def through_engine(
    study: Study, part_of: NDArray[np.int64], cards: dict[int, tuple[str, ...]], title: str
) -> None:
    """Print what the whole engine does to documents whose card was fitted without them."""
    from lines import by_rule, report, scorer, scores
    from msgspec.structs import replace

    from cleaner.document import LEVELS
    from cleaner.rules.engine import Context, Engine
    from cleaner.rules.pack import LoadedRule, built_in

    lines, module = study.lines, scorer(shared())
    done: dict[str, dict[int, Cleaned]] = {level: {} for level in LEVELS}
    for part, terms in cards.items():
        mine = np.unique(lines.document[part_of == part])
        left_out = [
            number for number in mine if lines.documents[number].source not in ("negative", "labelled")
        ]
        rules = [
            LoadedRule(one.name, replace(one.rule, terms=terms), one.pack, one.path)
            if one.name.startswith("any/evidence/") else one
            for one in built_in()
        ]  # fmt: skip
        texts = ["\n".join(lines.documents[number].lines) for number in left_out]
        contexts = [Context(url=lines.documents[number].url) for number in left_out]
        for level in LEVELS if texts else ():
            done[level].update(zip(left_out, Engine(rules, level=level).clean(texts, contexts), strict=True))
    for level, results in done.items():
        order = sorted(results)
        documents, cleaned = [lines.documents[n] for n in order], [results[n] for n in order]
        report(f"{level}, {title}, through the engine", scores(module, documents, cleaned), 1, 0)
        for name, each in by_rule(documents, cleaned).items():
            if name.startswith("any/evidence/"):
                print(f"    {name}: dirty {each['drop']} good {each['keep']} chars {each['chars']}")


def left_out(study: Study, part_of: NDArray[np.int64], title: str, *, engine: bool) -> None:
    """Judge every part by a card that was fitted on the others."""
    points, cards = np.zeros(len(study.lines.label)), {}
    judged = np.isin(study.lines.group, list(LIMITS))
    for part in np.unique(part_of[judged]):
        mine = part_of == part
        chosen = joined(fitted(study, ~mine))
        points[mine] = points_of(study.bins[mine], chosen)
        cards[part] = tuple(terms_of(study, chosen))
    curve(study.lines, points, title)
    if engine:
        through_engine(study, part_of, cards, title)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--terms", type=int, default=TERMS)
    parser.add_argument(
        "--fits", type=int, default=FITS, help="how many choices of terms a card is the mean of"
    )
    parser.add_argument("--sources", action="store_true")
    parser.add_argument("--engine", action="store_true")
    parser.add_argument("--seed", type=int, default=1, help="how sites are parted")
    asked = parser.parse_args()
    if shared() is None:
        sys.exit("no line benchmark: set CLEANER_SHARED to the folder that holds linebench")
    vocabulary = Vocabulary(tomllib.loads(CARD.read_text("utf-8"))["words"])
    names = names_of(vocabulary)
    lines = Lines(load(tests=ROOT / "tests"), vocabulary, names)
    edges = [edges_of(column) for column in lines.seen.T]
    study = Study(lines, binned(lines.seen, edges), edges, names, vocabulary, asked.terms, asked.fits)
    if asked.write:
        terms = terms_of(study, joined(fitted(study, np.ones(len(lines.label), bool))))
        head, rest = CARD.read_text("utf-8").split("terms = [\n")
        CARD.write_text(
            f"{head}terms = [\n{in_lines(terms)}\n]\n{rest.split(chr(10) + ']' + chr(10), 1)[1]}", "utf-8"
        )
        print(len(terms), "terms")
        return
    left_out(study, lines.folds(seed=asked.seed), "left-out documents", engine=asked.engine)
    if asked.sources:
        # The two sources of Scrapinghub show the same pages.
        family = np.array(
            [source.split("-")[0] if "scraping" in source else source for source in lines.source]
        )
        source = np.unique(family, return_inverse=True)[1]
        left_out(study, source, "left-out sources", engine=asked.engine)


if __name__ == "__main__":
    main()
