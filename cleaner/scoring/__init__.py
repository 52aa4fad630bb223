"""The line model: what lines say as hashed words, and trees over observations, all in whole numbers.

A model is data that `training/` wrote: a file that is read, checked and never run. It knows no engine and no
table of lines; rules of the kind `scored` ask it (`cleaner.rules.kinds.scored`).
"""

from cleaner.scoring.model import LineModel, ModelError

__all__ = ["LineModel", "ModelError"]
