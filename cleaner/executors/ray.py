"""Clean on a Ray cluster: a dataset as a step of a pipeline, or files to a folder of parts.

Needs the extra `ray`. Every machine needs this package, and sees inputs, rule packs and output under the
same paths.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaner.executors.isolate import batch_function
from cleaner.executors.parts import PART_BYTES, Job, PartTotals, clean_part
from cleaner.executors.pieces import cleaned_batches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import pyarrow as pa
    from ray.data import Dataset

    from cleaner.executors.isolate import Limits
    from cleaner.executors.parts import Part
    from cleaner.executors.pieces import Shipped
    from cleaner.pipeline import Cleaner
    from cleaner.settings import Settings

    BatchFunction = Callable[[pa.RecordBatch], pa.RecordBatch]

__all__ = ["clean_dataset", "run_ray"]

_AHEAD = 2  # tasks for each CPU, so that none waits for the driver
_RETRIES = 5  # of a part whose machine died


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
    *,
    address: str | None = None,
    overwrite: bool = False,
    resume: bool = False,
    part_bytes: int = PART_BYTES,
    isolate: bool | Limits = True,
    on_part: Callable[[PartTotals], object] | None = None,
) -> PartTotals:
    """Clean files to a folder of Parquet parts on a Ray cluster.

    The rows of a part are those that one machine writes for its files, in the same order.

    Args:
        inputs: files and folders.
        output: the folder.
        settings: what cleaning does.
        address: of the cluster; `auto` finds the one of this machine, None starts one here. Where Ray runs in
            this process already (`ray.init`), that is used.
        overwrite: replace an earlier job in the folder.
        resume: go on with an earlier job; its finished parts are kept.
        part_bytes: about how much input a part has.
        isolate: contain documents that hang or crash, with these limits for each.
        on_part: called with the totals of each part when it is done.

    Raises:
        InputError: an input or the folder cannot be used.
        RuntimeError: a part could not be cleaned; finished ones are kept for `resume`.

    """
    job = Job(inputs, output, settings, part_bytes)
    settings.rules()  # a bad pack or name ends the job before anything starts
    parts = job.begin(overwrite=overwrite, resume=resume)
    done: list[PartTotals] = []
    if parts:
        shipped = batch_function(_cleaner(settings), isolate)
        with _Connection(address):
            for totals in _run(parts, shipped):
                done.append(totals)
                if on_part is not None:
                    on_part(totals)
    return job.finish(done)


def _cleaner(settings: Settings) -> Cleaner:
    """Return a cleaner that finds its rule packs from any working folder."""
    from cleaner.pipeline import Cleaner

    return Cleaner(replace(settings, packs=tuple(str(Path(pack).absolute()) for pack in settings.packs)))


def _run(parts: Sequence[Part], function: Shipped) -> Iterator[PartTotals]:
    """Run the parts with some more tasks than CPUs under way and yield their totals as they are done."""
    import ray

    task = ray.remote(clean_part).options(num_cpus=1, max_retries=_RETRIES, scheduling_strategy="SPREAD")
    sent = ray.put(function)
    most = _AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1)))
    waiting = iter(parts)
    running: dict[Any, Part] = {}
    try:
        while True:
            for part in waiting:
                running[task.remote(part, sent)] = part
                if len(running) >= most:
                    break
            if not running:
                return
            (done,), _ = ray.wait(list(running), num_returns=1)
            part = running.pop(done)
            try:
                yield ray.get(done)
            except ray.exceptions.RayError as error:
                raise RuntimeError(
                    f"{part.name} could not be cleaned; finished parts are kept for --resume: {_said(error)}"
                ) from error
    finally:
        for left in running:
            ray.cancel(left, force=True)


def _said(error: Any) -> str:
    cause = getattr(error, "cause", None) or error
    return f"{type(cause).__name__}: {cause}".strip().splitlines()[0]


class _Connection:
    """Connects this process to Ray; where it is connected already, that connection is used and left."""

    def __init__(self, address: str | None) -> None:
        self._address = address

    def __enter__(self) -> None:
        import ray

        self._own = not ray.is_initialized()
        if self._own:
            ray.init(address=self._address or "local", include_dashboard=False, log_to_driver=False)

    def __exit__(self, *error: object) -> None:
        import ray

        if self._own:
            ray.shutdown()


def _clean_block(block: pa.Table, function: Shipped) -> Iterator[pa.Table]:
    import pyarrow as pa

    for batch in cleaned_batches(function, block):
        yield pa.Table.from_batches([batch])
