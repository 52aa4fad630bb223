"""A batch function with documents that raise, hang, or kill their process, and texts to run it on."""

from __future__ import annotations

import os
import signal
import time
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pyarrow as pa

from cleaner import Cleaner

if TYPE_CHECKING:
    from cleaner.executors.isolate import BatchFunction

RAISES, HANGS, KILLS, EXITS, EATS, ORPHANS, WAITS = (
    f"poison that {verb}" for verb in ("raises", "hangs", "kills", "exits", "eats", "orphans", "waits")
)

ERRORS = {
    RAISES: "raised ValueError: bad document",
    HANGS: "ran longer than",
    WAITS: "ran longer than",
    KILLS: "killed its worker with SIGKILL",
    EXITS: "ended its worker with exit code 3",
    EATS: "needed more memory than a worker may have",
}


def poisoned(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Clean a batch, unless one of its documents is poison."""
    for text in batch.column("text").to_pylist():
        if text == RAISES:
            raise ValueError("bad document")
        while text == HANGS:
            pass
        if text == WAITS:
            time.sleep(3600)
        if text == KILLS:
            os.kill(os.getpid(), signal.SIGKILL)
        if text == ORPHANS:
            os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(3600)
        if text == EXITS:
            os._exit(3)
        if text == EATS:
            _ = [bytearray(1 << 26) for _ in range(1 << 10)]
    return _cleaner().clean_batch(batch)


@cache
def _cleaner() -> Cleaner:
    return Cleaner()


def killing_once(path: str) -> BatchFunction:
    """Return a function that kills its process the first time: what an operator or the kernel may do."""
    return _KillingOnce(path)


class _KillingOnce:
    def __init__(self, path: str) -> None:
        self.path = Path(path)

    def __call__(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        if "id" in batch.schema.names and not self.path.exists():
            self.path.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return _cleaner().clean_batch(batch)


SENTENCES = (
    "The ferry leaves the north quay at seven in the morning.",
    "Subscribe to get the latest posts sent to your email.",
    "Share this:",
    "Nobody had opened the old mill since the flood of last spring.",
    "Die Brücke über den Bach wurde im Herbst neu gebaut.",
    "It was caf\u00c3\u00a9 weather, they said &amp; went home.",
    "Le marché ouvre chaque jeudi devant la petite gare.",
    "Like Loading...",
    "She counted forty-one lanterns along the harbour wall.",
    "Read more",
)


def texts(count: int, seed: int = 7) -> list[str]:
    """Return texts of one to thirty lines, furniture and repeated lines among them."""
    random = Random(seed)
    return ["\n".join(random.choices(SENTENCES, k=random.randint(1, 30))) for _ in range(count)]


def documents(count: int, seed: int = 7) -> pa.RecordBatch:
    """Return a batch with ids, addresses and a column of the caller's own."""
    made = texts(count, seed)
    return pa.record_batch(
        {
            "id": [f"doc-{number:05}" for number in range(count)],
            "url": [f"https://www.site{number % 7}.example/{number}" for number in range(count)],
            "text": made,
            "place": pa.array(range(count), pa.int32()),
        }
    )


def with_poison(batch: pa.RecordBatch, places: dict[int, str]) -> pa.RecordBatch:
    """Return the batch with poison as the text of some documents."""
    made = batch.column("text").to_pylist()
    for place, text in places.items():
        made[place] = text
    return batch.set_column(batch.schema.get_field_index("text"), "text", pa.array(made))
