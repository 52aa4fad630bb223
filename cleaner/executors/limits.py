"""What a document may take, and what is said of one that takes more; how much input is a part."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["PART_BYTES", "DiedError", "LateError", "Limits"]

PART_BYTES = 256 << 20
"""Input of a part, on disk: some minutes of work, lost when a machine dies."""


class LateError(Exception):
    """A task ran past its deadline, and its worker was killed."""


class DiedError(Exception):
    """The worker of a task died; the message says how."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a document may take: `seconds`, and `memory` in bytes beside what a worker needs itself."""

    seconds: float = 60.0
    memory: int = 2 << 30
