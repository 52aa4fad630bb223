"""Language: accuracy, cost and honesty of the detectors on the development half of the language data.

Run from the checkout: `python benchmarks/language.py [--quick]`. The data lie in `langbench/` under the
folder that the environment variable CLEANER_SHARED names (default: `shared` beside the checkout).
Costs are CPU time of this machine; trust the ratios.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import sys
import time
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from cleaner.language import DETECTORS, Language, identify, identify_shares, mixed  # noqa: E402 - after the path
from cleaner.language.codes import CONFUSABLE, LANGDETECT, normalise  # noqa: E402 - after the path

SHARED = Path(os.environ.get("CLEANER_SHARED", ROOT.parent / "shared"))
SIZES = ("short", "para", "article")
Row = dict[str, str]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="every fifth text only")
    data = SHARED / "langbench" / "dev.jsonl.gz"
    if not data.is_file():
        print(f"no language data at {data}; set CLEANER_SHARED")
        return
    with gzip.open(data, "rt", encoding="utf-8") as lines:
        rows: list[Row] = [json.loads(line) for line in lines]
    step = 5 if parser.parse_args().quick else 1
    rows = rows[::step]
    for name in DETECTORS:
        identify(["The first call loads the profiles, which is not what is measured."], detector=name)
    print(
        f"{len(rows)} texts, {len({row['lang'] for row in rows})} languages; langdetect knows {len(LANGDETECT)}"
    )
    detectors(rows)
    second_opinions(rows)
    mixtures(rows)


def detectors(rows: list[Row]) -> None:
    known = known_languages(rows)
    print(
        "\nmacro accuracy on langdetect's languages in %; µs a text; wrong at a score of .9 or more, in %, of"
    )
    print("texts (a) in languages the detector does not know, (b) in languages langdetect does not know")
    print(f"{'detector':12}{'size':9}{'accuracy':>9}{'µs':>8}{'none':>6}{'(a)':>7}{'(b)':>7}")
    for name in DETECTORS:
        for size in SIZES:
            some = [row for row in rows if row["size"] == size]
            start = time.process_time()
            found = identify([row["text"] for row in some], detector=name)
            cost = (time.process_time() - start) / len(some) * 1e6
            foreign = {row["lang"] for row in some} - (LANGDETECT if name == "langdetect" else known)
            outside = {row["lang"] for row in some} - LANGDETECT
            none = sum(language.code is None for language in found)
            print(f"{name:12}{size:9}{macro(some, found):9.2f}{cost:8.0f}{none:6}{sure_errors(some, found, foreign):7.1f}"
                  f"{sure_errors(some, found, outside):7.1f}")  # fmt: skip


def known_languages(rows: list[Row]) -> frozenset[str]:
    """Return the languages that CLD2 or py3langid can name at all."""
    import pycld2
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    labels = [code for _, code in pycld2.LANGUAGES]
    labels += LanguageIdentifier.from_model_file(MODEL_FILE).labels
    return frozenset(code for code in map(normalise, labels) if code) & {row["lang"] for row in rows}


def macro(rows: list[Row], found: list[Language]) -> float:
    right: dict[str, list[bool]] = defaultdict(list)
    for row, language in zip(rows, found, strict=True):
        if row["lang"] in LANGDETECT:
            right[row["lang"]].append(language.code == row["lang"])
    return 100 * sum(sum(each) / len(each) for each in right.values()) / len(right)


def sure_errors(rows: list[Row], found: list[Language], languages: set[str]) -> float:
    wrong = [
        (language.score or 0) >= 0.9 and language.code != row["lang"]
        for row, language in zip(rows, found, strict=True)
        if row["lang"] in languages
    ]
    return 100 * sum(wrong) / len(wrong) if wrong else float("nan")


def second_opinions(rows: list[Row]) -> None:
    """Count by wrapping the detectors: the package itself keeps no counters."""
    from cleaner.language import cascade

    print("\nsecond opinions of the default detector: how often asked, and µs a text they cost on average")
    print(f"{'size':9}{'py3langid':>10}{'µs':>7}{'langdetect':>12}{'µs':>7}{'confirmed':>11}{'differed':>10}")
    for size in SIZES:
        texts = [row["text"] for row in rows if row["size"] == size]
        asked = {name: [0, 0.0] for name in ("ask_py3langid", "ask_langdetect")}
        originals = {name: getattr(cascade, name) for name in asked}
        for name, original in originals.items():
            setattr(cascade, name, counted(original, asked[name]))
        found = identify(texts)
        for name, original in originals.items():
            setattr(cascade, name, original)
        count = len(texts)
        (first, first_cost), (second, second_cost) = asked.values()
        yes, no = (sum(language.agree is which for language in found) for which in (True, False))
        print(f"{size:9}{first / count:10.1%}{first_cost / count * 1e6:7.0f}{second / count:12.1%}"
              f"{second_cost / count * 1e6:7.0f}{yes / count:11.1%}{no / count:10.1%}")  # fmt: skip


def counted(ask, total: list):
    def wrapped(text: str):
        start = time.process_time()
        answer = ask(text)
        total[0] += 1
        total[1] += time.process_time() - start
        return answer

    return wrapped


def mixtures(rows: list[Row]) -> None:
    """Documents made of paragraphs of one or two languages, drawn with a fixed seed.

    Once without the translations of the Universal Declaration: it files a Vietnamese text in Chinese
    characters under vi, and a coastal dialect that is half Somali to every detector under sw.
    """
    print("\nmixed documents (second share .10 to .50)")
    mixed_documents([row for row in rows if row["src"] != "udhr"], "")
    mixed_documents(rows, " + udhr")


def mixed_documents(rows: list[Row], name_of_data: str) -> None:
    draw = random.Random(7)
    stock: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        if row["size"] == "para" and row["lang"] in LANGDETECT:
            stock[row["lang"]].append(row["text"].replace("\n", " "))
    languages = sorted(language for language, texts in stock.items() if len(texts) >= 3)
    one, two = [], []
    for _ in range(600):
        first = draw.choice(languages)
        second = draw.choice([other for other in languages if not confusable(first, other)])
        paragraphs = [draw.choice(stock[first]) for _ in range(draw.randint(3, 9))]
        one.append("\n".join(paragraphs))
        size = sum(map(len, paragraphs))
        while True:
            paragraphs.insert(draw.randint(0, len(paragraphs)), draw.choice(stock[second]))
            part = sum(map(len, paragraphs)) - size
            if part / (part + size) >= draw.uniform(0.1, 0.5):
                break
        two.append("\n".join(paragraphs))
    articles = [row["text"] for row in rows if row["size"] == "article" and row["lang"] in LANGDETECT]
    identify(articles)
    for name, texts in (("two languages", two), ("one language", one), ("articles", articles)):
        start = time.process_time()
        identify(texts)
        middle = time.process_time()
        found = identify_shares(texts)
        end = time.process_time()
        flagged = sum(mixed(share) for _, share in found)
        extra = (end - middle) - (middle - start)
        print(f"{name + name_of_data:21}{len(texts):5}  called mixed {flagged / len(texts):6.1%}   identify"
              f" {(middle - start) / len(texts) * 1e6:5.0f} µs, shares {extra / len(texts) * 1e6:+5.0f} µs"
              f" ({sum(map(len, texts)) / len(texts):.0f} characters)")  # fmt: skip


def confusable(first: str, second: str) -> bool:
    return first == second or any(first in group and second in group for group in CONFUSABLE)


if __name__ == "__main__":
    main()
