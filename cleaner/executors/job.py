"""A job that many machines share: what it reads and writes, its stages, and what is left of it to do.

1. Each part is cleaned to the working folder beside the output (`cleaner.executors.parts`).
2. Duplicates are found across the parts, near-duplicates too where they are wanted (`cleaner.executors.near`), and
3. each part goes to the output with its marks (`cleaner.executors.marks`).

The folder and the files beside it are those that one machine writes, with the same rows in the same order.
How tasks get to machines is the business of an engine, which hands in a function for it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from cleaner.executors.contain import Contained, failed
from cleaner.executors.isolate import Limits, batch_function
from cleaner.executors.limits import PART_BYTES
from cleaner.executors.made import metadata_of
from cleaner.executors.marks import Unplaced, find_marks, place_part, ranges
from cleaner.executors.near import find_near
from cleaner.executors.parts import Part, Plan, clean_part, file_of, noted
from cleaner.executors.stretches import count_lines, divided, numbered, uncounted
from cleaner.io.errors import InputError
from cleaner.io.groups import Sizes
from cleaner.io.journal import Journal
from cleaner.io.output import Files
from cleaner.io.parquet import rows_of
from cleaner.io.reading import ReadOptions, check_columns
from cleaner.io.remote import has_scheme
from cleaner.io.sources import find_sources
from cleaner.io.target import Target
from cleaner.pipeline import Cleaner
from cleaner.report.summary import Summary
from cleaner.rules.given import is_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import pyarrow as pa

    from cleaner.duplicates.marking import NearDuplicates
    from cleaner.io.sources import Source
    from cleaner.settings import Settings

    BatchFunction = Callable[[pa.RecordBatch], pa.RecordBatch]

__all__ = ["BATCH_BYTES", "Each", "Job", "JobOptions", "Work", "run_job"]

BATCH_BYTES = 1 << 20
"""Input that is cleaned at once."""

_Item = TypeVar("_Item")
_Done = TypeVar("_Done")


class Each(Protocol):
    """Runs a task on each item, somewhere, and yields items with their results as they are done.

    Tasks and items are picklable. A task may run twice, even at once.
    """

    def __call__(
        self, task: Callable[[_Item], _Done], items: Iterable[_Item]
    ) -> Iterator[tuple[_Item, _Done]]:
        """Yield each item with its result, in any order."""


@dataclass(frozen=True, slots=True)
class JobOptions:
    """How a job goes about its work; `format`, `reading` and so on are those of `cleaner.run.RunOptions`.

    `part_bytes` is about how much input a part has. `isolate` contains documents that hang or crash in a
    child process, with these limits for each; False contains those that raise only.
    """

    format: str | None = None
    reading: ReadOptions = ReadOptions()  # noqa: RUF009 - it is frozen
    partition_by: str | None = None
    near_duplicates: NearDuplicates | None = None
    sizes: Sizes = Sizes()  # noqa: RUF009 - as above
    batch_bytes: int = BATCH_BYTES
    part_bytes: int = PART_BYTES
    isolate: bool | Limits = True
    overwrite: bool = False
    resume: bool = False
    quarantine: Path | None = None


class Work(NamedTuple):
    """A job that has begun: its parts, and the counts of those that are cleaned, by number."""

    target: Target
    out: Files
    plan: Plan
    parts: list[Part]
    cleaned: dict[int, Summary]
    near_duplicates: NearDuplicates | None = None


class Job:
    """Files that are cleaned to a folder of parts.

    Args:
        inputs: files, folders, patterns and addresses that all machines see under the same name.
        output: the folder; likewise.
        settings: what cleaning does.
        options: how the job goes about it.
        clean: a batch function in the place of `Cleaner(settings).clean_batch`, picklable.

    Raises:
        InputError: an input, the output or an option cannot be used.
        PackError: a rule pack is not valid.

    """

    def __init__(
        self,
        inputs: Sequence[str],
        output: str | Path,
        settings: Settings,
        options: JobOptions | None = None,
        clean: BatchFunction | None = None,
    ) -> None:
        self.options = options or JobOptions()
        _check_reach(inputs)
        self.target = Target(str(output), self.options.quarantine)
        if self.target.is_remote:
            raise InputError(
                f"{output}: many machines write to a folder that all of them see: name a path, and copy the folder"
            )
        if not self.target.is_folder:
            raise InputError(
                f"many machines write a folder of parts: end the output with a slash, not as {output}"
            )
        self.target.check(overwrite=self.options.overwrite, resume=self.options.resume)
        settings.loaded_rules()  # a bad pack or name ends the job before anything is read
        found = find_sources([str(name) for name in inputs], self.options.format, self.target.files)
        check_columns(found.sources, self.options.reading)
        self.sources, self.left_out = found
        self.settings = settings
        self._clean = clean

    @property
    def is_complete(self) -> bool:
        """Tell whether an earlier job that is to be resumed has done everything."""
        return self.options.resume and self.target.is_complete

    def totals(self) -> Summary:
        """Count the rows of an output that is complete."""
        summary = Summary()
        files = sorted(self.target.path.rglob("*.parquet"))
        for file in [*files, *filter(Path.exists, filter(None, [self.target.rejected]))]:
            within = self.target.path if file in files else file.parent
            for batch in rows_of(within, file.relative_to(within).as_posix()):
                summary.add(batch)
        return summary

    def begin(self) -> Work:
        """Make the folder ready and find out what an earlier job has done.

        Raises:
            InputError: what is there was made otherwise, or another job is writing it.

        """
        options = self.options
        metadata = metadata_of(self.settings, options.format, options.reading, options.near_duplicates)
        made = {**metadata, "engine": "parts", "part_bytes": options.part_bytes,
                "output": [options.partition_by, options.sizes]}  # fmt: skip
        out = Files(self.target, made, self.sources, metadata, by=options.partition_by, resume=options.resume)
        parts = list(_grouped(map(_placed, self.sources), options.part_bytes))
        work = self.target.work.absolute()
        cleaned = {part.number: known for part in parts if (known := noted(work, part))}
        plan = Plan(
            str(self.target.path.absolute()), str(work), metadata, options.reading, options.batch_bytes,
            options.sizes, options.partition_by, batch_function(self._function(), options.isolate, failed),
        )  # fmt: skip
        return Work(self.target, out, plan, parts, cleaned, options.near_duplicates)

    def _function(self) -> Contained:
        """Return the function that cleans; it finds its rule packs from any working folder."""
        if self._clean is not None:
            return Contained(self._clean)
        rules = tuple(
            given if is_text(given) else str(Path(given).absolute()) for given in self.settings.rules
        )
        return Contained(Cleaner(replace(self.settings, rules=rules)).attempt_batch)


def run_job(work: Work, each: Each, on_part: Callable[[Part, Summary], object] | None = None) -> Summary:
    """Do what is left of a job and return its totals.

    Args:
        work: a job that has begun.
        each: runs tasks.
        on_part: called with each part that is cleaned and its counts.

    Raises:
        OutputError: the output cannot be written any further; finished parts are kept.

    """
    try:
        todo = [part for part in work.parts if part.number not in work.cleaned]
        for part, summary in each(partial(clean_part, work.plan), _with_lines(work.parts, todo, each)):
            work.cleaned[part.number] = summary
            if on_part is not None:
                on_part(part, summary)
        totals = Summary()
        for part in work.parts:
            totals.merge(work.cleaned[part.number])
        _place(work, each, totals)
        work.out.finish()
    except BaseException:
        work.out.abort()
        raise
    return totals


def _place(work: Work, each: Each, totals: Summary) -> None:
    """Find the duplicates, write the parts to the output, and count what was found."""
    journal = Journal(work.target.work, work.target.store)
    placed = {part.number for part in journal.finished()}
    befores, rows = {}, 0
    for part in work.parts:
        befores[part.number] = rows
        rows += work.cleaned[part.number].documents
    spans = ranges(rows)
    near = work.near_duplicates
    totals.duplicates = sum(count for _, count in each(partial(find_marks, work.plan, tuple(befores)), spans))
    found = near and find_near(
        work.plan, near, {number: work.cleaned[number].documents for number in befores}
    )
    rejected = 0
    left = [Unplaced(part, befores[part.number], spans) for part in work.parts if part.number not in placed]
    for unplaced, done in each(partial(place_part, work.plan, near), left):
        journal.add(done.part)
        rejected += done.rejected
        for kind in ("cleaned", "failed"):
            (work.target.work / file_of(unplaced.part.number, kind)).unlink(missing_ok=True)
    if found:
        totals.add_near_duplicates(found.near_duplicates, found.clusters, found.sharing, rejected)


def _with_lines(parts: Sequence[Part], todo: Sequence[Part], each: Each) -> list[Part]:
    """Return the parts to do, their stretches of lines numbered as in the whole file."""
    needed = {source.path for part in todo for source in part.sources if source.stretch}
    sources = [source for part in parts for source in part.sources if source.path in needed]
    known = iter(numbered(sources, dict(each(count_lines, uncounted(sources)))))
    numbers = dict(zip(sources, known, strict=True))
    return [
        part._replace(sources=tuple(numbers.get(source, source) for source in part.sources)) for part in todo
    ]


def _check_reach(inputs: Sequence[str]) -> None:
    for name in map(str, inputs):
        if name == "-":
            raise InputError("standard input cannot be read by other machines: name files or folders")
        if name.startswith("memory://"):
            raise InputError(f"{name} is in the memory of this process, where no other finds it")


def _placed(source: Source) -> Source:
    """Say where other machines find a source; its own path is what the record names."""
    return source if has_scheme(source.path) else source._replace(at=str(Path(source.path).absolute()))


def _grouped(sources: Iterable[Source], part_bytes: int) -> Iterator[Part]:
    number, group, held = 0, list[Any](), 0
    for source, size in divided(sources, part_bytes):
        if group and held + size > part_bytes:
            yield Part(number, tuple(group), held)
            number, group, held = number + 1, [], 0
        group.append(source)
        held += size
    if group:
        yield Part(number, tuple(group), held)
