"""What a page says of itself: headline, author, date, site, and so on.

Read from JSON-LD, meta elements and the elements that name an author or a time, in this order, in one
look at the tree. Nothing is guessed from running text and nothing depends on the day of the run.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaner.document import site_of
from cleaner.extract.headline import headline_of, without_site
from cleaner.extract.linked_data import facts_of
from cleaner.fold import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Metadata", "metadata_of"]

_WANTED = ("meta", "h1", "title", "time", "link", "script")
_AUTHORS = '//*[@rel="author" or @itemprop="author"]|//a[contains(@href, "/author/")]'
_AUTHOR_NAMES = (
    "author",
    "article:author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "parsely-author",
    "sailthru.author",
    "citation_author",
)
_DATE_NAMES = (
    "article:published_time", "og:article:published_time", "datepublished", "date", "dc.date.issued", "dc.date", "dcterms.created",
    "pubdate", "publishdate", "publish-date", "parsely-pub-date", "sailthru.date", "citation_publication_date",
)  # fmt: skip
_SITE_NAMES = ("og:site_name", "application-name", "dc.publisher", "dcterms.publisher")
_TEXT_NAMES = ("description", "og:description", "twitter:description", "dc.description")
_TITLE_NAMES = ("og:title", "twitter:title", "dc.title", "parsely-title", "sailthru.title", "citation_title")
_SECTION_NAMES = ("article:section", "parsely-section")
_TAG_NAMES = (
    "article:tag",
    "keywords",
    "news_keywords",
    "parsely-tags",
    "sailthru.tags",
    "citation_keywords",
)
_DATE = re.compile(r"\s*((?:19|20)\d\d)-?(0[1-9]|1[0-2])-?(0[1-9]|[12]\d|3[01])(?!\d{3})")
_BY = re.compile(r"(?:by|von|par|por|di|door|av|af|от|автор)\s*:?\s+", re.IGNORECASE)
_LANGUAGE = re.compile(r"\s*([a-z]{2,3})(?:[-_][\w-]{1,20})?\s*", re.IGNORECASE)
_LONGEST = 5000  # characters of a description, which may hold a whole text
_NAME = 80
_MOST = 50  # tags or authors


class Metadata(NamedTuple):
    """The fields of `Extracted` of the same names."""

    title: str | None
    h1: str | None
    author: str | None
    date: str | None
    site: str | None
    description: str | None
    url: str | None
    language: str | None
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    headlines: frozenset[str]


def metadata_of(tree: Any, url: str | None = None) -> Metadata:
    """Return what a page says of itself; `url` is where the caller has it from, and stands first."""
    page = _Page(tree)
    facts = facts_of(page.data)
    address = url or next((each for each in page.addresses() if "//" in each), None)
    site = facts.site or page.first(_SITE_NAMES)
    names = [each for each in (site, site_of(address)) if each]
    titles = [each for each in (facts.headline, page.first(_TITLE_NAMES), page.title) if each]
    title = headline_of(page.h1s, titles, names)
    forms = [title, facts.headline, *(page.meta.get(name, [None])[0] for name in _TITLE_NAMES), page.title]
    headlines = {fold(without_site(each, names)) for each in forms if each} | {
        fold(each) for each in page.h1s[:3]
    }
    return Metadata(
        title=title,
        h1=page.h1s[0] if page.h1s else None,
        author=_joined(facts.authors)
        or _joined(_people(page.all(_AUTHOR_NAMES)))
        or _joined(_people(page.named_authors())),
        date=next(
            (date for date in map(_iso, (facts.date, *page.all(_DATE_NAMES), *page.times)) if date), None
        ),
        site=site or site_of(address),
        description=_cut(page.first(_TEXT_NAMES) or facts.description),
        url=address,
        language=_code(page.language or facts.language),
        categories=_distinct([*facts.sections, *page.all(_SECTION_NAMES)]),
        tags=_distinct([*facts.keywords, *(tag for each in page.all(_TAG_NAMES) for tag in each.split(","))]),
        headlines=frozenset(headlines - {""}),
    )


class _Page:
    """The elements that speak of the page, sorted by what they are."""

    def __init__(self, tree: Any) -> None:
        self.tree = tree
        self.meta: dict[str, list[str]] = {}
        self.h1s: list[str] = []
        self.times: list[str] = []
        self.data: list[str] = []
        self.title: str | None = None
        self.canonical: str | None = None
        for element in tree.iter(*_WANTED):
            self._read(element)
        root = tree.getroottree().getroot()
        self.language = (
            root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang")
        )
        self.language = self.language or self.first(("content-language", "og:locale", "dc.language"))

    def _read(self, element: Any) -> None:
        if element.tag == "meta":
            name = (
                element.get("property")
                or element.get("name")
                or element.get("itemprop")
                or element.get("http-equiv")
            )
            content = " ".join((element.get("content") or "").split())
            if name and content:
                self.meta.setdefault(name.strip().lower(), []).append(content)
        elif element.tag == "script":
            if element.get("type") == "application/ld+json":
                self.data.append(element.text or "")
        elif element.tag == "link":
            if element.get("rel") == "canonical":
                self.canonical = self.canonical or (element.get("href") or "").strip()
        elif element.tag == "time":
            self.times.append(element.get("datetime") or "")
        else:
            text = " ".join("".join(element.itertext()).split())
            if element.tag == "h1" and text:
                self.h1s.append(text)
            elif text and self.title is None:
                self.title = text

    def first(self, names: tuple[str, ...]) -> str | None:
        return next((values[0] for name in names if (values := self.meta.get(name))), None)

    def all(self, names: tuple[str, ...]) -> list[str]:
        return [value for name in names for value in self.meta.get(name, ())]

    def addresses(self) -> list[str]:
        return [each for each in (self.canonical, *self.meta.get("og:url", ())) if each]

    def named_authors(self) -> list[str]:
        found = (" ".join("".join(each.itertext()).split()) for each in self.tree.xpath(_AUTHORS)[:10])
        return [each for each in found if 2 < len(each) <= _NAME][:3]


def _iso(value: str | None) -> str | None:
    match = _DATE.match(value or "")
    return "-".join(match.groups()) if match else None


def _people(names: Sequence[str]) -> list[str]:
    return [
        _BY.sub("", name, count=1).strip() if _BY.match(name) else name for name in names if "://" not in name
    ]


def _joined(names: Sequence[str]) -> str | None:
    return "; ".join(_distinct(name for name in names if len(name) <= _NAME)) or None


def _distinct(values: Any) -> tuple[str, ...]:
    cleaned = (" ".join(value.split()) for value in values)
    return tuple(dict.fromkeys(value for value in cleaned if value))[:_MOST]


def _cut(text: str | None) -> str | None:
    return text[:_LONGEST] if text else None


def _code(language: str | None) -> str | None:
    match = _LANGUAGE.fullmatch(language or "")
    return match[1].lower() if match else None
