"""What cleaning one document gives to a caller."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cleaner.edits import restore

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from cleaner.document import Document, Edit
    from cleaner.extract import Extracted
    from cleaner.language import Language

__all__ = ["Result", "restore_document"]


@dataclass(frozen=True, slots=True)
class Result:
    """A cleaned document with the evidence of every change.

    `edits` holds those of stage `repair`, then those of stage `rules`; `flags` the names of what was
    seen and left alone. `language` is None where it was switched off, `signals_before` and
    `signals_after` likewise. `page` is what extraction found where the document was an HTML page; its
    `error` says why there is no text.
    """

    document: Document
    text: str
    title: str | None
    edits: Sequence[Edit]
    flags: Sequence[str]
    language: Language | None
    signals_before: Mapping[str, float | int | None] | None
    signals_after: Mapping[str, float | int | None] | None
    page: Extracted | None = None

    def restore(self) -> str:
        """Return the text before cleaning: the decoded input, to the character."""
        return restore_document(self.text, self.edits)


def restore_document(text: str, edits: Sequence[Edit]) -> str:
    """Undo the edits of both stages on a cleaned text, as they stand in a record.

    Raises:
        ValueError: the edits do not belong to this text.

    """
    for stage in ("rules", "repair"):
        text = restore(text, [edit for edit in edits if edit.stage == stage])
    return text
