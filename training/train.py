"""Train the line model: read labelled pages, fit, measure on left-out sites, write the model and its card.

python training/train.py --bench LINEBENCH/dev --silver SILVER -o rules/models/lines.model

Packages beside those of `cleaner`: catboost, scikit-learn (`pip install scraped-text-cleaner[training]`).
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1])]

import report
import trees
import words
from data import FREE, fold_of, invented, line_benchmark, structural
from observed import GROUP_OF
from pages import BITS, PLAIN, SCORED, Pages

from cleaner.scoring.model import LineModel
from cleaner.shipped import models_root, packs_root

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLDS = 5
LINES = 60  # of a document: what is above has the weight of so many
_SILVER_LINES = 1500  # of a page; longer ones are lists


def weight_of(group: str, source: str) -> float:
    """Return how much a document of a source says about furniture; chosen on left-out human sources."""
    if source.startswith("dragnet"):
        return 0.25
    if source.startswith("waddle"):
        return 0.25 if group == "full-new" else 0.5
    by_group = {
        "own-negative": 3.0,
        "own-labelled": 2.0,
        "manual": 4.0,
        "residual": 2.0,
        "ps": 2.0,
        "extracts": 2.0,
        "nodes": 0.2,
    }
    return 0.12 if group.startswith("silver") else by_group.get(group, 0.7)


def observed(options: argparse.Namespace) -> Pages:
    """Return all pages, from the cache where it has them."""
    vocabulary = tomllib.loads((packs_root() / "cards" / "lines.toml").read_text("utf-8"))["words"]
    card = {name: tuple(each) for name, each in vocabulary.items()}
    parts = []
    for name, make in (
        ("bench", lambda: line_benchmark(options.bench)),
        (
            "silver",
            lambda: (d for d in structural(options.silver, options.share) if len(d.lines) <= _SILVER_LINES),
        ),
        ("own", lambda: invented(options.own)),
    ):
        cached = options.cache / f"{name}.npz" if options.cache else None
        if getattr(options, name) is None:
            continue
        if cached and cached.exists():
            parts.append(Pages.load(cached))
        else:
            parts.append(Pages.of(make(), card))
            if cached:
                parts[-1].save(cached)
    return Pages.joined(parts)


def sampled(pages: Pages, seed: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return up to about `LINES` lines with a label of each document, and their weights."""
    share = np.minimum(1, LINES / np.maximum(pages.size, 1))
    weight = np.array([weight_of(*each) for each in zip(pages.group, pages.source, strict=True)])
    chosen = np.random.default_rng(seed).random(len(pages)) < share[pages.document]
    rows = np.flatnonzero((pages.label != FREE) & chosen)
    return rows, weight[pages.document[rows]]


