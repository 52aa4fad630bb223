"""Documents as the page shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.document import Edit
from cleaner.marking import Stretch, marked_lines, stretches
from cleaner.result import restore_document

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ShownDocument", "shown_document"]


class ShownDocument(NamedTuple):
    """A document of the sample. `href` is its address where that is one of the web."""

    id: str
    source: str
    title: str
    site: str
    href: str
    language: str
    encoding: str
    chars_in: int
    chars_out: int
    flags: tuple[str, ...]
    rules: tuple[str, ...]
    stretches: tuple[Stretch, ...]
    hidden: int
    note: str

    @property
    def share(self) -> float:
        """The share of the characters that cleaning took."""
        return max(1 - self.chars_out / self.chars_in, 0.0) if self.chars_in else 0.0

    @property
    def changes(self) -> int:
        """How many of the lines shown were changed or removed."""
        lines = [line for stretch in self.stretches for line in stretch.lines]
        return sum(line.fate in ("removed", "changed") for line in lines)


def shown_document(row: Mapping[str, Any]) -> ShownDocument:
    """Return a row of the record as the page shows it."""
    edits = [Edit(**edit) for edit in row["edits"] or ()]
    text, note = row.get("text") or "", ""
    if row["edits"] is None:
        note = "The file was written without edits: this is the text after cleaning."
    else:
        try:
            text = restore_document(text, edits)
        except ValueError:
            edits, note = (
                [],
                "The edits of this row do not belong to its text; the text is shown as it stands.",
            )
    shown, hidden = stretches(marked_lines(text, edits))
    href = row.get("url") or ""
    return ShownDocument(
        id=row["id"] or "", source=row.get("source") or "", title=row.get("title") or "",
        site=row.get("site") or "", href=href if href.lower().startswith(("http://", "https://")) else "",
        language=row.get("language") or "", encoding=row.get("encoding") or "",
        chars_in=row["chars_in"] or 0, chars_out=row["chars_out"] or 0, flags=tuple(row["flags"] or ()),
        rules=tuple(dict.fromkeys(edit.rule for edit in edits)),
        stretches=shown, hidden=hidden, note=note,
    )  # fmt: skip
