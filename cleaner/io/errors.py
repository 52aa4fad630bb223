"""What can stop a run, as one sentence for the person who started it."""

from __future__ import annotations

__all__ = ["InputError", "OutputError"]


class InputError(ValueError):
    """An input or an option that cannot be used at all; the message says what to do."""


class OutputError(OSError):
    """The output cannot be written any further; the message says what is kept and what to do."""
