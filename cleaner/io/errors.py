"""What can stop a run, as one sentence for the person who started it."""

from __future__ import annotations

__all__ = ["DISTRIBUTION", "InputError", "OutputError", "missing_library"]

DISTRIBUTION = "scraped-text-cleaner"
"""What the package is called where it is installed from; `cleaner` is another project there."""


class InputError(ValueError):
    """An input or an option that cannot be used at all; the message says what to do."""


class OutputError(OSError):
    """The output cannot be written any further; the message says what is kept and what to do."""


def missing_library(what: str, extra: str) -> InputError:
    """Return the error that says which extra of this distribution `what` needs."""
    return InputError(f'{what} needs a library that is missing: pip install "{DISTRIBUTION}[{extra}]"')
