"""Damage in the middle of a web archive: the record at fault is set aside, later documents arrive."""

from __future__ import annotations

import contextlib
import gzip
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaner.io.formats import webarchive
from cleaner.io.formats.tape import Tape
from cleaner.io.members import DamagedError, Members
from cleaner.io.opening import Meter, opened
from cleaner.io.reading import ReadOptions
from cleaner.io.sources import Source
from tests.io.corpus import answer, warc_record

HTTP = "application/http; msgtype=response"
COUNT = 5


def body(number: int) -> bytes:
    # long enough that a record does not fit into one read, and different in every place
    return b"".join(b"%d word %d. " % (number, place) for place in range(40 if number % 2 else 9_000))


def record(number: int) -> bytes:
    return warc_record("response", answer(body(number), "text/plain"), HTTP, number=number)


RECORDS = [record(number) for number in range(COUNT)]


def read(tmp_path, data: bytes, name: str = "a.warc", most: int = 1 << 28):
    (tmp_path / name).write_bytes(data)
    source = Source(
        name, str(tmp_path / name), len(data), "", "warc", "gzip" if name.endswith("gz") else None
    )
    with opened(source, Meter()) as stream:
        return list(webarchive.read(stream, source, ReadOptions(most_bytes=most)))


def good(rows) -> list[int]:
    for row in rows:
        if row.error is None:
            assert row.data == body(int(row.id[-12:]))
    return [int(row.id[-12:]) for row in rows if row.error is None]


def bad(rows):
    return [row for row in rows if row.error is not None]


def but(number: int) -> list[int]:
    return [each for each in range(COUNT) if each != number]


JUNK = [
    b"no record\r\n\r\n",
    b"\x00" * 3000,
    b"WARC/",
    b"x" * 300_000,
    b"\r\n\r\nHTTP/1.1 200 OK\r\n\r\nbody\r\n\r\n",
]


@pytest.mark.parametrize("junk", JUNK, ids=range(len(JUNK)))
@pytest.mark.parametrize("place", [0, 2, COUNT])
def test_junk_between_records_is_set_aside(tmp_path, junk, place) -> None:
    data = b"".join([*RECORDS[:place], junk, *RECORDS[place:]])
    rows = read(tmp_path, data)
    assert good(rows) == list(range(COUNT))
    (wrong,) = bad(rows)
    assert wrong.data == junk.strip(b"\r\n")
    assert "no record" in wrong.error
    assert rows.index(wrong) == place


HEADS = {
    "its length is too large": (b"Content-Length: ", b"Content-Length: 1"),
    "its length is beyond the file": (b"Content-Length: ", b"Content-Length: 99999"),
    "its length is beyond all limits": (b"Content-Length: ", b"Content-Length: 9999999999999"),
    "its length is no number": (b"Content-Length: ", b"Content-Length: x"),
    "its length is negative": (b"Content-Length: ", b"Content-Length: -"),
    "it has no length": (b"Content-Length: ", b"Xontent-Length: "),
    "it has another first line": (b"WARC/1.0", b"BARC/1.0"),
    "it has no type": (b"WARC-Type", b"WARC\xffType"),
    "its head does not end": (b"\r\n\r\nHTTP", b"\r\nHTTP"),
}


@pytest.mark.parametrize("fault", HEADS)
@pytest.mark.parametrize("number", [0, 1, 2, COUNT - 1])
@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_a_damaged_head_costs_its_record(tmp_path, fault, number, name) -> None:
    records = list(RECORDS)
    records[number] = records[number].replace(*HEADS[fault], 1)
    pack = gzip.compress if name.endswith("gz") else bytes
    rows = read(tmp_path, b"".join(map(pack, records)), name)
    assert good(rows) == but(number)
    assert bad(rows)
    assert rows[number].error
    assert body(number)[-100:] in b"".join(row.data or b"" for row in bad(rows))


def test_a_length_that_is_too_small_costs_its_record(tmp_path) -> None:
    records = list(RECORDS)
    length = len(answer(body(2), "text/plain"))
    records[2] = records[2].replace(b"Content-Length: %d" % length, b"Content-Length: %d" % (length - 50))
    rows = read(tmp_path, b"".join(records))
    assert good(rows) == but(2)
    assert [row.data for row in bad(rows)] == [records[2]]
    assert bad(rows)[0].id == "urn:uuid:00000000-0000-0000-0000-000000000002"


PAYLOADS = {
    "no answer": b"x" * 120_000,
    "no gzip": answer(b"not gzip", more="Content-Encoding: gzip\r\n"),
    "no chunks": answer(b"zzzz", more="Transfer-Encoding: chunked\r\n"),
}


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz"])
def test_a_payload_that_cannot_be_decoded_costs_its_record(tmp_path, payload, name) -> None:
    records = [RECORDS[0], warc_record("response", PAYLOADS[payload], HTTP, number=1), *RECORDS[2:]]
    pack = gzip.compress if name.endswith("gz") else bytes
    rows = read(tmp_path, b"".join(map(pack, records)), name)
    assert good(rows) == but(1)
    assert [row.data for row in bad(rows)] == [PAYLOADS[payload]]


