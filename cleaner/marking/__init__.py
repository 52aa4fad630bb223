"""What was done to a document, line by line: for the report, for `explain`, and for notebooks."""

from cleaner.marking.html import as_html
from cleaner.marking.lines import MarkedLine, Run, marked_lines
from cleaner.marking.shown import ShownLine, ShownRun, Stretch, stretches

__all__ = ["MarkedLine", "Run", "ShownLine", "ShownRun", "Stretch", "as_html", "marked_lines", "stretches"]
