"""Clean on a Ray cluster: a dataset as a step of a pipeline, or files to a folder of parts.

Needs the extra `ray`. Every machine needs this package, and sees inputs, rule packs and output under the
same paths.
"""

from __future__ import annotations

import logging
import os
import socket
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from cleaner.executors.isolate import batch_function
from cleaner.executors.job import Job, run_job
from cleaner.executors.pieces import cleaned_batches
from cleaner.io.errors import InputError, OutputError, missing_library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa
    from ray.data import Dataset

    from cleaner.executors.isolate import Limits
    from cleaner.executors.job import Each, JobOptions
    from cleaner.executors.parts import Part
    from cleaner.executors.pieces import Shipped
    from cleaner.pipeline import Cleaner
    from cleaner.report.summary import Summary
    from cleaner.settings import Settings

    BatchFunction = Callable[[pa.RecordBatch], pa.RecordBatch]

__all__ = ["clean_dataset", "connected", "run_ray"]

_AHEAD = 2  # tasks for each CPU, so that none waits for the driver
_RETRIES = 5  # of a task whose machine died
_STORE = 100 << 20  # bytes
_KNOCK = 30.0  # seconds

_Item = TypeVar("_Item")
_Done = TypeVar("_Done")


def clean_dataset(
    dataset: Dataset,
    cleaner: Cleaner | BatchFunction,
    *,
    isolate: bool | Limits = True,
    **options: Any,
) -> Dataset:
    """Clean the rows of a dataset.

    Ray keeps the order of rows within a block, and that of blocks only if it is told so:
    `ray.data.DataContext.get_current().execution_options.preserve_order = True`.

    Args:
        dataset: with the columns that `Cleaner.clean_batch` takes.
        cleaner: a `Cleaner`, or another batch function.
        isolate: contain documents that hang or crash, with these limits for each.
        options: of `Dataset.map_batches`, such as `num_cpus`.

    Returns:
        A dataset with the columns of the record and those of the input that are not in it. Lazy.

    """
    function = batch_function(cleaner, isolate)
    return dataset.map_batches(
        _clean_block,
        batch_size=None,
        batch_format="pyarrow",
        fn_kwargs={"function": function},
        **{"num_cpus": 1, **options},
    )


def run_ray(
    inputs: Sequence[str],
    output: str | Path,
    settings: Settings,
    options: JobOptions | None = None,
    *,
    address: str | None = None,
    on_part: Callable[[Part, Summary], object] | None = None,
) -> Summary:
    """Clean files to a folder of Parquet parts on a Ray cluster.

    The rows are those that one machine writes, in the same order, duplicates marked; rejected documents and
    those that could not be cleaned are in the same files beside the folder.

    Args:
        inputs: files, folders, patterns and addresses.
        output: the folder.
        settings: what cleaning does.
        options: how the job goes about it.
        address: as for `connected`.
        on_part: called with each part that is cleaned and its counts.

    Returns:
        The totals.

    Raises:
        InputError: an input, the folder or an option cannot be used, or Ray is not installed.
        OutputError: a part could not be cleaned or written; finished ones are kept for `resume`.

    """
    job = Job(inputs, output, settings, options)
    if job.is_complete:
        return job.totals()
    with connected(address) as each:
        return run_job(job.begin(), each, on_part)


@contextmanager
def connected(address: str | None = None, workers: int | None = None) -> Iterator[Each]:
    """Connect this process to Ray and yield what runs tasks there; an older connection is used and left.

    Args:
        address: of the cluster; `auto` finds the one of this machine. Without it, that of `RAY_ADDRESS`, or one
            is started here. Where Ray runs in this process already (`ray.init`), that is used.
        workers: CPUs to use, else all.

    Raises:
        InputError: there is no Ray, or none at the address.

    """
    try:
        import ray
    except ImportError as error:
        raise missing_library("the engine ray", "ray") from error
    if ray.is_initialized():
        yield _Tasks(workers)
        return
    address = address or os.environ.get("RAY_ADDRESS") or "local"
    _check_reach(address)
    # What a cluster has is its own affair; one that is started here needs next to no store, as parts lie in files.
    own = {"num_cpus": workers, "object_store_memory": _STORE, "include_dashboard": False}
    try:
        ray.init(
            address, log_to_driver=False, logging_level=logging.WARNING, **own if address == "local" else {}
        )
    except (ConnectionError, ValueError) as error:
        raise InputError(f"no Ray cluster answers at {address}: {str(error).splitlines()[0]}") from error
    try:
        yield _Tasks(workers)
    finally:
        ray.shutdown()


class _Tasks:
    """Runs tasks on the cluster, some more than there are CPUs under way at a time."""

    def __init__(self, workers: int | None) -> None:
        self._workers = workers

    def __call__(
        self, task: Callable[[_Item], _Done], items: Iterable[_Item]
    ) -> Iterator[tuple[_Item, _Done]]:
        import ray

        remote = ray.remote(_run).options(num_cpus=1, max_retries=_RETRIES, scheduling_strategy="SPREAD")
        sent = ray.put(task)
        most = self._workers or _AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1)))
        waiting = iter(items)
        running: dict[Any, _Item] = {}
        try:
            while True:
                for item in islice(waiting, most - len(running)):
                    running[remote.remote(sent, item)] = item
                if not running:
                    return
                (done,), _ = ray.wait(list(running), num_returns=1)
                yield running.pop(done), _result(done)
        finally:
            for left in running:
                ray.cancel(left, force=True)


def _run(task: Callable[[_Item], _Done], item: _Item) -> _Done:
    return task(item)


def _result(done: Any) -> Any:
    import ray

    try:
        return ray.get(done)
    except ray.exceptions.RayError as error:
        cause = getattr(error, "cause", None) or error
        said = f"{type(cause).__name__}: {cause}".strip().splitlines()[0]
        raise OutputError(
            f"a part could not be done: {said}; finished parts are kept: mend that and go on with --resume"
        ) from error


def _check_reach(address: str) -> None:
    """Knock at `HOST:PORT`: Ray itself waits a quarter of an hour for an answer."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not host or not port.isdigit():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), _KNOCK).close()
    except OSError as error:
        raise InputError(f"no Ray cluster answers at {address}: {error.strerror or error}") from error


def _clean_block(block: pa.Table, function: Shipped) -> Iterator[pa.Table]:
    import pyarrow as pa

    for batch in cleaned_batches(function, block):
        yield pa.Table.from_batches([batch])
