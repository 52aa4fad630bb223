"""What others take for the same, on the same texts; each is left out with a message where it is not installed."""

from __future__ import annotations

import html
import re
import sys
import tempfile
from typing import TYPE_CHECKING, Any

from cleaner.document import Edit
from cleaner.edits import apply
from cleaner.fold import fingerprint, fold
from cleaner.rules.engine import Engine
from cleaner.rules.kinds import finder_of
from cleaner.rules.kinds.line import LineKind
from cleaner.rules.pack import built_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cleaner.rules.pack import LoadedRule

    Task = Callable[[], object]

_ANYWHERE = 1 << 40


def line_rules() -> list[LoadedRule]:
    """Return the rules that ask for a line, its place and its neighbours, and remove it at `safe`."""
    chosen = []
    for loaded in built_in():
        finder = finder_of(loaded.rule)
        plain = isinstance(finder, LineKind) and finder.guards.plain
        if plain and loaded.rule.level == "safe" and loaded.rule.action != "flag":
            chosen.append(loaded)
    return chosen


class TunedLoop:
    """Document by document, line by line, as one who knows what is slow would write it without columns.

    Lines that stand in a dictionary of exact ones are decided by it; others are asked for literals by one automaton,
    then matched; what was found for a line is remembered. The texts, edits and fingerprints are those of the engine.
    """

    def __init__(self, rules: Sequence[LoadedRule]) -> None:
        import ahocorasick_rs

        finders = [finder_of(loaded.rule) for loaded in rules]
        self.names = [loaded.name for loaded in rules]
        self.guards = [finder.guards for finder in finders]
        self.matchers: list[Any] = [finder.matchers[0] for finder in finders]
        self.exact: dict[str, list[int]] = {}
        self.open: list[int] = []
        literals: dict[str, list[int]] = {}
        for index, matcher in enumerate(self.matchers):
            if matcher.literals is None:
                self.open.append(index)
                continue
            for literal in matcher.literals:
                (self.exact if matcher.form == "exact" else literals).setdefault(literal, []).append(index)
        self.wanted = list(literals.values())
        self.automaton = ahocorasick_rs.AhoCorasick(list(literals))
        self.longest = max(min(matcher.max_chars, 200) for matcher in self.matchers)
        self.known: dict[str, tuple[int, ...]] = {}

    def fits(self, key: str) -> tuple[int, ...]:
        """Return the rules whose condition a folded line fulfils."""
        found = self.known.get(key)
        if found is None:
            asked = {each for hit in self.automaton.find_matches_as_indexes(key, overlapping=True)
                     for each in self.wanted[hit[0]]}  # fmt: skip
            asked.update(self.open)
            held = [index for index in asked if self.matchers[index](key)]
            found = self.known[key] = tuple(sorted({*held, *self.exact.get(key, ())}))
        return found

    def clean(self, text: str) -> tuple[str, list[Edit], int]:
        """Return the text that is left, the edits and the fingerprint."""
        lines = []
        start = 0
        for part in text.split("\n"):
            bare = part.strip()
            if bare:
                at = start + part.index(bare[0])
                lines.append((at, at + len(bare), fold(bare)))
            start += len(part) + 1
        alive = list(range(len(lines)))
        taken: dict[int, int] = {}
        while gone := self._pass([lines[row][2] for row in alive]):
            taken.update({alive[place]: rule for place, rule in gone.items()})
            alive = [row for place, row in enumerate(alive) if place not in gone]
        edits = self._edits(text, lines, taken) if taken else []
        left = apply(text, edits) if edits else text
        return left, edits, fingerprint("".join(f"{lines[row][2]}\n" for row in alive).encode())

    def _pass(self, keys: list[str]) -> dict[int, int]:
        gone = {}
        for place, key in enumerate(keys):
            for rule in self.fits(key):
                guards = self.guards[rule]
                if (
                    place < (guards.head or _ANYWHERE)
                    and len(keys) - place <= (guards.tail or _ANYWHERE)
                    and not (guards.unless and guards.unless(key))
                    and (guards.prev is None or (place > 0 and guards.prev(keys[place - 1])))
                    and (guards.next is None or (place + 1 < len(keys) and guards.next(keys[place + 1])))
                ):
                    gone[place] = rule
                    break
        return gone

    def _edits(self, text: str, lines: list[tuple[int, int, str]], taken: dict[int, int]) -> list[Edit]:
        edits = []
        count = len(lines)
        for row, rule in sorted(taken.items()):
            if row - 1 not in taken:
                low, high = row, next(each for each in range(row, count + 1) if each not in taken)
                blanks = (
                    each for each in range(low, high + 1) if each < count and _parted(text, lines, each)
                )
                gap = low if low == 0 else high if high == count else next(blanks, low)
            start, end, _ = lines[row]
            if row < gap:
                span = (lines[row - 1][1] if row else 0, end)
            else:
                span = (start, lines[row + 1][0] if row + 1 < count else len(text))
            if low == 0 and high == count and row == 0:
                span = (0, span[1])
            edits.append(Edit("rules", self.names[rule], *span, text[span[0] : span[1]]))
        return edits


