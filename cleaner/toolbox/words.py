"""`cleaner words`: look at the word lists, and find words that they lack in a corpus."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleaner.toolbox.terminal import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cleaner.words.mine import Candidate, Miner

__all__ = ["words"]

_BATCH = 1 << 20  # bytes
_SHOWN = 12  # words that a list has of a concept


@click.group()
def words() -> None:
    """Look at the word lists by which lines are known, and find what they lack."""


@words.command("list")
@click.argument("language", required=False)
def list_words(language: str | None) -> None:
    """Print how many words each language has, or all words of LANGUAGE by concept."""
    from cleaner.words import Lexicon

    for file in Lexicon.shipped().files:
        entries = list(file.entries())
        if language is None:
            guarded = sum(held for _, _, held in entries)
            click.echo(f"{file.language:5} {len(entries):6} words, {guarded:5} of them guarded")
        elif file.language == language:
            for concept, group in groupby(sorted(entries), key=lambda entry: entry[0]):
                click.echo(f"{concept}: {', '.join(word + '*' * held for _, word, held in group)}")
            return
    if language is not None:
        raise click.UsageError(
            f"there is no list of {language!r}; `cleaner words list` names those there are"
        )


@words.command()
@click.argument("inputs", nargs=-1, required=True, metavar="CORPUS...")
@click.option("--language", required=True, metavar="CODE", help="Look at documents of this language, such as `de`.")  # fmt: skip
@click.option("--least", type=click.IntRange(1), default=3, show_default=True, help="Documents that a candidate stands in.")  # fmt: skip
@click.option("--most", type=click.IntRange(1, 1000), default=20, show_default=True, help="Candidates of one concept.")  # fmt: skip
@click.option("--documents", type=click.IntRange(1), metavar="N", help="Read so many documents of the language.  [default: all]")  # fmt: skip
@click.option("--text-column", metavar="NAME", help="The column of the text.  [default: guessed]")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a candidate.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="NEW.toml", help="Write the candidates as a word list, to be read and cut.")  # fmt: skip
def mine(
    inputs: Sequence[str], language: str, least: int, most: int, documents: int | None,
    text_column: str | None, output: Path | None, *, as_json: bool,
) -> None:  # fmt: skip
    """Find words of the interface that the list of a language lacks, in CORPUS: what `clean` takes.

    Candidates stand by concept beside what the list has: documents in which they stand beside words of it, their
    part of all documents with them in a short line, and how often a million words of prose have them
    (from 100 on they belong to [guarded]). Nothing is written without --output, and nothing into the lists.
    """
    from cleaner.words.mine import Miner

    if output is not None and output.exists():
        raise click.UsageError(f"{output} exists; name a new file")
    miner = Miner(language)
    for text in _texts(inputs, language, text_column):
        miner.add(text)
        if miner.documents == documents:
            break
    if not miner.documents:
        raise click.UsageError(f"none of the documents is in the language {language!r}")
    found = list(miner.candidates(least=least, most=most))
    if as_json:
        for each in found:
            click.echo(json.dumps(each._asdict(), ensure_ascii=False))
    else:
        _print(miner, found)
    if output is not None:
        output.write_text(_toml(miner, found), "utf-8")


def _texts(inputs: Sequence[str], language: str, column: str | None) -> Iterator[str]:
    """Yield the texts of a language: of those that do not say which theirs is, those that are found to be of it."""
    from cleaner.columns import read_columns
    from cleaner.io.fields import Columns
    from cleaner.io.reading import ReadOptions, check_columns, read_batches
    from cleaner.io.sources import find_sources
    from cleaner.language import identify

    sources = find_sources(inputs).sources
    reading = ReadOptions(Columns(text=column))
    check_columns(sources, reading)
    for batch in read_batches(sources, _BATCH, reading):
        read = read_columns(batch)
        given: list[Any] = list(read.columns.get("language", [None] * batch.num_rows))
        unsaid = [at for at, said in enumerate(given) if not said]
        for at, guess in zip(unsaid, identify([read.texts[at] for at in unsaid]), strict=True):
            given[at] = guess.code
        for text, said, error in zip(read.texts, given, read.errors, strict=True):
            if error is None and said and said.lower().replace("_", "-").split("-")[0] == language:
                yield text


def _print(miner: Miner, found: Sequence[Candidate]) -> None:
    click.echo(f"{miner.documents:,} documents, {len(found)} candidates", err=True)
    for concept, group in groupby(found, key=lambda each: each.concept):
        has = miner.has(concept)
        more = f" and {len(has) - _SHOWN} more" if len(has) > _SHOWN else ""
        click.echo(f"\n{concept}   has: {', '.join(has[:_SHOWN]) or 'nothing'}{more}")
        for each in group:
            click.echo(
                f"  {each.documents:6} documents {each.share:4.0%} {each.prose:8.0f}/M  {printable(each.words)}"
            )


def _toml(miner: Miner, found: Sequence[Candidate]) -> str:
    from cleaner.words.mine import FREQUENT

    rows = [
        f'language = "{miner.language}"',
        f'source = "mined from {miner.documents} documents; not reviewed"',
    ]
    for title, guarded in (("concepts", False), ("guarded", True)):
        rows += ["", f"[{title}]"]
        chosen = [each for each in found if (each.prose >= FREQUENT) is guarded]
        for concept, group in groupby(chosen, key=lambda each: each.concept):
            rows.append(
                f"{concept} = [{', '.join(json.dumps(each.words, ensure_ascii=False) for each in group)}]"
            )
    return "\n".join(rows) + "\n"
