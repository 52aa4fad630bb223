"""The nouns every part of the package speaks of: a document, a line of it, an edit of it.

Nothing here imports anything else of the package.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

Level = Literal["safe", "balanced", "strict"]
"""How sure a rule must be before it acts; each level acts on all that the one before it does."""

LEVELS: tuple[Level, ...] = ("safe", "balanced", "strict")

Stage = Literal["repair", "rules"]
"""The two steps that change text. Offsets of an edit refer to the text its stage received."""


class Edit(NamedTuple):
    """One change, or one thing seen and left alone.

    `start` and `end` are half-open code-point offsets into the text that the stage received;
    `before` is the text that stood there and `after` what replaced it. With `applied=False` the edit
    is a flag: seen, named and left alone, and `after == before`. `note` says what spoke for it, where the rule
    asks the line model. `artifact` is the kind of furniture (see `cleaner.artifacts`), empty for repairs.
    """

    stage: Stage
    rule: str
    start: int
    end: int
    before: str
    after: str = ""
    applied: bool = True
    note: str = ""
    artifact: str = ""


class Line(NamedTuple):
    """A non-blank line of a document.

    `start` and `end` are half-open code-point offsets of the line without its line end; `text` is the
    line as it stands and `key` its folded form (see `cleaner.fold`), by which lines are compared.
    """

    start: int
    end: int
    text: str
    key: str


class Place(NamedTuple):
    """Where a line stands in the page it was taken from.

    `linked` is the share of its characters that are links (0 to 1), `tags` the elements around it and
    `names` the words of their classes and ids, in lower case; an element that holds a large share of
    the text is not counted.
    """

    linked: float
    tags: frozenset[str]
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Document:
    """A text to be cleaned, with what its source says about it."""

    text: str
    id: str | None = None
    url: str | None = None
    source: str | None = None
    title: str | None = None
    language: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


def site_of(url: str | None) -> str | None:
    """Return the host of a URL without `www.` and port, in lower case; None where there is none."""
    if not url or "//" not in url:
        return None
    host = url.split("//", 1)[1].split("/", 1)[0].split("?", 1)[0].rsplit("@", 1)[-1].split(":", 1)[0]
    return host.lower().removeprefix("www.") or None
