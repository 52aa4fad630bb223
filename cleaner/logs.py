"""The package speaks through `logging`, below the name `cleaner`, and says nothing until somebody listens."""

from __future__ import annotations

import logging

__all__ = ["logger"]


def logger(name: str) -> logging.Logger:
    """Return the logger of a module; `name` is its `__name__`."""
    root = logging.getLogger("cleaner")
    if not root.handlers:  # else Python prints warnings on standard error by itself
        root.addHandler(logging.NullHandler())
    return logging.getLogger(name)
