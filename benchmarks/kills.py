"""Kill a run by SIGKILL at random moments, resume it, and compare the bytes with an undisturbed run.

    python benchmarks/kills.py --points 200

Two ways alternate: from outside at a random time, workers and all, and at a random call of a function of
the package in the main process, which hits the short moments between two writes. Every run that was
killed is resumed, and half of those are killed once more first. One file and a folder of parts take turns.

What runs is a copy of the package, made at the start, so that the tree may change meanwhile. The exit code is 1
when any output differs.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
OUTPUTS = ("out.parquet", "out/")


class Whole(NamedTuple):
    """An undisturbed run: its files, the calls of functions it took, and its seconds with workers."""

    files: dict[str, bytes]
    calls: int
    seconds: float


class Copy:
    """A copy of the package and of what drives it, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("cleaner", "rules", "tests/executors"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "tests" / "__init__.py", folder / "tests")
        self._environment = {**os.environ, "PYTHONPATH": str(folder)}

    def start(
        self, inputs: Path, output: str, *, workers: int = 0, resume: bool = False, kill_at: int | None = None
    ):
        """Start a run with small parts."""
        options = {"quiet": True, "workers": workers, "resume": resume}
        options["rows_per_file"] = 150 if output.endswith("/") else None
        given = {
            "inputs": [str(inputs)],
            "output": output,
            "options": options,
            "batch_bytes": 20_000,
            "kill_at": kill_at,
        }
        return subprocess.Popen(
            [sys.executable, "-m", "tests.executors.driver", json.dumps(given)],
            cwd=self.folder, env=self._environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def whole(self, inputs: Path, place: Path, name: str) -> Whole:
        """Run without a kill, alone and with workers."""
        place.mkdir(parents=True)
        run = self.start(inputs, f"{place}/{name}")
        calls, errors = run.communicate()
        if run.returncode != 1:  # some documents are damaged
            sys.exit(f"the undisturbed run failed with exit code {run.returncode}: {errors[-2000:]}")
        expected = files(place)
        begun = time.monotonic()
        self.start(inputs, f"{place}/again-{name}", workers=2).communicate()
        return Whole(expected, int(calls), time.monotonic() - begun)

    def killed(self, inputs: Path, output: str, whole: Whole, draw: random.Random, *, resume: bool) -> bool:
        """Run and kill; return whether the run was killed before its end."""
        if draw.random() < 0.5:
            run = self.start(inputs, output, kill_at=draw.randrange(1, whole.calls), resume=resume)
        else:
            run = self.start(inputs, output, workers=2, resume=resume)
            time.sleep(draw.random() * whole.seconds)
            run.kill()
        run.communicate()
        return run.returncode == -9


def files(place: Path) -> dict[str, bytes]:
    """Return all files below a folder, the hidden ones too."""
    return {
        path.relative_to(place).as_posix(): path.read_bytes() for path in place.rglob("*") if path.is_file()
    }


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


def main() -> None:
    """Kill, resume, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    draw = random.Random(given.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inputs, place = folder / "in", folder / "killed"
        corpus(inputs)
        copy = Copy(folder / "copy")
        wholes = [copy.whole(inputs, folder / f"whole-{n}", output) for n, output in enumerate(OUTPUTS)]
        hits = wrong = 0
        for point in range(given.points):
            whole, output = wholes[point % 2], f"{place}/{OUTPUTS[point % 2]}"
            shutil.rmtree(place, ignore_errors=True)
            place.mkdir()
            hits += copy.killed(inputs, output, whole, draw, resume=False)
            if draw.random() < 0.5:
                hits += copy.killed(inputs, output, whole, draw, resume=True)
            rest = copy.start(inputs, output, resume=True)
            _, errors = rest.communicate()
            found = files(place)
            if found != whole.files:
                wrong += 1
                odd = sorted(set(found) ^ set(whole.files))
                print(f"point {point}: differs {odd}; exit code {rest.returncode}; {errors[-500:]}")
            if (point + 1) % 20 == 0:
                print(f"{point + 1} of {given.points} points, {hits} kills, {wrong} differ", flush=True)
    print(
        f"{given.points} points, {hits} kills: {given.points - wrong} ended with the same bytes, {wrong} did not"
    )
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
