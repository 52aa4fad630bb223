"""Pages that hurt: made by code, each with what must become of it.

`method` is the way its text must be got, `error` a part of the reason why there is none, `holds` a text
that must not be lost. A page without any of them may end either way, as long as it ends.
"""

from __future__ import annotations

import gzip
import lzma
import random
import zlib
from typing import NamedTuple

SENTENCE = "The ferry stood still at the quay, and nobody came to look at it before the bells rang at noon. "


class Hostile(NamedTuple):
    name: str
    data: bytes | str
    method: str | None = None
    error: str | None = None
    holds: str | None = None


def prose(count: int = 6) -> str:
    return "".join(f"<p>Paragraph number {index}. {SENTENCE * 3}</p>" for index in range(count))


ARTICLE = f"<article><h1>Ferry stands still</h1>{prose()}</article>"
LAST = "Paragraph number 5."


def page(body: str, head: str = "") -> str:
    return f"<!doctype html><html lang='en'><head><title>Ferry</title>{head}</head><body>{body}</body></html>"


def corpus() -> list[Hostile]:
    return [*_nested(), *_wide(), *_huge(), *_packed(), *_characters(), *_broken(), *_lying()]


def _nested() -> list[Hostile]:
    found = [
        Hostile(
            f"{count} nested div", page("<div>" * count + ARTICLE + "</div>" * count), "flattened", holds=LAST
        )
        for count in (260, 10_000, 100_000)
    ]
    return [
        *found,
        Hostile("a hole before the article", page("<div>" * 5000 + "hole" + "</div>" * 5000 + ARTICLE), "flattened", holds=LAST),
        Hostile("nested span", page(f"<p>{'<span>' * 20_000}deep{'</span>' * 20_000}</p>{ARTICLE}"), "flattened", holds=LAST),
        Hostile("formatting that is never closed", page("<b><i>" * 5000 + ARTICLE), "flattened", holds=LAST),
        Hostile("nested tables", page("<table><tr><td>" * 3000 + ARTICLE), "flattened", holds=LAST),
        Hostile("nested lists", page("<ul><li>" * 5000 + "x" + "</li></ul>" * 5000 + ARTICLE), "flattened", holds=LAST),
        Hostile("nested quotes", page("<blockquote>" * 3000 + prose() + "</blockquote>" * 3000), "flattened", holds=LAST),
        Hostile("closed by others", page("<div><x-a></x-b>" * 5000 + ARTICLE), "flattened", holds=LAST),
    ]  # fmt: skip


def _wide() -> list[Hostile]:
    names = " ".join(f'a{index}="1"' for index in range(50_000))
    bare = " ".join(f"a{index}" for index in range(50_000))
    quoted = " ".join(f'a{index}="<b>"' for index in range(20_000))
    return [
        Hostile("50,000 attributes", page(f"<div {names}>{ARTICLE}</div>"), "flattened", holds=LAST),
        Hostile("attributes without values", page(f"<div {bare}>{ARTICLE}</div>"), "flattened", holds=LAST),
        Hostile("tags in attributes", page(f"<div {quoted}>{ARTICLE}</div>"), "flattened", holds=LAST),
        Hostile("one value of a megabyte", page(f'<div data-x="{"x" * 1_000_000}">{ARTICLE}</div>'), "trafilatura", holds=LAST),
        Hostile("20,000 classes", page(f'<div class="{bare}">{ARTICLE}</div>'), "trafilatura", holds=LAST),
        Hostile("a quote that is never closed", page(f'{ARTICLE}<div class="{"y " * 50_000}')),
    ]  # fmt: skip


def _huge() -> list[Hostile]:
    row = "<tr><td>1</td><td>Ferry</td><td>x</td></tr>"
    link = '<li><a href="/a">Ferry stands still again</a></li>'
    return [
        Hostile("an article of 10 MB", page(f"<article>{prose(30_000)}</article>"), error="larger than the limit"),
        Hostile("an article just below the limit", page(f"<article>{prose(5500)}</article>"), "trafilatura", holds="number 5499."),
        Hostile("short paragraphs", page("<p>Short words here now.</p>" * 60_000), "paragraphs", holds="Short words"),
        Hostile("a list of links", page(f"<ul>{link * 36_000}</ul>"), "paragraphs", holds="Ferry stands"),
        Hostile("a table", page(f"<table>{row * 40_000}</table>"), "paragraphs", holds="Ferry"),
        Hostile("line breaks", page(f"<p>{'<br>' * 400_000}</p>{prose()}"), "paragraphs", holds=LAST),
        Hostile("one word a tag", page("<b>x</b>" * 200_000), "paragraphs"),
        Hostile("one line of 2 MB", page("word " * 390_000), holds="word word"),
        Hostile("white space", page(" " * 1_900_000 + ARTICLE), "trafilatura", holds=LAST),
        Hostile("a script of 1.9 MB", page(f"<script>{'var a = 1 < 2;' * 130_000}</script>{ARTICLE}"), "trafilatura", holds=LAST),
        Hostile("a comment of 1.9 MB", page(f"<!--{'<div>' * 370_000}-->{ARTICLE}"), "trafilatura", holds=LAST),
        Hostile("JSON that nests", page(ARTICLE, f'<script type="application/ld+json">{"[" * 100_000}</script>'), "trafilatura", holds=LAST),
    ]  # fmt: skip


