"""Zip archives: each member is read by its own suffix."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from cleaner.io.opening import capped, decompressed, seekable
from cleaner.io.raw import Raw
from cleaner.io.reading import reader, said
from cleaner.io.suffixes import split_suffix

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from cleaner.io.reading import ReadOptions
    from cleaner.io.sources import Source

__all__ = ["read"]


def read(stream: BinaryIO, source: Source, options: ReadOptions) -> Iterator[Raw]:
    """Yield the documents of all members in the order of the archive; others than texts are left out."""
    with seekable(stream) as file, _opened(file) as archive:
        if (missed := _missed(file, archive)) is not None:
            yield Raw(f"{source.id}!", source.path, error=missed, place="the directory")
            return
        for member in archive.infolist():
            kind = split_suffix(member.filename)
            if member.is_dir() or kind is None or kind.format == "zip":
                continue
            inner = source._replace(
                id=f"{source.id}!/{member.filename}",
                path=f"{source.path}!/{member.filename}",
                format=kind.format,
                compression=kind.compression,
            )
            yield from _member(archive, member, inner, options)


def _opened(file: BinaryIO) -> zipfile.ZipFile:
    """Open an archive.

    Raises:
        zipfile.BadZipFile: it is none, damaged, or of a version that is not known.

    """
    try:
        return zipfile.ZipFile(file)
    except NotImplementedError as error:
        raise zipfile.BadZipFile(f"not a zip archive that can be read: {error}") from error


def _missed(file: BinaryIO, archive: zipfile.ZipFile) -> str | None:
    """Say what is wrong where the directory that was found is that of an archive inside a file that was cut off."""
    first = min((member.header_offset for member in archive.infolist()), default=0)
    file.seek(0)
    if first and file.read(4) == b"PK\x03\x04":
        return f"damaged: its directory does not cover the first {first:,} bytes, in which members lie"
    return None


def _member(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, source: Source, options: ReadOptions
) -> Iterator[Raw]:
    try:
        with archive.open(member) as packed:
            stream = capped(packed, max(member.compress_size, 1))  # type: ignore[arg-type]
            if source.compression:
                stream = capped(decompressed(stream, source), max(member.compress_size, 1))
            yield from reader(source.format)(stream, source, options)
    except Exception as error:  # noqa: BLE001 - encrypted, damaged, of an unknown method
        yield Raw(f"{source.id}!", source.path, error=said(error), place="the rest of the member")
