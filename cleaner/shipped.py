"""Where the data that ship with the package lie, what a wheel holds of them ready made, and what others add."""

from __future__ import annotations

import sys
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

__all__ = ["PREBUILT", "Prebuilt", "installed", "made_by", "models_root", "packs_root", "prebuilt"]

PREBUILT = "prebuilt.msgpack"
"""In the folder of the packs, written when a wheel is built (see `cleaner.rules.prebuild`)."""


class Prebuilt(msgspec.Struct, frozen=True):
    """What takes a third of a second to find out at each start, found out when the wheel was built.

    `packs` is in MessagePack for each file its path below the folder and what it holds. `patterns` are for each
    regular expression of a rule the `cleaner.rules.facts.Facts` about it, sets of bytes as bytes. `words` are the word lists.
    """

    made_by: str
    patterns: dict[str, tuple[Any, ...]]
    packs: bytes
    words: bytes = b""


@cache
def packs_root() -> Path:
    """Return the folder of the packs and profiles that ship with the package.

    A wheel holds them inside the package; an editable install finds them beside it in the checkout.
    """
    package = Path(__file__).resolve().parent
    inside = package / "_rules"
    return inside if inside.is_dir() else package.parent / "rules"


def models_root() -> Path:
    """Return the folder of the line models that ship with the package."""
    return packs_root() / "models"


@cache
def prebuilt() -> Prebuilt | None:
    """Return what the build found out; None in a checkout, and where another Python built the wheel."""
    try:
        data = (packs_root() / PREBUILT).read_bytes()
    except OSError:
        return None
    known = msgspec.msgpack.decode(data, type=Prebuilt)
    return known if known.made_by == made_by() else None


def made_by() -> str:
    """Return what facts about patterns depend on beside the pattern: the parser and the tables of this Python."""
    return f"{sys.version_info.major}.{sys.version_info.minor} {unicodedata.unidata_version}"


def installed(group: str) -> list[EntryPoint]:
    """Return the entry points of installed packages in a group, by name."""
    return sorted(_entry_points().select(group=group), key=lambda entry: entry.name)


@cache
def _entry_points() -> Any:
    from importlib import metadata

    return metadata.entry_points()  # looks into each installed package
