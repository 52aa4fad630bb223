"""Cleaning in one call, without building a `Cleaner`: one text, or a column of texts."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, Unpack

from cleaner.given import text_of
from cleaner.pipeline import Cleaner
from cleaner.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from cleaner.document import Level
    from cleaner.result import Result
    from cleaner.settings import Options

__all__ = ["clean", "clean_series"]

Column = TypeVar("Column")


def clean(text: str, *, url: str | None = None, title: str | None = None, level: Level = "safe") -> Result:
    """Clean one text with the packs that ship with the package.

    Args:
        text: the text, decoded.
        url: where it is from; rules for single sites ask for it.
        title: its headline, where known.
        level: `safe`, `balanced` or `strict`.

    """
    return _shared(level).clean(text, url=url, title=title)


@cache
def _shared(level: Level) -> Cleaner:
    return Cleaner(level=level)


def clean_series(series: Column, cleaner: Cleaner | None = None, **options: Unpack[Options]) -> Column:
    """Return a column with its texts cleaned; name, index and missing values stay as they are.

    This is for the texts alone. `Cleaner.clean_batch` gives the edits behind them, languages and signals as well.

    Args:
        series: a Series of pandas or polars, or an Array or ChunkedArray of Arrow.
        cleaner: cleans the texts; without it one is made, which computes neither language nor signals.
        options: of the cleaner that is made (see `cleaner.settings.Settings`).

    Raises:
        TypeError: it is no such column, holds something else than texts, or a cleaner is given as well as options.

    """
    if cleaner is not None and options:
        raise TypeError("clean_series got a cleaner and options: give the options to the cleaner")
    values, made = _taken(series)
    texts = [text_of(value, number) for number, value in enumerate(values) if value is not None]
    chosen = cleaner or Cleaner(Settings(language=None, signals=False), **options)
    cleaned = (result.text for result in chosen.clean_many(texts))
    column: Column = made([None if value is None else next(cleaned) for value in values])
    return column


def _taken(series: Any) -> tuple[Sequence[Any], Callable[[list[str | None]], Any]]:
    """Return the values of a column, None where one is missing, and what makes such a column of others."""
    library = type(series).__module__.split(".")[0]
    kind = type(series)
    if library == "polars" and kind.__name__ == "Series":
        return series.to_list(), lambda texts: kind(series.name, texts, dtype=series.dtype)
    if library == "pandas" and kind.__name__ == "Series":
        values = [None if gone else value for value, gone in zip(series, series.isna(), strict=True)]
        return values, lambda texts: kind(
            [kept if text is None else text for text, kept in zip(texts, series, strict=True)],
            index=series.index, name=series.name, dtype=series.dtype,
        )  # fmt: skip
    if library == "pyarrow" and hasattr(series, "to_pylist") and hasattr(series, "null_count"):
        import pyarrow as pa

        return (
            series.to_pylist(),
            lambda texts: (
                pa.chunked_array([pa.array(texts, series.type)])
                if isinstance(series, pa.ChunkedArray)
                else pa.array(texts, series.type)
            ),
        )
    raise TypeError(
        f"clean_series got {kind.__name__}: give a Series of pandas or polars, or an Arrow array; "
        "for a list of texts there is clean_many"
    )
