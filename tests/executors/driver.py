"""A run in a process of its own, for tests that kill it: `python -m tests.executors.driver OPTIONS`.

The options are a JSON object. `kill_at` ends the process by SIGKILL at that call of a function of the
package in its main thread; the number of all calls is printed at the end of a run that was not killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import cleaner
from cleaner.cli import guarded
from tests.executors.faults import Faulty, Waits

HOME = str(Path(cleaner.__file__).parent)


def main() -> int:
    import click

    from cleaner.executors.limits import Limits
    from cleaner.io.groups import Sizes
    from cleaner.run import RunOptions, run
    from cleaner.settings import Settings

    given = json.loads(sys.argv[1])
    clean = Waits(Path(given["fifo"])) if "fifo" in given else Faulty()
    options = RunOptions(
        sizes=Sizes(group_rows=given.get("group_rows", 40)),
        batch_bytes=given.get("batch_bytes", 3000),
        limits=Limits(seconds=given.get("seconds", 60.0)),
        **given.get("options", {}),
    )
    calls = _count(given.get("kill_at"))
    command = click.Command(
        "run",
        callback=lambda: run(
            given["inputs"], given["output"], settings=Settings(), options=options, clean=clean
        ),
    )
    code = guarded(command, [])
    sys.setprofile(None)
    if not given.get("options", {}).get("log_json"):
        sys.stdout.write(f"{calls[0]}\n")
    return code


def _count(kill_at: int | None) -> list[int]:
    calls = [0]

    def count(frame: object, event: str, argument: object) -> None:
        if event in ("call", "c_call") and frame.f_code.co_filename.startswith(HOME):
            calls[0] += 1
            if calls[0] == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(count)
    return calls


if __name__ == "__main__":
    sys.exit(main())
