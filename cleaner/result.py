"""What cleaning one document gives to a caller."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.edits import restore

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from cleaner.document import Document, Edit
    from cleaner.extract import Extracted
    from cleaner.language import Language
    from cleaner.marking import MarkedLine
    from cleaner.settings import Settings

    Signals = Mapping[str, float | int | None] | None

__all__ = ["Measures", "Result", "restore_document"]

_SHOWN = 40  # characters of the text in `repr`


@dataclass(frozen=True, slots=True, repr=False)
class Result:
    """A cleaned document with the evidence of every change.

    `edits` holds those of stage `repair`, then those of stage `rules`; `flags` the names of what was
    seen and left alone. `language` is None where it was switched off, `signals_before` and
    `signals_after` likewise; `measure` gives both. `page` is what extraction found where the document was an HTML page; its
    `error` says why there is no text. `settings` are those it was cleaned with.

    A notebook shows a result as its text with every change marked; `diff` and `explain` say the same in plain text.
    """

    document: Document
    text: str
    title: str | None
    edits: Sequence[Edit]
    flags: Sequence[str]
    language: Language | None
    measure: Callable[[], tuple[Signals, Signals]] = field(repr=False, compare=False)
    page: Extracted | None = None
    settings: Settings | None = field(default=None, compare=False)

    @property
    def signals_before(self) -> Signals:
        """Quality signals of the text before cleaning, by name; computed when somebody asks."""
        return self.measure()[0]

    @property
    def signals_after(self) -> Signals:
        """Quality signals of the text after cleaning, by name; computed when somebody asks."""
        return self.measure()[1]

    def restore(self) -> str:
        """Return the text before cleaning: the decoded input, to the character."""
        return restore_document(self.text, self.edits)

    def __reduce__(self) -> tuple[Any, ...]:
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return Result, tuple({**values, "measure": Known(*self.measure())}.values())

    def diff(self) -> str:
        """Return the document in diff notation, with the rule behind each change in brackets.

        Two spaces: kept. `- ` removed. `~ ` flagged and left alone. `+ ` what stands in place of the line above.
        """
        from cleaner.rules.diff import document_diff
        from cleaner.rules.notation import render

        return render(document_diff(self.document.text, self.edits))

    def explain(self) -> str:
        """Return why the document was changed: each rule behind it, what it is for, and what spoke for it."""
        from cleaner.rulebook import Rulebook, reasons

        return "\n".join(reasons(self._lines(), self.flags, Rulebook(self.settings))) or "nothing was changed"

    def __repr__(self) -> str:
        """Return one short line."""
        shown = self.text if len(self.text) <= _SHOWN else f"{self.text[:_SHOWN]}…"
        return f"<Result {shown!r}: {', '.join(self._facts())}>"

    def _repr_html_(self) -> str:
        """Return the marked text, which is what notebooks show."""
        from cleaner.marking import as_html

        return as_html(self._lines(), self._facts())

    def _lines(self) -> Sequence[MarkedLine]:
        from cleaner.marking import marked_lines

        return marked_lines(self.document.text, self.edits)

    def _facts(self) -> list[str]:
        edits = sum(edit.applied for edit in self.edits)
        facts = [
            f"{len(self.document.text):,} -> {len(self.text):,} characters",
            f"{edits} {'edit' if edits == 1 else 'edits'}",
        ]
        if self.language and self.language.code:
            facts.append(self.language.code)
        if self.flags:
            facts.append(f"flags: {', '.join(self.flags)}")
        return facts


class Known(NamedTuple):
    """Signals before and after that are known."""

    before: Signals
    after: Signals

    def __call__(self) -> tuple[Signals, Signals]:
        """Return both."""
        return self


class Measures:
    """Signals of several documents, computed together when somebody asks for those of one of them.

    Args:
        compute: returns the arrays of the signals before and after, None where they were switched off.

    """

    def __init__(self, compute: Callable[[], tuple[Any, Any]]) -> None:
        self._compute = compute

    @cached_property
    def _arrays(self) -> tuple[Any, Any]:
        return self._compute()

    def of(self, index: int) -> tuple[Signals, Signals]:
        """Return the signals of one document before and after cleaning."""
        before, after = self._arrays
        return None if before is None else before[index].as_py(), None if after is None else after[
            index
        ].as_py()


def restore_document(text: str, edits: Sequence[Edit]) -> str:
    """Undo the edits of both stages on a cleaned text, as they stand in a record.

    Raises:
        ValueError: the edits do not belong to this text.

    """
    for stage in ("rules", "repair"):
        text = restore(text, [edit for edit in edits if edit.stage == stage])
    return text