def _packed() -> list[Hostile]:
    bomb = b"<p>" + b"0" * 20_000_000
    return [
        Hostile("gzip bomb", gzip.compress(bomb), error="compressed (gzip)"),
        Hostile("gzip of a page", gzip.compress(page(ARTICLE).encode()), error="compressed (gzip)"),
        Hostile("xz", lzma.compress(bomb), error="compressed (xz)"),
        Hostile("zlib", zlib.compress(bomb), error="not a page"),
        Hostile("zip", b"PK\x03\x04" + bytes(range(256)) * 10, error="compressed (zip)"),
        Hostile("picture", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, error="not a page"),
        Hostile("random bytes", random.Random(5).randbytes(100_000), error="not a page"),
    ]


def _characters() -> list[Hostile]:
    text = page(ARTICLE)
    return [
        Hostile("named entities", page(f"<p>{'&amp;' * 350_000}</p>{ARTICLE}")),
        Hostile("entities that are none", page(f"<p>{'&nosuch;' * 200_000}</p>{ARTICLE}")),
        Hostile("numbers out of range", page(f"<p>{'&#99999999;&#0;' * 100_000}</p>{ARTICLE}")),
        Hostile("an entity bomb", '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>' + page(f"<p>&b;&b;</p>{ARTICLE}"), holds=LAST),
        Hostile("NULs between the words", text.replace(" number", "\0 number"), "trafilatura", holds="number 5"),
        Hostile("NUL bytes", text.encode().replace(b" number", b"\0 number")),
        Hostile("lone surrogates", text.replace("number 5", "number \ud800 5"), holds="number 4"),
        Hostile("marks on marks", page(f"<p>{'e' + chr(0x301) * 300_000}</p>{ARTICLE}")),
        Hostile("a charset that is wrong", page(ARTICLE.replace("quay", "quée"), "<meta charset='shift_jis'>").encode("utf-8"), "trafilatura", holds="quée"),
        Hostile("a charset that does not exist", page(ARTICLE, "<meta charset='klingon'>").encode("cp1252"), "trafilatura", holds=LAST),
        Hostile("no charset, windows-1251", page(f"<article><p>{'Паром стоял у причала. ' * 30}</p></article>").encode("cp1251"), "trafilatura", holds="Паром стоял"),
        Hostile("an XML declaration in a string", '<?xml version="1.0" encoding="utf-16"?>' + text, "trafilatura", holds=LAST),
    ]  # fmt: skip


def _broken() -> list[Hostile]:
    text = page(ARTICLE)
    return [
        Hostile("cut in the text", text[: len(text) // 2], "trafilatura", holds="number 1"),
        Hostile("cut in a tag", text[: text.index("number 3") - 14]),
        Hostile("cut in a script", page(ARTICLE + "<script>var a = '")[:-14], "trafilatura", holds=LAST),
        Hostile("cut in the bytes of a character", "<p>é".encode()[:-1] + b"<p>" + SENTENCE.encode() * 5),
        Hostile("nothing but brackets", "<" * 1_000_000),
        Hostile("tags that only open", "<a " * 500_000),
        Hostile("comments that only open", "<!--" * 400_000),
        Hostile("scripts that only open", "<script>" * 200_000),
        Hostile("quotes and brackets", "<a b='" * 200_000 + '<a c="' * 100_000),
        Hostile("empty", b"", error="empty"),
        Hostile("blank", " \n\t" * 1000, error="empty"),
        Hostile("a page without text", page("<div><img src='a.png'></div>"), error="no text"),
        Hostile("only a script", page("<script>document.write('x')</script>"), error="no text"),
    ]


def _lying() -> list[Hostile]:
    return [
        Hostile("plain text", SENTENCE * 20, "paragraphs", holds="The ferry stood still"),
        Hostile("a feed", f"<?xml version='1.0'?><rss><channel><item><description>{SENTENCE * 5}</description></item></channel></rss>", holds="The ferry"),
        Hostile("JSON", '{"a": "' + SENTENCE * 5 + '"}', holds="The ferry"),
        Hostile("an unbalanced script in an attribute", page(f"<div data-x='<script>a<\\/script>'>{ARTICLE}</div><script>b</script>"), "trafilatura", holds=LAST),
        Hostile("metadata of the wrong types", page(ARTICLE, '<script type="application/ld+json">{"@type": ["Article", 5], "headline": {"a": 1}, "author": [1, null, {"name": 5}], "datePublished": 7, "keywords": {"x": []}}</script>'), "trafilatura", holds=LAST),
        Hostile("a thousand titles", page("<h1>Ferry</h1>" * 1000 + ARTICLE), "trafilatura", holds=LAST),
    ]  # fmt: skip
