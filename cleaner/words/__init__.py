"""What a line is made of: lexicons by language, concepts that rules, line model and `explain` share."""

from __future__ import annotations

from cleaner.words.concepts import CONCEPTS
from cleaner.words.files import LexiconError
from cleaner.words.lexicon import Lexicon, Made, Names

__all__ = ["CONCEPTS", "Lexicon", "LexiconError", "Made", "Names"]
