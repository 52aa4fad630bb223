"""Damaged inputs: what is good arrives once and in order, what is bad is set aside with a reason."""

from __future__ import annotations

import gzip
import json
import os
import random
import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner.io.reading import ReadOptions
from cleaner.run import RunOptions, run
from cleaner.settings import Settings
from tests.executors.faults import BrokenRule
from tests.io.corpus import PACK, answer, cleaned, warc_record


def words(number: int) -> str:
    return " ".join(
        random.Random(number).choices(["alpha", "beta", "gamma", "delta", "epsilon", "zeta"], k=30)
    )


def lines(count: int) -> bytes:
    return b"".join(json.dumps({"id": str(n), "text": words(n)}).encode() + b"\n" for n in range(count))


def good(rows):
    return [row["id"] for row in rows if row["error"] is None]


def quarantine(output):
    return pq.read_table(output.with_name("out.quarantine.parquet")).to_pylist()


def test_bad_lines_in_the_middle(tmp_path) -> None:
    bad = [b"{broken", b"[1]", b'{"id": "x"}', b'{"text": "\xff"', b'{"a":' * 5000]
    whole = lines(6).splitlines()
    mixed = [*whole[:2], bad[0], bad[1], whole[2], b"", bad[2], *whole[3:], bad[3], bad[4]]
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(mixed))
    out = tmp_path / "out.parquet"
    rows = cleaned(tmp_path / "a.jsonl", output=out, code=1)
    assert good(rows) == ["0", "1", "2", "3", "4", "5"]
    set_aside = quarantine(out)
    assert [row["data"] for row in set_aside] == bad
    assert [row["place"] for row in set_aside] == ["line 3", "line 4", "line 7", "line 11", "line 12"]
    assert [rows[row["row"]]["error"] for row in set_aside] == [row["reason"] for row in set_aside]
    assert all(row["source"].endswith("a.jsonl") for row in set_aside)
    assert "not valid JSON" in set_aside[0]["reason"]
    assert "a list" in set_aside[1]["reason"]
    assert "no column for the text" in set_aside[2]["reason"]


def test_bad_rows_of_a_table(tmp_path) -> None:
    (tmp_path / "a.csv").write_text(
        'id,text\n1,"one\ntwo"\n2,a,b\n3,"open\n4,four\n5,"fi""ve"\n6\n7,"sev"en\n8,eight\n9,"never closed\n10,ten\n'
    )
    out = tmp_path / "out.parquet"
    rows = cleaned(tmp_path / "a.csv", output=out, code=1)
    assert {row["id"]: row["text"] for row in rows if row["error"] is None} == {
        "1": "ONE\nTWO",
        "4": "FOUR",
        "5": 'FI"VE',
        "8": "EIGHT",
        "10": "TEN",
    }
    assert [row["data"] for row in quarantine(out)] == [
        b"2,a,b\n", b'3,"open\n', b"6\n", b'7,"sev"en\n', b'9,"never closed\n'
    ]  # fmt: skip
    assert [row["place"] for row in quarantine(out)] == ["line 4", "line 5", "line 8", "line 9", "line 11"]


