"""Cleans scraped text for NLP corpora; every change is an edit with a rule id, and can be undone.

    from cleaner import clean
    result = clean(text)
    result.text, result.edits, result.restore()

Names are loaded when they are first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cleaner.decoding import Decoded, decode
    from cleaner.document import Document, Edit, Line
    from cleaner.duplicates.near import near_duplicates
    from cleaner.pipeline import Cleaner
    from cleaner.result import Result, restore_document
    from cleaner.rules.pack import PackError
    from cleaner.schema import SCHEMA
    from cleaner.settings import Settings
    from cleaner.shortcuts import clean, clean_series

__version__ = "0.1.0"

_HOME = {
    "SCHEMA": "cleaner.schema",
    "Cleaner": "cleaner.pipeline",
    "Decoded": "cleaner.decoding",
    "Document": "cleaner.document",
    "Edit": "cleaner.document",
    "Line": "cleaner.document",
    "PackError": "cleaner.rules.pack",
    "Result": "cleaner.result",
    "Settings": "cleaner.settings",
    "clean": "cleaner.shortcuts",
    "clean_series": "cleaner.shortcuts",
    "decode": "cleaner.decoding",
    "near_duplicates": "cleaner.duplicates.near",
    "restore_document": "cleaner.result",
}

__all__ = [  # noqa: RUF022 - the two names everybody needs come first
    "clean",
    "Cleaner",
    "Decoded",
    "Document",
    "Edit",
    "Line",
    "PackError",
    "Result",
    "SCHEMA",
    "Settings",
    "clean_series",
    "decode",
    "near_duplicates",
    "restore_document",
]


def __getattr__(name: str) -> object:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'cleaner' has no attribute {name!r}")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value
