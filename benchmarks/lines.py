"""Run the rules over the line benchmark and print what they take and what they cost.

    python benchmarks/lines.py                     # the three levels, per group and per source
    python benchmarks/lines.py --rules             # also each rule: dirty lines taken, good lines and characters lost;
                                                   # of rules that keep: good lines saved, dirty ones that stay
    python benchmarks/lines.py --level safe --show 40    # some false removals, with the rule that made them
    python benchmarks/lines.py --write             # keep the figures in benchmarks/lines.json
    python benchmarks/lines.py --gate              # fail if a rule at `safe` is wrong more than once in 200 lines

FR is the share of good characters removed, F1 that of the removed lines, Z the share of documents that
lose nothing good. The scorer is the benchmark's own (line_eval.py beside the data).
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import random
import sys
import time
from bisect import bisect_right
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from linedata import ROOT, Labelled, group_of, load, shared

from cleaner.document import LEVELS
from cleaner.rules.engine import Context, Engine
from cleaner.rules.pack import built_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from cleaner.rules.engine import Cleaned

FIGURES = ROOT / "benchmarks/lines.json"
ALLOWED = 1 / 200
DOUBT = 0.05  # how often a rule set that is right may be refused, all rules together


def scorer(folder: Path) -> Any:
    """Load the benchmark's own scorer."""
    spec = importlib.util.spec_from_file_location("line_eval", folder / "line_eval.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def scores(
    module: Any, documents: Sequence[Labelled], cleaned: Sequence[Cleaned]
) -> dict[str, dict[str, float]]:
    """Return FR, F1, precision, recall and Z for each source and group."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for document, result in zip(documents, cleaned, strict=True):
        lines = [
            {"text": text, "label": label}
            for text, label in zip(document.lines, document.labels, strict=True)
        ]
        found = module.score_doc({"lines": lines}, result.text)
        for key in (document.source, group_of(document.source)):
            for name in ("keepc", "frc", "fr", "drop", "hit"):
                sums[key][name] += found[name]
            if found["keep"]:
                sums[key]["documents"] += 1
                sums[key]["clean"] += found["fr"] < 1e-9
            sums[key]["over"] += "over_budget" in result.flags
    return {key: _figures(each) for key, each in sums.items()}


def _figures(sums: Counter[str]) -> dict[str, float]:
    precision = sums["hit"] / max(sums["hit"] + sums["fr"], 1e-9)
    recall = sums["hit"] / max(sums["drop"], 1)
    return {
        "FR%": round(100 * sums["frc"] / max(sums["keepc"], 1), 2),
        "F1": round(2 * precision * recall / max(precision + recall, 1e-9), 3),
        "P": round(precision, 3),
        "R": round(recall, 3),
        "Z": round(sums["clean"] / max(sums["documents"], 1), 3),
        "over": sums["over"],
    }


def removed(
    document: Labelled, result: Cleaned, kept: Collection[str] = ()
) -> Iterator[tuple[str, str, str]]:
    """Yield (rule, label, line) for each line that went whole, or that a rule of `kept` held others off from."""
    starts, place = [], 0
    for line in document.lines:
        starts.append(place)
        place += len(line) + 1
    for edit in result.edits:
        if edit.applied == bool(kept) or (kept and edit.rule not in kept) or not edit.before.strip():
            continue
        inner = edit.start + len(edit.before) - len(edit.before.lstrip())
        row = bisect_right(starts, inner) - 1
        line = document.lines[row]
        if edit.before.strip() == line.strip():
            yield edit.rule, document.labels[row], line


def by_rule(documents: Sequence[Labelled], cleaned: Sequence[Cleaned]) -> dict[str, Counter[str]]:
    """Count for each rule the dirty lines taken, and the good lines and characters it cost."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for document, result in zip(documents, cleaned, strict=True):
        left = Counter(line.strip().casefold() for line in result.text.split("\n"))
        for rule, label, line in removed(document, result):
            free = len(line) >= 60 and left[line.strip().casefold()] > 0
            kind = "free" if label == "ambiguous" or (label == "keep" and free) else label
            counts[rule][kind] += 1
            counts[rule][f"{group_of(document.source)} {kind}"] += 1
            if kind == "keep":
                counts[rule]["chars"] += len(line)
    return counts


