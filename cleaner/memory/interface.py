"""Interface words of a line, by concept."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from typing import NamedTuple

from cleaner.shipped import packs_root

__all__ = ["Words", "words_of"]

_TOKEN = re.compile(r"\w+")
_JOINING = frozenset({"function", "month", "weekday", "unit"})
_LONGEST = 6  # words of an entry


class Words(NamedTuple):
    """How many words a line has, its interface words as their concepts, and the words that are neither these nor join them.

    `hints` are the concepts of words that may as well be plain text, and of which nothing beside them says that they are not.
    """

    total: int
    concepts: list[str]
    rest: list[str]
    hints: list[str]


def words_of(line: str) -> Words:
    """Return what a line is made of; words that are also plain text count where the rest of the line is certain."""
    entries, tokens = _entries(), _TOKEN.findall(line.lower())
    concepts: list[str] = []
    guarded: list[str] = []
    rest: list[str] = []
    doubtful: list[str] = []
    at = 0
    while at < len(tokens):
        size, entry = _longest(entries, tokens, at)
        if entry is None:
            rest += [] if tokens[at].isdigit() else [tokens[at]]
        elif entry[1]:
            guarded.append(entry[0])
            doubtful += tokens[at : at + size]
        elif entry[0] not in _JOINING:
            concepts.append(entry[0])
        at += size
    if rest:
        return Words(len(tokens), concepts, rest + doubtful, guarded)
    return Words(len(tokens), concepts + guarded, rest, [])


def _longest(
    entries: dict[tuple[str, ...], tuple[str, bool]], tokens: list[str], at: int
) -> tuple[int, tuple[str, bool] | None]:
    for size in range(min(_LONGEST, len(tokens) - at), 0, -1):
        entry = entries.get(tuple(tokens[at : at + size]))
        if entry is not None:
            return size, entry
    return 1, None


@cache
def _entries() -> dict[tuple[str, ...], tuple[str, bool]]:
    entries: dict[tuple[str, ...], tuple[str, bool]] = {}
    for file in sorted((packs_root() / "words").glob("*.toml")):
        lexicon = tomllib.loads(file.read_text("utf-8"))
        for table in ("concepts", "guarded"):
            for concept, texts in lexicon.get(table, {}).items():
                for text in texts:
                    words = tuple(_TOKEN.findall(text.lower()))
                    if words:
                        entries.setdefault(words, (concept, table == "guarded"))
    return entries