def long_lines(pages: Pages, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return what to multiply weights with, since the loss is counted in characters of good lines."""
    return np.where(pages.label[rows] == 0, 1 + np.minimum(pages.chars[rows], 400) / 100, 1.0)


class Training:
    """The steps over one parting of the sites."""

    def __init__(self, pages: Pages, options: argparse.Namespace) -> None:
        self.pages, self.options, self.begun = pages, options, time.monotonic()
        self.fold = np.array([fold_of(site, FOLDS, options.parting) for site in pages.site])[pages.document]

    def say(self, text: str) -> None:
        """Tell how far it is."""
        print(f"{time.monotonic() - self.begun:6.0f} s  {text}", flush=True)

    def fit_words(self) -> tuple[words.Weights, NDArray[np.int64]]:
        """Return the weights of words, and the points of each line by weights that saw nothing of its site."""
        pages, (rows, weight) = self.pages, sampled(self.pages, 0)
        hashes = words.known(pages, rows)
        places = words.places_of(pages, hashes)
        self.say(f"{len(rows)} lines, {len(hashes)} words on three sites or more")
        points = np.zeros(len(pages), np.int64)
        for fold in range(FOLDS):
            other = self.fold[rows] != fold
            fitted = words.fit(pages, places, hashes, rows[other], weight[other])
            points[self.fold == fold] = words.points_of(pages, places, fitted)[self.fold == fold]
        whole = words.fit(pages, places, hashes, rows, weight).kept(BITS)
        self.say(f"words fitted, {len(whole.hashes)} weights")
        return whole, points

    def fit_trees(
        self,
        seen: NDArray[np.int16],
        names: list[str],
        rows: NDArray[np.int64],
        weight: NDArray[np.float64],
        count: int,
    ) -> trees.CatBoostClassifier:
        """Grow trees on some lines."""
        columns = [(*PLAIN, *SCORED).index(name) for name in names]
        label = self.pages.label[rows]
        return trees.fit(
            seen[columns][:, rows].T.astype(np.float32), label, weight, count, self.options.threads
        )


def train(options: argparse.Namespace) -> None:
    """Do everything."""
    training = Training(observed(options), options)
    pages = training.pages
    training.say(f"{len(pages.size)} documents, {len(pages)} lines")
    weights, said = training.fit_words()
    seen = np.vstack([pages.plain, pages.with_scores(said)])
    rows, weight = sampled(pages, 1)
    weight = weight * long_lines(pages, rows)
    every = [*PLAIN, *SCORED]
    first = training.fit_trees(seen, every, rows[::2], weight[::2], options.trees // 2)
    order = np.argsort(-first.get_feature_importance(), kind="stable")[: options.observations]
    names = sorted((every[place] for place in order), key=every.index)
    training.say(f"chosen: {' '.join(every[place] for place in order)}")
    digest, size = "", 0
    if options.output:
        grown = trees.grown(training.fit_trees(seen, names, rows, weight, options.trees))
        counts = zip(*np.unique(pages.group, return_counts=True), strict=True)
        sources = ", ".join(f"{name} {count}" for name, count in counts)
        data = assembled(weights, names, grown, f"documents: {sources}").written()
        options.output.parent.mkdir(exist_ok=True)
        options.output.write_bytes(data)
        digest, size = hashlib.sha256(data).hexdigest(), len(data)
        training.say(f"wrote {options.output}, {size} bytes, {digest}")
    columns = [every.index(name) for name in names]
    points = np.full(len(pages), np.nan)
    for fold in options.folds:
        other = training.fold[rows] != fold
        grown = trees.grown(training.fit_trees(seen, names, rows[other], weight[other], options.trees))
        model = assembled(weights, names, grown, "left out")
        own = np.flatnonzero(training.fold == fold)
        points[own] = model.scored(seen[columns][:, own])
        training.say(f"fold {fold}")
    table = report.table(pages, points)
    print(table, flush=True)
    if options.cache:
        np.save(options.cache / f"points-{options.parting}.npy", points)
    if digest and options.card:
        report.write_card(options.card, pages, table, digest, size, weight_of)


def assembled(weights: words.Weights, names: list[str], grown: trees.Grown, about: str) -> LineModel:
    """Put both steps into a model."""
    checks, values = weights.tables(BITS)
    return LineModel(
        about=about, bits=BITS, checks=checks, weights=values, scale=words.SCALE, base=weights.base,
        observations=tuple((name, GROUP_OF[name]) for name in names), column=grown.column.tobytes(),
        least=grown.least.tobytes(), asked=grown.asked.tobytes(), leaves=grown.leaves.tobytes(),
        means=grown.means.tobytes(), depth=trees.DEPTH,
    )  # fmt: skip


def main() -> None:
    """Read the options."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bench", type=Path, help="folder of the line benchmark")
    parser.add_argument("--silver", type=Path, help="folder of pages labelled by their structure")
    own = Path(__file__).resolve().parents[1] / "tests"
    parser.add_argument("--own", type=Path, default=own, help="folder of `negative` and `labelled` texts")
    parser.add_argument("--share", type=float, default=0.2, help="share of the silver pages that is read")
    parser.add_argument("--trees", type=int, default=120)
    parser.add_argument("--observations", type=int, default=80)
    parser.add_argument("--parting", type=int, default=0, help="number of the parting of the sites")
    parser.add_argument(
        "--folds",
        type=int,
        nargs="*",
        default=[0, 1],
        help="parts of the sites that are left out and measured",
    )
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--cache", type=Path, help="folder for what was observed, so that it need not be done again"
    )
    parser.add_argument("-o", "--output", type=Path, default=models_root() / "lines.model")
    parser.add_argument("--card", type=Path, default=Path(__file__).with_name("MODEL_CARD.md"))
    parser.add_argument("--no-output", dest="output", action="store_const", const=None)
    train(parser.parse_args())


if __name__ == "__main__":
    main()
