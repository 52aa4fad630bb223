"""What a kind of rule is made of: candidates over a batch, and their confirmation in one document.

A finder only finds. `candidates` works on columns and may be generous; `confirm` is exact, in plain
Python, and must hold without `candidates`: given every row of a document it returns the same hits.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar, overload

from cleaner.document import site_of
from cleaner.fold import fold
from cleaner.rules.conditions import compile_condition
from cleaner.rules.model import Condition, Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from cleaner.document import Line, Place
    from cleaner.rules.conditions import Matcher
    from cleaner.rules.scan import Batch
    from cleaner.rules.table import Ints, LineTable

__all__ = ["Context", "Finder", "Guards", "Hit", "View", "condition_of"]

R = TypeVar("R", bound=Rule)


class Context(NamedTuple):
    """What is known of a document beside its text. All comparisons with it are made folded.

    Only pages say more than the first three: `author` (several with `; ` between them), `date` (ISO),
    `description`, `headlines` (folded forms of the headline), `links` (folded lines that are links as
    a whole) and `places` (for folded lines, where they stand in the page).
    """

    title: str | None = None
    site: str | None = None
    url: str | None = None
    author: str | None = None
    date: str | None = None
    language: str | None = None
    links: frozenset[str] = frozenset()
    headlines: frozenset[str] = frozenset()
    description: str | None = None
    places: Mapping[str, Place] = {}

    @property
    def titles(self) -> frozenset[str]:
        """Folded forms of the headline."""
        return self.headlines | {fold(self.title)} if self.title else self.headlines


class Hit(NamedTuple):
    """Something a finder found: the lines `rows` of a document, or a `span` inside the one line of it.

    `witness` are lines that must stay for the hit to be right, such as the first copy of what stands
    twice. `title` is the headline, where the hit shows which line it is. `note` says what spoke for it; it is asked where
    somebody wants to know.

    With a `limit` the hit stands beyond the reach of its rule, and holds once fewer lines than that are left below it (above it,
    where the limit is negative): others may go in the same pass. With `longest` of 0 or more it takes everything that is left
    below it then, of which no line may have more characters.
    """

    rows: tuple[int, ...]
    witness: tuple[int, ...] = ()
    span: tuple[int, int] | None = None
    title: str | None = None
    note: Callable[[], str] | None = None
    limit: int = 0
    longest: int = -1


class View:
    """The lines still alive of one document, as the confirming half of a finder sees them."""

    def __init__(
        self, table: LineTable, document: int, context: Context, identify: Callable[[str], str | None]
    ) -> None:
        self.table = table
        self.first = int(table.first[document])
        self.count = int(table.first[document + 1]) - self.first
        self.context = context
        self._identify = identify

    @cached_property
    def lines(self) -> Sequence[Line]:
        """The lines, from the first to the last; each is read from the table when it is first asked for."""
        return _Lines(self.table, self.first, self.count)

    @cached_property
    def keys(self) -> list[int]:
        """For each line the number of its folded form in the table: equal lines have equal numbers."""
        numbers: list[int] = self.table.key[self.first : self.first + self.count].tolist()
        return numbers

    @cached_property
    def chars(self) -> Ints:
        """Length of each line in code points."""
        return self.table.chars[self.first : self.first + self.count]

    @cached_property
    def _places(self) -> dict[int, list[int]]:
        places: dict[int, list[int]] = {}
        for index, key in enumerate(self.keys):
            places.setdefault(key, []).append(index)
        return places

    def positions(self, index: int) -> list[int]:
        """Return the places, ascending, where a line stands that is equal to line `index`."""
        return self._places[self.keys[index]]

    def fulfils(self, index: int, matcher: Matcher) -> bool:
        """Tell whether line `index` fulfils a condition; each distinct line of the batch is asked once."""
        memo: dict[tuple[Matcher, int], bool] = self.table.whole.verdicts
        asked = matcher, self.keys[index]
        verdict = memo.get(asked)
        if verdict is None:
            verdict = memo[asked] = matcher(self.table.keys.text(asked[1]))
        return verdict

    @cached_property
    def language(self) -> str | None:
        """Language of the document as it stands now; found out when a rule first asks."""
        return self.context.language or self._identify("\n".join(line.text for line in self.lines))

    def place(self, index: int) -> Place | None:
        """Return where line `index` stands in its page; None where that is not known."""
        return self.context.places.get(self.lines[index].key)

    def linked(self, index: int) -> float:
        """Return the share of line `index` that is a link, as far as is known."""
        place = self.place(index)
        return place.linked if place else float(self.lines[index].key in self.context.links)

    def after_blank(self, index: int) -> bool:
        """Tell whether a blank line stands above line `index`."""
        return bool(self.table.after_blank[self.first + index])


class _Lines(Sequence["Line"]):
    """The lines of a document as a sequence; most finders look at a few of them only."""

    def __init__(self, table: LineTable, first: int, count: int) -> None:
        self._table, self._first = table, first
        self._read: list[Line | None] = [None] * count

    def __len__(self) -> int:
        return len(self._read)

    @overload
    def __getitem__(self, index: int) -> Line: ...

    @overload
    def __getitem__(self, index: slice) -> list[Line]: ...

    def __getitem__(self, index: int | slice) -> Line | list[Line]:
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(len(self._read)))]
        line = self._read[index]
        if line is None:
            row = self._first + (index if index >= 0 else len(self._read) + index)
            line = self._read[index] = self._table.line(row)
        return line


def condition_of(rule: object, fields: Iterable[str] = Condition.__struct_fields__) -> Condition:
    """Return the part of a rule that is a condition on its line."""
    return Condition(**{name: getattr(rule, name) for name in fields})


class Guards:
    """The guards that every rule may have, compiled."""

    def __init__(self, rule: Rule) -> None:
        self.head, self.tail, self.linked = rule.head, rule.tail, rule.linked
        self.prev = compile_condition(rule.prev) if rule.prev else None
        self.next = compile_condition(rule.next) if rule.next else None
        self.unless = compile_condition(rule.unless) if rule.unless else None
        self.languages = frozenset(rule.languages) if rule.languages else None
        self.sites = frozenset(rule.sites) if rule.sites else None

    @cached_property
    def free(self) -> bool:
        """Tell whether there is none."""
        asked = (self.head, self.tail, self.prev, self.next, self.unless)
        return self.plain and all(guard is None for guard in asked)

    @property
    def plain(self) -> bool:
        """Tell whether nothing is asked but of the line itself, its place and its neighbours."""
        asked = (self.linked, self.languages, self.sites)
        return all(guard is None for guard in asked)

    @cached_property
    def limit(self) -> int:
        """The limit of hits that stand too far from the end of the text; 0 where the rule asks for more than the end."""
        if not self.plain or self.prev or self.next or (self.head is None) == (self.tail is None):
            return 0
        return self.tail or -(self.head or 0)

    def refuses(self, key: str) -> bool:
        """Tell whether the rule never acts on a line, wherever it stands."""
        return self.unless is not None and self.unless(key)

    def place(self, batch: Batch, rows: Ints) -> Ints:
        """Keep of `rows` those at a place where the rule may act; most other guards are not asked."""
        if self.linked is not None and not batch.knows_links:
            return rows[:0]
        if self.head is not None:
            rows = rows[batch.table.from_head[rows] < self.head]
        if self.tail is not None:
            rows = rows[batch.table.from_tail[rows] < self.tail]
        return rows

    def allow(self, view: View, first: int, last: int) -> bool:
        """Tell whether the rule may act on the lines from `first` to `last` of the document."""
        lines = view.lines
        if self.head is not None and first >= self.head:
            return False
        if self.tail is not None and view.count - last > self.tail:
            return False
        if self.prev is not None and not (first > 0 and self.prev(lines[first - 1].key)):
            return False
        if self.next is not None and not (last + 1 < view.count and self.next(lines[last + 1].key)):
            return False
        if self.unless is not None and self.unless(lines[first].key):
            return False
        if self.linked is not None and any(view.linked(row) < self.linked for row in range(first, last + 1)):
            return False
        if self.sites is not None and not self._on_site(view.context):
            return False
        return self.languages is None or view.language in self.languages

    def _on_site(self, context: Context) -> bool:
        site = context.site or site_of(context.url)
        wanted = self.sites or ()
        return site is not None and any(site == each or site.endswith(f".{each}") for each in wanted)


class Finder(Generic[R]):
    """A rule made ready to find. Subclasses are the kinds; each names the struct of its parameters.

    A kind that is `gated` finds nothing in a batch where no line fulfils one of its `matchers`; there it
    is not asked at all. One that is not `telling` makes no flags: below its level it is not asked either. Where
    `exact` is true, `candidates` are single lines and each is a hit, of which `note` says what spoke for it.
    """

    gated = False
    telling = True
    exact = False
    rule: R

    def __init__(self, rule: R) -> None:
        self.rule = rule
        self.guards = Guards(rule)
        self.matchers: tuple[Matcher, ...] = ()  # conditions the scan shall look for

    def candidates(self, batch: Batch) -> Ints:
        """Return the rows, ascending, of which `confirm` shall be asked; a superset of its hits."""
        raise NotImplementedError

    def note(self, table: LineTable, row: int) -> Callable[[], str]:
        """Return what can say what spoke for a hit on one line."""
        raise NotImplementedError

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield the hits of which one of `rows` (indexes into `view.lines`, ascending) is the anchor."""
        raise NotImplementedError
