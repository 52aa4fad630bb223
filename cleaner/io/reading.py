"""Read sources as one row of documents; what cannot be read becomes a document with an error."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

from cleaner.io.errors import InputError, missing_library
from cleaner.io.fields import Columns, MissingColumnError
from cleaner.io.opening import Meter, opened
from cleaner.io.raw import Place, Raw, gathered, placed
from cleaner.io.suffixes import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import BinaryIO

    import pyarrow as pa

    from cleaner.io.sources import Source

__all__ = ["MODULES", "ReadOptions", "Reader", "check_columns", "documents", "read_batches", "reader"]

MODULES = {
    "txt": "cleaner.io.formats.whole",
    "html": "cleaner.io.formats.whole",
    "jsonl": "cleaner.io.formats.lines",
    "json": "cleaner.io.formats.array",
    "csv": "cleaner.io.formats.separated",
    "tsv": "cleaner.io.formats.separated",
    "parquet": "cleaner.io.formats.columnar",
    "arrow": "cleaner.io.formats.columnar",
    "warc": "cleaner.io.formats.webarchive",
    "zip": "cleaner.io.formats.archive",
}
"""Where the reader of each format is; it is imported when the first such file is read."""

_TABLES = ("jsonl", "json", "csv", "tsv", "parquet", "arrow")

_LOOK = 20  # documents, to see whether any of them has a text

_EXTRAS = {"fastwarc": "warc", "ijson": "json"}


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How sources are read; `most_bytes` is the largest document that is taken."""

    columns: Columns = Columns()  # noqa: RUF009 - it is frozen
    most_bytes: int = 256 << 20


class Reader(Protocol):
    """Reads a stream as documents, one after the other, holding no more than one of them and a block."""

    def __call__(self, stream: BinaryIO, source: Source, options: ReadOptions) -> Iterator[Raw]:
        """Yield the documents of a stream."""


def reader(format: str, name: str = "read") -> Reader:  # noqa: A002 - the word of the field
    """Return the reader of a format; where it has none of this name, that of single documents.

    Raises:
        InputError: there is no such format, or a library for it is missing.

    """
    if format not in MODULES:
        raise InputError(f"no format is called {format!r}: use one of {', '.join(FORMATS)}")
    try:
        module = import_module(MODULES[format])
    except ModuleNotFoundError as error:
        extra = _EXTRAS.get((error.name or "").split(".")[0])
        if extra is None:
            raise
        raise missing_library(f"the format {format}", extra) from error
    read: Reader = getattr(module, name, module.read)
    return read


def read_batches(
    sources: Sequence[Source],
    batch_bytes: int,
    options: ReadOptions | None = None,
    *,
    start: Place | None = None,
    meter: Meter | None = None,
) -> Iterator[pa.RecordBatch]:
    """Yield batches of undecoded documents (`cleaner.io.raw.RAW`) in the order of the sources.

    Args:
        sources: what to read.
        batch_bytes: about how large a batch is.
        options: how to read.
        start: the first document wanted; those before it are not handed on.
        meter: counts what was read.

    """
    found = _placed(sources, options or ReadOptions(), start or Place(), meter or Meter())
    return gathered(found, batch_bytes)


def _placed(
    sources: Sequence[Source], options: ReadOptions, start: Place, meter: Meter
) -> Iterator[tuple[Place, Raw] | pa.RecordBatch]:
    for number in range(start.file, len(sources)):
        source = sources[number]
        first = start.row if number == start.file else 0
        meter.current = source.id
        before = meter.bytes
        row = 0
        for each in _blocks(source, options, meter):
            count = 1 if isinstance(each, Raw) else each.num_rows
            skipped = max(first - row, 0)
            if skipped < count:
                place = Place(number, row + skipped)
                yield (place, each) if isinstance(each, Raw) else placed(each.slice(skipped), place)
            row += count
        meter.bytes = max(meter.bytes, before + source.size)  # formats that skip or map parts of a file


def _blocks(source: Source, options: ReadOptions, meter: Meter) -> Iterator[Raw | pa.RecordBatch]:
    """Yield what `documents` yields; many at once where the format has a faster way."""
    return _read(source, options, meter, reader(source.format, "read_blocks"))


def documents(source: Source, options: ReadOptions, meter: Meter) -> Iterator[Raw]:
    """Yield the documents of a source; when it cannot be read on, the last one says so.

    Raises:
        InputError: a library is missing.

    """
    return _read(source, options, meter, reader(source.format))


def _read(source: Source, options: ReadOptions, meter: Meter, read: Any) -> Iterator[Any]:
    try:
        with opened(source, meter) as stream:
            yield from read(stream, source, options)
    except (InputError, KeyboardInterrupt, GeneratorExit):
        raise
    except BaseException as error:  # noqa: BLE001 - a damaged file may make a library raise anything, or panic
        name = source.id if source.format in ("txt", "html") else f"{source.id}!"
        yield Raw(name, source.path, error=said(error), place="the rest of the file")


def check_columns(sources: Sequence[Source], options: ReadOptions) -> None:
    """Look at the first file of each format that is a table, so that a wrong name ends a run before it starts.

    Raises:
        InputError: it has no column for the text, or not the one that was named.

    """
    seen: set[str] = set()
    for source in sources:
        if source.format in seen or source.path == "-":
            continue
        seen.add(source.format)
        read = reader(source.format)  # a missing library is told before anything is read
        if source.format not in _TABLES:
            continue
        try:
            with opened(source, Meter()) as stream:
                first = list(islice(read(stream, source, options), _LOOK))
            if first and all((raw.error or "").startswith("no column") for raw in first):
                raise InputError(f"{source.path}: {first[0].error}")  # noqa: TRY301 - told as the others are
        except MissingColumnError as error:
            raise InputError(f"{source.path}: {error}") from error
        except InputError:
            raise
        except Exception:  # noqa: BLE001, S112 - a damaged file is found again when it is read
            continue


def said(error: BaseException) -> str:
    """Return an error of reading as a short sentence."""
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be read: {error.strerror}"
    return f"cannot be read: {str(error).strip() or type(error).__name__}"


def fields_of(options: ReadOptions) -> dict[str, Any]:
    """Return the options as plain data, for comparison with those of an earlier run."""
    from dataclasses import asdict

    return asdict(options)
