"""C4's line rules (arXiv 1910.10683) as shares of lines, in the variants of its code and of its paper.

The code (TensorFlow Datasets `c4_utils.py`) wants 5 words a line and 3 sentences a page, the paper 3
and 5. Names in `c4.` follow the code, those in `c4_paper.` the paper. Lines are split at line feeds and
stripped; blank ones are not counted. Citations like "[3]" are cut out of a line before it is judged.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from cleaner.signals.definition import Signal, ratio
from cleaner.signals.looks import ENDED
from cleaner.signals.phrases import POLICIES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cleaner.signals.batch import Batch
    from cleaner.signals.spans import Bools, Ints

__all__ = ["SIGNALS", "VARIANT", "compute"]

VARIANT = "tensorflow-datasets c4_utils (c4), paper (c4_paper); sentences by rule, not Punkt"

_END_MARKS = '.?!"'
_LONG_WORD = 1000
_LONG_LINE = 200
_CITATION = re.compile(r"\[\d*\]|\[edit\]|\[citation needed\]")

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
    Signal("c4.line_policy_count", "count of lines", "lines that hold: " + ", ".join(POLICIES), _CODE),
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
    lines, vocabulary = batch.lines, batch.vocabulary
    texts = lines.spans.texts
    total = batch.per_text(texts)
    words, ended = _words_and_ends(batch, batch.lines_holding(["["]))
    spoken = (vocabulary.looks["ends_sentence"] != 0).take(batch.ids.take(lines.behind - 1))
    script = batch.lines_holding(["javascript"])
    policy = batch.lines_holding(POLICIES)
    lorem = batch.per_text(batch.word_texts.take(batch.words_holding["lorem ipsum"]))
    kept = ended & ~script & ~policy
    long_words = np.zeros(len(kept), np.bool_)
    if vocabulary.lengths.max(initial=0) > _LONG_WORD:
        long_words = batch.lines_of(np.flatnonzero(batch.word_lengths > _LONG_WORD))
        kept &= ~long_words
    sentences = np.maximum(batch.words_per_line(vocabulary.looks["sentence_ends"])[0], 1)
    [curly] = batch.words_per_text(vocabulary.looks["curly"])
    by_code, by_paper = kept & (words >= 5), kept & (words >= 3)
    return {
        "c4.line_no_terminal_punct_frac": ratio(batch.per_text(texts[~ended]), total),
        "c4.line_no_terminal_punct_unicode_frac": ratio(batch.per_text(texts[~spoken]), total),
        "c4.line_too_few_words_frac": ratio(batch.per_text(texts[words < 5]), total),
        "c4_paper.line_too_few_words_frac": ratio(batch.per_text(texts[words < 3]), total),
        "c4.line_long_word_count": batch.per_text(texts[long_words]),
        "c4.line_javascript_count": batch.per_text(texts[script]),
        "c4.line_policy_count": batch.per_text(texts[policy]),
        "c4.has_lorem_ipsum": np.minimum(lorem, 1),
        "c4.has_curly_bracket": np.minimum(curly, 1),
        "c4.num_sentences": batch.per_text(texts[by_code], sentences[by_code]),
        "c4_paper.num_sentences": batch.per_text(texts[by_paper], sentences[by_paper]),
        "c4.long_line_count": batch.per_text(texts[lines.spans.lengths >= _LONG_LINE]),
    }


def _words_and_ends(batch: Batch, cited: Bools) -> tuple[Ints, Bools]:
    """Return the words of each line, and whether it ends as C4 wants, both without its citations.

    `cited` says which lines may have any.
    """
    lines, vocabulary = batch.lines, batch.vocabulary
    words = lines.words
    closed = ((vocabulary.looks["last"] & ENDED) != 0) & (vocabulary.looks["dots"] == 0)
    ended = closed.take(batch.ids.take(lines.behind - 1))
    for index in np.flatnonzero(cited).tolist():
        line = batch.text(lines.spans, index).strip()
        bare = _CITATION.sub("", line)
        if bare != line:
            words[index] = len(bare.split())
            ended[index] = bare.endswith(tuple(_END_MARKS)) and not bare.endswith("...")
    return words, ended
