"""What the name of a file says about its format: `news.jsonl.zst` is JSON lines, compressed."""

from __future__ import annotations

import os
from typing import NamedTuple

__all__ = ["COMPRESSIONS", "FORMATS", "KNOWN_SUFFIXES", "Kind", "split_suffix"]

FORMATS: dict[str, tuple[str, ...]] = {
    "txt": (".txt", ".text"),
    "html": (".html", ".htm", ".xhtml"),
    "jsonl": (".jsonl", ".ndjson", ".jsonlines"),
    "json": (".json",),
    "csv": (".csv",),
    "tsv": (".tsv", ".tab"),
    "parquet": (".parquet", ".pq"),
    "arrow": (".arrow", ".ipc", ".feather"),
    "warc": (".warc", ".wet"),
}
"""The formats by name, with the suffixes that mean them."""

COMPRESSIONS = {".gz": "gzip", ".zst": "zstd", ".zstd": "zstd", ".bz2": "bz2", ".xz": "xz"}

_OF_SUFFIX = {suffix: name for name, suffixes in FORMATS.items() for suffix in suffixes}

KNOWN_SUFFIXES = f"files are known by these suffixes: {' '.join(_OF_SUFFIX)}, each also with {' '.join(COMPRESSIONS)}; and .zip"
"""The names that say a format, for messages."""


class Kind(NamedTuple):
    """A format by its name, and how the file is compressed; `zip` archives are a format of their own."""

    format: str
    compression: str | None


def split_suffix(path: str) -> Kind | None:
    """Return format and compression of a path by its suffixes, in any case; None where they say nothing."""
    stem, suffix = os.path.splitext(path.lower())  # noqa: PTH122 - addresses and members of archives too
    if suffix == ".zip":
        return Kind("zip", None)
    compression = COMPRESSIONS.get(suffix)
    if compression:
        suffix = os.path.splitext(stem)[1]  # noqa: PTH122 - as above
    name = _OF_SUFFIX.get(suffix)
    return Kind(name, compression) if name else None
