"""Memory of a run on a corpus of any size: the sum over the main process and its workers, sampled.

    python benchmarks/memory.py --megabytes 5000 --workers 2

A JSONL file is generated (the same options give the same bytes), cleaned by the command, and the
resident memory of all processes is read from /proc ten times a second; pages that processes share
are counted once (PSS). Prints the peak, the throughput, and what the peak was after the first tenth of
the time: memory that grows with the input would show there.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from corpus import documents

ROOT = Path(__file__).resolve().parent.parent


def generate(path: Path, megabytes: int) -> int:
    """Write about `megabytes` of JSON lines; texts repeat, ids do not."""
    texts = [json.dumps(text) for text in documents(2_000)]
    count = size = 0
    with path.open("w", encoding="utf-8") as file:
        while size < megabytes * 1_000_000:
            text = texts[count * 7919 % len(texts)]
            line = f'{{"id": "{count}", "url": "https://example.org/{count}", "text": "{count} {text[1:]}}}\n'
            file.write(line)
            size += len(line)
            count += 1
    return count


def descendants(pid: int) -> list[int]:
    """Return a process and those below it."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
            parents.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for each in found:
        found += parents.get(each, [])
    return found


def resident(pid: int) -> int:
    """Return the bytes of a process, its share of shared pages included."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--folder", type=Path, help="where the corpus and the output go")
    parser.add_argument("options", nargs="*", help="further options of the command, behind --")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=given.folder and given.folder.resolve()) as folder:
        for name in ("cleaner", "rules"):  # a copy, so that the tree may change meanwhile
            shutil.copytree(
                ROOT / name, Path(folder, "copy", name), ignore=shutil.ignore_patterns("__pycache__")
            )
        corpus, output = Path(folder, "corpus.jsonl"), Path(folder, "out")
        count = generate(corpus, given.megabytes)
        size = corpus.stat().st_size
        print(f"{count:,} documents, {size / 1e6:,.0f} MB, {given.workers} workers", flush=True)
        command = [sys.executable, "-m", "cleaner", str(corpus), "-o", f"{output}/", "-q"]
        command += ["--workers", str(given.workers), *given.options]
        begun = time.monotonic()
        copy = str(Path(folder, "copy"))
        running = subprocess.Popen(command, cwd=copy, env={**os.environ, "PYTHONPATH": copy})
        peaks: list[tuple[float, int, int]] = []
        while running.poll() is None:
            each = [resident(pid) for pid in descendants(running.pid)]
            peaks.append((time.monotonic() - begun, sum(each), each[0]))
            time.sleep(0.1)
        seconds = time.monotonic() - begun
        early = max((total for at, total, _ in peaks if at < seconds / 10), default=0)
        if running.returncode:
            sys.exit(f"the run failed with exit code {running.returncode}")
        print(f"peak of all processes   {max(total for _, total, _ in peaks) / 1e6:8,.0f} MB")
        print(f"  in the first tenth    {early / 1e6:8,.0f} MB")
        print(f"peak of the main one    {max(main for _, _, main in peaks) / 1e6:8,.0f} MB")
        print(f"throughput              {size / 1e6 / seconds:8.2f} MB/s, wall clock")


if __name__ == "__main__":
    main()
