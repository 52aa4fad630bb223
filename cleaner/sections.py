"""How the help of a command is laid out, how its options are read and completed, beyond what click does by itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from cleaner.duplicates import JACCARD

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["SectionOption", "Sections", "Size", "profile_names", "rule_names"]


class SectionOption(click.Option):
    """An option that knows the section of the help it stands in."""

    def __init__(self, *names: Any, section: str, **given: Any) -> None:
        super().__init__(*names, **given)
        self.section = section


class Sections(click.Command):
    """A command whose help puts options into sections."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the options; a value that may be left out is taken for one only if it can be one."""
        return super().parse_args(ctx, list(_with_values(args)))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, section by section."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            record = param.get_help_record(ctx)
            if record is not None:
                sections.setdefault(getattr(param, "section", "Other"), []).append(record)
        for name, records in sections.items():
            with formatter.section(name):
                formatter.write_dl(records)


_OPTIONAL = {
    "--reject": ("profiles", re.compile("profiles|near_duplicates|profiles,near_duplicates")),
    "--near-duplicates": (str(JACCARD), re.compile(r"[0-9.]+")),
}
"""Options whose value may be left out: what it is then, and how a value looks."""


def _with_values(args: Sequence[str]) -> Iterator[str]:
    """Yield arguments such that options whose value was left out have one."""
    waiting = None
    for place, arg in enumerate(args):
        if arg == "--" and waiting is None:
            yield from args[place:]
            return
        if waiting is not None:
            value, form = _OPTIONAL[waiting]
            is_value = form.fullmatch(arg) is not None
            yield f"{waiting}={arg if is_value else value}"
            waiting = None
            if is_value:
                continue
        if arg in _OPTIONAL:
            waiting = arg
        else:
            yield arg
    if waiting is not None:
        yield f"{waiting}={_OPTIONAL[waiting][0]}"


class Size(click.ParamType):  # type: ignore[type-arg] # generic only in new versions of click
    """A number of bytes: `500MB`, `2GB`, `1GiB`."""

    name = "size"
    _UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "KI": 2**10, "MI": 2**20, "GI": 2**30}  # noqa: RUF012 - a table

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the bytes that a size says."""
        if isinstance(value, int):
            return value
        bare = value.strip().upper().removesuffix("B")
        digits = bare.rstrip("KMGTI ")
        try:
            return int(float(digits) * self._UNITS[bare[len(digits) :].strip()])
        except (ValueError, KeyError):
            self.fail(f"{value!r} is no size: write it as 500MB or 2GB", param, ctx)


def rule_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the packs and rules whose names begin with what was typed; packs first, then the rules of one."""
    del param
    from cleaner.rules.pack import PackError, built_in, load_paths

    given = ctx.params.get("rules") or ()
    try:
        loaded = load_paths([given] if isinstance(given, str) else given, built_in(), checked=False)
    except PackError:
        loaded = list(built_in())
    packs = sorted({each.pack.id for each in loaded if each.pack.id.startswith(incomplete)})
    rules = [each.name for each in loaded if each.name.startswith(incomplete)]
    return packs if len(packs) > 1 else [*packs, *rules]


def profile_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Return the profiles that ship whose names begin with what was typed."""
    del ctx, param
    from cleaner.signals.profiles import names

    return [name for name in names() if name.startswith(incomplete)]
