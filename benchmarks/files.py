"""CPU time for each of many small files, when there are ten times as many: it should not change.

    python benchmarks/files.py --files 100000

Finds and reads the files, without cleaning. The two sizes are measured in turn, five times; the ratio of
the medians is what counts.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from cleaner.io.reading import read_batches
from cleaner.io.sources import find_sources


def microseconds(folder: Path, count: int) -> float:
    """Return the CPU time a file, in microseconds."""
    begun = time.process_time()
    rows = sum(batch.num_rows for batch in read_batches(find_sources([str(folder)]).sources, 1 << 20))
    assert rows == count
    return (time.process_time() - begun) / count * 1e6


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=100_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        sizes = {Path(name, str(count)): count for count in (given.files // 10, given.files)}
        for folder, count in sizes.items():
            folder.mkdir()
            for number in range(count):
                place = folder / f"{number // 1000:03}"
                place.mkdir(exist_ok=True)
                (place / f"{number}.txt").write_text(f"text {number} " + "word " * 100)
        times = {count: [] for count in sizes.values()}
        for _ in range(5):
            for folder, count in sizes.items():
                times[count].append(microseconds(folder, count))
        few, many = (statistics.median(each) for each in times.values())
        print(
            f"{given.files // 10:,} files: {few:.0f} us each; {given.files:,}: {many:.0f} us each; ratio {many / few:.2f}"
        )


if __name__ == "__main__":
    main()
