"""Check A of the corpus' README: gold segments, white space stripped, that occur in a text.

The raw page's own text, scripts and comments dropped, is the ceiling.
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
    """Gold segments in all, in the raw pages, and in what was made of them."""

    total: int = 0
    raw: int = 0
    kept: int = 0
    lost: list[tuple[str, str, str]] = field(default_factory=list)


def survival(
    results: Iterable[Result], text: Callable[[Result], str], *, lowered: bool = False
) -> Survival:
    """Over pages that were not lowered by their publisher (or over all of them)."""
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
    """What a reader sees of a compiled page."""
    return shown(result.markup) if result.page else ""


def _comparable(result: Result) -> bool:
    return result.page is None or result.page.mode in ("full", "reader")


def gold(sample: Sample) -> list[str]:
    """The segments that other projects say belong to the article."""
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
