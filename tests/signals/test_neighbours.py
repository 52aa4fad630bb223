"""A text has the same signals, to the last bit, whatever else is in its batch."""

from __future__ import annotations

from cleaner.signals import compute
from tests.engines.poison import texts


def test_no_signal_depends_on_the_neighbours() -> None:
    made = texts(300)
    # Letters that fold to several have the words of their whole batch hashed another way.
    together = compute([*made, "½ ß œ ﬁ İ"])
    assert compute(made).to_pylist() == together.to_pylist()[:300]
