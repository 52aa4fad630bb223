"""A corpus to measure on: articles of drawn words, with furniture put in at given rates.

    python benchmarks/corpus.py --documents 60000 -o corpus.parquet

The words are those of the invented texts of the tests, language by language, drawn as often as they stand there; an
article has about 3.3 kB. With `--tempting` the paragraphs are whole sentences of those texts, which speak of newsletters,
cookies and comments on purpose: the worst case for the rules. The same options give the same bytes.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXTS = Path(__file__).resolve().parent.parent / "tests" / "negative"
FURNITURE = [
    ["Discover more from Harbour Notes", "Subscribe to get the latest posts sent to your email."],
    ["Share this:", "Facebook", "X", "WhatsApp", "Email"],
    [
        "Leave a Reply",
        "Your email address will not be published. Required fields are marked *",
        "Comment *",
        "Post Comment",
    ],
    ["Sign up for our newsletter"],
    ["Home", "News", "Weather", "Sport", "Contact", "About us", "Privacy policy"],
    ["Read more"],
]


def documents(
    count: int, *, seed: int = 1, dirty: float = 0.5, broken: float = 0.03, tempting: bool = False
) -> Iterator[str]:
    """Yield texts. `dirty` is the share with furniture, `broken` that with mojibake."""
    draw = random.Random(seed)
    sentences = _sentences()
    words = {language: _Words(lines) for language, lines in sentences.items()}
    for _ in range(count):
        language = draw.choices(list(sentences), [len(lines) for lines in sentences.values()])[0]
        if tempting:
            lines = [draw.choice(sentences[language]).rstrip(".")[:80]]
            lines += [_paragraph(draw, sentences[language]) for _ in range(draw.randint(6, 16))]
        else:
            lines = [words[language].sentence(draw, 5, 10).rstrip(".?!")]
            lines += [words[language].paragraph(draw) for _ in range(draw.randint(6, 17))]
        if draw.random() < dirty:
            for _ in range(draw.randint(1, 3)):
                place = draw.choice([0, len(lines), draw.randint(1, len(lines))])
                lines[place:place] = draw.choice(FURNITURE)
            if draw.random() < 0.3:
                lines.insert(draw.randint(1, 3), lines[0])
        text = "\n".join(lines)
        yield text.encode().decode("latin-1") if draw.random() < broken else text


def _sentences() -> dict[str, list[str]]:
    """Return lines of prose by language, of the languages that have enough of them."""
    found: dict[str, list[str]] = {}
    for path in sorted(TEXTS.glob("*.txt")):
        lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
        found.setdefault(path.name.split("-")[0], []).extend(line for line in lines if len(line) > 50)
    return {language: sorted(set(lines)) for language, lines in found.items() if len(lines) >= 30}


class _Words:
    """The words of a language with how often each stands in our texts."""

    def __init__(self, lines: list[str]) -> None:
        counts = Counter(word.strip("\"'«»“”„()[].,;:!?…").lower() for line in lines for word in line.split())
        self.words = [word for word in counts if word.isalpha()]
        self.sums = list(accumulate(counts[word] for word in self.words))

    def sentence(self, draw: random.Random, least: int, most: int) -> str:
        words = draw.choices(self.words, cum_weights=self.sums, k=draw.randint(least, most))
        words = [f"{word}," if draw.random() < 0.08 else word for word in words[:-1]] + words[-1:]
        text = " ".join(words)
        return text[0].upper() + text[1:] + draw.choice("......?!")

    def paragraph(self, draw: random.Random) -> str:
        return " ".join(self.sentence(draw, 6, 24) for _ in range(draw.randint(2, 5)))


def _paragraph(draw: random.Random, sentences: list[str]) -> str:
    # A number makes every paragraph its own, as in a real corpus, where few paragraphs stand twice.
    chosen = draw.sample(sentences, draw.randint(1, 4))
    return f"{' '.join(chosen)} ({draw.randint(1, 10**6)})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=60_000)
    parser.add_argument("--dirty", type=float, default=0.5, help="share of documents with furniture")
    parser.add_argument("--broken", type=float, default=0.03, help="share of documents with mojibake")
    parser.add_argument("--tempting", action="store_true", help="sentences that tempt the rules")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    rates = {name: getattr(options, name) for name in ("seed", "dirty", "broken", "tempting")}
    texts = list(documents(options.documents, **rates))
    table = pa.table({"id": [f"doc-{number}" for number in range(len(texts))], "text": texts})
    pq.write_table(table, options.output, compression="zstd", row_group_size=2000)
    print(
        f"{len(texts)} documents, {sum(len(text.encode()) for text in texts) / 1e6:.1f} MB -> {options.output}"
    )


if __name__ == "__main__":
    main()