def test_damage_of_other_records_loses_no_document(tmp_path) -> None:
    request = warc_record(
        "request", b"GET / HTTP/1.1\r\n\r\n", "application/http; msgtype=request", number=77
    )
    broken = request.replace(b"Content-Length: ", b"Content-Length: 99")
    rows = read(tmp_path, b"".join([RECORDS[0], request, RECORDS[1], broken, *RECORDS[2:]]))
    assert good(rows) == list(range(COUNT))
    assert [row.data for row in bad(rows)] == [broken]


def test_a_large_record_costs_itself(tmp_path) -> None:
    rows = read(tmp_path, b"".join(RECORDS), most=20_000)
    assert good(rows) == [number for number in range(COUNT) if number % 2]
    assert ["--max-document" in row.error for row in bad(rows)] == [True] * 3


@pytest.mark.parametrize("number", [0, 2, COUNT - 1])
@pytest.mark.parametrize("where", ["head", "front", "middle", "checksum", "cut"])
def test_a_damaged_member_costs_its_record(tmp_path, number, where) -> None:
    members = [gzip.compress(each) for each in RECORDS]
    member = bytearray(members[number])
    place = {"head": 0, "front": 12, "middle": len(member) // 2, "checksum": -6, "cut": 0}[where]
    if where == "cut":
        del member[len(member) // 2 :]
    else:
        member[place : place + 4] = bytes(byte ^ 0xA5 for byte in member[place : place + 4])
    members[number] = bytes(member)
    rows = read(tmp_path, b"".join(members), "a.warc.gz")
    assert good(rows) == but(number)
    (wrong,) = bad(rows)
    assert rows.index(wrong) == number
    assert wrong.data


def test_one_member_for_all_records_gives_what_is_before_the_damage(tmp_path) -> None:
    whole = bytearray(gzip.compress(b"".join(RECORDS)))
    place = len(gzip.compress(b"".join(RECORDS[:3]))) + 500
    whole[place : place + 20] = b"\xff" * 20
    rows = read(tmp_path, bytes(whole), "a.warc.gz")
    assert good(rows)[:3] == [0, 1, 2]
    assert "the rest of the file is lost to this run" in rows[-1].error


@given(st.data())
def test_any_damage_costs_only_the_records_it_touches(data) -> None:
    records = [warc_record("conversion", b"text %d " % n * data.draw(st.integers(0, 40)), "text/plain", number=n) for n in range(4)]  # fmt: skip
    whole = bytearray(b"".join(records))
    start = data.draw(st.integers(0, len(whole) - 1))
    junk = data.draw(st.binary(min_size=1, max_size=30))
    stop = start + data.draw(st.integers(0, 30))
    whole[start:stop] = junk
    ends = [sum(map(len, records[: n + 1])) for n in range(4)]
    untouched = [n for n in range(4) if ends[n] <= start or ends[n] - len(records[n]) >= stop + 4]
    source = Source("s", "s", 0, "", "warc")
    rows = list(
        webarchive.read(io.BufferedReader(io.BytesIO(bytes(whole))), source, ReadOptions(most_bytes=5_000))
    )
    arrived = {row.id: row for row in rows if row.error is None}
    for number in untouched:
        name = f"urn:uuid:00000000-0000-0000-0000-{number:012}"
        assert [row.id for row in rows].count(name) == 1, rows
        if name not in arrived:  # what follows it decides whether its length is right
            assert ends[number] == start
        else:
            assert arrived[name].data in records[number]


@given(st.lists(st.binary(max_size=50), max_size=6), st.integers(1, 100))
def test_members_are_one_stream(parts, size) -> None:
    packed = b"".join(gzip.compress(part) + b"\0" * (len(part) % 3) for part in parts)
    stream = Members(io.BytesIO(packed), b"WARC/")
    assert b"".join(iter(lambda: stream.read1(size), b"")) == b"".join(parts)


@given(st.binary(max_size=400))
def test_no_bytes_make_members_raise_anything_else_or_run_for_ever(junk) -> None:
    stream = Members(io.BytesIO(junk), b"WARC/")
    with contextlib.suppress(DamagedError):
        while stream.read1(1000):
            pass
    assert stream.read1(1000) == b""  # there was no other member


@given(st.binary(max_size=300), st.integers(0, 300))
def test_a_tape_finds_the_first_head_behind_a_place(junk, offset) -> None:
    head = b"\nWARC/1.0\r\nWARC-Type: resource\r\n"
    tape = Tape(io.BufferedReader(io.BytesIO(junk + head)))
    offset = min(offset, len(junk))
    place, passed = tape.find_head(max(offset, 1))
    assert place == len(junk) + 1
    assert passed == (junk + head)[max(offset, 1) : place]
