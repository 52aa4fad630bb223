"""Every format in: the same documents come out of each."""

from __future__ import annotations

import gzip
import io
import json
import sys
from datetime import datetime

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cleaner import Cleaner
from cleaner.cli import main
from cleaner.io.errors import InputError
from cleaner.io.fields import Columns
from cleaner.io.opening import Meter
from cleaner.io.reading import ReadOptions, documents, read_batches
from cleaner.io.sources import find_sources
from tests.io.corpus import ROWS, answer, cleaned, packed, warc_record, written

NAMES = ["a.jsonl", "a.json", "a.csv", "a.tsv", "a.parquet", "a.arrow", "a.feather"]


def read(*paths, options=None, kind=None):
    found = find_sources([str(path) for path in paths], kind)
    return [raw for source in found.sources for raw in documents(source, options or ReadOptions(), Meter())]


def check(rows):
    assert [row.text for row in rows] == [row["text"] for row in ROWS]
    assert [row.id for row in rows] == ["a", "b", "c"]
    assert [row.url for row in rows] == [row["url"] for row in ROWS]
    assert [row.error for row in rows] == [None] * 3
    stars = [json.loads(row.metadata)["stars"] for row in rows]
    assert [int(each) if each else None for each in stars] == [4, None, 1]


@pytest.mark.parametrize("name", NAMES)
def test_a_table_gives_its_rows(tmp_path, name) -> None:
    check(read(written(tmp_path, name)))


@pytest.mark.parametrize("compression", ["gz", "zst", "bz2", "xz", "zip"])
@pytest.mark.parametrize("name", NAMES)
def test_a_compressed_table_gives_its_rows(tmp_path, name, compression) -> None:
    check(read(packed(written(tmp_path, name), compression)))


