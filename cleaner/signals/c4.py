"""C4's line rules (arXiv 1910.10683) as shares of lines, in the variants of its code and of its paper.

The code (TensorFlow Datasets `c4_utils.py`) wants 5 words a line and 3 sentences a page, the paper 3
and 5. Names in `c4.` follow the code, those in `c4_paper.` the paper. Lines are split at line feeds and
stripped; blank ones are not counted. Citations like "[3]" are cut out of a line before it is judged.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from cleaner.signals.chars import CLOSERS, SENTENCE_TERMINAL, SPACE, one_of
from cleaner.signals.definition import Signal, ratio
from cleaner.signals.spans import within

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.signals.batch import Batch
    from cleaner.signals.spans import Bools, Ints, Spans

__all__ = ["SIGNALS", "VARIANT", "compute", "sentence_ends"]

VARIANT = "tensorflow-datasets c4_utils (c4), paper (c4_paper); sentences by rule, not Punkt; no word list"

_END_MARKS = '.?!"'
_LONG_WORD = 1000
_LONG_LINE = 200
_POLICIES = (
    "terms of use",
    "privacy policy",
    "cookie policy",
    "uses cookies",
    "use of cookies",
    "use cookies",
)
_CITATION = re.compile(r"\[\d*\]|\[edit\]|\[citation needed\]")
_UNSPACED = "。！？｡．"

_CODE = "tensorflow-datasets c4_utils.py"
_PAPER = "arXiv 1910.10683 2.2"
SIGNALS = (
    Signal("c4.line_no_terminal_punct_frac", "fraction", "lines that do not end in . ? ! \" or end in '...'", _CODE,
           "datatrove takes ' as well; the paper says nothing of the ellipsis"),
    Signal("c4.line_no_terminal_punct_unicode_frac", "fraction", "lines whose last character, closing quotes and brackets"
           " skipped, ends no sentence in any script", "ours: C4's rule drops lines that end in ”"),
    Signal("c4.line_too_few_words_frac", "fraction", "lines of fewer than 5 words", _CODE),
    Signal("c4_paper.line_too_few_words_frac", "fraction", "lines of fewer than 3 words", _PAPER),
    Signal("c4.line_long_word_count", "count of lines", "lines with a word of more than 1000 characters", _CODE),
    Signal("c4.line_javascript_count", "count of lines", "lines that hold 'javascript', in any case", _CODE),
    Signal("c4.line_policy_count", "count of lines", "lines that hold: " + ", ".join(_POLICIES), _CODE),
    Signal("c4.has_lorem_ipsum", "count (0 or 1)", "whether the text holds 'lorem ipsum', in any case", _PAPER,
           "the code looks only at lines it has kept so far"),
    Signal("c4.has_curly_bracket", "count (0 or 1)", "whether the text holds '{'", _PAPER,
           "the code looks only at lines it has kept so far"),
    Signal("c4.num_sentences", "count of sentences", "sentences in the lines that all line rules of the code keep", _CODE,
           "NLTK Punkt there; here runs of sentence-final characters before a space or the end, at least one a line"),
    Signal("c4_paper.num_sentences", "count of sentences", "the same for the lines that the paper's rules keep", _PAPER,
           "as c4.num_sentences"),
    Signal("c4.long_line_count", "count of lines", "lines of at least 200 characters, unstripped", "mC4, c4_utils.py",
           "mC4 wants three of them"),
)  # fmt: skip


def compute(batch: Batch) -> dict[str, NDArray[np.int64] | NDArray[np.float64]]:
    """Return the signals of this family by name, one number a text."""
    lines = batch.solid_lines
    total = batch.per_text(lines.texts)
    words, ended = _words_and_ends(batch, lines)
    long_words = within(batch.words.starts[batch.word_lengths > _LONG_WORD], lines) > 0
    script = within(batch.places_of(["javascript"]), lines) > 0
    policy = _policies(batch, lines)
    lorem = batch.per_text(batch.text_of(batch.places_of(["lorem ipsum"]))) > 0
    kept = ended & ~long_words & ~script & ~policy
    ends = sentence_ends(batch)
    sentences = np.maximum(np.searchsorted(ends, lines.ends) - np.searchsorted(ends, lines.starts), 1)
    by_code, by_paper = kept & (words >= 5), kept & (words >= 3)
    return {
        "c4.line_no_terminal_punct_frac": ratio(batch.per_text(lines.texts[~ended]), total),
        "c4.line_no_terminal_punct_unicode_frac": ratio(
            batch.per_text(lines.texts[~_ends_sentence(batch, lines)]), total
        ),
        "c4.line_too_few_words_frac": ratio(batch.per_text(lines.texts[words < 5]), total),
        "c4_paper.line_too_few_words_frac": ratio(batch.per_text(lines.texts[words < 3]), total),
        "c4.line_long_word_count": batch.per_text(lines.texts[long_words]),
        "c4.line_javascript_count": batch.per_text(lines.texts[script]),
        "c4.line_policy_count": batch.per_text(lines.texts[policy]),
        "c4.has_lorem_ipsum": lorem.astype(np.int64),
        "c4.has_curly_bracket": np.minimum(batch.count("{"), 1),
        "c4.num_sentences": batch.per_text(lines.texts[by_code], sentences[by_code]),
        "c4_paper.num_sentences": batch.per_text(lines.texts[by_paper], sentences[by_paper]),
        "c4.long_line_count": batch.per_text(lines.texts[lines.lengths >= _LONG_LINE]),
    }


def sentence_ends(batch: Batch) -> Ints:
    """Return the places where sentences end.

    The last of a run of sentence-final characters, where closing quotes and brackets at most stand
    between it and a space or the end of the line. Full-width marks need no space.
    """
    codes = batch.codes
    places = batch.marks[one_of(SENTENCE_TERMINAL, batch.mark_codes)]
    behind = places + 1
    last = ~one_of(SENTENCE_TERMINAL, codes[behind])
    places, behind = places[last], behind[last]
    closing = one_of(CLOSERS, codes[behind])
    while closing.any():
        behind[closing] += 1
        closing[closing] = one_of(CLOSERS, codes[behind[closing]])
    ended = ((batch.flags[behind] & SPACE) != 0) | one_of(_UNSPACED, codes[places])
    return np.asarray(places[ended])


def _policies(batch: Batch, lines: Spans) -> Bools:
    """Tell which lines hold one of the phrases about policies."""
    held = within(batch.places_of(("cookie", "privacy policy", "terms of use")), lines) > 0
    for index in np.flatnonzero(held).tolist():
        line = batch.text(index, lines).lower()
        held[index] = any(phrase in line for phrase in _POLICIES)
    return held


def _words_and_ends(batch: Batch, lines: Spans) -> tuple[Ints, Bools]:
    """Return the words of each line, and whether it ends as C4 wants, both without its citations."""
    words = batch.words_in(lines)
    last = batch.last_solid(lines)
    codes = batch.codes
    ended = one_of(_END_MARKS, codes[last]) & ~batch.ends_in_dots(lines)
    brackets = batch.places_of_mark("[")
    for index in np.flatnonzero(within(brackets, lines)).tolist():
        line = batch.text(index, lines).strip()
        bare = _CITATION.sub("", line)
        if bare != line:
            words[index] = len(bare.split())
            ended[index] = bare.endswith(tuple(_END_MARKS)) and not bare.endswith("...")
    return words, ended


def _ends_sentence(batch: Batch, lines: Spans) -> Bools:
    last, first = batch.last_solid(lines), batch.first_solid(lines)
    closing = (last > first) & one_of(CLOSERS, batch.codes[last])
    while closing.any():
        last[closing] -= 1
        closing &= (last > first) & one_of(CLOSERS, batch.codes[last])
    return one_of(SENTENCE_TERMINAL, batch.codes[last])
