"""What a run says while it runs: a bar for people, JSON lines for machines, or nothing."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from cleaner.report.summary import Summary

__all__ = ["Progress", "progress_of", "say"]

_EVERY = 5.0  # seconds between two lines of the log


class Progress(Protocol):
    """Hears of every batch, and of the beginning and the end of a run."""

    def begin(self, *, files: int, bytes_in: int, workers: int, resumed: int) -> None:
        """Take note of what is to be done."""

    def update(self, summary: Summary, bytes_read: int, current: str) -> None:
        """Take note of how far it is."""

    def end(self, summary: Summary | None, outcome: str) -> None:
        """Take note of how it ended."""


class Silent:
    """Says nothing."""

    def begin(self, *, files: int, bytes_in: int, workers: int, resumed: int) -> None:
        """Say nothing."""

    def update(self, summary: Summary, bytes_read: int, current: str) -> None:
        """Say nothing."""

    def end(self, summary: Summary | None, outcome: str) -> None:
        """Say nothing."""


class Log:
    """A JSON object a line on standard error: `start`, `progress` every few seconds, `end` with all counts."""

    def __init__(self, output: str) -> None:
        self._output = output
        self._begun = self._said = time.monotonic()

    def begin(self, *, files: int, bytes_in: int, workers: int, resumed: int) -> None:
        """Say what is to be done."""
        self._say("start", files=files, bytes=bytes_in, workers=workers, documents_resumed=resumed)

    def update(self, summary: Summary, bytes_read: int, current: str) -> None:
        """Say how far it is."""
        now = time.monotonic()
        if now - self._said < _EVERY:
            return
        self._said = now
        self._say("progress", bytes_read=bytes_read, file=current, **_totals(summary))

    def end(self, summary: Summary | None, outcome: str) -> None:
        """Say how it ended."""
        self._say("end", outcome=outcome, output=self._output, **(summary.described() if summary else {}))

    def _say(self, event: str, **what: Any) -> None:
        seconds = round(time.monotonic() - self._begun, 1)
        print(json.dumps({"event": event, "seconds": seconds, **what}), file=sys.stderr, flush=True)  # noqa: T201


class Bar:
    """A line on the terminal: share of the input read, documents, MB/s of the input (as it lies there), time left, file, share removed."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

        self._bar = Progress(
            BarColumn(bar_width=24),
            TextColumn("{task.percentage:>3.0f} %"),
            TextColumn("{task.fields[documents]:,} documents, {task.fields[removed]:.1%} removed"),
            TransferSpeedColumn(),
            TextColumn("of input,"),
            TimeRemainingColumn(),
            TextColumn("left"),
            TextColumn("{task.description}", markup=False),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("", total=None, documents=0, removed=0.0)

    def begin(self, *, files: int, bytes_in: int, workers: int, resumed: int) -> None:  # noqa: ARG002 - the bar shows less
        """Show the bar."""
        self._bar.update(self._task, total=bytes_in or None)
        self._bar.start()

    def update(self, summary: Summary, bytes_read: int, current: str) -> None:
        """Move the bar."""
        removed = 1 - summary.chars_out / summary.chars_in if summary.chars_in else 0.0
        self._bar.update(
            self._task,
            completed=bytes_read,
            documents=summary.documents,
            removed=removed,
            description=current[-40:],
        )

    def end(self, summary: Summary | None, outcome: str) -> None:  # noqa: ARG002 - the bar goes away
        """Take the bar away."""
        self._bar.stop()


def progress_of(*, quiet: bool, log_json: bool, output: str) -> Progress:
    """Return what fits the options and the terminal."""
    if log_json:
        return Log(output)
    return Silent() if quiet or not sys.stderr.isatty() else Bar()


def say(sentence: str, *, quiet: bool) -> None:
    """Print a sentence on standard error."""
    if not quiet:
        print(sentence, file=sys.stderr)  # noqa: T201


def _totals(summary: Summary) -> dict[str, int]:
    return {
        "documents": summary.documents,
        "quarantined": summary.quarantined,
        "chars_in": summary.chars_in,
        "chars_out": summary.chars_out,
    }
