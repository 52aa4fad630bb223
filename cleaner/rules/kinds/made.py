"""Lines known by what they are made of: words of concepts, words that join them, numbers, names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from msgspec import Meta, Struct

from cleaner.rules.conditions import compile_condition
from cleaner.rules.finder import Finder, Hit
from cleaner.rules.model import Condition, Count, Rule
from cleaner.rules.stretches import in_runs
from cleaner.rules.table import LineTable
from cleaner.words import Lexicon
from cleaner.words.concepts import CONCEPTS, FUNCTION, Concept, bits
from cleaner.words.lexicon import NUMBER, UNSURE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from cleaner.rules.finder import View
    from cleaner.rules.scan import Batch
    from cleaner.rules.table import Ints, Mask

__all__ = ["MadeKind", "MadeRule"]

_ENDS = frozenset(".,;:!?…。，；：！？、؟،۔।\"'”’»")
_TEXT = r"(?:\d{1,2}[.)] |[-•#>—–§] ?|[/.#\"]).*|.*\".+\".*|.*(?:[{}=\\_<>;]|\(\)|>>>|https?:|\[\]).*|.*[,،、]|(?:\S+ )?[^\s.]+[.。।]"
"""Numbered and marked items, code, quotes and addresses; what ends in a comma; answers of a word or two."""
_QUESTION = r".*[?؟].*"
_FINISHED = frozenset(".!?…。！？؟।۔\"'”’»)")
_STOPS = frozenset(".!?;,…。！？؟")
_COLON, _LABEL, _LABELLED, _TAIL = 58, 40, 220, 8  # the sign; characters of a label, of its line, behind it
_HEADING = 4  # words
_ANYWHERE = ("month", "weekday", "unit", "contact", "email", "form", "function")
"""Concepts of timetables and address lists, which are no company."""
_NEAR, _COMPANY = 4, 3  # lines on both sides; how many of them
_SENTENCE, _TOLD = 25, frozenset(".:。")  # characters of a sentence under a lone word, which explains it
_PARAGRAPH = 60  # characters
_NONE = np.empty(0, np.int64)
Pattern = Annotated[str, Meta(max_length=300)]
Few = Annotated[int, Meta(ge=0, le=100)]
Concepts = tuple[Concept, ...]


class List(Struct, frozen=True, forbid_unknown_fields=True):
    """What a label takes with it: the headlines below it.

    A headline has from `shortest` to `longest` characters and ends in no punctuation; `at_least` of them make a list. The
    last line above one that is none may be its heading, and stays. A label without a list stays too where it is `needed`.
    """

    at_least: Count = 2
    at_most: Count = 15
    shortest: Count = 12
    longest: Count = 160
    needed: bool = False


class MadeRule(Rule, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="kind", tag="made"):
    """A line made of words of some concepts, words that join them, numbers, and up to so many names.

    One word at least is certainly of the concepts `of`; `besides` may stand there too, up to `names` runs of names of
    `name_words` words in all, and up to `unknown` other words. A name is a word that no list has, in capitals or in a
    script without them. The line has up to `words` words, of which `share` per cent at least are of the concepts.
    `begins`, behind numbers, and `ends` ask for concepts of the first and the last word, `all_of` for each of some.

    `run` asks for so many such lines in a row, and lets guarded words stand for themselves. `list` gives the label
    what stands below it. A `label` is of this make as far as its colon, behind which a headline or a list stands.

    What protects: up to four words over a paragraph are its heading and stay, unless the rule goes `over_prose`. A line of
    fewer words than `alone` stays over a sentence, and needs company: three other lines made of interface words within four lines. `spare` is a
    pattern of lines of this make that are text; so are numbered or marked items, code, words in quotes, what ends in a
    comma, two words with a full stop, and questions where the rule does not say that it `asks`.
    """

    of: Annotated[Concepts, Meta(min_length=1)]
    besides: Concepts = ()
    all_of: Concepts = ()
    begins: Concepts = ()
    ends: Concepts = ()
    names: Few = 0
    name_words: Few = 5
    unknown: Few = 0
    words: Count = 14
    share: Few = 40
    spare: Pattern | None = None
    asks: bool = False
    alone: Few = 3
    over_prose: bool = False
    label: bool = False
    run: Count | None = None
    list: List | None = None


class MadeKind(Finder[MadeRule]):
    """Finds lines by their make."""

    def __init__(self, rule: MadeRule) -> None:
        super().__init__(rule)
        spared = [_TEXT, *(() if rule.asks else (_QUESTION,)), *([rule.spare] if rule.spare else ())]
        self.spare = compile_condition(Condition(regex="|".join(spared)))
        self.of = np.uint64(bits(rule.of))
        self.allowed = np.uint64(bits([*rule.of, *rule.besides, *rule.all_of, *rule.begins, *rule.ends]))

    def candidates(self, batch: Batch) -> Ints:
        """Return the rows of this make, at a place where the rule may act."""
        rows = self._found(batch.table)
        if self.rule.run:
            rows = in_runs(rows, batch.table.document[rows], self.rule.run)
        return self.guards.place(batch, rows)

    def confirm(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield one hit a line, with its list where it has one; of runs, one hit a run."""
        mine, first = self._mine(view.table), view.first
        found = [row for row in rows if row + first in mine]
        if self.rule.run:
            yield from self._runs(view, found)
            return
        for row in found:
            if not self._is_text(view, row) and self.guards.allow(view, row, row):
                taken = self._with_list(view, row)
                if taken:
                    yield Hit(taken)

    def _is_text(self, view: View, row: int) -> bool:
        """Tell whether a line is spared, or a few words over a paragraph."""
        if view.fulfils(row, self.spare):
            return True
        few = len(view.lines[row].key.split()) < self.rule.alone
        if (
            few
            and row + 1 < view.count
            and view.chars[row + 1] >= _SENTENCE
            and view.lines[row + 1].text.rstrip()[-1] in _TOLD
        ):
            return True
        if self._needs_company(view, row):
            return True
        if self.rule.over_prose or row + 1 >= view.count:
            return False
        if len(view.lines[row].key.split()) > _HEADING or view.chars[row + 1] < _PARAGRAPH:
            return False
        return view.lines[row + 1].text.rstrip()[-1] in _FINISHED

    def _needs_company(self, view: View, row: int) -> bool:
        if self.rule.list or self.rule.label or len(view.lines[row].key.split()) >= self.rule.alone:
            return False
        low, high = max(0, row - _NEAR), min(view.count, row + _NEAR + 1)
        made = _interface(view.table)[view.first + low : view.first + high]
        others = {key for key, held in zip(view.keys[low:high], made.tolist(), strict=True) if held}
        return len(others - {view.keys[row]}) < _COMPANY

    def _runs(self, view: View, rows: Sequence[int]) -> Iterable[Hit]:
        """Yield the runs; one below a line that ends in a colon is a list of the text, and stays."""
        first = 0
        for place in range(1, len(rows) + 1):
            if place == len(rows) or rows[place] != rows[place - 1] + 1:
                run = tuple(rows[first:place])
                first = place
                led = run[0] > 0 and view.lines[run[0] - 1].key.endswith(":")
                if len(run) >= (self.rule.run or 1) and not led and self.guards.allow(view, run[0], run[-1]):
                    yield Hit(run)

    def _with_list(self, view: View, row: int) -> tuple[int, ...]:
        wanted = self.rule.list
        if wanted is None:
            return (row,)
        end = row + 1
        while end < view.count and end - row <= wanted.at_most and self._is_headline(view, end, wanted):
            end += 1
        if end < view.count and end - row <= wanted.at_most:
            end -= 1
        if end - row > wanted.at_least:
            return tuple(range(row, end))
        return () if wanted.needed else (row,)

    @staticmethod
    def _is_headline(view: View, row: int, wanted: List) -> bool:
        text = view.lines[row].text.strip()
        return wanted.shortest <= len(text) <= wanted.longest and text[-1] not in _ENDS

    def _found(self, table: LineTable) -> Ints:
        """Return the rows of a table that are of this make, ascending."""
        whole = table.whole
        if self not in whole.memo:
            whole.memo[self] = self._rows(whole)
        if table.rows is not None and self not in table.memo:
            table.memo[self] = np.flatnonzero(np.isin(table.rows, whole.memo[self]))
        rows: Ints = table.memo[self]
        return rows

    def _mine(self, table: LineTable) -> frozenset[int]:
        """Return the same rows as a set: documents ask for one after the other."""
        mine: frozenset[int] | None = table.memo.get(("mine", self))
        if mine is None:
            mine = table.memo["mine", self] = frozenset(self._found(table).tolist())
        return mine

    def _rows(self, table: LineTable) -> Ints:
        lexicon = Lexicon.shipped()
        if self.rule.label:
            heads, owners = _heads(table)
            found, _ = self._keys(lexicon.in_table(heads))
            return table.rows_of(np.unique(owners[np.isin(heads.key, found)]))
        made = lexicon.in_table(table)
        keys, unknown = self._keys(made)
        if not len(keys):
            return _NONE
        missing = np.full(len(table.keys), -1, np.int64)
        missing[keys] = unknown
        rows = np.flatnonzero(missing[table.key] >= 0)
        left = missing[table.key[rows]]
        asked = rows[left > self.rule.unknown]
        sure = rows[left <= self.rule.unknown]
        if not len(asked) or not self.rule.names:
            return sure
        names = lexicon.names(table, asked, int(self.allowed))
        held = names.runs <= self.rule.names
        held &= names.words <= self.rule.name_words
        held &= missing[table.key[asked]] - names.words <= self.rule.unknown
        return np.union1d(sure, asked[held])

    def _keys(self, made: Any) -> tuple[Ints, Ints]:
        """Return the keys that may be of this make, and how many of their words are no concept of it."""
        rule, sizes = self.rule, np.diff(made.begin)
        most = rule.name_words * (rule.names > 0) + rule.unknown
        keys = np.flatnonzero((sizes > 0) & (made.words <= rule.words))
        if not len(keys):
            return _NONE, _NONE
        starts = made.begin[keys]
        words = made.sequence
        mine = (words & self.allowed) != 0
        anchor = (words & self.of) != 0
        if not rule.run:
            anchor &= (words & UNSURE) == 0
        known = mine | ((words & np.uint64(FUNCTION)) != 0) | ((words & NUMBER) != 0)
        held = _any(anchor, made.begin, keys)
        unknown = _total(~known, made.begin, keys)
        held &= unknown <= most
        for concept in rule.all_of:
            held &= _any((words & np.uint64(bits([concept]))) != 0, made.begin, keys)
        held &= 100 * _total(mine, made.begin, keys) >= rule.share * (
            sizes[keys] - _total((words & NUMBER) != 0, made.begin, keys) - unknown
        )
        if rule.begins:
            first = np.uint64(bits(rule.begins))
            second = np.minimum(starts + 1, made.begin[keys + 1] - 1)
            held &= ((words[starts] & first) != 0) | (
                ((words[starts] & NUMBER) != 0) & ((words[second] & first) != 0)
            )
        if rule.ends:
            held &= (words[made.begin[keys + 1] - 1] & np.uint64(bits(rule.ends))) != 0
        return keys[held], unknown[held]