def by_keeper(
    documents: Sequence[Labelled], cleaned: Sequence[Cleaned], keepers: Collection[str]
) -> dict[str, Counter[str]]:
    """Count for each rule that keeps the good lines that others would have taken, and the dirty ones that stay."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for document, result in zip(documents, cleaned, strict=True):
        for rule, label, line in removed(document, result, keepers):
            counts[rule][f"{group_of(document.source)} {label}"] += 1
            counts[rule][label] += 1
            if label == "keep":
                counts[rule]["chars"] += len(line)
    return counts


def show(documents: Sequence[Labelled], cleaned: Sequence[Cleaned], many: int) -> None:
    """Print some of the good lines that went."""
    wrong = [
        (document.source, document.page, rule, line)
        for document, result in zip(documents, cleaned, strict=True)
        for rule, label, line in removed(document, result)
        if label == "keep"
    ]
    random.Random(0).shuffle(wrong)
    for source, page, rule, line in sorted(wrong[:many]):
        print(f"{source:22}{page:24}{rule:32}{line[:110]}")


def report(level: str, figures: dict[str, dict[str, float]], seconds: float, megabytes: float) -> None:
    print(f"\n{level}: {megabytes / seconds:.1f} MB/s")
    for key in sorted(figures, key=lambda key: (key in ("manual", "residual", "fulldump"), key)):
        print(f"  {key:24}" + "  ".join(f"{name} {value:<6}" for name, value in figures[key].items()))


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    asked.add_argument("--level", choices=LEVELS)
    asked.add_argument("--rules", action="store_true")
    asked.add_argument("--show", type=int, default=0)
    asked.add_argument("--write", action="store_true")
    asked.add_argument("--gate", action="store_true")
    asked.add_argument("--without", default="", help="leave out rules whose name begins so")
    given = asked.parse_args()
    folder = shared()
    if folder is None:
        print("skipped: no line benchmark; set CLEANER_SHARED to the folder that holds linebench")
        return 0
    module, documents = scorer(folder), load()
    texts = ["\n".join(document.lines) for document in documents]
    contexts = [Context(url=document.url) for document in documents]
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    rules = [rule for rule in built_in() if not (given.without and rule.name.startswith(given.without))]
    keepers = {rule.name for rule in rules if rule.rule.action == "keep"}
    kept: dict[str, Any] = {}
    failed = False
    for level in [given.level] if given.level else LEVELS:
        engine = Engine(rules, level=level)
        begin = time.process_time()
        cleaned = engine.clean(texts, contexts)
        seconds = time.process_time() - begin
        figures = scores(module, documents, cleaned)
        report(level, figures, seconds, megabytes)
        counts = by_rule(documents, cleaned)
        kept[level] = {
            "scores": figures,
            "rules": {name: dict(each) for name, each in sorted(counts.items())},
        }
        if given.rules:
            _print_rules(counts)
            _print_keepers(by_keeper(documents, cleaned, keepers) if keepers else {})
        if given.show:
            show(documents, cleaned, given.show)
        if level == "safe":
            failed = _gate(counts) and given.gate
    if given.write:
        FIGURES.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return int(failed)


def _print_rules(counts: dict[str, Counter[str]]) -> None:
    for name, each in sorted(counts.items(), key=lambda item: -item[1]["drop"]):
        places = " ".join(
            f"{group} {each[f'{group} drop']}/{each[f'{group} keep']}"
            for group in ("manual", "residual", "fulldump")
        )
        print(
            f"    {name:40} dirty {each['drop']:6} good {each['keep']:5} chars {each['chars']:6} free {each['free']:4}   {places}"
        )


def _print_keepers(counts: dict[str, Counter[str]]) -> None:
    for name, each in sorted(counts.items(), key=lambda item: -item[1]["keep"]):
        places = " ".join(
            f"{group} {each[f'{group} keep']}/{each[f'{group} drop']}"
            for group in ("manual", "residual", "fulldump")
        )
        print(
            f"    {name:40} saves {each['keep']:5} good lines, {each['chars']:6} characters, and {each['drop']:4} dirty ones   {places}"
        )


def _gate(counts: dict[str, Counter[str]]) -> bool:
    """Tell whether some rule at `safe` is wrong more often than allowed; print which.

    A rule that takes few lines can be unlucky, and labels are not free of error. It is refused when a rule that is
    wrong once in 200 lines would cost so many good ones less often than `DOUBT` allows, shared among all rules.
    """
    failed = False
    for name, each in counts.items():
        taken = each["drop"] + each["keep"] + each["free"]
        if _at_least(each["keep"], taken, ALLOWED) < DOUBT / len(counts):
            print(f"  not earned: {name} at safe took {each['keep']} good lines of {taken}")
            failed = True
    return failed


def _at_least(wrong: int, lines: int, rate: float) -> float:
    """Return how likely it is that `wrong` or more of `lines` are wrong at a rate (binomial distribution)."""
    logs = (
        math.lgamma(lines + 1) - math.lgamma(many + 1) - math.lgamma(lines - many + 1)
        + many * math.log(rate) + (lines - many) * math.log1p(-rate)
        for many in range(wrong)
    )  # fmt: skip
    return 1 - math.fsum(math.exp(each) for each in logs)


if __name__ == "__main__":
    sys.exit(main())
