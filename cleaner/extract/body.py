"""The text of a parsed page, by trafilatura."""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType

    from cleaner.extract.result import Mode

__all__ = ["article", "lighten", "parse"]


def parse(html: str) -> Any | None:
    """Return the tree of a page; None where there is none."""
    from lxml import etree

    library = _trafilatura()
    try:
        tree = library.utils.load_html(html, len(html))
    except (ValueError, etree.LxmlError):
        return None
    return tree


def lighten(tree: Any) -> None:
    """Take out of a tree what has no text: trafilatura drops it too, but copies the tree several times first."""
    from lxml import etree

    etree.strip_elements(tree, "svg", "meta", "link", "input", "source", with_tail=False)


def article(tree: Any, url: str | None, mode: Mode) -> str:
    """Return the article in a tree; empty where trafilatura finds none. The tree is not changed.

    Comments are left out, and `deduplicate` stays off: it remembers earlier pages, so that what a page
    gives would depend on what came before it.
    """
    try:
        text = _trafilatura().extract(
            tree,
            url=url,
            fast=mode == "fast",
            favor_precision=mode == "precision",
            favor_recall=mode == "recall",
            include_comments=False,
            deduplicate=False,
        )
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - whatever it meets in a page, the page's own paragraphs are left
        return ""
    return (text or "").strip()


@cache
def _trafilatura() -> ModuleType:
    import trafilatura
    import trafilatura.utils

    # It reports each page it gives up on; what became of a page stands in the record.
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())
    return trafilatura
