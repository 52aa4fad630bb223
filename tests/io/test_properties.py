"""What holds for any content: no document is lost, none is doubled, whatever is written."""

from __future__ import annotations

import csv
import io
import json

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from cleaner.executors.contain import OUTCOME, failed
from cleaner.io.formats import lines, separated
from cleaner.io.groups import Cutter, Sizes
from cleaner.io.raw import Place, Raw, gathered
from cleaner.io.reading import ReadOptions
from cleaner.io.sources import Source

TEXT = st.text(st.characters(codec="utf-8"), max_size=30)
CELL = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), min_size=1, max_size=20)


def source(format_: str) -> Source:
    return Source("s", "s", 0, "", format_)


@given(st.lists(st.binary(max_size=30)))
def test_every_line_is_a_document_or_an_error(parts) -> None:
    whole = b"\n".join(parts)
    rows = list(lines.read(io.BufferedReader(io.BytesIO(whole)), source("jsonl"), ReadOptions()))
    wanted = [line for line in whole.removeprefix(b"\xef\xbb\xbf").split(b"\n") if line.strip()]
    assert len(rows) == len(wanted)
    assert [row.data for row in rows if row.error] == [
        line for line, row in zip(wanted, rows, strict=True) if row.error
    ]


@given(st.lists(TEXT), st.booleans())
def test_json_lines_come_back(texts, escaped) -> None:
    whole = "".join(json.dumps({"text": text}, ensure_ascii=escaped) + "\n" for text in texts).encode()
    rows = lines.read(io.BufferedReader(io.BytesIO(whole)), source("jsonl"), ReadOptions())
    assert [row.text for row in rows] == texts


@given(st.lists(st.tuples(CELL, CELL)), st.sampled_from([",", ";", "\t", "|"]))
def test_tables_come_back(cells, delimiter) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(["id", "text"])
    writer.writerows(cells)
    stream = io.BufferedReader(io.BytesIO(out.getvalue().encode()))
    rows = separated.read(stream, source("tsv" if delimiter == "\t" else "csv"), ReadOptions())
    assert [(row.id, row.text, row.error) for row in rows] == [(*each, None) for each in cells]


@given(st.binary(max_size=200))
def test_a_table_of_any_bytes_loses_no_line(junk) -> None:
    stream = io.BufferedReader(io.BytesIO(b"id,text\n" + junk))
    for row in separated.read(stream, source("csv"), ReadOptions()):
        assert row.error or row.text is not None


@given(st.lists(st.integers(0, 50), max_size=40), st.integers(1, 2000), st.integers(1, 9), st.integers(1, 20))
def test_groups_do_not_depend_on_batches(lengths, batch_bytes, group_rows, part_rows) -> None:
    rows = [(Place(n // 7, n % 7), Raw(str(n), "s", text="x" * length)) for n, length in enumerate(lengths)]
    sizes = Sizes(group_rows=group_rows, part_rows=part_rows, group_bytes=3_000)
    cuts = []
    for size in (batch_bytes, 1 << 20):
        cutter = Cutter(sizes)
        groups = []
        for batch in gathered(rows, size):
            outcome = failed(batch, "because")
            assert outcome.schema.equals(OUTCOME)
            groups += cutter.add(batch, outcome)
        groups += cutter.rest()
        cuts.append(groups)
    small, large = cuts
    assert [group.record["id"].to_pylist() for group in small] == [
        group.record["id"].to_pylist() for group in large
    ]
    assert [(group.next, group.ends_part) for group in small] == [
        (group.next, group.ends_part) for group in large
    ]
    table = pa.concat_tables(group.quarantine for group in small) if small else None
    assert (table["row"].to_pylist() if table is not None else []) == list(range(len(lengths)))
