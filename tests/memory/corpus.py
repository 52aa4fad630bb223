"""Invented documents of invented sites, with furniture that their site repeats."""

from __future__ import annotations

import random

NOUNS = [
    "ferry",
    "harbour",
    "council",
    "mill",
    "orchard",
    "bridge",
    "lantern",
    "quarry",
    "tram",
    "weir",
    "chapel",
    "market",
]
VERBS = ["opened", "closed", "moved", "waited", "returned", "burned", "flooded", "stood", "leaned", "creaked"]
HARBOUR, MILL = "harbour.example", "mill.example"


def paragraph(numbers: random.Random) -> str:
    """Return a paragraph that no other document holds."""
    words = [
        f"the {numbers.choice(NOUNS)} {numbers.choice(VERBS)} {numbers.randrange(10**6)}" for _ in range(6)
    ]
    return (" while ".join(words) + ".").capitalize()


def article(number: int, site: str = HARBOUR) -> str:
    """Return an article with what its site puts around it."""
    numbers = random.Random(f"{site} {number}")
    body = [paragraph(numbers) for _ in range(7)]
    if site == MILL:
        return "\n".join([*body, "Share this article", "Mill Gazette"])
    body.insert(1, "Advertisement")
    body.insert(4, "Advertisement")
    if number % 3 == 0:
        body.insert(5, "Background")
    if number % 4 == 0:
        body.insert(
            6, "The ferry has run since the old bridge fell into the river, and many still cross by it."
        )
    end = ["Read also: " + paragraph(numbers)[:60], "Kindly share this story:", "Subscribe to our newsletter"]
    return "\n".join([f"By Ada Quill {'Brook' if number % 2 else 'Marsh'}", *body, *end])


def corpus(count: int = 40, site: str = HARBOUR) -> list[tuple[str, str]]:
    """Return texts with their site."""
    return [(article(number, site), site) for number in range(count)]
