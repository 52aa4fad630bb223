"""Scripts without a main guard: workers import the script that starts them, and it would start workers again there."""

from __future__ import annotations

import multiprocessing
import os
import tempfile
from pathlib import Path

__all__ = ["Watch", "leave_if_imported"]

_VARIABLE = "CLEANER_IMPORTED_AGAIN"  # in the environment of workers: a file to leave a note in
_SENTENCE = (
    "workers import the script that starts them, and this one starts a run when it is imported: put the call below "
    '`if __name__ == "__main__":`, or give workers=0'
)


def leave_if_imported() -> None:
    """In a worker that is importing the script of its parent, tell the parent and end.

    Raises:
        RuntimeError: somebody else's worker does so.

    """
    if not getattr(multiprocessing.current_process(), "_inheriting", False):
        return
    note = os.environ.get(_VARIABLE)
    if note is None:
        raise RuntimeError(_SENTENCE)
    Path(note).write_text("imported again", "utf-8")
    os._exit(1)  # what the script would do beyond this call is not wanted, and neither is a traceback


class Watch:
    """Tells whether a worker has found itself importing a script that starts workers."""

    def __init__(self) -> None:
        number, name = tempfile.mkstemp(prefix="cleaner-guard-")
        os.close(number)
        self._note = Path(name)
        os.environ[_VARIABLE] = name

    def check(self) -> None:
        """Do nothing, unless that has happened.

        Raises:
            RuntimeError: it has; the message says what to do.

        """
        if self._note.stat().st_size:
            raise RuntimeError(_SENTENCE) from None

    def end(self) -> None:
        """Leave nothing behind."""
        self._note.unlink(missing_ok=True)
        os.environ.pop(_VARIABLE, None)