def _interface(table: LineTable) -> Mask:
    """Tell for each row whether it is made of interface words, joining words and numbers alone."""
    known: Mask | None = table.memo.get(_interface)
    if known is None:
        made = Lexicon.shipped().in_table(table)
        certain = made.counts[:, [name not in _ANYWHERE for name in CONCEPTS]].any(axis=1)
        mine = (made.rest == 0) & (made.sure > 0) & certain
        known = table.memo[_interface] = (mine | ((made.held == made.words) & (made.held > 0)))[table.key]
    return known


def _heads(table: LineTable) -> tuple[LineTable, Ints]:
    """Return what stands before the first colon of lines with a headline behind it, as a table, and whose it is."""
    known: tuple[LineTable, Ints] | None = table.memo.get(_heads)
    if known is None:
        keys = table.keys
        colons = np.unique(keys.containing(np.flatnonzero(np.frombuffer(keys.data, np.uint8) == _COLON)))
        heads, owners = [], []
        for key in colons[keys.chars[colons] <= _LABELLED].tolist():
            head, _, tail = keys.text(key).partition(":")
            if 1 < len(head) <= _LABEL and len(tail) > _TAIL and tail[-1] not in _STOPS:
                heads.append(head)
                owners.append(key)
        known = table.memo[_heads] = LineTable.of(["\n".join(heads)]), np.array(owners, np.int64)
    return known


def _total(flags: Mask, begin: Ints, keys: Ints) -> Ints:
    """Count the true flags of each key."""
    sums: Ints = np.concatenate((np.zeros(1, np.int64), np.cumsum(flags, dtype=np.int64)))
    total: Ints = sums[begin[keys + 1]] - sums[begin[keys]]
    return total


def _any(flags: NDArray[np.bool_], begin: Ints, keys: Ints) -> Mask:
    return _total(flags, begin, keys) > 0