@pytest.mark.parametrize("compression", ["gz", "zst", "xz"])
def test_a_truncated_archive_gives_what_is_whole(tmp_path, compression) -> None:
    whole = PACK[compression](lines(4000))
    (tmp_path / f"a.jsonl.{compression}").write_bytes(whole[: len(whole) // 2])
    (tmp_path / f"b.txt.{compression}").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "c.txt").write_text("after")
    out = tmp_path / "out.parquet"
    *rows, text, after = cleaned(tmp_path, output=out, code=1)
    assert good(rows) == [str(number) for number in range(len(rows) - 1)]
    assert len(rows) > 1000
    assert after["text"] == "AFTER"
    set_aside = quarantine(out)
    assert [row["id"] for row in set_aside] == [rows[-1]["id"], text["id"]]
    assert all("cannot be read" in row["reason"] for row in set_aside)
    assert set_aside[1]["data"].startswith(lines(1000))


def test_a_truncated_or_damaged_table(tmp_path) -> None:
    table = pa.table({"id": [str(n) for n in range(3000)], "text": [words(n) for n in range(3000)]})
    pq.write_table(
        table, tmp_path / "b.parquet", row_group_size=1000, compression="gzip", use_dictionary=False
    )
    whole = bytearray((tmp_path / "b.parquet").read_bytes())
    offset = pq.ParquetFile(tmp_path / "b.parquet").metadata.row_group(1).column(1).data_page_offset
    (tmp_path / "a.parquet").write_bytes(whole[: len(whole) // 2])
    whole[offset + 40 : offset + 4000] = b"\xff" * 3960
    (tmp_path / "b.parquet").write_bytes(whole)
    out = tmp_path / "out.parquet"
    rows = cleaned(tmp_path, output=out, code=1)
    ids = good(rows)
    assert ids[:1000] == table["id"].to_pylist()[:1000]
    assert ids[-1000:] == table["id"].to_pylist()[-1000:]
    assert len(ids) == len(set(ids))
    assert [row["source"].rsplit("/")[-1] for row in quarantine(out)] == ["a.parquet", "b.parquet"]
    assert "row group 1" in quarantine(out)[1]["reason"]


def test_a_truncated_web_archive(tmp_path) -> None:
    records = [
        warc_record(
            "response", answer(words(number).encode()), "application/http; msgtype=response", number=number
        )
        for number in range(3)
    ]
    (tmp_path / "a.warc").write_bytes(b"".join(records)[:-40])
    (tmp_path / "b.warc.gz").write_bytes(b"".join(map(gzip.compress, records))[:-40])
    broken = answer(b"not gzip", more="Content-Encoding: gzip\r\n")
    (tmp_path / "d.warc").write_bytes(warc_record("response", broken, "application/http; msgtype=response"))
    out = tmp_path / "out.parquet"
    rows = cleaned(tmp_path, output=out, code=1)
    for name in "ab":
        of_file = [row for row in rows if row["source"].rsplit("/")[-1].startswith(name)]
        assert len(good(of_file)) == 2
        assert of_file[-1]["error"]
    assert [row["source"].rsplit("/")[-1][0] for row in quarantine(out)] == list("abd")
    assert quarantine(out)[2]["data"] == broken


@pytest.mark.parametrize("compression", ["gz", "zst", "bz2", "xz", "zip"])
def test_bombs_are_stopped(tmp_path, compression) -> None:
    bomb = b"0" * (70 << 20)
    if compression == "zip":
        with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.txt", bomb)
    else:
        (tmp_path / f"a.txt.{compression}").write_bytes(PACK[compression](bomb))
    (tmp_path / "b.txt").write_text("good")
    out = tmp_path / "out.parquet"
    rows = cleaned(tmp_path, output=out, code=1)
    assert [row["text"] for row in rows] == [None, "GOOD"]
    assert "which no text does" in rows[0]["error"]


def test_too_large_is_set_aside(tmp_path) -> None:
    (tmp_path / "a.txt").write_bytes(b"x" * 5000)
    (tmp_path / "b.jsonl").write_bytes(lines(2) + b'{"text": "' + b"x" * 5000 + b'"}\n' + lines(1))
    options = ReadOptions(most_bytes=2000)
    rows = cleaned(tmp_path, output=tmp_path / "out.parquet", code=1, reading=options)
    assert [row["error"] is None for row in rows] == [False, True, True, False, True]
    assert "--max-document" in rows[0]["error"]


def test_files_that_vanish_or_may_not_be_read(tmp_path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "b.txt").write_text("good")
    (tmp_path / "c.zip").write_bytes(b"PK no zip")
    (tmp_path / "d.parquet").write_bytes(b"")
    (tmp_path / "e.json").write_bytes(b'[{"text": "first"}, {"text": "sec')
    rows = cleaned(tmp_path, output=tmp_path / "out.parquet", code=1)
    assert [row["text"] for row in rows] == [None, "GOOD", None, None, "FIRST", None]
    assert "No such file" in rows[0]["error"]


@pytest.mark.parametrize("workers", [0, 2])
def test_a_document_that_makes_a_step_raise_is_set_aside_with_the_traceback(tmp_path, workers) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    poison = "caf\xe9, a poison for the rules".encode("latin-1")
    for number in range(9):
        (folder / f"{number}.txt").write_bytes(poison if number in (2, 7) else b"A good line of text.")
    out = tmp_path / "out.parquet"
    options = RunOptions(quiet=True, workers=workers, batch_bytes=800)
    assert run([str(folder)], str(out), settings=Settings(), options=options, clean=BrokenRule()) == 1
    rows = pq.read_table(out).to_pylist()
    assert [row["text"] is None for row in rows] == [number in (2, 7) for number in range(9)]
    for row in quarantine(out):
        assert row["data"] == poison
        assert row["reason"] == "raised LookupError: the rule broke at this text"
        assert row["traceback"].startswith("Traceback (most recent call last):")
        assert "LookupError: the rule broke at\nthis text" in row["traceback"]
        assert "pipeline.py" in row["traceback"]
    assert [row["row"] for row in quarantine(out)] == [2, 7]


def test_names_that_are_not_utf8(tmp_path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    try:
        (folder / os.fsdecode(b"caf\xe9.txt")).write_bytes(b"good")
    except OSError:
        pytest.skip("this file system takes no such names")
    (row,) = cleaned(folder, output=tmp_path / "out.parquet")
    assert row["text"] == "GOOD"
    assert row["id"] == "caf\\xe9.txt" or row["id"] == "caf\\udce9.txt"


def test_without_errors_there_is_no_quarantine_file(tmp_path) -> None:
    out = tmp_path / "out.parquet"
    (tmp_path / "a.jsonl").write_bytes(b"{\n" + lines(1))
    cleaned(tmp_path / "a.jsonl", output=out, code=1)
    assert len(quarantine(out)) == 1
    (tmp_path / "a.jsonl").write_bytes(lines(1))
    cleaned(tmp_path / "a.jsonl", output=out, overwrite=True)
    assert not out.with_name("out.quarantine.parquet").exists()
