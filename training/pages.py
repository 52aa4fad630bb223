"""Labelled documents as columns: what the package itself makes of them, so that training sees what cleaning sees."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from data import group_of
from observed import NAMES, of_score

from cleaner.native import score
from cleaner.rules.asked import vocabulary_of
from cleaner.rules.charclass import classes
from cleaner.rules.kinds.scored import seen_as
from cleaner.rules.observe import Observations
from cleaner.rules.table import LineTable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from data import Labelled
    from numpy.typing import NDArray

BITS = 28
PLAIN = tuple(name for name in NAMES if not of_score(name))
SCORED = tuple(name for name in NAMES if of_score(name))
_BATCH = 256


@dataclass
class Pages:
    """Documents one behind the other. `first[d]:first[d + 1]` are the lines of document `d`."""

    meta: NDArray[np.str_]  # id, site, source, language of each document
    first: NDArray[np.int64]
    label: NDArray[np.int8]
    role: NDArray[np.str_]
    chars: NDArray[np.int64]
    key: NDArray[np.int64]  # for each line which of the distinct lines it is
    hashes: NDArray[np.uint32]  # of the distinct lines, one behind the other
    begins: NDArray[np.int64]
    plain: NDArray[np.int16]  # PLAIN, one row each

    def __len__(self) -> int:
        return len(self.label)

    @cached_property
    def size(self) -> NDArray[np.int64]:
        """Lines of each document."""
        return np.diff(self.first)

    @cached_property
    def document(self) -> NDArray[np.int64]:
        """Document of each line."""
        return np.repeat(np.arange(len(self.size)), self.size)

    @cached_property
    def site(self) -> NDArray[np.str_]:
        """Site of each document."""
        return self.meta[:, 1]

    @cached_property
    def source(self) -> NDArray[np.str_]:
        """Source of each document."""
        return self.meta[:, 2]

    @cached_property
    def language(self) -> NDArray[np.str_]:
        """Language of each document."""
        return self.meta[:, 3]

    @cached_property
    def group(self) -> NDArray[np.str_]:
        """Group of each document."""
        return np.array([group_of(source) for source in self.source])

    def with_scores(self, points: NDArray[np.int64]) -> NDArray[np.int16]:
        """Return the observations that depend on the points of words, SCORED, one row each."""
        return seen_as(SCORED, Observations(_Places(self), {}, points))

    def save(self, path: Path) -> None:
        """Write everything to a file of numpy."""
        np.savez(path, **{name: getattr(self, name) for name in self.__dataclass_fields__})

    @classmethod
    def load(cls, path: Path) -> Pages:
        """Read what `save` wrote."""
        with np.load(path) as held:
            return cls(**{name: held[name] for name in cls.__dataclass_fields__})

    @classmethod
    def of(cls, documents: Iterable[Labelled], words: Mapping[str, tuple[str, ...]]) -> Pages:
        """Observe documents."""
        documents = list(documents)
        reader, vocabulary = score.Reader(classes(), BITS), vocabulary_of(tuple(words.items()))
        columns: dict[str, list[np.ndarray]] = {name: [] for name in ("chars", "key", "hashes", "plain")}
        begins, keys, done = [np.zeros(1, np.int64)], 0, 0
        for start in range(0, len(documents), _BATCH):
            table = LineTable.of([each.text for each in documents[start : start + _BATCH]])
            columns["plain"].append(seen_as(PLAIN, Observations(table, vocabulary.of(table))))
            found, places = (
                np.frombuffer(part, np.int64) for part in reader.hashed(table.keys.data, table.keys.bounds)
            )
            columns["hashes"].append(found.astype(np.uint32))
            begins.append(places[1:] + done)
            columns["key"].append(table.key + keys)
            columns["chars"].append(table.chars)
            done, keys = done + len(found), keys + len(table.keys)
        return cls(
            meta=np.array([[each.id, each.site, each.source, each.language] for each in documents]),
            first=np.cumsum([0, *(len(each.lines) for each in documents)]),
            label=np.array([label for each in documents for label in each.labels], np.int8),
            role=np.array([role for each in documents for role in each.roles]),
            begins=np.concatenate(begins),
            **{name: np.concatenate(parts, axis=-1) for name, parts in columns.items()},
        )

    @classmethod
    def joined(cls, parts: list[Pages]) -> Pages:
        """Put several together."""
        keys = np.cumsum([0, *(len(each.begins) - 1 for each in parts)])
        hashes = np.cumsum([0, *(len(each.hashes) for each in parts)])
        lines = np.cumsum([0, *(len(each) for each in parts)])
        begins = [each.begins[1:] + shift for each, shift in zip(parts, hashes[:-1], strict=True)]
        firsts = [each.first[1:] + shift for each, shift in zip(parts, lines[:-1], strict=True)]
        return cls(
            key=np.concatenate([each.key + shift for each, shift in zip(parts, keys[:-1], strict=True)]),
            begins=np.concatenate([np.zeros(1, np.int64), *begins]),
            first=np.concatenate([np.zeros(1, np.int64), *firsts]),
            **{
                name: np.concatenate(
                    [getattr(each, name) for each in parts], axis=0 if name == "meta" else -1
                )
                for name in ("meta", "label", "role", "chars", "hashes", "plain")
            },
        )


class _Places:
    """What `Observations` asks of a table when it looks at points alone."""

    def __init__(self, pages: Pages) -> None:
        self.first, self.document = pages.first, pages.document

    def __len__(self) -> int:
        return len(self.document)
