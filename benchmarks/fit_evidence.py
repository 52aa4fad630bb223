"""Fit the card rules/cards/lines.toml on the line benchmark, the negative set and the labelled pages.

    python benchmarks/fit_evidence.py            # out-of-fold estimates, by document and by source
    python benchmarks/fit_evidence.py --write    # fit on everything and write the card

Trees of three leaves are boosted on the log loss (lightgbm); every tree becomes two terms of at most two
conditions, and its points are hundredths of log odds, rounded. A kept line weighs more the longer it
is, since the price of a false removal is counted in characters; a document weighs less per line the
more lines it has, so that no single page carries the result. Documents are also shown as they stand
after a first removal: the engine asks the rule again until nothing changes.
Needs the extra `bench` (lightgbm). Nothing of the texts is stored, only the figures.
"""

from __future__ import annotations

import argparse
import math
import sys
import tomllib
from pathlib import Path

import numpy as np
from linedata import Labelled, group_of, load, shared

from cleaner.rules.observe import Observations
from cleaner.rules.table import LineTable
from cleaner.rules.vocabulary import Vocabulary

ROOT = Path(__file__).resolve().parent.parent
CARD = ROOT / "rules/cards/lines.toml"
LONGEST = 240
TREES = 110
LINE = """
    chars words digits ends commas colons bars brackets quotes code money capitals particles longest
    finished dots asks exclaims ends_colon ends_comma ends_bar ends_digit ends_bracket bullet
    starts_lower starts_upper starts_digit starts_quote starts_bar starts_comma starts_odd years times
    dates numbers inner_ends urls mails dotted rights pipes symbols dated voiceless upper_share
    digit_share letter_share capital_share particle_share word_chars lines place from_head from_tail
    copies later_copy patterns begins_alike ends_alike begins_as_above ends_as_above
""".split()  # noqa: SIM905 - a list of words reads better so
NEIGHBOUR = """
    chars finished ends_colon bullet prose label dated starts_lower later_copy begins_as_above
    particle_share
""".split()  # noqa: SIM905 - a list of words reads better so
WINDOW = """
    label prose finished chars bullet later_copy dated tiny particle_share capital_share figures urls
    code
""".split()  # noqa: SIM905 - a list of words reads better so
DOCUMENT = "asks pipes starts_digit long".split()  # noqa: SIM905 - a list of words reads better so
SINCE = """
    prose long ends_colon finished rights bullet words:talk words:more words:legal words:social
""".split()  # noqa: SIM905 - a list of words reads better so


def names_of(vocabulary: Vocabulary) -> list[str]:
    words = [f"words:{name}" for name in vocabulary.names]
    names = LINE + words
    names += [f"{side}.{name}" for side in ("above", "below", "above2", "below2") for name in NEIGHBOUR]
    names += [f"near{far}.{name}" for far in (2, 5, 10, 20) for name in WINDOW + words]
    names += [
        f"{side}8.{name}"
        for side in ("before", "after")
        for name in ("label", "prose", "chars", "finished", *words)
    ]
    names += [f"all.{name}" for name in WINDOW + DOCUMENT + words]
    names += [
        f"{side}.{name}" for side in ("past", "rest") for name in ("prose", "long", "later_copy", "finished")
    ]
    names += [
        f"run.{name}"
        for name in ("label", "short", "open", "bullet", "prose", "starts_digit", "dated", "tiny")
    ]
    return names + [f"{side}.{name}" for side in ("since", "until") for name in SINCE]


def matrix(documents: list[Labelled], vocabulary: Vocabulary, names: list[str]) -> np.ndarray:
    table = LineTable.of(["\n".join(document.lines) for document in documents])
    seen = Observations(table, vocabulary.of(table))
    return np.column_stack([seen[name] for name in names]).astype(np.float32)


