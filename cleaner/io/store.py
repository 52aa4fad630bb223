"""Where an output lies: on the disk, or at an address to which each file is sent when it is whole."""

from __future__ import annotations

import secrets
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cleaner.io.durable import partial, sync_folder
from cleaner.io.errors import InputError
from cleaner.io.remote import filesystem

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Disk", "Remote", "Store"]

_WHOLE = ("s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oss", "hf", "memory")
"""Stores in which a file appears only when it is all there; in others it gets its name by a rename."""

_READ_ONLY = ("http", "https", "github", "data")


class Store(Protocol):
    """Where the files of an output lie. They are written on the disk under a path, wherever that is."""

    def name(self, path: Path) -> str:
        """Return how people call a file."""

    def holds(self, path: Path) -> bool:
        """Tell whether there is such a file, or a folder."""

    def files(self, folder: Path) -> list[Path]:
        """Return the files below a folder, sorted."""

    def send(self, path: Path) -> None:
        """Put a file that is whole on the disk where it belongs."""

    def fetch(self, path: Path) -> None:
        """Make sure that a file of the store is on the disk."""

    def drop(self, path: Path) -> None:
        """Take a file that was sent from the disk, where it is in the way; it stays where it belongs."""

    def remove(self, path: Path) -> None:
        """Remove a file, if it is there."""

    def remove_folder(self, folder: Path) -> None:
        """Remove a folder with all that it holds."""

    def open(self) -> None:
        """Make ready to write."""

    def close(self) -> None:
        """Leave nothing behind that is not part of the output."""


class Disk:
    """The disk itself: a file is where it belongs as soon as it is written."""

    def name(self, path: Path) -> str:
        """Return the path."""
        return str(path)

    def holds(self, path: Path) -> bool:
        """Tell whether there is such a file, or a folder."""
        return path.exists()

    def files(self, folder: Path) -> list[Path]:
        """Return the files below a folder, sorted."""
        return sorted(path for path in folder.rglob("*") if path.is_file())

    def send(self, path: Path) -> None:
        """Do nothing."""

    def fetch(self, path: Path) -> None:
        """Do nothing."""

    def drop(self, path: Path) -> None:
        """Do nothing: there is no other copy."""

    def remove(self, path: Path) -> None:
        """Remove a file, if it is there."""
        path.unlink(missing_ok=True)

    def remove_folder(self, folder: Path) -> None:
        """Remove a folder with all that it holds."""
        shutil.rmtree(folder, ignore_errors=True)
        sync_folder(folder.parent)

    def open(self) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


class Remote:
    """A folder at an address, such as `s3://bucket/texts`, by way of fsspec.

    Its files are written to a temporary folder of this machine, `room`, under the same names, and sent when they
    are whole. Files outside of `room` belong to the disk.

    Args:
        url: the address of a file or folder that is to be written; the store is the folder around it.

    Raises:
        InputError: it cannot be written to, or a library for it is missing.

    """

    def __init__(self, url: str) -> None:
        scheme = url.split("://", 1)[0].lower()
        if scheme in _READ_ONLY:
            raise InputError(
                f"{url}: {scheme}:// can be read, but not written: name a bucket, or a file here"
            )
        self._files, path = filesystem(url)
        self._folder = path.rstrip("/").rpartition("/")[0]
        self._is_whole = scheme in _WHOLE
        if not self._folder.strip("/") or (scheme == "hf" and self._folder.count("/") < 2):
            raise InputError(f"{url}: name a file or a folder inside, as in -o {url.rstrip('/')}/out/")
        self.room = Path(tempfile.gettempdir(), f"cleaner-{secrets.token_hex(8)}")

    def name(self, path: Path) -> str:
        """Return the address of a file."""
        if not path.is_relative_to(self.room):
            return str(path)
        address: str = self._files.unstrip_protocol(self._there(path))
        return address

    def holds(self, path: Path) -> bool:
        """Tell whether there is such a file, or anything in a folder of this name."""
        with _told():
            self._files.invalidate_cache()
            return bool(self._files.exists(self._there(path)))

    def files(self, folder: Path) -> list[Path]:
        """Return the paths under which the files below a folder would lie on the disk, sorted."""
        with _told():
            self._files.invalidate_cache()
            found = self._files.find(self._there(folder))
        start = len(self._folder) + 1
        return [self.room / name[start:] for name in sorted(found)]

    def send(self, path: Path) -> None:
        """Send a file, which is there as a whole or not at all.

        Raises:
            OSError: it cannot be sent, or did not arrive.

        """
        if not path.is_relative_to(self.room):
            return
        wanted = self._there(path)
        name = wanted if self._is_whole else self._there(partial(path))
        with _told():
            if not self._is_whole:
                self._files.makedirs(name.rpartition("/")[0], exist_ok=True)
            self._files.put_file(str(path), name)
            if name != wanted:
                self._files.mv(name, wanted)
            self._files.invalidate_cache()
            arrived = self._files.info(wanted)["size"]
        if arrived != path.stat().st_size:
            raise OSError(f"{arrived:,} of {path.stat().st_size:,} bytes arrived")

    def fetch(self, path: Path) -> None:
        """Bring a file to the disk, unless it is there."""
        if path.exists():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        with _told():
            self._files.get_file(self._there(path), str(partial(path)))
        partial(path).replace(path)

    def drop(self, path: Path) -> None:
        """Take a file from the disk; it stays in the store."""
        path.unlink(missing_ok=True)

    def remove(self, path: Path) -> None:
        """Remove a file, if it is there."""
        path.unlink(missing_ok=True)
        if path.is_relative_to(self.room):
            with _told(), suppress(FileNotFoundError):
                self._files.rm_file(self._there(path))

    def remove_folder(self, folder: Path) -> None:
        """Remove a folder with all that it holds."""
        with _told(), suppress(FileNotFoundError):
            self._files.rm(self._there(folder), recursive=True)
        shutil.rmtree(folder, ignore_errors=True)

    def open(self) -> None:
        """Create the temporary folder, for nobody else to look into."""
        self.room.mkdir(mode=0o700)

    def close(self) -> None:
        """Remove the temporary folder."""
        shutil.rmtree(self.room, ignore_errors=True)

    def _there(self, path: Path) -> str:
        return f"{self._folder}/{path.relative_to(self.room).as_posix()}"


@contextmanager
def _told() -> Iterator[None]:
    """Turn whatever the library of a store raises into an OSError.

    Raises:
        OSError: something was raised inside.

    """
    try:
        yield
    except OSError:
        raise
    except Exception as error:
        raise OSError(str(error).strip() or type(error).__name__) from error
