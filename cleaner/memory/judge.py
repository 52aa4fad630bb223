"""The verdict on each line of a memory, decided once for the site from all that was counted, with its reason."""

from __future__ import annotations

from math import isqrt
from typing import TYPE_CHECKING, NamedTuple

from cleaner.artifacts import FLAGGED

if TYPE_CHECKING:
    from cleaner.document import Level
    from cleaner.memory.form import Form

__all__ = ["SITE_LEAST", "Repeated", "Verdict", "judge", "least_documents"]

SITE_LEAST, SITE_SURE = 5, 20
"""A site with fewer documents than the first teaches nothing, with fewer than the second only what nearly all hold."""

_FIXED = 0.8  # the share of a line's occurrences at one end of the documents that makes its place fixed
_OFTEN = 0.02  # the share of documents that no paragraph of the text reaches by chance
_MOST = 0.8  # of the documents of a small site
_SHORT = 8  # words


class Repeated(NamedTuple):
    """What was counted of a line, or of the first or last words of lines (see `cleaner.memory.store.MEMORY`)."""

    part: str
    documents: int
    of: int
    groups: int
    occurrences: int
    head: int
    tail: int
    below_same: int
    followers: int
    above_same: int
    form: Form

    @property
    def share(self) -> float:
        """The share of the site's documents that hold the line."""
        return self.documents / self.of

    @property
    def place(self) -> str:
        """The end of its documents at which the line nearly always stands, or `any`."""
        if self.head >= _FIXED * self.occurrences:
            return "head"
        return "tail" if self.tail >= _FIXED * self.occurrences else "any"


class Verdict(NamedTuple):
    """What becomes of a line: `drop`, `flag` or `keep`, with its kind, from which level on, where, and why."""

    verdict: str
    artifact: str | None
    level: Level | None
    place: str
    reason: str


def least_documents(of: int) -> int:
    """Return in how many of the `of` documents of a site a line must stand to be judged."""
    return max(SITE_LEAST, isqrt(of) // 5)


def judge(line: Repeated) -> Verdict:
    """Return the verdict on a line, without regard to its neighbours."""
    if line.of < SITE_SURE and (line.share < _MOST or line.place == "any"):
        return _kept("too few documents of the site to tell")
    if line.part != "line":
        return _affix(line)
    form = line.form
    if not form.letters:
        return _wordless(line)
    if form.artifact in FLAGGED and (form.certain or line.place != "any"):
        return Verdict("flag", form.artifact, "safe", line.place, form.says)
    if _nearly_equal(line):
        return _kept("stands in documents that are nearly equal")
    if form.interface and form.artifact not in FLAGGED and form.rest <= form.strong // 2:
        return _interface(line)
    if form.strong:
        return _worded(line)
    if form.names_site and line.place != "any" and form.words <= _SHORT:
        return _dropped(line, "site", "safe", "the name of the site in a fixed place")
    return _plain(line)


def _wordless(line: Repeated) -> Verdict:
    if not line.form.digits and line.place != "any":
        place = "any" if line.form.bare else line.place
        return Verdict("drop", "debris", "safe", place, "marks without a word in a fixed place")
    return _kept("numbers or marks: a divider, a page, a figure")


def _interface(line: Repeated) -> Verdict:
    """Judge a line of interface words and nothing else."""
    artifact = line.form.artifact or "navigation"
    if line.form.strong:
        return Verdict("drop", artifact, "safe", "any", "interface words and nothing else")
    if line.place != "any":
        return _dropped(line, artifact, "safe", "interface words and nothing else, in a fixed place")
    if line.share >= _OFTEN and line.occurrences > line.documents:
        return _dropped(line, artifact, "balanced", "interface words, several times in a document")
    return _kept("words that may head a part of the text")


def _worded(line: Repeated) -> Verdict:
    """Judge a line with interface words among others."""
    form, artifact = line.form, line.form.artifact or "navigation"
    if line.share >= _OFTEN:
        return _dropped(
            line, artifact, "safe", f"{form.says}, in more documents than a paragraph of the text"
        )
    if line.place != "any" and form.rest <= 4 * form.strong:
        return _dropped(line, artifact, "safe", f"{form.says}, in a fixed place")
    if line.place != "any" or form.rest <= 2 * form.strong:
        return _dropped(line, artifact, "balanced", form.says)
    return _plain(line)


def _plain(line: Repeated) -> Verdict:
    """Judge a line that does not say by its words what it is."""
    form = line.form
    if form.name and line.place != "any":
        return Verdict("flag", "byline", "safe", line.place, "a name in a fixed place")
    if line.place != "any" and line.share >= _OFTEN and form.hints and form.words >= _SHORT:
        return _dropped(
            line, "advertisement", "safe", "calls upon the reader, in a fixed place in many documents"
        )
    if line.place != "any" and line.share >= 5 * _OFTEN:
        return _dropped(line, "site", "balanced", "in a fixed place in many documents")
    if form.sentence:
        return Verdict("flag", "repetition", None, "any", "a paragraph of the text that is used again")
    if line.followers > line.documents // 2:
        return _kept("a heading: other text follows each time")
    return _kept("nothing says that it is furniture")


def _affix(line: Repeated) -> Verdict:
    """Judge the first or last words of lines whose rest changes."""
    form = line.form
    if form.rest or not form.interface or not form.artifact:
        return _kept("nothing says that it is furniture")
    if form.label and form.artifact in FLAGGED and (form.certain or line.place != "any"):
        return Verdict("flag", form.artifact, "safe", line.place, form.says)
    if form.label and form.strong and line.share >= _OFTEN / 2:
        return _dropped(line, form.artifact, "safe", "a label of interface words before text that changes")
    if form.interface >= 2 and form.artifact not in FLAGGED and line.share >= _OFTEN:
        return _dropped(line, form.artifact, "balanced", "interface words beside text that changes")
    return _kept("too seldom to tell")


def _nearly_equal(line: Repeated) -> bool:
    return 2 * line.groups < line.documents


def _dropped(line: Repeated, artifact: str, level: Level, reason: str) -> Verdict:
    return Verdict("drop", artifact, level, line.place, reason)


def _kept(reason: str) -> Verdict:
    return Verdict("keep", None, None, "any", reason)
