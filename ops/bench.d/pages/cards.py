"""Check B of the corpus' README: title, byline, site and picture of the link card. Pure.

Expected facts are in `expected-metadata.json`, `groundtruth.json` and fundus' files. A fundus file
has an article for each version of its parser, often of another page than the stored one: a version
counts only if at least half of its paragraphs are in the stored page.
"""

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from proxy.page import Article

from . import Sample, shown

_KINDS = {"expected-metadata.json", "fundus.json", "groundtruth.json"}
# The least part of a version's text that must be in the page.
SAME = 0.5
# Mozilla's placeholder for the host in test cases without a site.
_NO_SITE = "fakehost"
_BY = re.compile(r"^(?:by|von|par|por|di|文|作者|撰文)\b\s*[:：|｜]?\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:[,;、，&]|\b(?:and|et|und|y|e)\b)\s*", re.IGNORECASE)
_HEADLINE = re.compile(r'"headline"\s*:\s*("(?:[^"\\]|\\.)*")')
# Quotes and characters without width, which NFKC does not normalise.
_ONE_FORM = str.maketrans("‘’‚‹›“”„«»", "'" * 5 + '"' * 5, "\u200b\ufeff\u00ad")
_SUFFIX = re.compile(r"\s*(?:[|｜_—–»@]|--|::| - )")


@dataclass(frozen=True)
class Expected:
    """Expected facts of a page; None where nothing is expected."""

    page: str
    title: str | None = None
    byline: str | None = None
    site: str | None = None
    image: str | None = None


@dataclass
class Tally:
    """Right answers and all, by field; `suffix` titles are right except for the site's name.

    `other` titles are wrong, but a headline that the page itself declares: it may have one for
    shares (Open Graph) and one for readers (JSON-LD), and projects expect either.
    """

    right: dict[str, int] = field(default_factory=dict)
    all: dict[str, int] = field(default_factory=dict)
    wrong: list[tuple[str, str, str, str]] = field(default_factory=list)
    suffix: int = 0
    other: int = 0
    left_out: list[str] = field(default_factory=list)


def expected(page: str, files: Mapping[str, bytes], text: str) -> Iterator[Expected]:
    """The expected facts of each file; `text` is the page's, without white space."""
    if raw := files.get("expected-metadata.json"):
        said = json.loads(raw)
        site = said.get("siteName")
        named = site if site != _NO_SITE else None
        yield Expected(page, said.get("title"), said.get("byline"), named, said.get("previewImage"))
    if raw := files.get("groundtruth.json"):
        said = json.loads(raw)
        yield Expected(page, said.get("title"), said.get("author"))
    for said in _versions(files).values():
        if _describes(said, text):
            yield Expected(page, said.get("title"), ", ".join(said.get("authors") or ()) or None)


def left_out(page: str, files: Mapping[str, bytes], text: str) -> Iterator[str]:
    """The versions that describe another article."""
    return (f"{page} {name}" for name, v in _versions(files).items() if not _describes(v, text))


def tally(pairs: Iterable[tuple[Sample, Article]]) -> Tally:
    """Check B over pages and our facts of each."""
    found = Tally()
    for sample, article in pairs:
        files = sample.expected
        if files.keys() & _KINDS:
            text = shown(sample.markup)
            found.left_out += left_out(sample.name, files, text)
            for said in expected(sample.name, files, text):
                count(found, said, article, headlines(sample.markup))
    return found


def _versions(files: Mapping[str, bytes]) -> dict[str, dict[str, Any]]:
    versions: dict[str, dict[str, Any]] = json.loads(files.get("fundus.json", b"{}"))
    return versions


def _describes(said: Mapping[str, Any], text: str) -> bool:
    body = said.get("body")
    sections = body.get("sections", []) if isinstance(body, dict) else []
    paragraphs = ["".join(p.split()) for section in sections for p in section["paragraphs"]]
    found = sum(len(p) for p in paragraphs if p in text)
    return found >= SAME * sum(map(len, paragraphs)) > 0


def count(tally: Tally, said: Expected, ours: Article, headlines: frozenset[str]) -> None:
    """Add a page's answers; `headlines` are those in its structured data."""
    checks = (
        ("title", said.title, ours.title, title_right),
        ("byline", said.byline, ours.author, lambda one, other: names(one) == names(other)),
        ("site", said.site, ours.site, lambda one, other: plain(one) == plain(other)),
        ("image", said.image, ours.image, lambda one, other: _file(one) == _file(other)),
    )
    for kind, theirs, found, same in checks:
        if theirs:
            _mark(tally, (kind, said.page, theirs, found), right=same(theirs, found))
    if said.title:
        right = title_right(said.title, ours.title)
        tally.suffix += right and plain(said.title) != plain(ours.title)
        tally.other += not right and plain(said.title) in headlines


def headlines(markup: str) -> frozenset[str]:
    """The headlines in a page's JSON-LD, found without our own reader of it."""
    found = set()
    for text in _HEADLINE.findall(markup):
        try:
            found.add(plain(json.loads(text, strict=False)))
        except ValueError:
            continue
    return frozenset(found)


def _mark(tally: Tally, answer: tuple[str, str, str, str], *, right: bool) -> None:
    kind = answer[0]
    tally.all[kind] = tally.all.get(kind, 0) + 1
    tally.right[kind] = tally.right.get(kind, 0) + right
    if not right:
        tally.wrong.append(answer)


def plain(text: str) -> str:
    """A text with normalised spaces, quotes and letters."""
    text = unicodedata.normalize("NFKC", text).translate(_ONE_FORM)
    return " ".join(text.split()).casefold()


def title_right(said: str, ours: str) -> bool:
    """Whether titles are equal, except for the site's name after a separator."""
    said, ours = plain(said), plain(ours)
    return said == ours or (
        len(ours) >= 8 and said.startswith(ours) and bool(_SUFFIX.match(said[len(ours) :]))
    )


def names(byline: str) -> frozenset[str]:
    """The people in the first line of a byline that names somebody, without `By`."""
    lines = (_BY.sub("", line.strip()) for line in byline.splitlines() if len(line.strip()) > 2)
    return frozenset(filter(None, map(plain, _BETWEEN.split(next(lines, "")))))


def _file(address: str) -> str:
    return urlsplit(address).path
