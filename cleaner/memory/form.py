"""What a repeated line looks like and is made of, beside what was counted of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from cleaner.artifacts import FLAGGED
from cleaner.memory.interface import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Form", "forms_of"]


class Form(NamedTuple):
    """The form of a line.

    `words` are all its words, `interface` those of user interfaces, `rest` those that are neither these nor
    words that join them, numbers or the site's name; `artifact` is the kind of furniture that they make, where they do.
    `strong` are the interface words that no text uses for itself, `hints` words that call upon a reader, and may also be text. `bare` says that it is one mark that ends or parts sentences, `label` that it ends in a colon, `sentence` that it is a sentence of some length, `name` that it may be
    someone's name, `names_site` that the site's name is in it; `says` puts it in words.
    """

    words: int
    interface: int
    strong: int
    hints: int
    rest: int
    artifact: str | None
    letters: bool
    digits: bool
    bare: bool
    label: bool
    sentence: bool
    name: bool
    names_site: bool
    says: str


_ARTIFACT = {
    "subscribe": "subscribe", "newsletter": "subscribe", "app": "subscribe", "paywall": "subscribe", "donate": "subscribe",
    "share": "share", "follow": "share", "network": "share", "print": "share", "email": "share",
    "comment": "comment", "reply": "comment", "related": "related", "more": "related", "continue": "related",
    "popular": "related", "read": "related", "previous": "pager", "next": "pager", "menu": "navigation",
    "search": "navigation", "category": "navigation", "page": "navigation", "about": "site", "contact": "site",
    "login": "account", "account": "account", "legal": "legal", "cookie": "consent", "advert": "advertisement",
    "tag": "tags", "posted": "date", "updated": "date", "byline": "byline", "caption": "caption", "player": "player",
    "loading": "player", "error": "player", "form": "form", "rate": "form",
}  # fmt: skip
"""The kind of furniture that a concept makes; where a line has several, the first of them here that it has most."""

_STRONG = frozenset(
    {
        "subscribe", "share", "follow", "comment", "related", "continue", "more", "login", "legal", "cookie", "advert",
        "player", "print", "loading", "error", "paywall", "donate", "newsletter", "app", "account", "page", "email",
    }
)  # fmt: skip
"""Concepts whose words stand in a text of their own only by way of furniture."""

_CALLS = frozenset(
    {
        "subscribe", "share", "follow", "advert", "app", "account", "paywall", "donate", "email", "page", "player",
        "read", "contact", "form", "newsletter",
    }
)  # fmt: skip
"""Concepts whose words, where they may also be plain text, speak of a call upon the reader: click, join, watch."""

_ENDS = (".", "!", "?", "…", "”", '"', "’", "»", "。", "！", "？", "؟", "۔", "।")
_NAME_JOINS = frozenset({"in", "and", "de", "of", "al", "bin", "van", "von", "da", "di", "&"})
_PERSON = frozenset(
    {
        "he",
        "she",
        "her",
        "his",
        "writer",
        "reporter",
        "journalist",
        "editor",
        "author",
        "correspondent",
        "lover",
    }
)
_STOPS = frozenset(".,;:!?")
_NAMELESS = frozenset({"www", "m", "com", "co", "org", "net", "gov", "edu", "ac"})
_BETWEEN = re.compile(r"[\s,/|&-]+")
_SENTENCE, _NAME = 8, 7  # words


def forms_of(lines: Sequence[str], sites: Sequence[str]) -> list[Form]:
    """Return the form of each line as it stands on its site."""
    return [_form(line, site) for line, site in zip(lines, sites, strict=True)]


def _form(line: str, site: str) -> Form:
    text = line.strip()
    words, interface, rest, hints = words_of(text)
    name = _site_name(site)
    bare = re.sub(r"\W+", "", text.lower())
    names_site = len(name) >= 4 and name in bare
    rest = [each for each in rest if not (names_site and (each in name or name in each))]
    counts: dict[str, int] = {}
    for concept in interface:
        made = _ARTIFACT[concept]
        counts[made] = counts.get(made, 0) + 1
    order = list(dict.fromkeys(_ARTIFACT.values()))
    artifact = min(counts, key=lambda each: (-counts[each], order.index(each))) if counts else None
    if artifact in FLAGGED and len(rest) > _NAME:  # a long line that speaks of authors or pictures is none
        artifact = min(counts.keys() - FLAGGED, key=order.index, default=None)
    if "caption" in counts and not rest:
        artifact = "caption"
    said = ", ".join(sorted(set(interface)))
    form = Form(
        words=words,
        interface=len(interface),
        strong=sum(concept in _STRONG for concept in interface),
        hints=sum(concept in _CALLS for concept in hints),
        rest=len(rest),
        artifact=artifact,
        letters=any(char.isalpha() for char in text),
        digits=any(char.isdigit() for char in text),
        bare=text in _STOPS,
        label=text.endswith(":"),
        sentence=words >= _SENTENCE and text.endswith(_ENDS),
        name=False,
        names_site=names_site,
        says=f"words of {said}" if said else "",
    )
    if counts.keys() == {"player"} and text.strip("()[]").isupper() and words == 1:  # an agency, not an error
        return form._replace(interface=0, strong=0, artifact=None, name=True, says="")
    if _is_biography(text) and not names_site:
        return form._replace(artifact="byline", says="a name, and who that is")
    return form._replace(name=_is_name(text) and not form.interface)


def _is_biography(text: str) -> bool:
    """Tell whether a line begins with a name and goes on to say who that is."""
    words = text.split()
    return (
        len(words) > _NAME
        and all(word.isalpha() and word.istitle() for word in words[:2])
        and not _PERSON.isdisjoint(re.split(r"\W+", text.lower()))
    )


def _site_name(site: str) -> str:
    """Return what a site is called, without dots and what every address has."""
    labels = site.lower().split(".")
    named = [label for label in labels[: -1 if len(labels) > 1 else None] if label not in _NAMELESS]
    return re.sub(r"\W|_", "", max(named, key=len, default=""))


def _is_name(text: str) -> bool:
    """Tell whether a line may be a name: a few capitalised words, joined as names are."""
    words = [word for word in _BETWEEN.split(text.strip("()[].:-–— ")) if word]
    if not 0 < len(words) <= _NAME or text.endswith(("?", "!")):
        return False
    return all(
        word[:1].isupper() or word.lower() in _NAME_JOINS or not word[:1].isalpha() for word in words
    ) and any(word[:1].isupper() for word in words)
