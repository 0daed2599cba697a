"""Every real page is branded or refused for a reason, whole, clean and not blank."""

import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from lxml import html

from proxy.compiler import tree
from proxy.compiler.page import Mode

from .conftest import faults, written

ROOT = Path(__file__).parents[3]
# The publisher's own words, in the corpus: robots, tdm-reservation, isAccessibleForFree.
LOWERED = {"noarchive", "nosnippet", "paywall", "tdm-reservation"}


@cache
def bench() -> ModuleType:
    """The tool that `ops/bench` calls: the same figures there and here."""
    spec = importlib.util.spec_from_file_location("corpus_tool", ROOT / "ops/bench.d/corpus.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@cache
def results(mode: Mode) -> list:
    return bench().outcomes(mode)


def test_every_page_is_branded_or_refused_with_the_right_reason(corpus: Path) -> None:
    refused = {r.sample.row["url"]: r.outcome for r in results("full") if r.page is None}
    # A portal's home page: its URL has no path, and it is all links.
    assert refused == {"https://uk.yahoo.com/": "refused: not_an_article"}
    reasons = {r.page.mode_reason for r in results("full") if r.page}
    assert reasons <= LOWERED | {""}


def test_no_page_comes_out_blank(corpus: Path) -> None:
    for result in results("full"):
        if result.page:
            text = bench().text_of(result.page)
            assert len(text) > 60, result.sample.name
            assert result.page.article.title, result.sample.name


def test_what_other_projects_call_the_article_survives_whole(corpus: Path) -> None:
    """Check A of the corpus: as much as the raw pages hold, in pages that were not lowered."""
    survival = bench().survival(results("full"))
    assert survival.total > 1_400
    assert survival.kept >= survival.raw


def test_every_page_is_clean(corpus: Path) -> None:
    """lxml judges all pages, html5lib (exact and slow) the small ones."""
    for result in results("full"):
        if result.page is None:
            continue
        page = written(result.page)
        if len(page) < 40_000:
            assert faults(page) == [], result.sample.name
        parsed = html.document_fromstring(page, parser=html.HTMLParser(huge_tree=True))
        assert not parsed.xpath("//script|//iframe|//form|//object|//embed|//base|//input")
        assert not parsed.xpath("//@*[starts-with(name(), 'on')]"), result.sample.name
        assert not parsed.xpath("//@href[starts-with(translate(., ' JS', 'js'), 'javascript:')]")


@pytest.mark.parametrize("mode", ["full", "reader"])
def test_every_page_reads_back_as_it_is_written(corpus: Path, mode: Mode) -> None:
    for result in results(mode):
        if result.page:
            page = written(result.page)
            assert tree.serialise(tree.parse(page)) == page, result.sample.name


def test_nearly_every_body_is_found(corpus: Path) -> None:
    unsure = [r.sample.name for r in results("full") if "top and sticky" in r.outcome]
    assert len(unsure) <= 5


def test_addresses_are_absolute(corpus: Path) -> None:
    for result in results("full"):
        if result.page:
            document = tree.parse(written(result.page))
            for element in tree.elements(document, "a", "img", "link", "source", "video"):
                for name in ("href", "src"):
                    value = tree.get(element, name)
                    assert not value or value.startswith(
                        ("http://", "https://", "#", "data:image/", "mailto:", "tel:", "sms:")
                    ), (result.sample.name, value[:80])
