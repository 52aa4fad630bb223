"""The published formulas written down once more, slowly and plainly: what the arrays must agree with."""

from __future__ import annotations

import math
import re
import string
import unicodedata
from collections import Counter

STOP_WORDS = {"the", "be", "to", "of", "and", "that", "have", "with"}
BULLETS = tuple("•‣▶◀◦■□▪▫–")
DELETE = str.maketrans("", "", string.punctuation)


def gopher_and_fineweb(text: str) -> dict[str, float | None]:
    values: dict[str, float | None] = {}
    lines, words = text.splitlines(), text.split()
    values["gopher.bullet_line_frac"] = ratio(
        sum(line.lstrip().startswith(("•", "-")) for line in lines), len(lines)
    )
    ended = sum(line.rstrip().endswith(("...", "…")) for line in lines)
    values["gopher.ellipsis_line_frac"] = ratio(ended, len(lines))
    values["gopher.hash_to_word_ratio"] = ratio(text.count("#"), len(words))
    values["gopher.ellipsis_to_word_ratio"] = ratio(text.count("...") + text.count("…"), len(words))
    values["gopher.alpha_word_frac"] = ratio(
        sum(any(c.isalpha() for c in word) for word in words), len(words)
    )
    values["gopher.stop_words"] = len(STOP_WORDS & set(words))
    for kind, pieces in (("para", re.split(r"\n{2,}", text.strip())), ("line", re.split(r"\n+", text))):
        count, characters = duplicates(pieces)
        values[f"gopher.dup_{kind}_frac"] = count / len(pieces)
        values[f"gopher.dup_{kind}_char_frac"] = ratio(characters, len(text))
    for n in (2, 3, 4):
        best = Counter(" ".join(run) for run in runs(words, n)).most_common(1)
        values[f"gopher.top_{n}gram_char_frac"] = ratio(
            len(best[0][0]) * best[0][1] if best else 0, len(text)
        )
    for n in range(5, 11):
        values[f"gopher.dup_{n}gram_char_frac"] = ratio(greedy(words, n), len(text))
    solid = [line for line in text.split("\n") if line.strip()]
    values["fineweb.short_line_frac"] = ratio(sum(len(line) <= 30 for line in solid), len(solid))
    values["fineweb.char_dup_frac"] = ratio(duplicates(solid)[1], len(text.replace("\n", "")))
    values["fineweb.newline_word_ratio"] = ratio(text.count("\n"), len(words))
    return values


def redpajama(text: str) -> dict[str, float | None]:
    values: dict[str, float | None] = {}
    whole = normalise(text)
    words, tokens = whole.split(), re.findall(r"\w+|[^\w\s]+", text)
    lines = [match.group() for match in re.finditer(r"[^\n]*\n|[^\n]+$", text)]
    plain = [normalise(line) for line in lines]
    total = sum(map(len, words))
    values["ccnet_nlines"] = len(lines)
    values["rps_doc_word_count"] = len(words)
    values["rps_doc_mean_word_length"] = ratio(total, len(words))
    values["rps_doc_num_sentences"] = len(re.findall(r"\b[^.!?]+[.!?]*", text))
    symbols = text.count("#") + text.count("...") + text.count("…")
    values["rps_doc_symbol_to_word_ratio"] = ratio(symbols, len(tokens))
    letterless = sum(not re.search("[a-zA-Z]", token) for token in tokens)
    values["rps_doc_frac_no_alph_words"] = ratio(letterless, len(tokens))
    values["rps_doc_frac_all_caps_words"] = ratio(sum(map(str.isupper, tokens)), len(tokens))
    values["rps_doc_frac_unique_words"] = ratio(len(set(words)), len(words))
    counts = [count / len(words) for count in Counter(words).values()]
    values["rps_doc_unigram_entropy"] = -sum(share * math.log(share) for share in counts) if words else None
    values["rps_doc_lorem_ipsum"] = ratio(whole.count("lorem ipsum"), len(whole))
    for n in (2, 3, 4):
        best = Counter(runs(words, n)).most_common(1)
        found = sum(map(len, best[0][0])) * best[0][1] if best and best[0][1] > 1 else 0
        values[f"rps_doc_frac_chars_top_{n}gram"] = ratio(found, total)
    for n in range(5, 11):
        values[f"rps_doc_frac_chars_dupe_{n}grams"] = ratio(covered(words, n), total)
    ended = sum(line.rstrip().endswith((".", "!", "?", "”")) for line in lines)
    values["rps_lines_ending_with_terminal_punctution_mark"] = ratio(ended, len(lines))
    values["rps_lines_javascript_counts"] = mean([line.split().count("javascript") for line in plain])
    values["rps_lines_num_words"] = mean([len(line.split()) for line in plain])
    values["rps_lines_numerical_chars_fraction"] = mean([share(line, str.isnumeric) for line in plain])
    values["rps_lines_start_with_bulletpoint"] = mean([line.lstrip().startswith(BULLETS) for line in lines])
    values["rps_lines_uppercase_letter_fraction"] = mean([share(line, str.isupper) for line in lines])
    return values


def normalise(text: str) -> str:
    lowered = text.translate(DELETE).lower().strip()
    return unicodedata.normalize("NFD", re.sub(r"\s+", " ", lowered))


def ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def mean(values: list) -> float | None:
    return sum(values) / len(values) if values else None


def share(line: str, test) -> float:
    return sum(map(test, line)) / len(line) if line else 0.0


def runs(words: list[str], n: int) -> list[tuple[str, ...]]:
    return [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]


def duplicates(pieces: list[str]) -> tuple[int, int]:
    seen: set[str] = set()
    again = [piece for piece in pieces if piece in seen or seen.add(piece)]
    return len(again), sum(map(len, again))


def greedy(words: list[str], n: int) -> int:
    seen: set[tuple[str, ...]] = set()
    found = place = 0
    while place + n <= len(words):
        run = tuple(words[place : place + n])
        if run in seen:
            found += sum(map(len, run))
            place += n
        else:
            seen.add(run)
            place += 1
    return found


def covered(words: list[str], n: int) -> int:
    all_runs = runs(words, n)
    counts = Counter(all_runs)
    inside = {place + step for place, run in enumerate(all_runs) if counts[run] > 1 for step in range(n)}
    return sum(len(words[place]) for place in inside)
