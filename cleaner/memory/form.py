"""What a repeated line looks like and is made of, beside what was counted of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from cleaner.artifacts import FLAGGED
from cleaner.rules.table import LineTable
from cleaner.words import CONCEPTS, Lexicon
from cleaner.words.concepts import BITS, bits
from cleaner.words.lexicon import UNSURE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Form", "forms_of"]


class Form(NamedTuple):
    """The form of a line.

    `words` are all its words, `interface` those of user interfaces, `rest` those that are neither these nor
    words that join them, numbers or the site's name; `artifact` is the kind of furniture that they make, where they do.
    `strong` are the interface words that no text uses for itself, `hints` words that call upon a reader, and may also be text. `certain` says that one of them is no plain text, `bare` the line is one mark that ends or parts sentences, `label` that it ends in a colon, `sentence` that it is a sentence of some length, `name` that it may be
    someone's name, `names_site` that the site's name is in it; `says` puts it in words.
    """

    words: int
    interface: int
    strong: int
    hints: int
    rest: int
    certain: bool
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

_RANKS = {artifact: rank for rank, artifact in enumerate(dict.fromkeys(_ARTIFACT.values()))}

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
    {"he", "she", "her", "his", "writer", "reporter", "journalist", "editor", "author", "correspondent", "lover"}
)  # fmt: skip
_STOPS = frozenset(".,;:!?")
_NAMELESS = frozenset({"www", "m", "com", "co", "org", "net", "gov", "edu", "ac"})
_BETWEEN = re.compile(r"[\s,/|&-]+")
_SENTENCE, _NAME = 8, 7  # words
_LONG = 80  # characters; a sentence has as many in scripts without spaces
_SITE = 4  # characters of the name of a site that says something


class _Made(NamedTuple):
    """What a line is made of: its interface words by concept, the hints, and how many words are neither."""

    concepts: dict[str, int]
    hints: int
    rest: int
    certain: bool = True


def forms_of(lines: Sequence[str], sites: Sequence[str]) -> list[Form]:
    """Return the form of each line as it stands on its site."""
    table, lexicon = LineTable.of(lines), Lexicon.shipped()
    made = lexicon.in_table(table)
    calling, unsure = bits(_CALLS), int(UNSURE)
    found: dict[int, _Made] = {}
    for row, key in zip(table.document.tolist(), table.key.tolist(), strict=True):
        counts: dict[str, int] = {
            name: int(count)
            for name, count in zip(CONCEPTS, made.counts[key].tolist(), strict=True)
            if count and name in _ARTIFACT
        }
        words = made.sequence[made.begin[key] : made.begin[key + 1]].tolist()
        rest, hints = int(made.rest[key]), sum(bool(word & unsure and word & calling) for word in words)
        if not counts and words and rest == made.held[key]:  # words that may be text, and nothing beside them
            names = [
                name for name in CONCEPTS if name in _ARTIFACT and any(word & BITS[name] for word in words)
            ]
            counts, rest = dict.fromkeys(map(str, names), 1), 0
            found[row] = _Made(counts, 0, rest, certain=False)
        else:
            found[row] = _Made(counts, hints, rest)
    return [
        _form(line, site, found.get(row, _Made({}, 0, 0)), lexicon)
        for row, (line, site) in enumerate(zip(lines, sites, strict=True))
    ]


def _form(line: str, site: str, made: _Made, lexicon: Lexicon) -> Form:
    text = line.strip()
    name = _site_name(site)
    names_site = len(name) >= _SITE and name in re.sub(r"\W+", "", text.lower())
    rest = made.rest
    if names_site:
        rest = max(0, rest - sum(_is_of(word, name) for word in lexicon.split(text.lower())))
    interface, words = sum(made.concepts.values()), len(text.split())
    artifact = _artifact(made.concepts, rest)
    said = ", ".join(sorted(made.concepts))
    form = Form(
        words=words,
        interface=interface,
        strong=sum(count for concept, count in made.concepts.items() if concept in _STRONG and made.certain),
        hints=made.hints,
        rest=rest,
        certain=made.certain,
        artifact=artifact,
        letters=any(char.isalpha() for char in text),
        digits=any(char.isdigit() for char in text),
        bare=text in _STOPS,
        label=text.endswith((":", "：")),
        sentence=(words >= _SENTENCE or len(text) >= _LONG) and text.endswith(_ENDS),
        name=_is_name(text) and not interface,
        names_site=names_site,
        says=f"words of {said}" if said else "",
    )
    if made.concepts.keys() == {"error"} and text.strip("()[]").isupper() and words == 1:  # an agency: (NAN)
        return form._replace(interface=0, strong=0, artifact=None, name=True, says="")
    if _is_biography(text) and not names_site:
        return form._replace(artifact="byline", says="a name, and who that is")
    return form


def _artifact(concepts: Mapping[str, int], rest: int) -> str | None:
    """Return the kind of furniture that the interface words of a line make."""
    counts: dict[str, int] = {}
    for concept, count in concepts.items():
        counts[_ARTIFACT[concept]] = counts.get(_ARTIFACT[concept], 0) + count
    if "caption" in counts and not rest:
        return "caption"
    if rest > _NAME:  # a long line that speaks of authors or pictures is none
        counts = {artifact: count for artifact, count in counts.items() if artifact not in FLAGGED}
    return min(counts, key=lambda artifact: (-counts[artifact], _RANKS[artifact]), default=None)


def _is_of(word: str, name: str) -> bool:
    return len(word) >= 3 and (word in name or name in word)


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
