"""Clean as a step of a datatrove pipeline. Needs the extra `datatrove`.

datatrove's own extra `processing` pins an old trafilatura. Nothing here imports it, so that both can live
in one environment as long as pages are extracted by datatrove.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from datatrove.pipeline.base import PipelineStep

from cleaner.executors.isolate import batch_function
from cleaner.record import storable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from datatrove.data import Document
    from datatrove.pipeline.writers.disk_base import DiskWriter

    from cleaner.executors.isolate import Limits
    from cleaner.pipeline import Cleaner

    BatchFunction = Callable[[pa.RecordBatch], pa.RecordBatch]

__all__ = ["CleanerStep"]

_MOST_ROWS = 1_000
_MOST_CHARACTERS = 1 << 20
_GIVEN = ("url", "title", "language")
_MOVED = ("id", "source", "url", "site", "text")


class CleanerStep(PipelineStep):  # type: ignore[misc]  # datatrove has no types
    """Cleans the text of documents.

    What is known of a document in the end stands in its `metadata["cleaner"]`: the columns of the record
    that have a value, the edits among them. A document that could not be cleaned keeps its text, with
    `error` there. Where an `exclusion_writer` is given, such documents and those of which nothing is left
    go there instead, with the text they came with and the reason under `filter_reason`, as datatrove's
    filters write it.

    Args:
        cleaner: a `Cleaner`, or another batch function.
        isolate: contain documents that hang or crash, with these limits for each.
        exclusion_writer: takes what is taken out.

    """

    type = "🧹 - CLEANER"
    name = "cleaner"

    def __init__(
        self,
        cleaner: Cleaner | BatchFunction,
        *,
        isolate: bool | Limits = True,
        exclusion_writer: DiskWriter | None = None,
    ) -> None:
        super().__init__()
        self.exclusion_writer = exclusion_writer
        self._function = batch_function(cleaner, isolate)

    def run(self, data: Iterable[Document], rank: int = 0, world_size: int = 1) -> Iterator[Document]:  # noqa: ARG002 - datatrove's own signature
        """Clean documents and yield them in their order."""
        with self.exclusion_writer or contextlib.nullcontext() as writer:
            for documents in _batches(data or ()):
                with self.track_time("batch"):
                    rows = self._function(_as_batch(documents)).to_pylist()
                for document, row in zip(documents, rows, strict=True):
                    reason = self._noted(document, row)
                    if reason is not None and writer is not None:
                        document.metadata["filter_reason"] = reason
                        writer.write(document, rank)
                        continue
                    if row["error"] is None:
                        document.text = row["text"]
                    self.update_doc_stats(document)
                    yield document

    def _noted(self, document: Document, row: dict[str, Any]) -> str | None:
        """Put what is known into the metadata of a document; return why it might be taken out."""
        self.stat_update("total")
        known = {name: value for name, value in row.items() if value not in (None, []) and name not in _MOVED}
        document.metadata["cleaner"] = known
        if row["error"] is not None:
            self.stat_update("failed")
            return "cleaner: error"
        self.stat_update("edits", value=len(known.get("edits", ())))
        self.stat_update("removed_characters", value=row["chars_in"] - row["chars_out"])
        if row["text"]:
            return None
        self.stat_update("emptied")
        return "cleaner: nothing left"


def _batches(documents: Iterable[Document]) -> Iterator[list[Document]]:
    batch: list[Document] = []
    held = 0
    for document in documents:
        if batch and (len(batch) == _MOST_ROWS or held + len(document.text) > _MOST_CHARACTERS):
            yield batch
            batch, held = [], 0
        batch.append(document)
        held += len(document.text)
    if batch:
        yield batch


def _as_batch(documents: Sequence[Document]) -> pa.RecordBatch:
    columns: dict[str, list[str | None]] = {
        "id": [storable(str(document.id)) for document in documents],
        "text": [storable(document.text) for document in documents],
    }
    for name in _GIVEN:
        columns[name] = [_given(document.metadata.get(name)) for document in documents]
    return pa.record_batch({name: pa.array(values, pa.string()) for name, values in columns.items()})


def _given(value: object) -> str | None:
    return storable(value) if isinstance(value, str) and value else None
