"""Learn from inputs what their sites repeat: read them as a run does, and count."""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from cleaner.columns import read_columns
from cleaner.document import site_of
from cleaner.executors.local import mapped_batches
from cleaner.executors.stretches import divided
from cleaner.io.errors import InputError
from cleaner.io.reading import ReadOptions, check_columns, read_batches
from cleaner.io.sources import STDIN, find_sources
from cleaner.io.target import Target
from cleaner.memory.finish import finished, with_edits
from cleaner.memory.observe import OBSERVED, observe
from cleaner.memory.sketch import Sketch
from cleaner.memory.store import read_memory
from cleaner.repair import repair
from cleaner.run import workers_for

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from cleaner.document import Document
    from cleaner.executors.job import Each
    from cleaner.executors.limits import Limits
    from cleaner.executors.stretches import Sized
    from cleaner.extract.result import Mode
    from cleaner.memory.store import Memory
    from cleaner.run import RunOptions
    from cleaner.settings import Settings

__all__ = ["Observer", "learn", "learn_documents", "learned", "observed", "save", "sketched", "summed_up"]

_BATCH = 1 << 20  # bytes
_PIECE = 32 << 20  # bytes that a task on another machine reads


class Observer:
    """Observes batches as readers hand them on; the function that engines map over their data. Picklable.

    Args:
        extract: how the text of HTML pages is found; as in the run that will use the memory.

    """

    def __init__(self, extract: Mode = "balanced") -> None:
        self.extract = extract

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the observations of a batch (`cleaner.memory.observe.OBSERVED`).

        What has no text shows nothing, and neither does a document that makes a library raise.
        """
        try:
            return self._observed(batch)
        except Exception:  # noqa: BLE001 - whatever it is belongs to one document, which the run will set aside
            if batch.num_rows == 1:
                return _batch(OBSERVED.empty_table())
            half = batch.num_rows // 2
            return pa.concat_batches([self(batch.slice(0, half)), self(batch.slice(half))])

    def _observed(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        inputs = read_columns(batch, self.extract)
        good = [index for index, error in enumerate(inputs.errors) if error is None]
        sites = [inputs.contexts[index].site or site_of(inputs.contexts[index].url) for index in good]
        texts = [each.text for each in repair([inputs.texts[index] for index in good])]
        return _batch(observe(texts, sites))


def learn(
    inputs: Sequence[str],
    *,
    format: str | None = None,  # noqa: A002 - the word of the field
    reading: ReadOptions | None = None,
    extract: Mode = "balanced",
    skip: Collection[str] = (),
    workers: int = 0,
) -> Memory:
    """Learn what the sites of all inputs repeat.

    Args:
        inputs: files, folders, patterns or addresses.
        format: read every input as this format.
        reading: how inputs are read.
        extract: how the text of HTML pages is found.
        skip: files and folders that are no input although they lie in one.
        workers: worker processes; 0 for none.

    Returns:
        The memory: the same for any order of the inputs.

    Raises:
        InputError: an input cannot be read, or is standard input.

    """
    with Sketch() as sketch:
        sketched(sketch, inputs, format=format, reading=reading, extract=extract, skip=skip, workers=workers)
        return finished(sketch.counts())


def sketched(
    sketch: Sketch,
    inputs: Sequence[str],
    *,
    format: str | None = None,  # noqa: A002
    reading: ReadOptions | None = None,
    extract: Mode = "balanced",
    skip: Collection[str] = (),
    workers: int | None = None,
    limits: Limits | None = None,
    each: Each | None = None,
) -> None:
    """Add the documents of all inputs to a sketch, with so many worker processes, None for what suits the input.

    Where `each` runs tasks on other machines, these observe, and this one adds up.

    Raises:
        InputError: as for `learn`.

    """
    if STDIN in inputs:
        raise InputError(
            "a stream cannot be learned from: it would have to be read twice. Learn from files with "
            "`cleaner learn`, and give the memory to the run with --memory"
        )
    reading = reading or ReadOptions()
    sources = find_sources(inputs, format, skip).sources
    check_columns(sources, reading)
    if each is not None:
        for _, table in each(partial(observed, reading=reading, extract=extract), divided(sources, _PIECE)):
            sketch.add(table)
        return
    batches = read_batches(sources, _BATCH, reading)
    head = list(islice(batches, 2))
    chosen = workers_for(sum(source.size for source in sources), workers, small=len(head) < 2)
    with closing(mapped_batches(chain(head, batches), Observer(extract), chosen, limits)) as seen:
        for batch in seen:
            sketch.add(pa.Table.from_batches([batch]))


def observed(sized: Sized, reading: ReadOptions, extract: Mode) -> pa.Table:
    """Return the observations of a source, or of a stretch of one; a task for any machine."""
    observer = Observer(extract)
    seen = [observer(batch) for batch in read_batches([sized.source], _BATCH, reading)]
    return pa.Table.from_batches(seen, schema=OBSERVED).combine_chunks()


def learn_documents(documents: Iterable[Document]) -> Memory:
    """Learn what the sites of documents repeat; the site is `metadata["site"]`, else the host of the address."""
    with Sketch() as sketch:
        texts: list[str] = []
        sites: list[str | None] = []
        for document in documents:
            texts.append(document.text)
            sites.append(document.metadata.get("site") or site_of(document.url))
            if len(texts) == 500:
                sketch.learn([each.text for each in repair(texts)], sites)
                texts, sites = [], []
        sketch.learn([each.text for each in repair(texts)], sites)
        return finished(sketch.counts())


def learned(
    inputs: Sequence[str],
    output: str,
    settings: Settings,
    options: RunOptions,
    path: str | None = None,
    each: Each | None = None,
) -> Settings:
    """Learn from the inputs of a run before it, and return its settings with the memory.

    The memory is written to `path`, else beside an output on this disk, for people to look at and for later runs. A
    run that goes on (`options.resume`) uses the memory that lies there. `each` runs tasks on other machines, if any.

    Raises:
        InputError: the output or an input cannot be used.

    """
    target = Target(output, options.quarantine)
    target.check(overwrite=options.overwrite, resume=options.resume)
    place = Path(path) if path else _beside(target)
    if options.resume and place is not None and place.exists():
        return replace(settings, memory=str(place))
    skip = [*target.files, *([str(place)] if place else [])]
    with Sketch() as sketch:
        sketched(
            sketch,
            inputs,
            format=options.format,
            reading=options.reading,
            extract=settings.extract,
            skip=skip,
            workers=options.workers,
            limits=options.limits,
            each=each,
        )
        memory = finished(sketch.counts())
    if place is not None:
        if place.exists():
            memory = with_edits(memory, read_memory(place))
        save(memory, place)
    if not options.quiet:
        print(summed_up(memory, place), file=sys.stderr)  # noqa: T201
    return replace(settings, memory=memory)


def summed_up(memory: Memory, place: Path | None) -> str:
    """Say in a sentence what was learned."""
    return f"learned {len(memory):,} lines of {len(memory.sites):,} sites" + (f" -> {place}" if place else "")


def save(memory: Memory, path: Path) -> None:
    """Write a memory; what is there is replaced only once the new one is whole."""
    part = path.with_name(f".{path.name}.part")
    memory.save(part)
    part.replace(path)


def _beside(target: Target) -> Path | None:
    if target.is_stdout or target.is_remote:
        return None
    return target.path.with_name(f"{target.path.name.split('.')[0]}.memory.parquet")


def _batch(table: pa.Table) -> pa.RecordBatch:
    whole = table.combine_chunks().to_batches()
    return whole[0] if whole else pa.RecordBatch.from_pylist([], schema=table.schema)
