"""The table of lines and what each line looks like, one line and one character at a time."""

from __future__ import annotations

import re

import numpy as np

from cleaner.fold import fold
from cleaner.rules import charclass
from cleaner.rules.charclass import (
    BAR,
    BULLET,
    CLOSE,
    CODE,
    COLON,
    COMMA,
    DIGIT,
    END,
    LAST_CONTROL,
    LETTER,
    LOWER,
    MONEY,
    OPEN,
    QUOTE,
    SPACE,
    TOP,
    UPPER,
    WIDE,
)


def table(texts: list[str]) -> tuple[list[tuple[int, int, int, str, bool]], list[str]]:
    """Return the lines that are not blank (document, start, end, folded, after a blank line) and all distinct folded lines."""
    rows, distinct = [], {}
    for document, text in enumerate(texts):
        start, blank = 0, False
        for number, line in enumerate(text.split("\n")):
            folded = fold(line)
            distinct.setdefault(folded)
            if folded:
                rows.append((document, start, start + len(line), folded, blank and number > 0))
            blank = not folded
            start += len(line) + 1
    return rows, list(distinct)


def shape(line: str) -> dict[str, int]:
    """Return the columns of one line."""
    seen = line if len(line) <= 240 else line[:80] + line[-80:]
    classes = charclass.classes()
    marks = [int(classes[min(ord(char), TOP)]) for char in seen] + [SPACE] * 5
    chars = [*seen, *"\n" * 5]

    def of(mark: int) -> int:
        return sum(bool(each & mark) for each in marks[: len(seen)])

    found = {
        "letters": of(LETTER), "uppers": of(UPPER), "digits": of(DIGIT), "ends": of(END), "commas": of(COMMA),
        "colons": of(COLON), "bars": of(BAR), "brackets": of(CLOSE | OPEN), "quotes": of(QUOTE), "code": of(CODE),
        "money": of(MONEY), "pipes": seen.count("|"), "rights": seen.count("©"), "mails": seen.count("@"),
        "symbols": sum(
            not mark and min(ord(char), TOP) > LAST_CONTROL for char, mark in zip(seen, marks, strict=False)
        ),
    }  # fmt: skip
    words = [match.span() for match in re.finditer("x+", "".join(" x"[not mark & SPACE] for mark in marks))]
    found |= _words(words, marks) | _edges(chars, marks, words) | _patterns(chars, marks, len(seen))
    size = len(seen) + 2 * of(WIDE)  # an ideograph says about three letters
    found["chars"] = size * len(line) // 160 if len(line) > 240 else size
    return found | _judged(found, max(size, 1))


def _words(words: list[tuple[int, int]], marks: list[int]) -> dict[str, int]:
    return {
        "words": len(words),
        "capitals": sum(bool(marks[begin] & UPPER) for begin, _ in words),
        "lowers": sum(bool(marks[begin] & LOWER) for begin, _ in words),
        "particles": sum(bool(marks[begin] & LOWER) and end - begin <= 4 for begin, end in words),
        "longest": max((end - begin for begin, end in words), default=0),
    }


def _edges(chars: list[str], marks: list[int], words: list[tuple[int, int]]) -> dict[str, int]:
    low, high = (words[0][0], words[-1][1] - 1) if words else (0, 0)
    before = max(high - 1, low)
    head, last = marks[low], marks[high]
    dots = chars[high] == "…" or (high > low and chars[before] == chars[high] == ".")
    bullet = bool(head & BULLET and marks[low + 1] & SPACE)
    # Behind a bullet it is the next word that tells how the line begins.
    opening = marks[words[1][0]] if bullet and len(words) > 1 else head
    flags = {
        "finished": (last & END or (last & CLOSE and marks[before] & END)) and not dots,
        "dots": dots,
        "asks": chars[high] in "?？؟",
        "exclaims": chars[high] in "!！",
        "ends_colon": last & COLON,
        "ends_comma": last & COMMA,
        "ends_bar": last & BAR and not last & CLOSE,
        "ends_digit": last & DIGIT,
        "ends_bracket": last & (CLOSE | OPEN),
        "bullet": bullet,
        "starts_lower": opening & LOWER,
        "starts_upper": opening & UPPER,
        "starts_digit": opening & DIGIT,
        "starts_quote": opening & QUOTE,
        "starts_bar": head & BAR,
        "starts_comma": opening & (COMMA | END | CLOSE),
        "starts_odd": not opening & (LETTER | DIGIT | QUOTE),
    }
    return {name: int(bool(flag)) for name, flag in flags.items()}


def _patterns(chars: list[str], marks: list[int], size: int) -> dict[str, int]:
    found = dict.fromkeys(("years", "times", "dates", "numbers", "inner_ends", "dotted", "urls"), 0)
    for place in range(size):
        mark, before = marks[place], marks[place - 1] if place else SPACE
        digits = [bool(each & DIGIT) for each in marks[place : place + 5]]
        if mark & DIGIT:
            first = not before & DIGIT
            found["numbers"] += first
            year = first and digits == [True, True, True, True, False]
            found["years"] += year and "".join(chars[place : place + 2]) in ("19", "20")
            found["times"] += digits[2] and chars[place + 1] == ":"
            inside = first and digits[3] and digits[4]
            found["dates"] += digits[2] and chars[place + 1] in "./-" and not inside
        elif mark & END:
            found["inner_ends"] += bool(marks[place + 1] & SPACE)
            found["dotted"] += bool(marks[place + 1] & LOWER and before & LOWER)
        found["urls"] += chars[place] == chars[place + 1] == "/"
    return found


