"""The edits of one document as columns, of which objects are made when somebody looks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, overload

import numpy as np

from cleaner.document import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy import bool_, int64
    from numpy.typing import NDArray

__all__ = ["AllEdits", "Edits", "RuleNames", "columns_of"]

Note = str | Callable[[], str]


class RuleNames(NamedTuple):
    """What the numbers of rules stand for; `ranks` are their places in the order of the names."""

    names: Sequence[str]
    artifacts: Sequence[str]
    ranks: NDArray[int64]

    @classmethod
    def of(cls, names: Sequence[str], artifacts: Sequence[str]) -> RuleNames:
        """Return the rules of an engine."""
        ranks = np.empty(len(names), np.int64)
        ranks[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
        return cls(names, artifacts, ranks)


class Edits(Sequence[Edit]):
    """Edits of the stage `rules` in the order of the text, all of them removals and flags; equal to a tuple of them.

    Args:
        text: the text that they refer to.
        start: where each begins in it.
        end: where each ends.
        rules: the number of the rule of each.
        applied: which are removals; the others are flags.
        notes: for some of them, by their place, what spoke for it, or what can say it.
        known: what the numbers of the rules stand for.

    """

    __slots__ = ("_made", "applied", "end", "known", "notes", "rules", "start", "text")

    def __init__(
        self,
        text: str,
        start: NDArray[int64],
        end: NDArray[int64],
        rules: NDArray[int64],
        applied: NDArray[bool_],
        notes: dict[int, Note],
        known: RuleNames,
    ) -> None:
        self.text, self.start, self.end, self.rules = text, start, end, rules
        self.applied, self.notes, self.known = applied, notes, known
        self._made: tuple[Edit, ...] | None = None

    def __len__(self) -> int:
        return len(self.start)

    @overload
    def __getitem__(self, index: int) -> Edit: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Edit, ...]: ...

    def __getitem__(self, index: int | slice) -> Edit | tuple[Edit, ...]:
        return self.objects()[index]

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Edits):
            return self.objects() == other.objects()
        return self.objects() == other

    def __hash__(self) -> int:
        return hash(self.objects())

    def __repr__(self) -> str:
        return repr(self.objects())

    def __reduce__(self) -> tuple[object, ...]:
        return tuple, (list(self.objects()),)

    def note(self, place: int) -> str:
        """Return what spoke for one edit."""
        note = self.notes.get(place, "")
        return note if isinstance(note, str) else note()

    def before(self) -> list[str]:
        """Return the former text of each edit."""
        text = self.text
        return [text[low:high] for low, high in zip(self.start.tolist(), self.end.tolist(), strict=True)]

    def objects(self) -> tuple[Edit, ...]:
        """Return the edits as objects, which are made once."""
        if self._made is None:
            names, artifacts, _ = self.known
            columns = (
                self.start.tolist(),
                self.end.tolist(),
                self.before(),
                self.rules.tolist(),
                self.applied.tolist(),
            )
            self._made = tuple(
                Edit("rules", names[rule], low, high, before, "" if applied else before, applied, self.note(place), artifacts[rule])
                for place, (low, high, before, rule, applied) in enumerate(zip(*columns, strict=True))
            )  # fmt: skip
        return self._made

    def kept(self) -> str:
        """Return the text that is left."""
        chosen = self.applied.nonzero()[0]
        if not len(chosen):
            return self.text
        low, high = self.start[chosen], self.end[chosen]
        cuts = (low[1:] != high[:-1]).nonzero()[0]
        text, position, parts = self.text, 0, []
        begins = [int(low[0]), *low[1:][cuts].tolist()]
        for begin, end in zip(begins, [*high[:-1][cuts].tolist(), int(high[-1])], strict=True):
            parts.append(text[position:begin])
            position = end
        parts.append(text[position:])
        return "".join(parts)


class AllEdits(Sequence[Edit]):
    """The edits of both stages of one document, one behind the other."""

    __slots__ = ("parts",)

    def __init__(self, *parts: Sequence[Edit]) -> None:
        self.parts = tuple(part for part in parts if len(part))

    def __len__(self) -> int:
        return sum(map(len, self.parts))

    @overload
    def __getitem__(self, index: int) -> Edit: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Edit, ...]: ...

    def __getitem__(self, index: int | slice) -> Edit | tuple[Edit, ...]:
        return self.objects()[index]

    def __iter__(self) -> Iterator[Edit]:
        return chain.from_iterable(self.parts)

    def __eq__(self, other: object) -> bool:
        return self.objects() == (other.objects() if isinstance(other, AllEdits) else other)

    def __hash__(self) -> int:
        return hash(self.objects())

    def __repr__(self) -> str:
        return repr(self.objects())

    def __reduce__(self) -> tuple[object, ...]:
        return tuple, (list(self.objects()),)

    def objects(self) -> tuple[Edit, ...]:
        """Return the edits as objects."""
        return tuple(chain.from_iterable(self.parts))


def columns_of(documents: Iterable[Sequence[Edit]]) -> tuple[list[Any], ...]:
    """Return the fields of the edits of several documents, each as one list, in the order of `Edit`."""
    columns: tuple[list[Any], ...] = tuple([] for _ in Edit._fields)
    stage, rule, start, end, before, after, applied, note, artifact = columns
    for edits in documents:
        for part in edits.parts if isinstance(edits, AllEdits) else (edits,):
            if not isinstance(part, Edits):
                for column, values in zip(columns, zip(*part, strict=True), strict=False):
                    column.extend(values)
                continue
            rules, done, former = part.rules.tolist(), part.applied.tolist(), part.before()
            stage += ["rules"] * len(rules)
            rule += map(part.known.names.__getitem__, rules)
            start += part.start.tolist()
            end += part.end.tolist()
            before += former
            after += ["" if gone else text for gone, text in zip(done, former, strict=True)]
            applied += done
            note += map(part.note, range(len(rules))) if part.notes else [""] * len(rules)
            artifact += map(part.known.artifacts.__getitem__, rules)
    return columns
