"""Show what was changed: totals of a run, the page of a corpus, and what a new version would change."""
