"""The texts as RedPajama-v2 normalises them: no ASCII punctuation, lower case, NFD.

Each word of the vocabulary is normalised alone, which comes to the same: nothing there reaches over a
space, and nothing becomes one.
"""

from __future__ import annotations

import string
import unicodedata

import numpy as np

from cleaner.native.spans import firsts
from cleaner.signals.chars import codes_of
from cleaner.signals.spans import Worded
from cleaner.signals.vocabulary import Vocabulary

__all__ = ["Plain", "normalised"]

_DELETED = string.punctuation.encode()


class Plain(Worded):
    """The words of the normalised texts. Those of punctuation only are gone.

    `vocabulary` has the normalised form of each word of the batch's vocabulary under the same number;
    it is empty where nothing is left, and several words may have the same. `kept` is 1 for each word of
    which something is left, else 0. In `ids` a word has the number of the first with its form, and
    `word_characters` are the characters of all words of each text.
    """

    def __init__(self, vocabulary: Vocabulary, batch: Worded) -> None:
        forms = Vocabulary(codes_of(normalised(vocabulary.text)))
        self.vocabulary = forms
        self.kept = np.minimum(forms.lengths, 1)
        numbers = batch.ids
        counts, self.word_characters = batch.words_per_text(self.kept, forms.lengths)
        if not self.kept.all():
            numbers = numbers.take(np.flatnonzero((forms.lengths > 0).take(numbers)))
        form = np.empty(forms.size, np.int64)  # of each form, the first word that has it
        firsts(forms.codes, forms.starts, forms.ends, None, form)
        super().__init__(form.take(numbers), forms.lengths.take(numbers), counts)


def normalised(text: str) -> str:
    """Return a text without ASCII punctuation, in lower case and NFD; line feeds stay."""
    bare = text.encode("utf-8", "surrogatepass").translate(None, _DELETED)
    return unicodedata.normalize("NFD", bare.decode("utf-8", "surrogatepass").lower())
