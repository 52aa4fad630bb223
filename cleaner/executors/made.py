"""What a file says of how it was made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cleaner import __version__
from cleaner.io.reading import fields_of

if TYPE_CHECKING:
    from cleaner.duplicates.marking import NearDuplicates
    from cleaner.io.reading import ReadOptions
    from cleaner.settings import Settings

__all__ = ["metadata_of"]


def metadata_of(
    settings: Settings,
    format: str | None,  # noqa: A002
    reading: ReadOptions,
    near: NearDuplicates | None = None,
) -> dict[str, str]:
    """Say in a file how it was made; no part of it is where, by whom, or in how many parts."""
    looked = {} if near is None else {"near_duplicates": json.dumps(near.described(), sort_keys=True)}
    return {
        "version": __version__,
        "level": settings.level,
        "rules": settings.rules_hash(),
        "settings": json.dumps(settings.described(), sort_keys=True),
        "reading": json.dumps({"format": format, **fields_of(reading)}, sort_keys=True),
        **looked,
    }
