"""What is known of a rule by its id: the packs, the steps of repair, and the flags of the engine."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.memory import rules_of, shared
from cleaner.repair import FLAGS, STEPS
from cleaner.rules.engine import OVER_BUDGET
from cleaner.rules.pack import PackError, built_in, load_paths, packs_root
from cleaner.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from cleaner.marking import MarkedLine

__all__ = ["Entry", "Rulebook", "reasons", "settings_of"]


class Entry(NamedTuple):
    """A rule as a reader of the report meets it; `file` is the pack it stands in."""

    name: str
    summary: str = "a rule that is not among the packs here"
    level: str = ""
    action: str = ""
    source: str = ""
    file: str = ""


class Rulebook:
    """Looks up rules by id. Packs that a record names and that are gone are left out."""

    def __init__(self, settings: Settings | None = None) -> None:
        try:
            loaded = load_paths(settings.rules if settings else (), built_in())
        except PackError:
            loaded = list(built_in())
        loaded += rules_of(shared(None))  # the names of a memory's rules are always the same
        self._entries = {
            each.name: Entry(
                each.name,
                each.rule.summary,
                each.rule.level,
                each.rule.action,
                each.source,
                _shown(each.path),
            )
            for each in loaded
        }
        for steps, action in ((STEPS, "repair"), (FLAGS, "flag")):
            for name, summary in steps.items():
                self._entries[name] = Entry(name, summary, "safe", action, "the package itself")
        self._entries[OVER_BUDGET] = Entry(
            OVER_BUDGET,
            "The rules above `safe` wanted more of the document than the budget allows: only `safe` acted",
            action="flag",
            source="the package itself",
        )

    def __getitem__(self, name: str) -> Entry:
        return self._entries.get(name, Entry(name))


def reasons(lines: Sequence[MarkedLine], flags: Sequence[str], book: Rulebook) -> Iterator[str]:
    """Yield in lines of text why a document was changed: each rule behind it, what it is for, and what spoke for it."""
    names = list(dict.fromkeys(rule for line in lines for rule in line.rules))
    for entry in map(book.__getitem__, names):
        yield f"{entry.name}: {entry.summary}"
        if entry.level:
            yield f"  {entry.action}, from level {entry.level} on; source: {entry.source}"
        for line in lines:
            if entry.name in line.rules and line.notes:
                yield f"  line {line.number}: {'; '.join(line.notes)}"
    for flag in flags:
        if flag not in names:
            yield f"{flag}: {book[flag].summary}"


def _shown(path: Path) -> str:
    """Return the pack's path below the folder of packs, or as it was given."""
    root = packs_root()
    return f"rules/{path.relative_to(root).as_posix()}" if path.is_relative_to(root) else path.as_posix()


def settings_of(metadata: Mapping[str, str]) -> Settings | None:
    """Return the settings a record was made with; None where it does not say, or they are gone."""
    try:
        said = json.loads(metadata["settings"])
        said.setdefault("rules", said.pop("packs", ()))  # what version 0.1 called them
        known = {field.name for field in fields(Settings)}
        wanted: dict[str, Any] = {name: _tuple(value) for name, value in said.items() if name in known}
        settings = Settings(**wanted)
        settings.loaded_rules()
    except (KeyError, TypeError, ValueError):
        return None
    return settings


def _tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value
