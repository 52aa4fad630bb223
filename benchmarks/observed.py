"""The labelled lines as arrays, for fitting a card: what is observed of them, labels, weights, folds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np
from linedata import Labelled, group_of

from cleaner.rules.observe import Observations
from cleaner.rules.table import LineTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.rules.vocabulary import Vocabulary

LONGEST = 240
LINE = """
    chars words digits ends commas colons bars brackets quotes code money capitals particles longest
    finished dots asks exclaims ends_colon ends_comma ends_bar ends_digit ends_bracket bullet
    starts_lower starts_upper starts_digit starts_quote starts_comma starts_odd years times
    dates numbers inner_ends urls mails dotted rights pipes dated voiceless upper_share
    digit_share capital_share particle_share place from_head from_tail
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
DOCUMENT = [*WINDOW, "asks", "pipes", "starts_digit", "long"]
SINCE = """
    prose long ends_colon finished rights bullet words:talk words:more words:legal words:social
""".split()  # noqa: SIM905 - a list of words reads better so
PRICE = {"fulldump": 2.5, "residual": 0.6}
"""What a good line costs more or less: nearly all that is left of a page dump is text."""
SHARE = {"manual": 1.6, "residual": 1.2, "fulldump": 0.7, "negative": 0.35, "labelled": 0.8}
"""What each group counts for as a whole."""


def names_of(vocabulary: Vocabulary) -> list[str]:
    """Return what a term may ask for: nothing that tells one document from all others, such as its size."""
    words = [f"words:{name}" for name in vocabulary.names]
    return [
        *LINE, *words,
        *(f"{side}.{name}" for side in ("above", "below") for name in NEIGHBOUR),
        *(f"near5.{name}" for name in WINDOW + words),
        *(f"all.{name}" for name in DOCUMENT if name != "chars"),
        *(f"{side}.{name}" for side in ("past", "rest") for name in ("prose", "long", "later_copy", "finished")),
        *(f"{side}.{name}" for side in ("since", "until") for name in SINCE),
    ]  # fmt: skip


def site_of(document: Labelled) -> str:
    """Return what a document may share with others: its site, or the page that two texts were made of."""
    host = urlsplit(document.url).hostname if document.url else None
    if host is None:
        return document.page.rsplit("/", 1)[-1]
    parts = 3 if re.search(r"\.(co|com|org|ac|gov|net)\.[a-z]{2}$", host) else 2
    return ".".join(host.split(".")[-parts:])


class Lines:
    """The labelled lines of documents as arrays; `label` is 1 for drop, 0 for keep, 2 for free."""

    def __init__(self, documents: list[Labelled], vocabulary: Vocabulary, names: list[str]) -> None:
        self.documents = documents
        table = LineTable.of(["\n".join(document.lines) for document in documents])
        seen = Observations(table, vocabulary.of(table))
        self.seen = np.column_stack([seen[name] for name in names]).astype(np.float32)
        count = [len(document.lines) for document in documents]
        self.document = np.repeat(np.arange(len(documents)), count)
        self.label = np.array(
            [{"drop": 1, "keep": 0}.get(label, 2) for one in documents for label in one.labels]
        )
        self.chars = np.array([len(line) for one in documents for line in one.lines])
        self.label[self._further_copies()] = 2
        self.source = np.array([one.source for one in documents])[self.document]
        self.group = np.array([group_of(source) for source in self.source])
        self.used = (self.label < 2) & (self.chars <= LONGEST)

    def _further_copies(self) -> list[int]:
        """Return the rows of long kept lines that stood above: the benchmark leaves them free."""
        known, rows, row = set(), [], 0
        for number, document in enumerate(self.documents):
            for line, label in zip(document.lines, document.labels, strict=True):
                folded = number, " ".join(line.split()).casefold()
                if label == "keep" and len(folded[1]) >= 60:
                    if folded in known:
                        rows.append(row)
                    known.add(folded)
                row += 1
        return rows

    def folds(self, many: int = 5, seed: int = 1) -> NDArray[np.int64]:
        """Return a part for each line; all documents of a site are in one."""
        sites = np.array([site_of(document) for document in self.documents])
        known = np.unique(sites)
        part = dict(zip(known, np.random.default_rng(seed).permutation(len(known)) % many, strict=True))
        return np.array([part[site] for site in sites])[self.document]

    def weights(self) -> NDArray[np.float32]:
        """Return what each line counts for in the fit."""
        kept = np.maximum(self.chars, 5.0) ** 0.4
        weight = np.where(self.label == 0, kept, np.mean(kept[self.label == 1]))
        place = self.document * 2 + (self.label == 1)
        weight *= np.bincount(place)[place] ** -0.3
        for group, price in PRICE.items():
            weight[(self.group == group) & (self.label == 0)] *= price
        for group, wanted in SHARE.items():
            mine = (self.group == group) & self.used
            weight[mine] *= wanted / max(weight[mine].sum(), 1e-9)
        return (weight * 3e4).astype(np.float32)
