"""What a site repeats: learned from its documents, kept in a file that people can read, applied as rules.

    sketch.learn(texts, sites) -> sketch.counts() -> finished(counts) -> Memory -> rules_of(memory)

Observe says what one batch shows, a sketch adds up what many showed, judge says what each line is.
"""

from __future__ import annotations

from cleaner.memory.ruled import rules_of
from cleaner.memory.store import Memory, MemoryFileError, read_memory, shared

__all__ = ["Memory", "MemoryFileError", "read_memory", "rules_of", "shared"]
