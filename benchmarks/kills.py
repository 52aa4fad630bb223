"""Kill a run by SIGKILL at random moments, resume it, and compare the bytes with an undisturbed run.

    python benchmarks/kills.py --points 200

Two ways alternate: from outside at a random time, workers and all, and at a random call of a function of
the package in the main process, which hits the short moments between two writes. Every run that was
killed is resumed, and half of those are killed once more first.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def command(inputs: Path, output: Path, **more: object) -> list[str]:
    """Return the command of a run with small parts."""
    options = {"quiet": True, "workers": more.pop("workers", 0), "resume": more.pop("resume", False)}
    given = {
        "inputs": [str(inputs)],
        "output": str(output),
        "options": options,
        "batch_bytes": 20_000,
        **more,
    }
    return [sys.executable, "-m", "tests.executors.driver", json.dumps(given)]


def corpus(folder: Path) -> None:
    """Write documents, some of them damaged, some of them repeated, one that raises."""
    folder.mkdir()
    lines = [
        json.dumps({"id": str(n), "text": f"text {n % 900} " + "word " * (n % 300)}) for n in range(1_000)
    ]
    lines[300], lines[500] = "{broken", json.dumps({"id": "bad", "text": "Raise"})
    (folder / "a.jsonl").write_text("\n".join(lines))
    for number in range(200):
        (folder / f"b{number:03}.txt").write_text(f"text {number}")


def killed(
    inputs: Path, output: Path, calls: int, seconds: float, draw: random.Random, *, resume: bool
) -> bool:
    """Run and kill; return whether the run was killed before its end."""
    if draw.random() < 0.5:
        kill_at = draw.randrange(1, calls)
        run = subprocess.run(
            command(inputs, output, kill_at=kill_at, resume=resume),
            cwd=ROOT,
            capture_output=True,
            check=False,
        )
        return run.returncode == -9
    running = subprocess.Popen(
        command(inputs, output, workers=2, resume=resume), cwd=ROOT, stdout=subprocess.DEVNULL
    )
    time.sleep(draw.random() * seconds)
    running.kill()
    return running.wait() == -9


def main() -> None:
    """Kill, resume, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    draw = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as folder:
        inputs, whole = Path(folder, "in"), Path(folder, "whole")
        corpus(inputs)
        whole.mkdir()
        calls = int(
            subprocess.run(
                command(inputs, whole / "out.parquet"), cwd=ROOT, capture_output=True, check=False
            ).stdout
        )
        begun = time.monotonic()
        subprocess.run(
            command(inputs, whole / "again.parquet", workers=2), cwd=ROOT, capture_output=True, check=False
        )
        seconds = time.monotonic() - begun
        expected = [(whole / name).read_bytes() for name in ("out.parquet", "out.quarantine.parquet")]
        hits = wrong = 0
        for point in range(given.points):
            place = Path(folder, "killed")
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            output = place / "out.parquet"
            hits += killed(inputs, output, calls, seconds, draw, resume=False)
            if draw.random() < 0.5:
                hits += killed(inputs, output, calls, seconds, draw, resume=True)
            rest = subprocess.run(
                command(inputs, output, resume=True), cwd=ROOT, capture_output=True, text=True, check=False
            )
            files = [output, output.with_name("out.quarantine.parquet")]
            same = all(path.exists() for path in files) and [path.read_bytes() for path in files] == expected
            if not same or len(list(place.iterdir())) != 2:
                wrong += 1
                print(f"point {point}: differs; exit code {rest.returncode}; {rest.stderr[-500:]}")
        print(
            f"{given.points} points, {hits} kills: {given.points - wrong} ended with the same bytes, {wrong} did not"
        )


if __name__ == "__main__":
    main()
