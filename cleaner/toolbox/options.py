"""Options that several commands share."""

from __future__ import annotations

import click

__all__ = ["LEVEL", "PACKS"]

LEVEL = click.option(
    "--level",
    type=click.Choice(["safe", "balanced", "strict"]),
    help="How sure a rule must be to act.  [default: safe, or that of the record]",
)
PACKS = click.option(
    "--rules",
    multiple=True,
    metavar="PATH",
    help="A rule pack, or a folder of them, beside those that ship. Repeatable.",
)
