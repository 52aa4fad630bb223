"""HTML to text: the article of a page, what the page says of itself, and where its lines stand.

A page goes the first of these ways that gives text, and `Extracted.method` says which it was:

- `trafilatura`: the page as it is, decoded by us.
- `flattened`: the page with its nesting and its overlong tags cut down, where no parser would read it
  whole.
- `paragraphs`: the paragraphs of the page, headings and list items too, where nothing was found or the
  page has more elements than may be weighed.

A page that gives nothing has `text` None and an `error`. Nothing is parsed before `shape_of` has
counted what that would cost; what a page may still cost is about two seconds for one of 2 MB.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleaner.decoding import decode, describe_binary
from cleaner.extract.result import MODES, Extracted, Method, Mode

if TYPE_CHECKING:
    from typing import Any

__all__ = ["MAX_BYTES", "MODES", "Extracted", "Method", "Mode", "extract"]

MAX_BYTES = 2_000_000
_DEPTH = 60  # elements; what is cut down is cut well below the limit


def extract(
    data: bytes | str,
    *,
    url: str | None = None,
    declared: str | None = None,
    mode: Mode = "balanced",
    max_bytes: int = MAX_BYTES,
) -> Extracted:
    """Return the text of an HTML page with what the page says of itself. Never raises for its content.

    Args:
        data: the page; bytes are decoded by `cleaner.decoding`.
        url: where it is from; else what the page says.
        declared: the charset that the source names.
        mode: `fast`, `balanced`, `precision` or `recall`.
        max_bytes: a larger page is refused: what it costs grows faster than its size.

    Raises:
        ValueError: the mode is unknown.

    """
    if mode not in MODES:
        raise ValueError(f"mode {mode!r} is unknown: use {', '.join(MODES)}")
    if len(data) > max_bytes:
        return Extracted(
            url=url, error=f"page of {len(data):,} bytes: larger than the limit of {max_bytes:,}"
        )
    if isinstance(data, str):
        return _extract(data, url, mode)
    from cleaner.extract.shape import compression_of

    packed = compression_of(data)
    if packed:
        return Extracted(url=url, error=f"not a page: the bytes are compressed ({packed})")
    decoded = decode(data, declared=declared, html=True)
    if decoded.method == "binary":
        what = describe_binary(data)
        return Extracted(
            url=url,
            error=f"not a page: the bytes look like {what or 'a binary file'}",
            encoding_method="binary",
        )
    return _extract(decoded.text, url, mode)._replace(
        encoding=decoded.encoding, encoding_method=decoded.method
    )


def _extract(html: str, url: str | None, mode: Mode) -> Extracted:
    from cleaner.extract.body import article, lighten, parse
    from cleaner.extract.markup import flatten, paragraphs, without_scripts
    from cleaner.extract.places import find_places
    from cleaner.extract.shape import shape_of

    if not html.strip():
        return Extracted(url=url, error="the page is empty")
    html = without_scripts(html)
    shape = shape_of(html)
    method: Method = "trafilatura"
    if shape.to_flatten:
        method, html = "flattened", flatten(html, _DEPTH)
        shape = shape_of(html)
    tree = None if shape.too_many else parse(html)
    found, text = Extracted(url=url), ""
    if tree is not None:
        found = _described(tree, url)
        lighten(tree)
        text = article(tree, url, mode)
    if not text:
        method, text = "paragraphs", paragraphs(html)
    if not text:
        return found._replace(error="the page holds no text")
    places = {} if tree is None else find_places(tree, text)
    links = frozenset(key for key, place in places.items() if place.linked == 1)
    return found._replace(text=text, method=method, places=places, links=links)


def _described(tree: Any, url: str | None) -> Extracted:
    """Return what a page says of itself."""
    from cleaner.extract.metadata import metadata_of

    try:
        return Extracted(**metadata_of(tree, url)._asdict())
    except (ValueError, LookupError, TypeError, RecursionError):  # a page may say anything of itself
        return Extracted(url=url)
