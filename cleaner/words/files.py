"""The files of a lexicon, `rules/words/<language>.toml`: read, and checked with a message that names file and line."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

import msgspec

from cleaner.fold import fold
from cleaner.shipped import packs_root, prebuilt
from cleaner.words.concepts import BITS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["ANY", "LexiconError", "WordFile", "load_file", "problems", "shipped_files"]

ANY = "any"
"""The language whose words count in lines of every language: names of networks, and the like."""

_LONGEST = 80  # characters of an entry
_PLACES = re.compile(r"\{([a-z]+)\}")
_ANYTHING = frozenset({"name", "n", "date", "network"})


class LexiconError(ValueError):
    """A word list that cannot be used; the message names the file and, where it can, the line."""


class WordFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of a language by concept.

    `concepts` holds words that are seldom met in plain text, `guarded` those that are: they count only where every
    other word of the line is certain. `frames` are lines where order carries meaning; `{name}` stands for a run of
    anything up to 60 characters, `{n}` for a number, `{date}` for a date, `{network}` and any other concept for
    one of its words.
    """

    language: str
    source: str
    concepts: dict[str, tuple[str, ...]]
    guarded: dict[str, tuple[str, ...]] = {}
    frames: dict[str, tuple[str, ...]] = {}

    def entries(self) -> Iterator[tuple[str, str, bool]]:
        """Yield (concept, word, whether it is guarded)."""
        for lists, guarded in ((self.concepts, False), (self.guarded, True)):
            for concept, words in lists.items():
                for word in words:
                    yield concept, word, guarded


def load_file(path: Path) -> WordFile:
    """Read one file.

    Raises:
        LexiconError: it cannot be read, or is not of the form.

    """
    try:
        text = path.read_text("utf-8")
        return msgspec.convert(tomllib.loads(text), WordFile)
    except OSError as error:
        raise LexiconError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LexiconError(f"{path}: is not valid TOML: {error}") from error
    except msgspec.ValidationError as error:
        raise LexiconError(f"{path}: {error}") from error


def shipped_files() -> list[WordFile]:
    """Return the word lists that ship with the package, by the name of their files."""
    known = prebuilt()
    if known is not None and known.words:
        return msgspec.msgpack.decode(known.words, type=list[WordFile])
    return [load_file(path) for path in sorted((packs_root() / "words").glob("*.toml"))]


def problems(path: Path, file: WordFile) -> list[str]:
    """Return what is wrong with a file beyond its form, one sentence a problem, each with its line."""
    lines = path.read_text("utf-8").split("\n")
    found = []
    if file.language != path.stem:
        found.append(f"{path}: language {file.language!r} must equal the name of the file")
    for concept in [*file.concepts, *file.guarded, *file.frames]:
        if concept not in BITS:
            place = _line(lines, concept)
            found.append(f"{path}:{place}: no concept is called {concept!r}; see cleaner/words/concepts.py")
    seen: set[tuple[str, str]] = set()
    for concept, word, _ in file.entries():
        wrong = _wrong(word)
        if (concept, word) in seen:
            wrong = "stands twice under one concept"
        seen.add((concept, word))
        if wrong:
            found.append(f"{path}:{_line(lines, word)}: {concept}: {word!r} {wrong}")
    return found + _of_frames(path, file, lines)


def _of_frames(path: Path, file: WordFile, lines: list[str]) -> list[str]:
    return [
        f"{path}:{_line(lines, frame)}: {concept}: {{{name}}} stands for nothing"
        for concept, frames in file.frames.items()
        for frame in frames
        for name in _PLACES.findall(frame)
        if name not in _ANYTHING and name not in BITS
    ]


def _wrong(word: str) -> str | None:
    if not word.strip():
        return "is empty"
    if len(word) > _LONGEST:
        return f"is longer than {_LONGEST} characters: a frame or its words say it better"
    if fold(word) != word:
        return f"is not in its folded form: write {fold(word)!r}"
    return None


def _line(lines: list[str], text: str) -> int:
    """Return the number of the first line that holds a text, from 1."""
    return next((number for number, line in enumerate(lines, 1) if text in line), 1)
