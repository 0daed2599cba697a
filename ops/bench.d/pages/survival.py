"""Check A of the corpus' README: gold segments that are in a text, white space aside.

The raw page's text, without scripts and comments, is the ceiling.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape

from lxml import html

from . import Result, Sample, packed, shown

_TAGS = re.compile(r"<[^>]+>")


@dataclass
class Survival:
    """The number of gold segments, of those in the raw pages, and of those in our output."""

    total: int = 0
    raw: int = 0
    kept: int = 0
    lost: list[tuple[str, str, str]] = field(default_factory=list)


def survival(
    results: Iterable[Result], text: Callable[[Result], str], *, lowered: bool = False
) -> Survival:
    """The survival over pages that their publishers did not lower (or over all pages)."""
    found = Survival()
    for result in results:
        segments = gold(result.sample)
        if not segments or not (lowered or _comparable(result)):
            continue
        raw, ours = shown(result.sample.markup), text(result)
        found.total += len(segments)
        found.raw += sum(segment in raw for segment in segments)
        found.kept += sum(segment in ours for segment in segments)
        missing = [s for s in segments if s in raw and s not in ours]
        found.lost += [(result.sample.name, result.outcome, s) for s in missing]
    return found


def of_page(result: Result) -> str:
    """The text that a reader of a compiled page sees."""
    return shown(result.markup) if result.page else ""


def _comparable(result: Result) -> bool:
    return result.page is None or result.page.mode in ("full", "reader")


def gold(sample: Sample) -> list[str]:
    """The segments that belong to the article, according to other projects."""
    found = (segment for kind, raw in sample.expected.items() for segment in _gold(kind, raw))
    return list(dict.fromkeys(filter(None, map(packed, found))))


def _gold(kind: str, raw: bytes) -> Iterator[str]:
    text = raw.decode("utf-8", "replace")
    if kind == "evaldata.json":
        yield from json.loads(text).get("with", [])
    elif kind == "groundtruth.json":
        lines = json.loads(text).get("articleBody", "").splitlines()
        yield from (line for line in lines if len(line.strip()) > 40)
    elif kind == "reference.txt":
        yield from (unescape(_TAGS.sub("", line)) for line in text.splitlines())
    elif kind == "expected.html":
        paragraphs = (p.text_content() for p in html.fromstring(text).iter("p"))
        yield from (p for p in paragraphs if len(p.strip()) > 60)
