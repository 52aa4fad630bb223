"""Decoding and character repair, measured: charset accuracy, mojibake, speed beside plain ftfy, hard inputs.

Run `python benchmarks/encoding.py [charset] [mojibake] [speed] [hard]`; without names, all of it. The first
two need the folder `shared` (environment variable CLEANER_SHARED). Times are CPU seconds, medians of
interleaved runs; read the ratios, they travel better than the speeds.
"""

from __future__ import annotations

import base64
import gzip
import json
import os
import random
import statistics
import sys
import time
import unicodedata
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import ftfy

sys.path.insert(0, str(Path(__file__).parents[1]))

from cleaner.decoding import decode
from cleaner.repair import repair

if TYPE_CHECKING:
    from collections.abc import Callable

SHARED = Path(os.environ.get("CLEANER_SHARED", Path(__file__).parents[2] / "shared"))
CONFIG = ftfy.TextFixerConfig(
    uncurl_quotes=False, fix_character_width=False, normalization="NFC", explain=True
)
TWINS = str.maketrans("〜‖−¢£¬", "～∥－￠￡￢")
"""Glyph twins of Shift JIS and CP932: one byte pair, two code points."""
QUOTES = str.maketrans("‘’‚‛“”„‟ʼ\xa0，", "''''\"\"\"\"' ,", "\xad")
"""What ftfy's own expected results uncurl, and what repair turns into a space or deletes on purpose."""

WORDS = {
    "ASCII English": "the a quick slow river town light winter carried over under many people said early",
    "English, curly quotes": "the a river “town” light winter don’t it’s over under many people said early",
    "German": "der die das Fluß über schön Größe Straße Wälder müde früh Häuser leise Wetter am Abend",
    "Polish": "rzeka żółty gęś jaźń który można większość świeży miasto pod przez część ludzi wieczór źródło",
    "French": "la rivière été déjà où l’eau «ville» cœur garçon forêt à côté soir lumière",
    "Russian": "река город зима свет люди вечер рано через много сказал вода лес улица",
    "Chinese": "我们今天去河边， 他说：“天气很好。” 城市的冬天 很多人都在路上 傍晚的光",
    "Hindi": "नदी शहर सर्दी रोशनी लोग शाम जल्दी पानी जंगल सड़क",
    "Arabic": "النهر المدينة الشتاء الضوء الناس المساء باكرا الماء الغابة",
    "Mojibake German": "der die das FluÃŸ Ã¼ber schÃ¶n GrÃ¶ÃŸe StraÃŸe WÃ¤lder mÃ¼de frÃ¼h HÃ¤user leise",
}


def cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def documents(words: str, count: int) -> list[str]:
    """Return `count` documents of 40 lines of 6 to 20 of the words."""
    chance = random.Random(7)
    pool = words.split()
    lines = (" ".join(chance.choices(pool, k=chance.randint(6, 20))) + "." for _ in range(40 * count))
    return ["\n".join(next(lines) for _ in range(40)) for _ in range(count)]


def charset() -> None:
    path = SHARED / "charset" / "dev.jsonl.gz"
    if not path.exists():
        print(f"charset: skipped, no {path}")
        return
    right: Counter[object] = Counter()
    total: Counter[object] = Counter()
    methods: Counter[str] = Counter()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            case = json.loads(line)
            found = decode(base64.b64decode(case["bytes_base64"]))
            exact = found.text.translate(TWINS) == case["text"].translate(TWINS)
            methods[found.method] += 1
            for group in ("all", case["chars"], case["encoding"]):
                total[group] += 1
                right[group] += exact
            again = decode(case["text"].encode())
            assert again.text == case["text"]
            assert again.method in ("utf-8", "iso-2022"), again.method
    print("\ncharset: text equality")
    for group in ("all", 40, 200, 1000, 8000):
        print(
            f"  {group!s:>10} {right[group]:5} of {total[group]:5} {100 * right[group] / total[group]:6.1f} %"
        )
    wrong = {str(group): total[group] - right[group] for group in total if isinstance(group, str)}
    print(
        "  wrong by encoding:",
        {name: count for name, count in sorted(wrong.items()) if count and name != "all"},
    )
    print("  methods:", dict(methods), "- the same texts as UTF-8: all by strict UTF-8, none by a detector")


def folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).translate(QUOTES).rstrip()


def mojibake() -> None:
    path = SHARED / "charset" / "mojibake_dev.jsonl"
    if not path.exists():
        print(f"mojibake: skipped, no {path}")
        return
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    ours = theirs = 0
    print("\nmojibake: ftfy's own cases, quotes and the wide comma folded")
    for case in cases:
        wanted = folded(case["fixed"].encode("utf-16", "surrogatepass").decode("utf-16"))
        we = folded(repair([case["original"]])[0].text) == wanted
        they = folded(ftfy.fix_text(case["original"], CONFIG)) == wanted
        ours, theirs = ours + we, theirs + they
        if we is not they or not we:
            print(f"  {'right' if we else 'wrong'}, ftfy {'right' if they else 'wrong'}: {case['label']}")
    print(f"  right: {ours} of {len(cases)}; ftfy with the same configuration: {theirs}")


def speed() -> None:
    print("\nspeed on text that needs nothing (last line: that needs all), MB of UTF-8 a CPU second")
    print(f"  {'text':22} {'batch':>8} {'one text':>9} {'ftfy':>7} {'ratio':>7}")
    for name, words in WORDS.items():
        needs_all = name.startswith("Mojibake")
        texts = documents(words, 40 if needs_all else 1600)
        few = texts[: 10 if needs_all else 16]
        joined = ["\n".join(texts)]
        size, size_few = (sum(len(text.encode()) for text in part) / 1e6 for part in (texts, few))
        repair(few)
        runs = [
            (
                size / cpu(lambda texts=texts: repair(texts)),
                size / cpu(lambda joined=joined: repair(joined)),
                size_few / cpu(lambda few=few: [ftfy.fix_text(text, CONFIG) for text in few]),
            )
            for _ in range(5)
        ]
        batch, single, plain = (statistics.median(column) for column in zip(*runs, strict=True))
        print(f"  {name:22} {batch:8.1f} {single:9.1f} {plain:7.2f} {batch / plain:6.0f}x")


def hard() -> None:
    line = "Über Nacht fiel in den Höhen der erste Schnee, größere Störungen blieben aus. "
    legacy = (line * (100_000_000 // len(line))).encode("cp1252")
    print("\nhard inputs, CPU seconds")
    print(f"  100 MB of windows-1252 in one line, decoded  {cpu(lambda: decode(legacy)):6.2f}")
    inputs = {
        "a million blank lines": "\n" * 1_000_000,
        "a million lines of a space": " \n" * 1_000_000,
        "100,000 lines ended by CR LF": "a line\r\n" * 100_000,
        "half a million `amp;` behind one `&`": "&" + "amp;" * 500_000,
        "a million spaces inside a line": "ä" + " " * 1_000_000 + "b",
        "a million zero-width spaces": "\u200b" * 1_000_000,
        "10 MB in one line, one NBSP at its end": "ä b c " * 1_700_000 + "\xa0x",
    }
    for name, text in inputs.items():
        print(f"  {name:44} {cpu(lambda text=text: repair([text])):6.2f}")


if __name__ == "__main__":
    parts = {"charset": charset, "mojibake": mojibake, "speed": speed, "hard": hard}
    for chosen in sys.argv[1:] or parts:
        parts[chosen]()
