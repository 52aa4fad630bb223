"""Load rule packs, check them, and choose from them.

A pack is a TOML file; packs are found in the folder shipped with the package, in installed packages
(entry-point group `cleaner.packs`, each naming a folder), and at paths the user gives.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from inspect import cleandoc
from pathlib import Path
from typing import TYPE_CHECKING, Any, Union

import msgspec

from cleaner.rules.given import GIVEN, is_text
from cleaner.rules.kinds import BUILT_IN, kinds
from cleaner.rules.model import Card, PackHead, Rule
from cleaner.rules.typed import typed
from cleaner.shipped import installed, models_root, packs_root, prebuilt

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cleaner.artifacts import Artifact

__all__ = [
    "LoadedRule",
    "PackError",
    "built_in",
    "json_schema",
    "load_pack",
    "load_paths",
    "packs_root",
]


_OTHER = frozenset({"profiles", "cards", "models", "words"})
_OF_PAGES = frozenset({"element", "link_run", "byline", "standfirst"})


class PackError(ValueError):
    """A pack that cannot be used: the message names file, rule and field, one problem a line."""


@dataclass(frozen=True, slots=True)
class LoadedRule:
    """A rule with the pack it came from. `name` is its full id, such as `en/jetpack/subscribe-box`."""

    name: str
    rule: Rule
    pack: PackHead
    path: Path

    @property
    def source(self) -> str:
        """Where the artifact was seen: the rule's own source, else its pack's."""
        return self.rule.source or self.pack.source

    @property
    def artifact(self) -> Artifact | None:
        """The kind of furniture that the rule takes: its own, else its pack's; None for a rule that keeps."""
        return None if self.rule.action == "keep" else self.rule.artifact or self.pack.artifact

    @property
    def of_pages(self) -> bool:
        """Tell whether the rule asks where in a page a line stands, which says more than its words."""
        return self.rule.linked is not None or self.rule.__struct_config__.tag in _OF_PAGES


@cache
def built_in() -> tuple[LoadedRule, ...]:
    """Return the rules of all packs that ship with the package or with installed ones."""
    folders: list[Path] = []
    for entry in installed("cleaner.packs"):
        module = entry.load()
        folders.append(Path(module if isinstance(module, (str, Path)) else module.__path__[0]))
    return tuple(load_paths(folders, _prebuilt() or load_paths([packs_root()], checked=False), checked=False))


def _prebuilt() -> list[LoadedRule]:
    """Return the rules of the packs that ship as the build of the wheel wrote them down."""
    known = prebuilt()
    if known is None:
        return []
    files = msgspec.msgpack.decode(known.packs, type=list[tuple[str, _file_type()]])  # type: ignore[misc]
    placed = [(packs_root() / name, file) for name, file in files]
    return [
        LoadedRule(f"{file.pack.id}/{rule.id}", _limited(rule, file.pack), file.pack, path)
        for path, file in placed
        for rule in file.rule
    ]


def load_paths(
    paths: Iterable[Path | str], known: Sequence[LoadedRule] = (), *, checked: bool = True
) -> list[LoadedRule]:
    """Load packs from files and folders (recursive, in the order of their names).

    Args:
        paths: TOML files, folders of them, or TOML text.
        known: rules already loaded; a pack may replace one of them only with `override = true`.
        checked: look for what is wrong beyond the types; the tests do it once for packs that ship.

    Raises:
        PackError: a path is missing, a pack is not valid, or an id stands twice.

    """
    rules = {rule.name: rule for rule in known}
    wrong: list[str] = []
    for given in paths:
        for pack in _packs(given, wrong, checked=checked):
            for loaded in pack:
                if loaded.name in rules and not loaded.pack.override:
                    wrong.append(
                        f"{loaded.path}: rule {loaded.rule.id}: the id {loaded.name} is taken by "
                        f"{rules[loaded.name].path}; rename it, or set override = true in [pack]"
                    )
                rules[loaded.name] = loaded
    if wrong:
        raise PackError("\n".join(wrong))
    return list(rules.values())


def _packs(given: Path | str, wrong: list[str], *, checked: bool) -> Iterator[list[LoadedRule]]:
    """Yield the rules of each pack of a file, a folder or TOML text; add to `wrong` what is wrong with the others."""
    if is_text(str(given)):
        yield _loaded(str(given), GIVEN, checked=checked)
        return
    path = Path(given)
    if not path.exists():
        raise PackError(f"no rule pack at {path}: give a TOML file or a folder of them")
    root = path if path.is_dir() else None
    files = sorted(path.rglob("*.toml")) if root else [path]
    for file in files:
        if _OTHER.isdisjoint(file.relative_to(path).parts):
            try:
                yield load_pack(file, root=root, checked=checked)
            except PackError as error:
                wrong.append(str(error))


