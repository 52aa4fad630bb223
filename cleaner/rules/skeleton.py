"""The skeleton of a new rule: it parses, and its example fails until somebody fills it in."""

from __future__ import annotations

import re

__all__ = ["skeleton"]

_NAME = re.compile(r"(?:[a-z0-9]+(?:[-/.][a-z0-9]+)*)/[a-z0-9]+(?:-[a-z0-9]+)*")

_HEAD = """\
[pack]
id = "{pack}"
summary = "What these artifacts have in common"
source = "Which software or site prints them"

"""

_RULE = """\
[[rule]]
id = "{rule}"
summary = "What the artifact is, in one line"
artifact = "navigation"          # what kind of furniture it is, see docs/artifacts.md
kind = "line"
exact = "The line that shall go"
action = "drop"
level = "balanced"
source = "Where you saw it"
match = ["A line that goes; it differs from `exact` above, so this check fails until both are true"]
keep = ["A real sentence that comes close and stays"]
"""


def skeleton(name: str, *, with_head: bool) -> str:
    """Return TOML for a rule `pack/rule`, with the head of the pack where the file is new.

    Raises:
        ValueError: the name is not of that form.

    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no rule id: use lower case, as in en/jetpack/subscribe-box")
    pack, rule = name.rsplit("/", 1)
    head = _HEAD.format(pack=pack) if with_head else "\n"
    return head + _RULE.format(rule=rule)
