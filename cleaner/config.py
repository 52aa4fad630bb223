"""Options from `cleaner.toml` and from the environment, under the names that they have on the command line."""

from __future__ import annotations

import re
import tomllib
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

import msgspec

from cleaner.document import Level  # noqa: TC001 - msgspec reads the annotations
from cleaner.extract.result import Mode  # noqa: TC001 - as above
from cleaner.rules.given import is_text
from cleaner.rules.pack import settled

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["PREFIX", "Config", "ConfigError", "from_environment", "json_schema", "load_config", "over"]

PREFIX = "CLEAN_"
"""What names of variables begin with: `CLEAN_TITLE_IN_TEXT` is `title-in-text`."""

_DEPTH = 8  # of `extend`, so that a circle ends


class ConfigError(ValueError):
    """A configuration that cannot be used; the message names file and field."""


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What `cleaner.toml` may say; what it does not say is left to the command line and the defaults.

    `rules` and `memory` are paths relative to the file, and so are those in `word-lists`. Options on the command line stand over the file, and the file
    over those it extends; lists are joined.
    """

    extend: str | None = None
    level: Level | None = None
    rules: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    budget: float | None = None
    title_in_text: bool | None = None
    edits: bool | None = None
    language: str | bool | None = None
    signals: bool | None = None
    languages: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    word_lists: tuple[str, ...] = ()
    memory: str | None = None
    drop: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    flag: tuple[str, ...] = ()
    reject: bool | tuple[str, ...] | None = None
    near_duplicates: bool | float | None = None
    extract: Mode | None = None
    workers: int | None = None


def load_config(path: Path, depth: int = 0) -> Config:
    """Read a configuration file and those it extends.

    Raises:
        ConfigError: a file is missing, is not TOML, or has a field that is unknown or of a wrong type.

    """
    if depth > _DEPTH:
        raise ConfigError(f"{path}: files extend each other in a circle; remove one `extend`")
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: is not valid TOML: {error}") from error
    config = _typed(raw, str(path))
    config = msgspec.structs.replace(
        config,
        rules=tuple(rule if is_text(rule) else str(path.parent / rule) for rule in config.rules),
        word_lists=tuple(_beside(path, each) for each in config.word_lists),
        memory=config.memory and str(path.parent / config.memory),
    )
    if config.extend is None:
        return config
    return over(load_config(path.parent / config.extend, depth + 1), config)


def json_schema() -> dict[str, Any]:
    """Return the JSON schema of `cleaner.toml`, for editors; `rules/config.schema.json` holds it."""
    schema: dict[str, Any] = settled(msgspec.json.schema(Config))
    return schema


def _typed(raw: Mapping[str, Any], where: str, *, strict: bool = True) -> Config:
    try:
        return msgspec.convert(raw, Config, strict=strict)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{where}: {_told(str(error), where, raw)}") from error


def _told(message: str, where: str, raw: Mapping[str, Any]) -> str:
    """Return what is wrong, with what the field may be."""
    fields = {field.encode_name: field.name for field in msgspec.structs.fields(Config)}
    unknown = next((name for name in raw if name not in fields), None)
    if unknown is not None:
        near = get_close_matches(unknown, fields, 1)
        return f"{unknown} is unknown; " + (
            f"did you mean {near[0]}?" if near else f"there are {', '.join(fields)}"
        )
    bare, _, path = message.partition(" - at `$.")
    name = path.rstrip("`").split("[")[0]
    if name not in fields:
        return message
    shown = name if where != "the environment" else PREFIX + fields[name].upper()
    allowed = [
        each
        for kind in get_args(get_type_hints(Config)[fields[name]])
        for each in get_args(kind)
        if isinstance(each, str)
    ]
    hint = f": use {', '.join(allowed)}" if allowed else f": {bare[0].lower()}{bare[1:]}"
    return f"{shown} cannot be {raw[name]!r}{hint}"


def _beside(path: Path, word_list: str) -> str:
    name, equals, place = word_list.partition("=")
    return f"{name}={path.parent / place}" if equals else word_list


def from_environment(environment: Mapping[str, str]) -> Config:
    """Return what variables such as `CLEAN_LEVEL` say; lists have commas in them. Other variables are left alone.

    Raises:
        ConfigError: a variable says what its option cannot be.

    """
    raw: dict[str, Any] = {}
    for field in msgspec.structs.fields(Config):
        said = environment.get(PREFIX + field.name.upper())
        if said is not None and field.name != "extend":
            several = isinstance(field.default, tuple)
            said = re.sub(r"^\.(?=\d)", "0.", said)
            raw[field.encode_name] = (
                [each.strip() for each in said.split(",") if each.strip()] if several else said
            )
    return _typed(raw, "the environment", strict=False)


def over(base: Config, config: Config) -> Config:
    """Return what `config` says, and what `base` says of the rest; lists are joined."""
    values: dict[str, Any] = {}
    for name in Config.__struct_fields__:
        below, above = getattr(base, name), getattr(config, name)
        values[name] = (*below, *above) if isinstance(below, tuple) else below if above is None else above
    return Config(**values)
