"""Rules as TOML, as they would stand in a pack."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import msgspec

from cleaner.rules.given import bare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cleaner.rules.pack import LoadedRule

__all__ = ["toml_of"]

_OF_CARDS = ("terms", "words")


def toml_of(rules: Sequence[LoadedRule]) -> str:
    """Return rules as TOML text: for each pack its head and those of its rules that are given."""
    import tomli_w

    parts = []
    for path, group in groupby(rules, key=lambda loaded: loaded.path):
        several = list(group)
        file = {"pack": _said(several[0].pack), "rule": [_said(loaded.rule) for loaded in several]}
        parts.append(f"# {path}\n{tomli_w.dumps(file, multiline_strings=True)}")
    return "\n".join(parts)


def _said(struct: msgspec.Struct) -> dict[str, Any]:
    """Return what a struct says beyond its defaults; what it has from a card stands there."""
    fields = msgspec.structs.fields(type(struct))
    said = {
        field.encode_name: getattr(struct, field.name)
        for field in fields
        if getattr(struct, field.name) != field.default
        and not (field.name in _OF_CARDS and getattr(struct, "card", None))
    }
    plain: dict[str, Any] = bare(msgspec.to_builtins(said))
    kind = struct.__struct_config__.tag
    return {**plain, "kind": kind} if kind else plain
