"""Run the command `clean` in a process of its own and say what it took."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent

_RUN = """if True:
    import resource, sys, time
    begun = time.perf_counter()
    from cleaner.cli import command, guarded


    def peak(usage):
        try:  # the usage holds what the process was forked from, too
            lines = open("/proc/self/status").read().splitlines()
        except OSError:
            return usage.ru_maxrss / 1024
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

    code = guarded(command, sys.argv[1:])
    wall = time.perf_counter() - begun
    main, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    print(code, wall, main.ru_utime + main.ru_stime, others.ru_utime + others.ru_stime,
          peak(main), others.ru_maxrss / 1024)
"""


class Taken(NamedTuple):
    """Seconds of the clock, CPU seconds of the main process and of all workers, peak MB of the main and of a worker."""

    wall: float
    main: float
    workers: float
    main_peak: float
    worker_peak: float


def clean(source: Path, target: Path, workers: int, *options: str) -> Taken:
    """Clean a file with so many worker processes; what is there is replaced."""
    given = [str(source), "-o", str(target), "--overwrite", "-q", "--workers", str(workers), *options]
    done = subprocess.run(
        [sys.executable, "-c", _RUN, *given],
        check=True,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    code, *taken = map(float, done.stdout.split())
    if code:
        sys.exit(f"the command ended with {code:.0f}: {done.stderr[-1000:]}")
    return Taken(*taken)
