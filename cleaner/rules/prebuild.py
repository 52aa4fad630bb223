"""Write down what a wheel holds of its packs ready made; runs when it is built.

python -m cleaner.rules.prebuild OUT
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec

from cleaner.rules.facts import Facts, facts_found
from cleaner.rules.pack import built_in, packs_root
from cleaner.shipped import Prebuilt, made_by
from cleaner.words.files import shipped_files

__all__ = ["write"]


def write(path: Path) -> None:
    """Write the packs that ship, and the facts about their patterns."""
    files: dict[str, Any] = {}
    for loaded in built_in():
        if not loaded.path.is_relative_to(packs_root()):
            continue  # of an installed package: another machine may have another one, or none
        name = loaded.path.relative_to(packs_root()).as_posix()
        files.setdefault(name, {"pack": loaded.pack, "rule": []})["rule"].append(loaded.rule)
    packs = _lean(list(files.items()))
    facts = {pattern: _plain(facts_found(pattern)) for pattern in sorted(_patterns(packs))}
    words = msgspec.msgpack.encode(shipped_files())
    whole = Prebuilt(made_by(), facts, msgspec.msgpack.encode(packs), words)
    path.write_bytes(msgspec.msgpack.encode(whole, order="deterministic"))


def _plain(facts: Facts) -> tuple[Any, ...]:
    literals = None if facts.literals is None else sorted(facts.literals)
    return literals, facts.width, facts.reach, [bytes(sorted(side)) for side in facts.edges]


def _lean(value: Any) -> Any:
    """Return structs as objects without what is as it is by default."""
    if isinstance(value, msgspec.Struct):
        fields = {each.name: each.default for each in msgspec.structs.fields(value)}
        said = {name: _lean(getattr(value, name)) for name in fields if getattr(value, name) != fields[name]}
        tag = value.__struct_config__
        return said if tag.tag_field is None else {tag.tag_field: tag.tag, **said}
    if isinstance(value, dict):
        return {name: _lean(each) for name, each in value.items()}
    return [_lean(each) for each in value] if isinstance(value, (list, tuple)) else value


def _patterns(value: object) -> set[str]:
    """Return what stands under the name `regex` anywhere in rules."""
    if isinstance(value, dict):
        own = {value["regex"]} if isinstance(value.get("regex"), str) else set()
        return own.union(*map(_patterns, value.values()))
    return set().union(*map(_patterns, value)) if isinstance(value, list) else set()


if __name__ == "__main__":
    write(Path(sys.argv[1]))
