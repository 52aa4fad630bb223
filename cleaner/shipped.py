"""Where the data that ship with the package lie."""

from __future__ import annotations

from pathlib import Path

__all__ = ["packs_root"]


def packs_root() -> Path:
    """Return the folder of the packs and profiles that ship with the package.

    A wheel holds them inside the package; an editable install finds them beside it in the checkout.
    """
    package = Path(__file__).resolve().parent
    inside = package / "_rules"
    return inside if inside.is_dir() else package.parent / "rules"
