"""A few seconds of the fuzzer with a fresh seed, which is printed; `python -m tests.fuzz --minutes 60` looks for longer."""

from __future__ import annotations

import random
import time

import click
import pytest

from tests.fuzz.cases import FAMILIES, broken

SECONDS = {"documents": 10, "pages": 4, "files": 4}  # of this process


@pytest.mark.parametrize("family", FAMILIES)
def test_no_promise_is_broken(family: str) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    click.echo(f"{family}: from seed {seed}")
    end = time.process_time() + SECONDS[family]
    while time.process_time() < end:
        assert list(broken(family, seed)) == [], (
            f"python -m tests.fuzz --family {family} --seed {seed} --cases 1"
        )
        seed += 1
