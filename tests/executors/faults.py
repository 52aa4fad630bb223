"""Batch functions that fail in the ways documents make code fail; picklable, for worker processes."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cleaner import Cleaner
from cleaner.fold import fingerprint, fold
from cleaner.record import Row, record_batch

if TYPE_CHECKING:
    import pyarrow as pa


class Faulty:
    """Returns each text in capitals, and fails at texts that begin with the name of a fault."""

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        rows = []
        for row in batch.to_pylist():
            known = {name: row[name] for name in ("id", "source", "site", "error", "metadata")}
            if row["error"] is not None:
                rows.append(Row(**known))
                continue
            text = row["text"] if row.get("text") is not None else (row["data"] or b"").decode()
            fault = getattr(self, text.split(" ", 1)[0].lower(), None) if text[:1].isupper() else None
            if fault is not None:
                fault()
            rows.append(
                Row(
                    **known,
                    text=text.upper(),
                    chars_in=len(text),
                    chars_out=len(text),
                    fingerprint=fingerprint(fold(text).encode()),
                )
            )
        return record_batch(rows)

    def raise_(self) -> None:
        raise ValueError("no such thing")

    def leave(self) -> None:
        sys.exit(3)

    def hang(self) -> None:
        signal.pause()

    def memory(self) -> None:
        held = []
        while True:
            held.append(bytearray(b"x" * (8 << 20)))

    def kill(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def die(self) -> None:
        os._exit(7)

    def deep(self) -> None:
        self.deep()

    def __getattr__(self, name: str) -> object:
        if name == "raise":
            return self.raise_
        raise AttributeError(name)


class KilledOnce(Faulty):
    """Kills its worker at the first batch that any process sees, as something outside might."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        try:
            self.mark.touch(exist_ok=False)
        except FileExistsError:
            return super().__call__(batch)
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError


class Short(Faulty):
    """Loses the last row of every batch of more than one."""

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        cleaned = super().__call__(batch)
        return cleaned.slice(0, max(1, cleaned.num_rows - 1))


class Unloadable:
    """A batch function that no worker can be started with."""

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        return batch

    def __reduce__(self) -> tuple[object, ...]:
        return os._exit, (1,)


class Waits(Faulty):
    """At a text that begins with `Wait`, tells the reader of a fifo that it is there, and then hangs."""

    def __init__(self, fifo: Path) -> None:
        self.fifo = fifo

    def wait(self) -> None:
        if self.fifo.exists():
            self.fifo.write_text("here")
            signal.pause()


class BrokenRule:
    """Cleans as the package does, with a rule engine that raises at a text with the word `poison`."""

    def __init__(self) -> None:
        self.cleaner = Cleaner(language=None, signals=False)
        self.cleaner._engine = _Breaking(self.cleaner._engine)

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        return self.cleaner.attempt_batch(batch)

    def __reduce__(self) -> tuple[object, ...]:
        return BrokenRule, ()


class _Breaking:
    def __init__(self, engine: object) -> None:
        self.engine = engine

    def clean(self, texts: list[str], contexts: object) -> object:
        if any("poison" in text for text in texts):
            raise LookupError("the rule broke at\nthis text")
        return self.engine.clean(texts, contexts)
