"""Run the batch function on this machine: in this process, or in worker processes."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from cleaner.pipeline import Cleaner

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pyarrow as pa

    from cleaner.settings import Settings

__all__ = ["clean_batches"]

_AHEAD = 2  # batches a worker, so that none waits for work

_cleaner: Cleaner | None = None


def clean_batches(
    batches: Iterable[pa.RecordBatch], settings: Settings, workers: int
) -> Iterator[pa.RecordBatch]:
    """Clean batches and yield the results in the order of the input.

    Args:
        batches: as `Cleaner.clean_batch` takes them.
        settings: what cleaning does.
        workers: 1 works in this process, more start that many others.

    """
    if workers == 1:
        cleaner = Cleaner(settings)
        yield from map(cleaner.clean_batch, batches)
        return
    import multiprocessing

    from pebble import ProcessPool

    context = multiprocessing.get_context("spawn")
    with ProcessPool(max_workers=workers, context=context, initializer=_start, initargs=[settings]) as pool:
        running: deque[object] = deque()
        try:
            for batch in batches:
                running.append(pool.schedule(_work, args=[batch]))
                if len(running) >= workers * _AHEAD:
                    yield running.popleft().result()  # type: ignore[attr-defined]
            while running:
                yield running.popleft().result()  # type: ignore[attr-defined]
        except BaseException:
            pool.stop()  # type: ignore[no-untyped-call]
            raise


def _start(settings: Settings) -> None:
    global _cleaner  # noqa: PLW0603 - the state of a worker, built once in it
    _cleaner = Cleaner(settings)


def _work(batch: pa.RecordBatch) -> pa.RecordBatch:
    assert _cleaner is not None
    return _cleaner.clean_batch(batch)
