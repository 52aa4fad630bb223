"""WARC and WET files: the pages and the texts of a crawl."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from fastwarc.warc import ArchiveIterator, WarcRecordType

from cleaner.io.formats.tape import Tape
from cleaner.io.members import DamagedError
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
_GAP = b"\r\n\r\n"  # behind the head of a record, and behind its content
_LONGEST_HEAD = 1 << 16
_SHOWN = 1 << 20  # bytes of what is damaged that are handed on
_LOST = "; the rest of the file is lost to this run"


def read(stream: BinaryIO, source: Source, options: ReadOptions) -> Iterator[Raw]:
    """Yield the pages (`response`, `resource`) and texts (`conversion`) of an archive.

    Answers other than 200 and media types other than HTML and plain text hold no document and are left
    out. A record that is damaged, is cut off or whose payload cannot be decoded becomes a document with an
    error, and so does what is no record; reading goes on with the next one that can be found.
    """
    archive = _Archive(stream, source, options)
    while archive.goes_on:
        yield from archive.documents()


class _Last(NamedTuple):
    """The record that was read last, which is good when it ends where its head says."""

    start: int
    length: int
    raw: Raw
    document: Raw | None = None
    is_read: bool = False


class _Archive:
    """The records of a stream, read anew behind each damage. `goes_on` is False when it is at its end."""

    def __init__(self, stream: BinaryIO, source: Source, options: ReadOptions) -> None:
        self.goes_on = True
        self._tape = Tape(stream)
        self._source = source
        self._most = options.most_bytes
        self._number = 0
        self._last: _Last | None = None

    def documents(self) -> Iterator[Raw]:
        """Yield documents up to the next damage or the end, and what is damaged."""
        self._last = None
        begin = self._tape.tell()
        try:
            yield from self._records()
        except DamagedError as error:
            yield from self._damaged(error)
        except Exception as error:  # noqa: BLE001 - a damaged stream makes its library raise anything
            if self._tape.error is not None:  # of the stream, so there is no more of it
                yield from self._given_up(error)
            else:
                yield from self._behind(begin, said(error))
        else:
            yield from self._behind(begin, None)

    def _records(self) -> Iterator[Raw]:
        stream: Any = self._tape
        for record in ArchiveIterator(stream, record_types=WarcRecordType.any_type, parse_http=False):
            yield from self._held()
            self._tape.forget(record.stream_pos)
            is_typed = "WARC-Type" in record.headers
            is_wanted = not is_typed or bool(record.record_type & _WANTED)
            self._number += is_wanted
            raw = Raw(
                id=(record.record_id or "").strip("<>") or f"{self._source.id}#{self._number}",
                source=self._source.path,
                url=record.headers.get("WARC-Target-URI"),
                place=f"record {self._number}, byte {record.stream_pos}",
            )
            self._last = _Last(record.stream_pos, record.content_length, raw)
            if record.content_length > self._most:
                return  # its length may be wrong, and then records follow sooner than it says
            document = _filled(record, raw, self._most) if is_wanted else None
            if not is_typed:
                document = raw._replace(data=document and document.data, error="its head has no WARC-Type")
            self._last = self._last._replace(document=document, is_read=True)
            if document is not None and document.error is not None:
                return

    def _held(self) -> Iterator[Raw]:
        last, self._last = self._last, None
        if last is not None and last.document is not None:
            yield last.document

    def _behind(self, begin: int, error: str | None) -> Iterator[Raw]:
        """Yield what was read last, and go on with the next head; at the end of the stream there is none."""
        last, tape = self._last, self._tape
        if last is None:
            if error is None:
                self.goes_on = False
                return
            yield self._odd(begin, error, tape.piece(begin, begin + 1) + self._passed(begin + 1))
            return
        stop = self._end_of(last)
        is_sound = error is None and (last.document is None or last.document.error is None)
        if last.is_read and stop is not None and stop <= tape.end and (is_sound or tape.peek(stop, _GAP)):
            yield from self._held()
            if error is None:
                tape.seek_to(
                    stop
                )  # after a payload that cannot be decoded no more records came; and at the end
            else:
                yield self._odd(stop, error, self._passed(stop))
            return
        data = tape.piece(last.start, last.start + 1) + self._passed(last.start + 1)
        yield self._misfit(last, data)

    def _passed(self, offset: int) -> bytes:
        """Go on with the next head behind an offset, and return the bytes before it, the first MB."""
        place, data = self._tape.find_head(offset)
        if place is None:
            self.goes_on = False
        else:
            self._tape.seek_to(place)
        return data

    def _end_of(self, last: _Last) -> int | None:
        """Return where a record ends by its own account; None where its head has no end."""
        head = self._tape.piece(last.start, last.start + _LONGEST_HEAD).find(_GAP)
        return None if head < 0 else last.start + head + len(_GAP) + last.length

    def _misfit(self, last: _Last, data: bytes) -> Raw:
        """Return a record that does not end where it says."""
        if last.document is not None and last.document.error and last.document.data and not self.goes_on:
            return last.document  # cut off with the file
        error = f"says it has {last.length:,} bytes, and no record follows there"
        if last.length > self._most:
            error = f"says it has {last.length:,} bytes, more than {self._most:,}: if it has, raise --max-document"
        return last.raw._replace(data=data, error=error)

    def _odd(self, offset: int, error: str, data: bytes) -> Raw:
        """Return what is no record."""
        name = f"{self._source.id}@{offset}!"
        is_lost = not self.goes_on and self._tape.error is not None
        wrong = f"no record: {error}{_LOST if is_lost else ''}"
        return Raw(name, self._source.path, data=data.strip(b"\r\n"), error=wrong, place=f"byte {offset}")

    def _damaged(self, error: DamagedError) -> Iterator[Raw]:
        """Yield the record of a damaged member, and go on with the next member."""
        last, end = self._last, self._tape.end
        reason = said(error)
        self.goes_on = not error.is_last
        if last is not None and last.start >= error.start:
            reason += "" if self.goes_on else _LOST
            yield last.raw._replace(data=self._tape.piece(last.start, end)[:_SHOWN], error=reason)
        else:
            yield from self._held()
            data = self._tape.piece(error.start, end) or error.data
            yield self._odd(error.start, reason, data[:_SHOWN])
        self._tape.seek_to(end)

    def _given_up(self, error: Exception) -> Iterator[Raw]:
        """Yield what was read last, and what there is of the one after it."""
        self.goes_on = False
        last, end, reason = self._last, self._tape.end, said(error)
        if last is not None and not last.is_read:
            yield last.raw._replace(data=self._tape.piece(last.start, end)[:_SHOWN], error=reason + _LOST)
            return
        stop = (self._end_of(last) if last is not None else None) or end
        yield from self._held()
        yield self._odd(stop, reason, self._tape.piece(stop, end)[:_SHOWN])


def _filled(record: WarcRecord, raw: Raw, most: int) -> Raw | None:
    """Return the document of a record; None where it holds none."""
    length = record.content_length
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
