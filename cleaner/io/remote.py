"""Files at addresses: `s3://`, `gs://`, `hf://`, `https://`, `memory://`, by way of fsspec."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.io.errors import InputError, missing_library

if TYPE_CHECKING:
    from typing import BinaryIO

__all__ = ["RemoteFile", "filesystem", "has_scheme", "open_remote", "remote_sources"]

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)

_EXTRA = {"s3": "s3", "s3a": "s3", "gs": "gs", "gcs": "gs", "hf": "hf", "http": "http", "https": "http"}


class RemoteFile(NamedTuple):
    """A file at an address; `stamp` is what its store gives that changes when the file does."""

    id: str
    path: str
    size: int
    stamp: str


def has_scheme(name: str) -> bool:
    """Tell whether a name is an address such as `s3://bucket/key`."""
    return _SCHEME.match(name) is not None


def remote_sources(url: str) -> list[RemoteFile]:
    """Return the file at an address, or those below it or that fit its pattern, sorted by path.

    Raises:
        InputError: there is nothing, it cannot be reached, or a library for it is missing.

    """
    files, root = filesystem(url)
    try:
        if "*" in root:
            found = {
                path: info for path, info in files.glob(root, detail=True).items() if info["type"] == "file"
            }
        elif files.isfile(root):
            found = {root: files.info(root)}
        else:
            found = files.find(root, detail=True)
    except Exception as error:  # stores raise what their libraries like
        raise InputError(f"{url} cannot be reached: {error}") from error
    if not found:
        raise InputError(f"there is nothing at {url}: check the address")
    base = "" if "*" in root or list(found) == [root] else root.rstrip("/") + "/"
    return [
        RemoteFile(
            path.removeprefix(base) if base else path.rsplit("/", 1)[-1] if list(found) == [root] else path,
            files.unstrip_protocol(path),
            int(info.get("size") or 0),
            str(
                next(
                    (
                        info[key]
                        for key in ("ETag", "etag", "mtime", "LastModified", "created")
                        if info.get(key)
                    ),
                    "",
                )
            ),
        )
        for path, info in sorted(found.items())
        if not any(name.startswith(".") for name in path.removeprefix(base).split("/"))
    ]


def open_remote(url: str) -> BinaryIO:
    """Open the file at an address for reading.

    Raises:
        OSError: it cannot be opened.

    """
    files, path = filesystem(url)
    stream: BinaryIO = files.open(path, "rb")
    return stream


def filesystem(url: str) -> tuple[Any, str]:
    """Return the file system of an address, by fsspec, and the path that it has there.

    Raises:
        InputError: there is none, or a library for it is missing.

    """
    scheme = url.split("://", 1)[0].lower()
    extra = _EXTRA.get(scheme, "remote")
    try:
        from fsspec.core import url_to_fs

        files, path = url_to_fs(url)
    except ImportError as error:
        raise missing_library(f"{scheme}://", extra) from error
    except ValueError as error:
        raise InputError(f"{url}: {error}") from error
    return files, path
