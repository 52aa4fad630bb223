"""Find the files of an input: files, folders, patterns, addresses, standard input."""

from __future__ import annotations

import glob
import os
import stat
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cleaner.io.errors import InputError
from cleaner.io.remote import has_scheme, remote_sources
from cleaner.io.suffixes import KNOWN_SUFFIXES, split_suffix

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

__all__ = ["Found", "Source", "Stretch", "find_sources"]

STDIN = "-"


class Stretch(NamedTuple):
    """Whole rows of a file: its bytes from `begin` to `end` (JSON lines), or its row groups (Parquet).

    `first` rows stand before it in the file.
    """

    begin: int
    end: int
    first: int = 0


class Source(NamedTuple):
    """A file to read.

    `id` is its path below the folder that was given, `path` where it lies, `size` its bytes on disk and
    `stamp` what changes when it does. `format` is a name in `cleaner.io.reading.FORMATS`, or `zip`. `at`
    is where it is opened, if that is not `path`: records name a file as it was given. Of a file that
    several machines share, each reads its `stretch`.
    """

    id: str
    path: str
    size: int
    stamp: str
    format: str
    compression: str | None = None
    at: str | None = None
    stretch: Stretch | None = None


class Found(NamedTuple):
    """The files to read, and how many were left out for their suffix."""

    sources: list[Source]
    left_out: Counter[str]


def find_sources(inputs: Sequence[str], format: str | None = None, skip: Collection[str] = ()) -> Found:  # noqa: A002
    """Return the files of all inputs, those of a folder or pattern sorted by their path, each file once.

    Args:
        inputs: files, folders, patterns with `*`, addresses such as `s3://bucket/folder`, or `-`.
        format: read every file as this format, whatever its suffix.
        skip: files and folders that are no input although they lie in one: the output of this run.

    Raises:
        InputError: an input does not exist, or holds no file that can be read.

    """
    left_out: Counter[str] = Counter()
    sources: dict[str, Source] = {}
    barred = [name if has_scheme(name) else Path(name).resolve().as_posix() for name in skip]
    for name in inputs:
        found = _found(name, format, barred, left_out)
        if not found:
            raise InputError(_nothing(name, left_out))
        for source in found:
            sources.setdefault(source.path, source)
    return Found(list(sources.values()), left_out)


def _nothing(name: str, left_out: Counter[str]) -> str:
    if left_out:
        return f"{name} holds no file to read, only {_counted(left_out)}: give --format to read these; {KNOWN_SUFFIXES}"
    if glob.has_magic(name) and not Path(name).exists():
        return f"no file fits the pattern {name}: check it"
    return f"{name} holds no file to read; {KNOWN_SUFFIXES}"


def _found(name: str, wanted: str | None, barred: Sequence[str], left_out: Counter[str]) -> list[Source]:
    if name == STDIN:
        return [_source(STDIN, STDIN, 0, "", wanted or "txt")]
    if has_scheme(name):
        files = remote_sources(name)
        alone = len(files) == 1
        return [
            _source(file.id, file.path, file.size, file.stamp, wanted, alone=alone)
            for file in files
            if not _is_barred(file.path, barred) and (alone or wanted or _known(file.path, left_out))
        ]
    path = Path(name)
    if path.is_file():
        if _is_barred(_real(path), barred):
            raise InputError(f"{name} is the output too: write to another name")
        return [_local(path.name, path, wanted, alone=True)]
    if path.is_dir():
        return [
            _local(file.relative_to(path).as_posix(), file, wanted)
            for file in sorted(_walk(path), key=lambda file: file.relative_to(path).as_posix())
            if not _is_barred(_real(file), barred) and (wanted or _known(file.name, left_out))
        ]
    if glob.has_magic(name):
        files_of = [Path(match) for match in sorted(glob.glob(name, recursive=True)) if Path(match).is_file()]  # noqa: PTH207 - a pattern may be absolute, which Path.glob refuses
        return [
            _local(file.as_posix(), file, wanted)
            for file in files_of
            if not _is_barred(_real(file), barred) and (wanted or _known(file.name, left_out))
        ]
    if path.exists():
        raise InputError(f"{name} is a pipe or a device: read it from standard input, with - and --format")
    raise InputError(f"no file or folder at {name}: check the path")


def _real(path: Path) -> str:
    """Return the path without links; one that leads to itself stays, and is an error when it is read."""
    return Path(os.path.realpath(path)).as_posix()


def _is_barred(path: str, barred: Sequence[str]) -> bool:
    return any(path == each or path.startswith(f"{each}/") for each in barred)


def _walk(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (
            path for name in names if not name.startswith(".") and not _is_pipe(path := Path(place, name))
        )


def _is_pipe(path: Path) -> bool:
    """Tell whether a path leads to what is neither a file nor nothing: reading it might never end."""
    try:
        return not stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def _known(name: str, left_out: Counter[str]) -> bool:
    if split_suffix(name) is not None:
        return True
    left_out[os.path.splitext(name)[1].lower() or "without a suffix"] += 1  # noqa: PTH122 - of addresses too
    return False


def _local(name: str, path: Path, wanted: str | None, *, alone: bool = False) -> Source:
    try:
        state = path.stat()
        size, stamp = state.st_size, str(state.st_mtime_ns)
    except OSError:
        size, stamp = 0, ""
    return _source(name, path.as_posix(), size, stamp, wanted, alone=alone)


def _source(
    name: str, path: str, size: int, stamp: str, wanted: str | None, *, alone: bool = False
) -> Source:
    kind = split_suffix(path)
    if kind is None and wanted is None:
        if not alone:
            raise AssertionError(path)
        raise InputError(f"{name}: the name says nothing about the format: give --format; {KNOWN_SUFFIXES}")
    compression = kind.compression if kind else _compression(path)
    return Source(name, path, size, stamp, wanted or (kind.format if kind else ""), compression)


def _compression(path: str) -> str | None:
    from cleaner.io.suffixes import COMPRESSIONS

    return COMPRESSIONS.get(os.path.splitext(path)[1].lower())  # noqa: PTH122 - of addresses too


def _counted(left_out: Counter[str]) -> str:
    return ", ".join(f"{count} {suffix}" for suffix, count in left_out.most_common(8))