def test_members_that_are_glued_together_are_all_read(tmp_path) -> None:
    path = written(tmp_path, "a.jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    for compression in ("gz", "zst", "bz2", "xz"):
        glued = b""
        for line in lines:
            part = tmp_path / "part"
            part.write_bytes(line)
            glued += packed(part, compression).read_bytes()
        (tmp_path / f"b.jsonl.{compression}").write_bytes(glued)
        check(read(tmp_path / f"b.jsonl.{compression}"))


def test_texts_and_pages_are_one_document_each(tmp_path) -> None:
    (tmp_path / "a.txt").write_bytes(b"caf\xe9")
    (tmp_path / "b.HTML").write_bytes(b"<p>b</p>")
    (tmp_path / "c.htm.gz").write_bytes(gzip.compress(b"<p>c</p>"))
    (tmp_path / "empty.txt").write_bytes(b"")
    rows = read(tmp_path)
    assert [(row.id, row.data, row.format) for row in rows] == [
        ("a.txt", b"caf\xe9", None),
        ("b.HTML", b"<p>b</p>", "html"),
        ("c.htm.gz", b"<p>c</p>", "html"),
        ("empty.txt", b"", None),
    ]


def test_web_archives_give_pages_and_texts(tmp_path) -> None:
    page = "<html>né</html>".encode("latin-1")
    chunked = b"%x\r\n%s\r\n0\r\n\r\n" % (len(page), page)
    records = [
        warc_record("warcinfo", b"software: x", "application/warc-fields"),
        warc_record("request", b"GET / HTTP/1.1\r\n\r\n", "application/http; msgtype=request"),
        *(
            warc_record("response", body, "application/http; msgtype=response", number=number)
            for number, body in enumerate(
                [
                    answer(page),
                    answer(gzip.compress(page), more="Content-Encoding: gzip\r\n"),
                    answer(chunked, more="Transfer-Encoding: chunked\r\n"),
                    answer(b"gone", status="404 Not Found"),
                    answer(b"\xff\xd8", media="image/jpeg"),
                    answer(b"plain", media="text/plain"),
                ],
                2,
            )
        ),
        warc_record("conversion", "naïve".encode(), "text/plain", number=9),
    ]
    (tmp_path / "a.warc").write_bytes(b"".join(records))
    (tmp_path / "b.warc.gz").write_bytes(b"".join(map(gzip.compress, records)))
    for name in ("a.warc", "b.warc.gz"):
        rows = read(tmp_path / name)
        assert [(row.data, row.format, row.charset) for row in rows] == [
            *[(page, "html", "iso-8859-1")] * 3,
            (b"plain", None, None),
            ("naïve".encode(), None, None),
        ]
        assert rows[0].id == "urn:uuid:00000000-0000-0000-0000-000000000002"
        assert {row.url for row in rows} == {"http://example.org/x"}


def test_json_comes_in_other_shapes(tmp_path) -> None:
    (tmp_path / "one.json").write_text('{\n "body": "one"\n}')
    (tmp_path / "lines.json").write_text('{"body": "two"}\n{"body": "three"}\n')
    (tmp_path / "mark.json").write_bytes(b'\xef\xbb\xbf[{"body": "four"}]')
    (tmp_path / "mark.jsonl").write_bytes(
        b'\xef\xbb\xbf{"body": "five"}\r\n\r\n{"body": "s\\ud800x", "n": NaN}'
    )
    (tmp_path / "latin.jsonl").write_bytes(b'{"body": "caf\xe9 noir"}')
    found = {}
    for row in read(tmp_path):
        found.setdefault(row.id.split(".")[0], []).append(row.text)
    assert found == {
        "one": ["one"],
        "lines": ["two", "three"],
        "mark": ["four", "five", "s\ud800x"],
        "latin": ["café noir"],
    }


def test_tables_of_other_encodings_and_delimiters(tmp_path) -> None:
    (tmp_path / "semicolon.csv").write_text("id;text\n1;a, b\n")
    (tmp_path / "mark.csv").write_bytes("\ufeffid,text\n1,é\n".encode())
    (tmp_path / "wide.csv").write_bytes("id,text\n1,é\n".encode("utf-16"))
    (tmp_path / "mixed.csv").write_bytes("id,text\n1,é\n".encode() + "2,é\n".encode("latin-1"))
    assert {row.source.rsplit("/")[-1] + row.id: row.text for row in read(tmp_path)} == {
        "semicolon.csv1": "a, b",
        "mark.csv1": "é",
        "wide.csv1": "é",
        "mixed.csv1": "é",
        "mixed.csv2": "é",
    }


@pytest.mark.parametrize(
    ("names", "text", "kind"),
    [
        (["Body", "x"], "Body", None),
        (["content", "text"], "text", None),
        (["raw_content"], "raw_content", None),
        (["html", "title"], "html", "html"),
        (["text", "html"], "text", None),
    ],
)
def test_columns_are_guessed(tmp_path, names, text, kind) -> None:
    pq.write_table(pa.table({name: [f"of {name}"] for name in names}), tmp_path / "a.parquet")
    (row,) = read(tmp_path / "a.parquet")
    assert (row.text, row.format, row.id) == (f"of {text}", kind, "a.parquet#1")


def test_columns_are_taken_by_name(tmp_path) -> None:
    path = written(tmp_path, "a.csv")
    options = ReadOptions(Columns(text="url", id="stars", url="text"))
    row = read(path, options=options)[0]
    assert (row.text, row.id, row.url) == (ROWS[0]["url"], "4", ROWS[0]["text"])
    assert json.loads(row.metadata) == {"id": "a"}


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_column_says_what_is_there(tmp_path, name) -> None:
    path = written(tmp_path, name)
    options = ReadOptions(Columns(text="txet"))
    with pytest.raises(
        InputError, match="no column 'txet' for the text; the columns are: id, url, text, stars"
    ):
        cleaned(path, output=tmp_path / "out.parquet", reading=options)


def test_odd_values_are_documents_with_an_error(tmp_path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"text": null}\n{"text": 5}\n{"text": ["x"]}\n{"text": "good", "id": 7}'
    )
    rows = read(tmp_path / "a.jsonl")
    assert [row.error and row.error.split("'text' ")[1] for row in rows] == [
        "is empty",
        "holds a number, not a text",
        "holds a list, not a text",
        None,
    ]
    assert json.loads(rows[1].data) == {"text": 5}
    assert rows[3].id == "7"


