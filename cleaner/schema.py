"""The record: one row a document, the same columns for every input."""

from __future__ import annotations

import pyarrow as pa

from cleaner.signals import SIGNALS
from cleaner.signals.profiles import names

__all__ = ["EDIT", "PASSES", "SCHEMA", "SHARE", "SHARED"]

EDIT = pa.struct(
    [
        pa.field("stage", pa.string(), nullable=False),
        pa.field("rule", pa.string(), nullable=False),
        pa.field("start", pa.int64(), nullable=False),
        pa.field("end", pa.int64(), nullable=False),
        pa.field("before", pa.string(), nullable=False),
        pa.field("after", pa.string(), nullable=False),
        pa.field("applied", pa.bool_(), nullable=False),
        pa.field("note", pa.string(), nullable=False),
        pa.field("artifact", pa.string(), nullable=False),
    ]
)
"""One edit; offsets are code points of the text that the stage received (see `cleaner.document.Edit`)."""

SHARE = pa.struct([pa.field("code", pa.string()), pa.field("share", pa.float64())])
"""A language of a document and the share of its characters."""

SHARED = pa.struct([(name, pa.int64()) for name in ("start", "end", "documents")])
"""A paragraph that stands in several documents: its place in the text, in code points, and how many they are."""

PASSES = pa.struct([pa.field(name, pa.bool_()) for name in names()])
"""Whether a document passes each profile that ships; null where it was not asked for."""

SCHEMA = pa.schema(
    [
        pa.field("id", pa.string()),
        pa.field("source", pa.string()),
        pa.field("url", pa.string()),
        pa.field("site", pa.string()),
        pa.field("title", pa.string()),
        pa.field("author", pa.string()),
        pa.field("date", pa.string()),
        pa.field("description", pa.string()),
        pa.field("site_name", pa.string()),
        pa.field("categories", pa.list_(pa.string())),
        pa.field("tags", pa.list_(pa.string())),
        pa.field("page_language", pa.string()),
        pa.field("extract_method", pa.string()),
        pa.field("text", pa.string()),
        pa.field("language", pa.string()),
        pa.field("language_score", pa.float64()),
        pa.field("languages", pa.list_(SHARE)),
        pa.field("encoding", pa.string()),
        pa.field("encoding_method", pa.string()),
        pa.field("chars_in", pa.int64()),
        pa.field("chars_out", pa.int64()),
        pa.field("flags", pa.list_(pa.string())),
        pa.field("edits", pa.list_(EDIT)),
        pa.field("signals_before", SIGNALS),
        pa.field("signals_after", SIGNALS),
        pa.field("passes", PASSES),
        pa.field("reasons", pa.list_(pa.string())),
        pa.field("rejected", pa.string()),
        pa.field("fingerprint", pa.uint64()),
        pa.field("duplicate_of", pa.string()),
        pa.field("near_duplicate_of", pa.string()),
        pa.field("cluster_size", pa.int64()),
        pa.field("similarity", pa.float64()),
        pa.field("shared_paragraphs", pa.list_(SHARED)),
        pa.field("metadata", pa.string()),
        pa.field("error", pa.string()),
    ]
)
"""The schema of every file the package writes; the same for every input.

`author` to `page_language` are what an input table or an HTML page says of the document, and
`extract_method` how the text of a page was got (see `cleaner.extract`); they are null for plain text.
"""
