"""WARC and WET files: the pages and the texts of a crawl."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastwarc.warc import ArchiveIterator, WarcRecordType

from cleaner.io.opening import Pieces
from cleaner.io.raw import Raw
from cleaner.io.reading import said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from fastwarc.warc import WarcRecord

    from cleaner.io.reading import ReadOptions
    from cleaner.io.sources import Source

__all__ = ["read"]

_WANTED = WarcRecordType.response | WarcRecordType.conversion | WarcRecordType.resource
_HTML = ("text/html", "application/xhtml+xml")
_TEXT = ("text/plain", "")


def read(stream: BinaryIO, source: Source, options: ReadOptions) -> Iterator[Raw]:
    """Yield the pages (`response`, `resource`) and texts (`conversion`) of an archive.

    Answers other than 200 and media types other than HTML and plain text hold no document and are left
    out. A record that is cut off or whose payload cannot be decoded becomes a document with an error.
    """
    number = 0
    try:
        pieces: Any = Pieces(stream)
        for number, record in enumerate(ArchiveIterator(pieces, record_types=_WANTED, parse_http=False), 1):
            raw = Raw(
                id=(record.record_id or "").strip("<>") or f"{source.id}#{number}",
                source=source.path,
                url=record.headers.get("WARC-Target-URI"),
                place=f"record {number}, byte {record.stream_pos}",
            )
            filled = _filled(record, raw, options.most_bytes)
            if filled is not None:
                yield filled
    except OSError as error:
        yield Raw(
            f"{source.id}#{number + 1}!",
            source.path,
            error=f"{said(error)}; the rest of the file is lost to this run",
            place=f"after record {number}",
        )


def _filled(record: WarcRecord, raw: Raw, most: int) -> Raw | None:
    """Return the document of a record; None where it holds none."""
    length = record.content_length
    if length > most:
        return raw._replace(error=f"larger than {most:,} bytes: raise --max-document")
    content = record.reader.read()
    if len(content) < length or "Content-Length" not in record.headers:
        return raw._replace(data=content, error=f"cut off: {len(content)} of {length} bytes are there")
    if not record.is_http:
        return _document(raw, record.headers.get("Content-Type") or "", None, content)
    record.set_bytes_content(content)
    try:
        record.parse_http(auto_decode="all")
        if record.http_headers.status_code != 200:
            return None
        body = record.reader.read(most + 1)
    except (OSError, ValueError) as error:
        record.set_bytes_content(b"")  # else the iterator stumbles over the same fault
        return raw._replace(data=content, error=said(error))
    if len(body) > most:
        return raw._replace(data=content, error=f"stopped: more than {most:,} bytes came out of {length:,}")
    return _document(raw, record.http_content_type or "", record.http_charset, body)


def _document(raw: Raw, media: str, charset: str | None, body: bytes) -> Raw | None:
    media = media.split(";", 1)[0].strip().lower()
    if media in _HTML or (not media and body.lstrip()[:1] == b"<"):
        return raw._replace(format="html", charset=charset, data=body)
    return raw._replace(charset=charset, data=body) if media in _TEXT else None
