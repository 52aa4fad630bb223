"""Show what was changed: totals of a run, and the lines of a document with the rule behind each."""
