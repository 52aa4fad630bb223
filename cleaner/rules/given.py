"""Rules as a caller of the library gives them: paths of packs, TOML text, or objects."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from cleaner.rules.model import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["GIVEN", "Given", "as_given", "bare", "is_text", "listed", "with_head"]

Given = str | Path | Rule | Mapping[str, Any]
"""A path of a pack or of a folder of them; a pack or rules as TOML text; one rule, or a pack with `rule` in it."""

GIVEN = Path("<rules>")
"""Stands in the place of a path where rules are text."""

_HEAD = {"id": "own", "summary": "Rules given to the library", "source": "given to the library"}


def listed(given: Given | Sequence[Given]) -> Iterable[Given]:
    """Return what may be one thing or several as several."""
    return (given,) if isinstance(given, (str, Path, Rule, Mapping)) else given


def as_given(rule: Given) -> str:
    """Return a path or TOML text as it is, and an object as TOML text.

    Raises:
        TypeError: it is neither.

    """
    if isinstance(rule, (str, Path)):
        return str(rule)
    if isinstance(rule, Rule):
        rule = msgspec.to_builtins(rule)
    if not isinstance(rule, Mapping):
        raise TypeError(
            f"rules: {type(rule).__name__} is no rule: give the path of a pack, TOML text, a mapping, or a rule of cleaner.rules.kinds"
        )
    import tomli_w

    file = rule if "rule" in rule else {"rule": [rule]}
    return tomli_w.dumps(bare(file), multiline_strings=True)


def is_text(given: str) -> bool:
    """Tell TOML text from a path."""
    return "\n" in given or given.lstrip().startswith("[")


def with_head(file: dict[str, Any]) -> dict[str, Any]:
    """Return the content of a pack given as text; `[pack]` may be left out."""
    return {"pack": _HEAD, **file}


def bare(value: Any) -> Any:
    """Return plain data without what is None, which TOML cannot say."""
    if isinstance(value, Mapping):
        return {name: bare(each) for name, each in value.items() if each is not None}
    if isinstance(value, (list, tuple)):
        return [bare(each) for each in value]
    return value
