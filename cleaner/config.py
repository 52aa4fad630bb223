"""Options from `cleaner.toml`: the same names as on the command line, and `extend` for a base file."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import msgspec

from cleaner.document import Level  # noqa: TC001 - msgspec reads the annotations

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Config", "ConfigError", "load_config"]

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
    extract: str | None = None
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
    try:
        config = msgspec.convert(raw, Config)
    except msgspec.ValidationError as error:
        fields = ", ".join(field.encode_name for field in msgspec.structs.fields(Config))
        raise ConfigError(f"{path}: {error}; known fields are {fields}") from error
    config = msgspec.structs.replace(
        config,
        rules=tuple(str(path.parent / rule) for rule in config.rules),
        word_lists=tuple(_beside(path, each) for each in config.word_lists),
        memory=config.memory and str(path.parent / config.memory),
    )
    if config.extend is None:
        return config
    return _over(load_config(path.parent / config.extend, depth + 1), config)


def _beside(path: Path, word_list: str) -> str:
    name, equals, place = word_list.partition("=")
    return f"{name}={path.parent / place}" if equals else word_list


def _over(base: Config, config: Config) -> Config:
    values: dict[str, Any] = {}
    for name in Config.__struct_fields__:
        below, above = getattr(base, name), getattr(config, name)
        values[name] = (*below, *above) if isinstance(below, tuple) else below if above is None else above
    return Config(**values)