class Lines:
    """The labelled lines of documents as arrays."""

    def __init__(self, documents: list[Labelled], vocabulary: Vocabulary, names: list[str]) -> None:
        self.documents, self.vocabulary = documents, vocabulary
        self.seen = matrix(documents, vocabulary, names)
        count = [len(document.lines) for document in documents]
        self.document = np.repeat(np.arange(len(documents)), count)
        self.drop = np.array(
            [{"drop": 1, "keep": 0}.get(label, 2) for one in documents for label in one.labels]
        )
        self.chars = np.array([len(line) for one in documents for line in one.lines])
        self.page = np.array([one.page for one in documents])[self.document]
        self.source = np.array([one.source for one in documents])[self.document]
        self.group = np.array([group_of(source) for source in self.source])
        self.used = (self.drop < 2) & (self.chars <= LONGEST)

    def weights(self, power: float, share: dict[str, float]) -> np.ndarray:
        """Return what each line counts for in the fit."""
        kept = np.maximum(self.chars, 5.0) ** power
        weight = np.where(self.drop == 0, kept, np.mean(kept[self.drop == 1]))
        size = np.bincount(self.document * 2 + (self.drop == 1), minlength=2 * len(self.documents))
        weight *= size[self.document * 2 + (self.drop == 1)] ** -0.3
        # What is left of a page dump is nearly all text, and removals there are many: the price is higher.
        for group, price in PRICE.items():
            weight[(self.group == group) & (self.drop == 0)] *= price
        for group, wanted in share.items():
            mine = (self.group == group) & self.used
            weight[mine] *= wanted / max(weight[mine].sum(), 1e-9)
        return weight * 3e4


PRICE = {"fulldump": 2.5, "residual": 0.6}
SHARE = {"manual": 1.6, "residual": 1.2, "fulldump": 0.7, "negative": 0.35, "labelled": 0.5}


def boosted(lines: Lines, rows: np.ndarray, power: float, trees: int):
    import lightgbm

    model = lightgbm.LGBMClassifier(
        n_estimators=trees, num_leaves=3, learning_rate=0.2, reg_lambda=20, min_child_samples=60, subsample=0.7,
        subsample_freq=1, colsample_bytree=0.35, max_bin=63, n_jobs=1, verbose=-1, random_state=0, deterministic=True,
    )  # fmt: skip
    rows = rows & lines.used
    return model.fit(lines.seen[rows], lines.drop[rows], sample_weight=lines.weights(power, SHARE)[rows])


def terms_of(model, names: list[str]) -> list[str]:
    """Return a boosted model as terms; the leaf next to the root of each tree goes into the base."""
    base, points = 0.0, {}
    for tree in model.booster_.dump_model()["tree_info"]:
        leaves = list(_leaves(tree["tree_structure"], ()))
        ground = min(leaves, key=lambda leaf: len(leaf[0]))
        base += ground[1]
        for path, value in leaves:
            if (path, value) != ground:
                points[path] = points.get(path, 0.0) + value - ground[1]
    terms = [f"{round(100 * base):+d} always"]
    for path, value in sorted(points.items(), key=lambda item: -abs(item[1])):
        if round(100 * value):
            said = " & ".join(
                f"{names[feature]} {'>=' if more else '<'} {figure}" for feature, more, figure in path
            )
            terms.append(f"{round(100 * value):+d} {said}")
    return terms


def _leaves(node: dict, path: tuple):
    if "leaf_value" in node:
        yield path, node["leaf_value"]
        return
    figure = math.floor(node["threshold"]) + 1
    yield from _leaves(node["left_child"], (*path, (node["split_feature"], False, figure)))
    yield from _leaves(node["right_child"], (*path, (node["split_feature"], True, figure)))


def after_removal(
    documents: list[Labelled], lines: Lines, points: np.ndarray, at_least: int
) -> list[Labelled]:
    """Return the documents that lose something, without the lines that have the points."""
    gone = (points >= at_least) & (lines.chars <= LONGEST)
    states = []
    for number, document in enumerate(documents):
        mine = gone[lines.document == number]
        if mine.any() and not mine.all():
            kept = np.flatnonzero(~mine)
            states.append(
                document._replace(
                    lines=[document.lines[row] for row in kept], labels=[document.labels[row] for row in kept]
                )
            )
    return states


def with_states(
    lines: Lines, rows: np.ndarray, points: np.ndarray, power: float, trees: int, names: list[str]
):
    """Fit on the documents of `rows` as they are, and as they stand after a first removal."""
    chosen = [lines.documents[number] for number in np.unique(lines.document[rows])]
    own = Lines(chosen, lines.vocabulary, names)
    states = after_removal(chosen, own, points[rows], 30)
    joined = Lines(chosen + states, lines.vocabulary, names)
    return boosted(joined, np.ones(len(joined.drop), bool), power, trees)


def estimate(lines: Lines, part_of: np.ndarray, power: float, trees: int) -> np.ndarray:
    """Return points for each line from models that never saw its part."""
    points = np.zeros(len(lines.drop))
    for part in np.unique(part_of):
        mine = part_of == part
        model = boosted(lines, ~mine, power, trees)
        points[mine] = 100 * model.predict(lines.seen[mine], raw_score=True)
    return points


