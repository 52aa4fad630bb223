"""What a caller of the library gives, checked: one sentence says what came and what is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from cleaner.document import Document

__all__ = ["batch_of", "several", "text_of"]


def text_of(given: Any, number: int | None = None) -> str:
    """Return a text; `number` is its place among several, from 0.

    Raises:
        TypeError: it is no text.

    """
    if isinstance(given, str):
        return given
    what = "the text" if number is None else f"text {number} (counted from 0)"
    if given is None or given != given:  # noqa: PLR0124 - of all values only NaN and its kin differ from themselves
        said = "None" if given is None else "missing (NaN)"
        raise TypeError(f"{what} is {said}: give a str; clean_series leaves missing values as they are")
    if isinstance(given, (bytes, bytearray)):
        raise TypeError(f"{what} is bytes: decode them first, as with cleaner.decode(data).text")
    raise TypeError(f"{what} is of type {type(given).__name__}: give a str")


def several(given: Iterable[str | Document]) -> Iterable[str | Document]:
    """Return texts or documents.

    Raises:
        TypeError: it is one text, or a table.

    """
    if isinstance(given, (str, bytes)):
        raise TypeError(
            "clean_many got one text: give a list or another iterable of them, or call clean for one"
        )
    if hasattr(given, "columns"):
        raise TypeError(
            f"clean_many got a {type(given).__name__}: give its column of texts, as in clean_many(frame['text']), "
            "or a record batch to clean_batch"
        )
    if not hasattr(given, "__iter__"):
        raise TypeError(f"clean_many got {given!r}: give a list or another iterable of texts")
    return given


def batch_of(given: pa.RecordBatch) -> pa.RecordBatch:
    """Return a record batch.

    Raises:
        TypeError: it is something else.

    """
    import pyarrow as pa

    if isinstance(given, pa.RecordBatch):
        return given
    if isinstance(given, pa.Table):
        raise TypeError("clean_batch got a Table: call it for each batch of table.to_batches()")
    raise TypeError(
        f"clean_batch got {type(given).__name__}: give a pyarrow RecordBatch with a column 'text'"
    )