def _judged(found: dict[str, int], seen: int) -> dict[str, int]:
    chars, done = found["chars"], bool(found["finished"])
    words, letters = max(found["words"], 1), max(found["letters"], 1)
    flags = {
        "prose": (chars >= 100 and (done or found["inner_ends"] >= 2))
        or (chars >= 60 and done and found["particles"] >= 3),
        "long": chars >= 200,
        "short": chars < 40,
        "tiny": chars < 15,
        "open": not done and not found["ends_colon"],
        "label": not done and chars < 60,
        "figures": found["digits"] * 4 >= seen,
        "dated": bool(found["years"] or found["times"] or found["dates"]) and chars < 60,
        "voiceless": not found["letters"],
    }
    return {name: int(flag) for name, flag in flags.items()} | {
        "upper_share": 100 * found["uppers"] // letters,
        "digit_share": 100 * found["digits"] // seen,
        "letter_share": 100 * found["letters"] // seen,
        "capital_share": 100 * found["capitals"] // words,
        "particle_share": 100 * found["particles"] // words,
        "word_chars": found["letters"] // words,
    }


def literals(wanted: list[bytes], data: bytes) -> list[tuple[int, int, int]]:
    """Return number, begin and end of every literal wherever it stands in `data`."""
    return [
        (number, begin, begin + len(literal))
        for number, literal in enumerate(wanted)
        for begin in range(len(data) - len(literal) + 1)
        if data.startswith(literal, begin)
    ]


def covered(words: dict[str, tuple[str, ...]], line: bytes) -> dict[str, int]:
    """Return for each class of words how many bytes of a line its words make up; those of Thai and beyond may stand anywhere."""
    found = {}
    for name, listed in words.items():
        found[name] = 0
        for word in {fold(each) for each in listed}:
            inside = "" if word[0] >= "\u0e00" else "[a-z0-9\x80-\xff]"
            pattern = re.escape(word.encode().decode("latin-1"))
            bounded = f"(?<!{inside}){pattern}(?!{inside})" if inside else pattern
            hits = re.findall(f"(?={bounded})", line.decode("latin-1"))
            found[name] += len(hits) * len(word.encode())
    return found


def likeness(line: bytes) -> tuple[bytes, bytes, bytes]:
    """Return what a folded line looks like without its figures, and its first and its last seven bytes."""
    return re.sub(rb"[0-9]", b"0", line), line[:7], line[::-1][:7]


def repeats(values: list[object]) -> list[tuple[int, int]]:
    """Return for each of the values of one document how many are equal to it, and how many of these stand before it."""
    return [(values.count(value), values[:row].count(value)) for row, value in enumerate(values)]


def prose(text: str) -> list[str]:
    """Return the lines with 40 letters or more among their first 160 characters, and no more than one mark of code in 25."""
    found = []
    for line in text.split("\n") if text.isascii() else text.splitlines():
        head = line[:160]
        letters = sum(char.isalpha() for char in head if char.isascii())
        letters += sum(len(char.encode("utf-8", "surrogatepass")) for char in head if not char.isascii()) // 2
        marks = sum(char in "{};=|\\" for char in head)
        if letters >= 40 and marks * 25 <= len(head):
            found.append(line)
    return found


def seen(column: list[int], view: str, far: int) -> list[int]:
    """Return what a view shows of a column, line by line of one document; the views are those of `cleaner.rules.observe`."""
    size, found = len(column), []
    for row in range(size):
        above, below = column[:row], column[row + 1 :]
        near = {
            "near": [*above[max(row - far, 0) :], *below[:far]],
            "before": above[max(row - far, 0) :],
            "after": below[:far],
            "all": column,
        }
        if view in near:
            found.append(100 * sum(near[view]) // max(len(near[view]), 1))
        elif view in {"above", "below"}:
            place = row + (far if view == "below" else -far)
            found.append(column[place] if 0 <= place < size else -1)
        elif view in {"past", "rest"}:
            found.append(sum(above if view == "past" else below))
        elif view == "run":
            up = next((at for at, value in enumerate([*reversed(above), 0]) if value <= 0), 0)
            down = next((at for at, value in enumerate([*below, 0]) if value <= 0), 0)
            found.append(up + 1 + down if column[row] > 0 else 0)
        elif view in {"since", "until"}:
            there = reversed(above) if view == "since" else below
            found.append(min(next((at + 1 for at, value in enumerate(there) if value > 0), 99), 99))
        else:
            found.append(column[row])
    return found


def held(term: list[tuple[int, bool, int]], columns: np.ndarray, row: int) -> bool:
    """Tell whether everything that a term asks, (column, is at least, figure), is true of a line."""
    return all((columns[name, row] >= figure) == at_least for name, at_least, figure in term)
