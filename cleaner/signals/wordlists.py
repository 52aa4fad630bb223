"""Lists of words that signals count, given by the user: none is shipped, since each has a licence of its own.

A list is a file with one entry a line, for texts of every language; a folder of such files that are named by
the code of a language (`en`, `de.txt`: LDNOOBW's own layout); or a JSON file that holds entries by code (as
stopwords-json and stopwords-iso do).
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["NAMES", "WordList", "load_word_lists"]

NAMES = ("badwords", "stopwords")
"""What a list can be for: `c4.badword_count` and `rps_doc_ldnoobw_words`; `rps_doc_stop_word_fraction`."""


class WordList(NamedTuple):
    """Entries by language. Those under the empty code are for texts of every language."""

    entries: Mapping[str, tuple[str, ...]]
    digest: str
    """16 hex digits that change with the entries."""

    def of(self, language: str | None) -> tuple[str, ...] | None:
        """Return the entries for texts of a language; None where there is no list for it."""
        return self.entries.get(language or "", self.entries.get(""))


def load_word_lists(given: Sequence[str]) -> dict[str, WordList]:
    """Return the lists by name, each given as `NAME=PATH`.

    Raises:
        ValueError: a name is unknown or given twice, or a list cannot be read; the message says which.

    """
    lists: dict[str, WordList] = {}
    for each in given:
        name, equals, path = each.partition("=")
        if not equals or name not in NAMES:
            raise ValueError(f"word list {each!r}: write NAME=PATH, where NAME is {' or '.join(NAMES)}")
        if name in lists:
            raise ValueError(f"word list {name!r} is given twice: put both into one file or folder")
        lists[name] = _load(path)
    return lists


@cache
def _load(place: str) -> WordList:
    path = Path(place)
    try:
        if path.is_dir():
            files = sorted(file for file in path.iterdir() if _names_language(file))
            found = {file.stem: _lines(file) for file in files}
        elif path.suffix == ".json":
            found = msgspec.json.decode(path.read_bytes(), type=dict[str, list[str]])
        else:
            found = {"": _lines(path)}
    except (OSError, UnicodeDecodeError, msgspec.DecodeError) as error:
        raise ValueError(f"word list {place}: {error}") from error
    tidy = {code: sorted({each.strip() for each in listed} - {""}) for code, listed in found.items()}
    entries = {code: tuple(listed) for code, listed in tidy.items() if listed}
    if not entries:
        raise ValueError(f"word list {place} holds no entries (files in a folder are named en, de.txt, ...)")
    told = msgspec.json.encode(entries, order="deterministic")
    return WordList(entries, hashlib.sha256(told).hexdigest()[:16])


def _names_language(file: Path) -> bool:
    return file.is_file() and file.suffix in {"", ".txt"} and file.stem.isalpha() and len(file.stem) in {2, 3}


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8-sig").splitlines()
