"""Records for the tests of the report: small corpora of invented pages, cleaned and written as files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cleaner import Cleaner
from cleaner.io.parquet import record_schema
from cleaner.schema import SCHEMA

STORIES = [
    ("The ferry stops for repairs", "The ferry to Gull Island stops on Monday, and nobody knows for how long.\nThe harbour master has asked for a new gearbox, and the council has asked for a price."),
    ("A library on wheels", "Every second Thursday a van full of novels climbs the road to Upper Ellerby.\nIts driver has read all of them but one, which he is saving for his retirement."),
    ("Bees in the town hall", "The clerk heard them first, behind the portrait of the founder.\nThe beekeeper says there may be forty thousand, and that they are in no hurry."),
    ("Two bakers, one oven", "Since the flood the bakers of Marsh Lane take turns, one by night and one by day.\nTheir loaves cannot be told apart, which neither of them will admit."),
    ("The clock that runs late", "The church clock of Alder Bridge has been four minutes late since the war.\nWhen it was put right last spring, everybody missed the bus."),
]  # fmt: skip
FURNITURE = "Discover more from Harbour Notes\nSubscribe to get the latest posts sent to your email.\nType your email…\nSubscribe"
LEAVE = "2 bloggers like this.\nClick to share on Facebook (Opens in new window)"
ARABIC = "توقفت العبّارة إلى الجزيرة يوم الإثنين، ولا أحد يعرف إلى متى.\nSubscribe to get the latest posts sent to your email.\nقال مدير الميناء إن المحرك قديم مثل العبّارة نفسها."
HEBREW = "המעבורת לאי עצרה ביום שני, ואיש אינו יודע עד מתי.\nהספן אומר שהמנוע זקן כמו הים, ושניהם עובדים &quot;כשנוח להם&quot;."


def corpus() -> list[dict[str, str | None]]:
    """Return rows of a corpus with three sites, several languages, repairs, flags and a long line."""
    rows: list[dict[str, str | None]] = []
    for number in range(20):
        title, text = STORIES[number % len(STORIES)]
        site = ("harbour.example", "marsh.example", "hill.example")[number % 3]
        tail = {0: FURNITURE, 1: LEAVE, 2: ""}[number % 3]
        rows.append({
            "id": f"{site.split('.')[0]}/{number:02d}.txt", "url": f"https://www.{site}/{number}", "title": title,
            "text": f"{title}\n\n{text}\n\n{tail}".strip(),
        })  # fmt: skip
    rows += [
        {"id": "wires/mojibake.txt", "url": None, "title": None, "text": "El guardiÃ¡n, don FermÃ­n, pintÃ³ el faro.\nBramble &amp; Daughters sell but\u00adtons."},
        {"id": "wires/arabic.txt", "url": "https://mina.example/1", "title": None, "text": ARABIC},
        {"id": "wires/hebrew.txt", "url": "https://namal.example/1", "title": None, "text": HEBREW},
        {"id": "wires/long.txt", "url": None, "title": None, "text": "A line without an end: " + "and_so_on" * 2000 + "\nSubscribe to get the latest posts sent to your email."},
        {"id": "wires/many.txt", "url": None, "title": None, "text": "\n".join(f"The {n}th stone of the wall was laid by a hand nobody remembers." for n in range(40)) + "\n" + FURNITURE},
    ]  # fmt: skip
    return rows


def write_record(path: Path, rows: Sequence[dict[str, str | None]], **options: object) -> Path:
    """Clean rows and write them as a record file, with few rules, so that other packs change no test."""
    cleaner = Cleaner(**{"select": ("en/jetpack",), **options})
    names = ["id", "source", "url", "title", "text"]
    batch = pa.RecordBatch.from_arrays(
        [pa.array([row.get(name) for row in rows], pa.string()) for name in names], names=names
    )
    metadata = {
        "version": "test",
        "level": cleaner.settings.level,
        "rules": cleaner.settings.rules_hash(),
        "settings": json.dumps(cleaner.settings.described(), sort_keys=True),
    }
    schema = record_schema(metadata)
    pq.write_table(
        pa.Table.from_batches([cleaner.clean_batch(batch)]).select(SCHEMA.names).cast(schema), path
    )
    return path
