"""Look for broken promises in random input: `python -m tests.fuzz --minutes 60 [--seed N]`.

Each case is made from its seed alone, so `--seed N --cases 1` makes it again. A seed that broke a promise becomes a case of
`tests/fuzz/test_fuzz.py` once it is mended.
"""

from __future__ import annotations

import argparse
import random
import sys
import time

import click

from tests.fuzz.cases import FAMILIES, broken


def main() -> int:
    """Run cases until the time is over; print the seed of each that broke a promise."""
    asked = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    asked.add_argument("--minutes", type=float, default=1)
    asked.add_argument("--cases", type=int, default=0, help="stop after so many")
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    asked.add_argument("--family", choices=FAMILIES, action="append")
    given = asked.parse_args()
    click.echo(f"from seed {given.seed}")
    end = time.monotonic() + 60 * given.minutes
    done = failed = 0
    while time.monotonic() < end and (not given.cases or done < given.cases):
        for family in given.family or FAMILIES:
            for said in broken(family, given.seed + done):
                failed += 1
                click.echo(f"{family}, seed {given.seed + done}: {said}")
        done += 1
    click.echo(f"{done} seeds of {', '.join(given.family or FAMILIES)}; {failed} broken promises")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
