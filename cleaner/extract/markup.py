"""Read the source of a page without building a tree: for pages that no parser should see as they are.

Everything here takes time linear in the size of the source, whatever it looks like, and cannot fail.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["WEIGHTS", "deepest", "flatten", "paragraphs", "without_scripts"]

# Possessive, so that a tag is read in one way only and never twice.
_TAG = re.compile(r"""<(/?)([a-zA-Z][^\s/>]*+)((?:[^"'>]++|"[^"]*+"|'[^']*+')*+)>?+""")
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    ]
)
_IMPLIED = frozenset(
    [
        "p",
        "li",
        "td",
        "th",
        "tr",
        "dt",
        "dd",
        "option",
        "thead",
        "tbody",
        "tfoot",
        "colgroup",
        "rp",
        "rt",
        "optgroup",
    ]
)
WEIGHTS = {"table": 3, "ul": 2, "ol": 2, "dl": 2}
"""How deep these nest, with the rows, cells and items inside them that are not counted; all others, 1."""
_RAW = frozenset({"script", "style", "textarea", "title", "xmp", "noscript", "iframe", "template", "svg"})
_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "mark",
        "nobr",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
_PROSE = frozenset(
    ["p", "li", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "dt", "figcaption"]
)
_ENOUGH = 250  # characters in paragraphs; with fewer, all that the page says is taken
_LONGEST_TAG = 4000
_UNSEEN = re.compile(r"<(?:!--|script[ >]|style[ >])")
_SHOWN = re.compile(r"<(?:p|div)[ >]")


class _Tag(NamedTuple):
    name: str
    closing: bool
    start: int
    end: int
    rest: str


def without_scripts(html: str) -> str:
    """Return the source without comments, scripts and styles; scripts that hold JSON-LD stay.

    Most of a page is scripts, and everything after this is the faster for each that is gone. What holds
    paragraphs of its own stays too: it may be a `<script` in the value of an attribute, with the article
    between it and the next end tag.
    """
    parts: list[str] = []
    endless: set[str] = set()
    kept = position = 0
    while (match := _UNSEEN.search(html, position)) is not None:
        start = match.start()
        opening = match[0][:-1]
        begin = start + 4 if opening == "<!-" else html.find(">", start) + 1
        position = begin or len(html)
        close = "-->" if opening == "<!-" else f"</{opening[1:]}>"
        if close in endless or (opening == "<script" and html.find("ld+json", start, position) >= 0):
            continue
        end = html.find(close, position - 2) + len(close)
        if end < len(close):
            endless.add(close)  # it does not come any more: nothing is searched for twice
            continue
        if opening != "<!-" and _SHOWN.search(html, position, end):
            continue
        parts.append(html[kept:start])
        kept = position = end
    return "".join([*parts, html[kept:]])


def deepest(html: str) -> int:
    """Return how deep the elements nest."""
    return max((depth for _, depth in _nested(html)), default=0)


def flatten(html: str, depth: int) -> str:
    """Return the source without the tags nested deeper than `depth`, and without what makes a tag overlong.

    All text stays. Where a block ends or begins that was cut, a line ends.
    """
    parts: list[str] = []
    kept = 0
    for tag, level in _nested(html):
        too_deep = level > depth
        if not too_deep and tag.end - tag.start <= _LONGEST_TAG:
            continue
        parts.append(html[kept : tag.start])
        if too_deep:
            parts.append(" " if tag.name in _INLINE else "\n")
        else:
            parts.append(f"<{'/' * tag.closing}{tag.name}>")
        kept = tag.end
    return "".join([*parts, html[kept:]])


def paragraphs(html: str) -> str:
    """Return the text of a page: its paragraphs, list items and headings, or where these say little, all."""
    every: list[str] = []
    prose: list[str] = []
    pieces: list[str] = []
    open_prose = 0

    def end_line() -> None:
        line = " ".join(unescape("".join(pieces)).split())
        pieces.clear()
        if line:
            every.append(line)
            if open_prose > 0:
                prose.append(line)

    position = 0
    for tag in _tags(html):
        pieces.append(html[position : tag.start])
        position = tag.end
        if tag.name in _INLINE:
            continue
        end_line()
        if tag.name in _PROSE:
            open_prose = 0 if tag.closing else 1
    pieces.append(html[position:])
    end_line()
    return "\n".join(prose if sum(map(len, prose)) >= _ENOUGH else every)


def _nested(html: str) -> Iterator[tuple[_Tag, int]]:
    """Yield each tag with the depth at which its element stands.

    An end tag closes the nearest element of its name with all that is open inside; one that fits
    nothing is ignored. The elements that HTML closes by itself are not counted.
    """
    stack: list[str] = []
    count: dict[str, int] = {}
    depth = 0
    for tag in _tags(html):
        if tag.name in _VOID or tag.name in _IMPLIED:
            yield tag, depth
        elif not tag.closing:
            if tag.rest.endswith("/") and tag.name not in _INLINE and tag.name != "div":
                yield tag, depth
                continue
            stack.append(tag.name)
            count[tag.name] = count.get(tag.name, 0) + 1
            depth += WEIGHTS.get(tag.name, 1)
            yield tag, depth
        elif count.get(tag.name):
            while (name := stack.pop()) != tag.name:
                count[name] -= 1
                depth -= WEIGHTS.get(name, 1)
            count[tag.name] -= 1
            yield tag, depth
            depth -= WEIGHTS.get(tag.name, 1)
        else:
            yield tag, depth


def _tags(html: str) -> Iterator[_Tag]:
    """Yield the tags in order; comments and what stands in scripts and styles come as one tag each."""
    position = 0
    while (start := html.find("<", position)) >= 0:
        if html.startswith(("<!", "<?"), start):
            comment = html.startswith("<!--", start)
            end = _after(html, "-->" if comment else ">", start + 2)
            yield _Tag("!", closing=False, start=start, end=end, rest="/")
            position = end
            continue
        match = _TAG.match(html, start)
        if match is None:
            position = start + 1
            continue
        name, position = match[2].lower(), match.end()
        if name in _RAW and not match[1]:
            position = _end_of_raw(html, name, position)
            yield _Tag("!", closing=False, start=start, end=position, rest="/")
        else:
            yield _Tag(name, bool(match[1]), start, position, match[3].rstrip())


def _after(html: str, mark: str, start: int) -> int:
    end = html.find(mark, start)
    return len(html) if end < 0 else end + len(mark)


def _end_of_raw(html: str, name: str, start: int) -> int:
    """Return the end of a raw element; a mark that never comes ends it with the page, as in a browser."""
    match = re.compile(rf"</{name}[^>]*+>?", re.IGNORECASE).search(html, start)
    return len(html) if match is None else match.end()