def test_standard_input_takes_a_format(tmp_path, monkeypatch) -> None:
    for name in ("a.jsonl", "a.parquet", "a.csv"):
        data = io.TextIOWrapper(io.BytesIO(written(tmp_path, name).read_bytes()))
        monkeypatch.setattr(sys, "stdin", data)
        check(read("-", kind=name.split(".")[1]))


def test_folders_and_patterns_are_sorted_and_mixed(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("b/x.txt", "a.txt", "b.txt", ".hidden/y.txt", "c.pdf", "b/.z.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    found = find_sources([str(tmp_path)])
    assert [source.id for source in found.sources] == ["a.txt", "b.txt", "b/x.txt"]
    assert found.left_out == {".pdf": 1}
    assert [source.id for source in find_sources(["**/*.txt"]).sources] == ["a.txt", "b.txt", "b/x.txt"]
    assert [source.id for source in find_sources(["b.txt", "*.txt"]).sources] == ["b.txt", "a.txt"]
    assert [source.format for source in find_sources(["c.pdf"], "txt").sources] == ["txt"]
    with pytest.raises(InputError, match="give --format"):
        find_sources(["c.pdf"])
    with pytest.raises(InputError, match="no file or folder at nothing"):
        find_sources(["nothing"])


def test_batches_keep_order_and_places(tmp_path) -> None:
    (tmp_path / "a.jsonl").write_text("".join(f'{{"text": "{"x" * 50} {n}"}}\n' for n in range(100)))
    (tmp_path / "b.txt").write_text("last")
    sources = find_sources([str(tmp_path)]).sources
    whole = [row for batch in read_batches(sources, 1 << 20) for row in batch.to_pylist()]
    small = list(read_batches(sources, 1000))
    assert len(small) > 20
    assert [row for batch in small for row in batch.to_pylist()] == whole
    from cleaner.io.raw import Place

    rest = [row for batch in read_batches(sources, 1000, start=Place(0, 97)) for row in batch.to_pylist()]
    assert rest == whole[97:]
    assert [(row["file"], row["row"]) for row in rest] == [(0, 97), (0, 98), (0, 99), (1, 0)]


def test_the_real_cleaner_takes_what_readers_give(tmp_path) -> None:
    sources = find_sources([str(written(tmp_path, "a.jsonl"))]).sources
    (batch,) = read_batches(sources, 1 << 20)
    rows = Cleaner(language=None, signals=False).clean_batch(batch).to_pylist()
    assert [row["text"] for row in rows] == [row["text"] for row in ROWS]
    assert [row["site"] for row in rows] == ["example.org", "example.net", None]
    assert json.loads(rows[0]["metadata"]) == {"stars": 4}


SAID = {
    "author": "A. Writer; B. Writer",
    "date": "2024-01-05",
    "description": "In short.",
    "site_name": "The Example",
    "categories": ["News", "Ports"],
    "tags": ["ferry", "harbour"],
    "page_language": "en",
}


@pytest.mark.parametrize("name", ["a.jsonl", "a.parquet", "a.csv"])
def test_what_a_table_says_of_a_document_stands_in_the_columns_of_the_record(tmp_path, name) -> None:
    row = {"Body": "A good text.", "authors": ["A. Writer", "B. Writer"], "publish_date": datetime(2024, 1, 5),  # noqa: DTZ001 - as tables have it
           "summary": "In short.", "publisher": "The Example", "category": ["News", "Ports"], "keywords": ["ferry", "harbour"],
           "page_language": "en", "stars": 4}  # fmt: skip
    path = tmp_path / name
    if name == "a.jsonl":
        path.write_text(json.dumps({**row, "publish_date": "5 Jan 2024"}) + "\n")
    elif name == "a.parquet":
        table = pa.Table.from_pylist([row])
        place = table.schema.get_field_index("publish_date")
        pq.write_table(
            table.set_column(place, "publish_date", table["publish_date"].cast(pa.timestamp("ns"))), path
        )
    else:
        path.write_text(
            "Body;authors;publish_date;summary;publisher;category;keywords;page_language;stars\n"
            'A good text.;"A. Writer; B. Writer";05.01.2024;In short.;The Example;News|Ports;"ferry, harbour";en;4\n'
        )
    main_options = ["-o", str(tmp_path / "out.parquet"), "-q", "--no-language", "--no-signals"]
    with pytest.raises(SystemExit) as stop:
        main([str(path), *main_options])
    assert stop.value.code == 0
    (out,) = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert {name: out[name] for name in SAID} == SAID
    assert {name: int(value) for name, value in json.loads(out["metadata"]).items()} == {"stars": 4}


def test_columns_for_author_and_date_can_be_named(tmp_path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "Good.", "author": "the bot", "who": "A. Writer", "date": "x", "when": "1704448800"}\n')  # fmt: skip
    columns = ["--author-column", "who", "--date-column", "when"]
    with pytest.raises(SystemExit):
        main([str(tmp_path / "a.jsonl"), "-o", str(tmp_path / "out.parquet"), "-q", *columns])
    (row,) = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert (row["author"], row["date"]) == ("A. Writer", "2024-01-05T10:00:00+00:00")
    assert json.loads(row["metadata"]) == {"author": "the bot", "date": "x"}


def test_engines_fill_the_same_columns_whatever_their_types() -> None:
    batch = pa.record_batch(
        {
            "text": ["one", "two"],
            "author": [["A. Writer", "B. Writer"], None],
            "date": pa.array([datetime(2024, 1, 5), None], pa.timestamp("ms")),  # noqa: DTZ001 - as above
            "tags": ["ferry, harbour", None],
            "categories": pa.array([["News", "Ports"], []], pa.large_list(pa.large_string())),
            "description": pa.array([b"In short.", b"\xff"]),
            "site_name": pa.array(["The Example", None]).dictionary_encode(),
            "page_language": pa.array(["en", "de"], pa.large_string()),
        }
    )
    first, second = Cleaner(language=None, signals=False).clean_batch(batch).to_pylist()
    assert {name: first[name] for name in SAID} == SAID
    assert [second[name] for name in SAID] == [None, None, "\\xff", None, [], None, "de"]


def test_odd_words_of_a_table_cost_no_document(tmp_path) -> None:
    odd = [
        '{"text": "a", "author": {"name": "A"}, "date": {"y": 1}, "tags": {"x": [1]}, "url": ["u"]}',
        '{"text": "b", "author": [], "date": [], "tags": [], "categories": [null, "", "x\\ud800"]}',
        '{"text": "c", "author": 5, "date": 5, "tags": 5, "title": [["t"], 1]}',
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(odd))
    cleaned(tmp_path / "a.jsonl", output=tmp_path / "out.parquet")
    with pytest.raises(SystemExit) as stop:
        main(
            [
                str(tmp_path / "a.jsonl"),
                "-o",
                str(tmp_path / "out.parquet"),
                "-q",
                "--overwrite",
                "--no-signals",
            ]
        )
    assert stop.value.code == 0
    rows = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert [row["text"] for row in rows] == ["a", "b", "c"]
    assert [row["tags"] for row in rows] == [['{"x": [1]}'], None, ["5"]]
    assert [row["author"] for row in rows] == ["A", None, "5"]
    assert rows[1]["categories"] == ["x\\ud800"]
    assert rows[2]["title"] == "t; 1"