def _parted(text: str, lines: list[tuple[int, int, str]], row: int) -> bool:
    return row > 0 and text.count("\n", lines[row - 1][1], lines[row][0]) > 1


def plain_loop(texts: Sequence[str]) -> Task:
    """Do what people write first: every pattern of the packs as one alternation, line by line."""
    patterns = [getattr(loaded.rule, "regex", None) for loaded in built_in()]
    joined = re.compile(
        "|".join(f"(?:{p})" for p in patterns if p and r"\p" not in p and "(?<" not in p), re.IGNORECASE
    )

    def run() -> object:
        return [
            "\n".join(line for line in text.split("\n") if not joined.fullmatch(line.strip()))
            for text in texts
        ]

    return run


def loops(texts: Sequence[str], parts: Sequence[Sequence[str]]) -> dict[str, Task]:
    """Return the same line rules in a loop and over batches, and the loop with `re`."""
    rules = line_rules()
    loop, engine = TunedLoop(rules), Engine(rules)
    sample = [text for part in parts[:2] for text in part]
    equal = sum(
        loop.clean(text) == (cleaned.text, list(cleaned.edits), cleaned.fingerprint)
        for text, cleaned in zip(sample, engine.clean(sample), strict=True)
    )
    print(
        f"{len(rules)} line rules: the tuned loop and the engine agree on all but {len(sample) - equal} of {len(sample)} texts"
    )

    def tuned() -> object:
        loop.known.clear()
        return [loop.clean(text) for text in texts]

    return {
        "line rules, tuned loop": tuned,
        "line rules, over batches": lambda: [engine.clean(part) for part in parts],
        "a plain loop with re, phrases only": plain_loop(texts),
    }


def alone(few: Sequence[str]) -> dict[str, Task]:
    """Return what ftfy and langdetect take for every 20th text."""
    found: dict[str, Task] = {}
    try:
        import ftfy

        found["ftfy (every 20th)"] = lambda: [ftfy.fix_text(text) for text in few]
        import langdetect

        langdetect.DetectorFactory.seed = 0
        found["langdetect (every 20th)"] = lambda: [langdetect.detect(text) for text in few]
    except ImportError as error:
        print(f"left out: {error}", file=sys.stderr)
    return found


def datatrove(few: Sequence[str]) -> dict[str, Task]:
    """Return what the steps of datatrove's usual chain take for every 20th text."""
    try:
        from datatrove.data import Document
        from datatrove.pipeline import filters
        from datatrove.pipeline.formatters import FTFYFormatter
        from datatrove.pipeline.writers.parquet import ParquetWriter
    except ImportError as error:
        print(f"left out: {error}", file=sys.stderr)
        return {}

    def documents() -> list[Any]:
        return [Document(text=text, id=str(number)) for number, text in enumerate(few)]

    def filtered(kind: Any) -> Task:
        one = kind()
        return lambda: [one.filter(each) for each in documents()]

    def written() -> None:
        with tempfile.TemporaryDirectory() as folder, ParquetWriter(folder) as writer:
            for each in documents():
                writer.write(each)

    formatter = FTFYFormatter()
    found: dict[str, Task] = {"datatrove FTFY (every 20th)": lambda: [formatter.format(text) for text in few]}
    for name in ("C4QualityFilter", "GopherRepetitionFilter", "GopherQualityFilter", "FineWebQualityFilter"):
        try:
            task = filtered(getattr(filters, name))
            task()
        except Exception as error:  # noqa: BLE001 - it wants a library or data that are not there
            print(f"left out: datatrove {name}: {error}", file=sys.stderr)
        else:
            found[f"datatrove {name} (every 20th)"] = task
    found["datatrove Parquet writer (every 20th)"] = written
    return found


def pages(few: Sequence[str]) -> dict[str, Task]:
    """Return what extracting every 20th text takes, put into a page."""
    import trafilatura

    from cleaner.extract import extract

    made = [_page(text) for text in few]
    return {
        "HTML: extract (every 20th)": lambda: [extract(page) for page in made],
        "HTML: trafilatura (every 20th)": lambda: [trafilatura.extract(page) for page in made],
    }


def _page(text: str) -> str:
    title, *paragraphs = html.escape(text).split("\n")
    menu = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("home", "news", "sport", "contact"))
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<html><head><title>{title}</title></head><body><nav><ul>{menu}</ul></nav><article><h1>{title}</h1>"
        f"{body}</article><footer>{menu}</footer></body></html>"
    )
