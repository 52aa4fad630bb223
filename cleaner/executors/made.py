"""What a file says of how it was made."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cleaner import __version__
from cleaner.io.reading import fields_of

if TYPE_CHECKING:
    from cleaner.io.reading import ReadOptions
    from cleaner.settings import Settings

__all__ = ["metadata_of"]


def metadata_of(settings: Settings, format: str | None, reading: ReadOptions) -> dict[str, str]:  # noqa: A002
    """Say in a file how it was made; no part of it is where, by whom, or in how many parts."""
    return {
        "version": __version__,
        "level": settings.level,
        "rules": settings.rules_hash(),
        "settings": json.dumps(settings.described(), sort_keys=True),
        "reading": json.dumps({"format": format, **fields_of(reading)}, sort_keys=True),
    }
