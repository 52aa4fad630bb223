"""The kinds of furniture: what a removal takes, and what a user may want done with each of them.

Labellers and users agree on most lines once they agree on the kind: one keeps captions, another drops
by-lines. So every rule names the kind of what it takes, every edit carries it, and a policy says for
each kind whether it goes, is only flagged, or is left alone.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["ARTIFACTS", "FLAGGED", "Artifact", "Policy", "Treatment", "artifact_named"]

Artifact = Literal[
    "navigation", "share", "subscribe", "related", "teaser", "comment", "account", "advertisement", "consent",
    "legal", "byline", "date", "caption", "tags", "pager", "form", "player", "site", "debris", "repetition",
]  # fmt: skip
"""The name of a kind of furniture."""

ARTIFACTS: dict[Artifact, str] = {
    "navigation": "menus, breadcrumbs, section names, skip links, language switches, site search",
    "share": "share bars, follow-us lines, names of networks",
    "subscribe": "newsletters, feeds, apps, memberships, paywalls, donations",
    "related": "labels and lists that lead to other texts of the site",
    "teaser": "headline or summary of another text, without a label of its own",
    "comment": "comment forms, counters, policies, turns of readers",
    "account": "log in, register, profile, cart",
    "advertisement": "ad labels, sponsored text, promotion",
    "consent": "cookie and privacy notices, notes about ad blockers and JavaScript",
    "legal": "copyright, licences, disclaimers, registration numbers, powered-by lines",
    "byline": "author, agency, source, biography",
    "date": "when a text was published or updated, reading time",
    "caption": "captions, photo credits, alternative texts",
    "tags": "tags, topics, filed-under lines",
    "pager": "previous and next, page numbers, load more, back to top",
    "form": "form fields, buttons, ratings, polls",
    "player": "media players, galleries, their status and error messages",
    "site": "the site's own name, slogan, contact, address, about",
    "debris": "template and markup noise, escapes, ids, counters",
    "repetition": "the same text twice: headlines, paragraphs, blocks",
}
"""Every kind of furniture with what belongs to it, in the order in which they are shown."""

assert tuple(ARTIFACTS) == get_args(Artifact)

FLAGGED: frozenset[Artifact] = frozenset({"byline", "date", "caption"})
"""What is flagged unless the user says otherwise: many want it. On pages, whose elements say what it is, it goes."""

Treatment = Literal["drop", "flag", "keep"]
"""`drop`: rules act as their level says. `flag`: they only name what they find. `keep`: they do not run."""


class Policy(NamedTuple):
    """What the user wants done with kinds of furniture; of those not named, `FLAGGED` are flagged, the rest dropped."""

    drop: frozenset[str] = frozenset()
    keep: frozenset[str] = frozenset()
    flag: frozenset[str] = frozenset()

    @classmethod
    def of(cls, drop: Iterable[str] = (), keep: Iterable[str] = (), flag: Iterable[str] = ()) -> Policy:
        """Return the policy that these names say.

        Raises:
            ValueError: a name is no artifact, or stands in two of the lists.

        """
        policy = cls(*(frozenset(map(artifact_named, names)) for names in (drop, keep, flag)))
        for first, second in (("drop", "keep"), ("drop", "flag"), ("keep", "flag")):
            both = getattr(policy, first) & getattr(policy, second)
            if both:
                raise ValueError(f"{first} and {second} both name {', '.join(sorted(both))}: choose one")
        return policy

    def treatment(self, artifact: str | None, *, of_pages: bool = False) -> Treatment:
        """Return what is done with an artifact; `of_pages` tells that elements of a page say what it is."""
        if artifact in self.keep:
            return "keep"
        if artifact in self.flag:
            return "flag"
        return "flag" if artifact in FLAGGED and artifact not in self.drop and not of_pages else "drop"


def artifact_named(name: str) -> str:
    """Return the name of an artifact.

    Raises:
        ValueError: there is none of that name; the message offers those that come close.

    """
    if name in ARTIFACTS:
        return name
    near = difflib.get_close_matches(name, ARTIFACTS, n=3)
    hint = f"did you mean {', '.join(near)}?" if near else f"there are: {', '.join(ARTIFACTS)}"
    raise ValueError(f"no artifact is called {name!r}; {hint}")
