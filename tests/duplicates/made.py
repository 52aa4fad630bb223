"""Made texts with near-copies, and what a reader with all the time in the world would find among them."""

from __future__ import annotations

import random
import re
from itertools import combinations

_SYLLABLES = "ba de fi go lu ma ne po ra si ta vo zu kel mon dar wes tin".split()  # noqa: SIM905 - reads best as a line


def sentence(draw: random.Random, least: int = 8, most: int = 22) -> str:
    words = [
        "".join(draw.choices(_SYLLABLES, k=draw.randint(1, 4))) for _ in range(draw.randint(least, most))
    ]
    return " ".join(words).capitalize() + "."


def article(draw: random.Random, paragraphs: int = 6) -> str:
    return "\n\n".join(" ".join(sentence(draw) for _ in range(3)) for _ in range(paragraphs))


def near_copy(draw: random.Random, text: str, changes: int) -> str:
    """Return a text with words changed, a by-line put in front or a tail cut off."""
    words = text.split(" ")
    for _ in range(changes):
        words[draw.randrange(len(words))] = "".join(draw.choices(_SYLLABLES, k=3))
    changed = " ".join(words)
    match draw.randrange(4):
        case 0:
            return f"By {sentence(draw, 2, 3)}\n\n{changed}"
        case 1:
            return changed[: int(len(changed) * 0.95)]
        case 2:
            return changed.upper().replace(" ", "  ")
        case _:
            return changed


def corpus(seed: int, originals: int, copies: int) -> list[dict[str, str]]:
    draw = random.Random(seed)
    texts = [article(draw) for _ in range(originals)]
    texts += [near_copy(draw, draw.choice(texts), draw.choice((0, 1, 3, 6, 12, 30))) for _ in range(copies)]
    rows = [
        {"id": f"n{number:05}", "text": text, "date": f"2024-01-{1 + number % 28:02}"}
        for number, text in enumerate(texts)
    ]
    draw.shuffle(rows)
    return rows


def shingles(text: str, words: int = 5) -> set[tuple[str, ...]]:
    """Return the shingles of a text in a spaced script, by definition."""
    found = re.findall(r"\w+", text.lower())
    return (
        {tuple(found[place : place + words]) for place in range(max(len(found) - words, 0) + 1)}
        if found
        else set()
    )


def jaccard(first: set[tuple[str, ...]], second: set[tuple[str, ...]]) -> float:
    return len(first & second) / len(first | second)


def alike(texts: list[str], least: float) -> dict[tuple[int, int], float]:
    """Return all pairs of texts that are as similar as that."""
    sets = [shingles(text) for text in texts]
    return {
        (first, second): found
        for first, second in combinations(range(len(texts)), 2)
        if sets[first] and sets[second] and (found := jaccard(sets[first], sets[second])) >= least
    }


def clusters(count: int, pairs: dict[tuple[int, int], float]) -> list[int]:
    """Return for each text the lowest of those it is connected to."""
    root = list(range(count))

    def find(node: int) -> int:
        while root[node] != node:
            node = root[node]
        return node

    for first, second in pairs:
        one, other = sorted((find(first), find(second)))
        root[other] = one
    return [find(node) for node in range(count)]
