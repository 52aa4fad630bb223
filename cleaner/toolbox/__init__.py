"""The command `cleaner`: see what is done to texts and corpora, and work on rules."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from cleaner import __version__
from cleaner.cli import guarded
from cleaner.toolbox.corpus import diff, report
from cleaner.toolbox.duplicates import near_duplicates
from cleaner.toolbox.explain import explain
from cleaner.toolbox.memory import learn, memory
from cleaner.toolbox.rules import rules
from cleaner.toolbox.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="cleaner")
def command() -> None:
    """Tools beside the command `clean`: see what it does to texts and corpora, and write rules."""


for _command in (explain, report, diff, near_duplicates, rules, words, learn, memory):
    command.add_command(_command)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command `cleaner` and exit with its code."""
    sys.exit(guarded(command, arguments))