def curve(lines: Lines, points: np.ndarray, title: str) -> None:
    print(title)
    for group in ("manual", "residual", "fulldump"):
        mine = (lines.group == group) & (lines.drop < 2)
        order = np.argsort(-points[mine] + 1e6 * (lines.chars[mine] > LONGEST), kind="stable")
        drop, chars = lines.drop[mine][order], lines.chars[mine][order]
        cost = np.cumsum(chars * (drop == 0)) / chars[drop == 0].sum()
        hit = np.cumsum(drop)
        said = []
        for most in (0.003, 0.006, 0.01, 0.02, 0.04, 0.06):
            last = max(0, int(np.searchsorted(cost, most, side="right")) - 1)
            precision, recall = hit[last] / (last + 1), hit[last] / drop.sum()
            score = 2 * precision * recall / (precision + recall)
            said.append(
                f"{100 * most:.1f}%: F1 {score:.3f} P {precision:.3f} at {points[mine][order][last]:.0f}"
            )
        print(f"  {group:9}", " | ".join(said))


def through_engine(
    lines: Lines,
    part_of: np.ndarray,
    points: np.ndarray,
    power: float,
    trees: int,
    names: list[str],
    levels: dict[str, int],
) -> None:
    """Print what the whole engine does to documents whose card was fitted without them."""
    from lines import report, scorer, scores
    from msgspec.structs import replace

    from cleaner.rules.engine import Context, Engine
    from cleaner.rules.pack import LoadedRule, built_in

    module = scorer(shared())
    done: dict[str, dict[int, object]] = {level: {} for level in levels}
    for part in np.unique(part_of):
        rows = part_of != part
        card = tuple(terms_of(with_states(lines, rows, points, power, trees, names), names))
        left_out = [
            number
            for number in np.unique(lines.document[~rows])
            if lines.documents[number].source not in ("negative", "labelled")
        ]
        for level, at_least in levels.items():
            rules = [
                LoadedRule(one.name, replace(one.rule, terms=card, at_least=at_least), one.pack, one.path)
                if one.name == f"any/evidence/evidence-{level}" else one
                for one in built_in()
                if not one.name.startswith("any/evidence") or one.name.endswith(level)
            ]  # fmt: skip
            texts = ["\n".join(lines.documents[number].lines) for number in left_out]
            contexts = [Context(url=lines.documents[number].url) for number in left_out]
            done[level].update(zip(left_out, Engine(rules, level=level).clean(texts, contexts), strict=True))
    for level, results in done.items():
        order = sorted(results)
        report(
            f"{level} at {levels[level]}, left out, through the engine",
            scores(module, [lines.documents[n] for n in order], [results[n] for n in order]),
            1,
            0,
        )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    asked.add_argument("--write", action="store_true")
    asked.add_argument("--power", type=float, default=0.4)
    asked.add_argument("--trees", type=int, default=TREES)
    asked.add_argument("--sources", action="store_true")
    asked.add_argument("--engine", action="store_true")
    asked = asked.parse_args()
    if shared() is None:
        sys.exit("no line benchmark: set CLEANER_SHARED to the folder that holds linebench")
    words = tomllib.loads(CARD.read_text("utf-8"))["words"]
    vocabulary = Vocabulary(words)
    names = names_of(vocabulary)
    documents = load(tests=ROOT / "tests")
    lines = Lines(documents, vocabulary, names)
    pages = np.unique(lines.page)
    fold = dict(zip(pages, np.random.default_rng(1).integers(0, 5, len(pages)), strict=True))
    part_of = np.array([fold[page] for page in lines.page])
    points = estimate(lines, part_of, asked.power, asked.trees)
    curve(lines, points, "left-out documents")
    if asked.sources:
        curve(lines, estimate(lines, lines.source, asked.power, asked.trees), "left-out sources")
    if asked.engine:
        for levels in ({"safe": 186, "balanced": 65, "strict": -38},):
            through_engine(lines, part_of, points, asked.power, asked.trees, names, levels)
    if asked.write:
        model = with_states(lines, np.ones(len(lines.drop), bool), points, asked.power, asked.trees, names)
        terms = terms_of(model, names)
        head, rest = CARD.read_text("utf-8").split("terms = [\n")
        tail = rest.split("\n]\n", 1)[1]
        card = "\n".join(f'  "{term}",' for term in terms)
        CARD.write_text(f"{head}terms = [\n{card}\n]\n{tail}", "utf-8")
        print(len(terms), "terms")


if __name__ == "__main__":
    main()