def load_pack(path: Path, *, root: Path | None = None, checked: bool = True) -> list[LoadedRule]:
    """Load one pack file; with `root`, its id must be its path below that folder.

    Raises:
        PackError: the file cannot be read, or what is wrong with it.

    """
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise PackError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise PackError(f"{path}: is not valid TOML: {error}") from error
    return _loaded(text, path, root=root, checked=checked)


def _loaded(text: str, path: Path, *, root: Path | None = None, checked: bool = True) -> list[LoadedRule]:
    own = path == GIVEN  # not in a file: a head and examples may be left out
    try:
        head, rules, wrong = typed(
            text, _kinds(), checked=checked, examples=not own, headless=own,
            complete=lambda rule: _with_card(rule, path, root),
        )  # fmt: skip
    except tomllib.TOMLDecodeError as error:
        raise PackError(f"{path}: is not valid TOML: {error}") from error
    expected = path.relative_to(root).with_suffix("").as_posix() if root else None
    if expected and head and head.id != expected:
        wrong.insert(0, f" pack id {head.id!r} must equal its path: {expected!r}")
    if wrong or head is None:
        raise PackError("\n".join(f"{path}:{problem}" for problem in wrong))
    limited = [_limited(rule, head) for rule in rules if rule]
    return [LoadedRule(f"{head.id}/{rule.id}", rule, head, path) for rule in limited]


def _limited(rule: Rule, head: PackHead) -> Rule:
    """Give a rule that names no languages those of its pack."""
    if rule.languages or not head.languages:
        return rule
    return msgspec.structs.replace(rule, languages=head.languages)


def _with_card(rule: Rule, path: Path, root: Path | None) -> Rule:
    """Give a rule that names a card its words, and one that names a model its hash.

    A card is looked for in the folder `cards` of the packs' root, else in that of the shipped packs.
    """
    name = getattr(rule, "card", None)
    if name is None or getattr(rule, "words", None):
        return rule
    if not re.fullmatch(r"[\w-]+", name):
        raise PackError(f"{path}: rule {rule.id}: card: {name!r} is no name of a card: no folders, no suffix")
    files = [folder / "cards" / f"{name}.toml" for folder in (root or path.parent, packs_root())]
    file = next((file for file in files if file.is_file()), None)
    if file is None:
        raise PackError(f"{path}: rule {rule.id}: card: there is no {files[0]}")
    try:
        card = msgspec.toml.decode(file.read_bytes(), type=Card)
    except (msgspec.DecodeError, tomllib.TOMLDecodeError) as error:
        raise PackError(f"{file}: {error}") from error
    filled: dict[str, Any] = {"words": card.words}
    model = getattr(rule, "model", None)
    if model is not None:
        if not re.fullmatch(r"[\w-]+", model):
            raise PackError(
                f"{path}: rule {rule.id}: model: {model!r} is no name of a model: no folders, no suffix"
            )
        own = (root or path.parent) / "models" / f"{model}.model"
        shipped = models_root() / own.name
        filled["digest"] = _digest(own if own.is_file() else shipped, f"{path}: rule {rule.id}: model")
        filled["file"] = str(own) if own.is_file() and own != shipped else ""
    return msgspec.structs.replace(rule, **filled)


@cache
def _digest(path: Path, where: str) -> str:
    """Return the hash of a model; it is part of the hash of the rules, so that a record says which model made it."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise PackError(f"{where}: {path}: cannot be read: {error.strerror or error}") from error


def json_schema() -> dict[str, Any]:
    """Return the JSON schema of a pack file with the kinds that ship, for editors; `rules/schema.json` holds it."""
    schema: dict[str, Any] = settled(msgspec.json.schema(_file_type(built_in_only=True)))
    return schema


def settled(schema: Any) -> Any:
    """Return a schema that is the same whatever Python and msgspec made it.

    Descriptions are docstrings, which Python 3.13 and msgspec 0.23 hand over without indentation and those before with
    it; alternatives have had more than one order.
    """
    if isinstance(schema, list):
        return [settled(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: settled(value) for name, value in schema.items()}
    if isinstance(made.get("description"), str):
        made["description"] = cleandoc(made["description"])
    if isinstance(made.get("anyOf"), list):
        made["anyOf"] = sorted(made["anyOf"], key=repr)
    return made


@cache
def _file_type(*, built_in_only: bool = False) -> Any:
    known = [rule for rule, finder in kinds().items() if finder in BUILT_IN or not built_in_only]
    rule: Any = Union[tuple(known)]  # noqa: UP007 - the kinds are known only at run time
    return msgspec.defstruct(
        "PackFile",
        [("pack", PackHead), ("rule", tuple[rule, ...], ())],
        forbid_unknown_fields=True,
        frozen=True,
    )


@cache
def _kinds() -> dict[str, type[Rule]]:
    return {str(rule.__struct_config__.tag): rule for rule in kinds()}
