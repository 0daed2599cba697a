"""Every real page is branded, complete, clean and not blank, or is refused with a reason."""

import sys
from functools import cache
from pathlib import Path

import pytest
from lxml import html

from proxy.compiler import tree
from proxy.compiler.decode import decode
from proxy.page import Mode

from .conftest import faults, written

ROOT = Path(__file__).parents[3]
sys.path.append(str(ROOT / "ops/bench.d"))  # for the counts of `ops/bench fidelity`

import pages  # noqa: E402
from pages import Result, charsets, pictures, placement, survival, texts  # noqa: E402

# Pages whose publishers limit them: robots, tdm-reservation, isAccessibleForFree.
LOWERED = {"noarchive", "nosnippet", "paywall", "tdm-reservation"}


@cache
def results(mode: Mode) -> list[Result]:
    return pages.outcomes(mode)


def test_every_page_is_branded_or_refused_with_the_right_reason(corpus: Path) -> None:
    refused = {r.sample.row["url"]: r.outcome for r in results("full") if r.page is None}
    # A portal's home page: its URL has no path, and it is all links.
    assert refused == {"https://uk.yahoo.com/": "refused: not_an_article"}
    reasons = {r.page.mode_reason for r in results("full") if r.page}
    assert reasons <= LOWERED | {""}


def test_no_page_comes_out_blank(corpus: Path) -> None:
    for result in results("full"):
        if result.page:
            assert len(survival.of_page(result)) > 60, result.sample.name
            assert result.page.article.title, result.sample.name


def test_what_other_projects_call_the_article_survives_whole(corpus: Path) -> None:
    """Check A of the corpus: all that the raw pages have, of pages that were not lowered."""
    found = survival.survival(results("full"), survival.of_page)
    assert found.total > 1_400
    assert found.kept >= 0.998 * found.raw


def test_every_picture_that_waited_for_a_script_shows(corpus: Path) -> None:
    for result in results("full"):
        if result.page and result.page.mode == "full":
            missing = set(pictures.waiting(result.sample.markup)) - pictures.shown(result.markup)
            assert not missing, result.sample.name


def test_slots_stand_inside_or_at_the_border_of_the_body(corpus: Path) -> None:
    found = placement.placement(results("full"))
    least = {"top": 0.97, "middle": 0.97, "end": 0.92}
    assert found.pages > 80
    assert all(found.right[s] >= least[s] * found.placed[s] for s in placement.SLOTS), found.wrong
    assert len(placement.doubtful(results("full"))) <= 0.05 * len(results("full"))


def test_reader_mode_is_the_article(corpus: Path) -> None:
    known = [(r, w) for r in results("reader") if (w := texts.wanted(r.sample.expected))]
    scores = [
        texts.f1(wanted, texts.of_reader(r.markup))
        for r, wanted in known
        if r.page and r.page.mode == "reader"
    ]
    assert len(scores) > 75
    assert sum(scores) / len(scores) >= 0.95


def test_bytes_say_what_the_suites_of_encodings_expect(corpus: Path) -> None:
    cases = list(charsets.cases(corpus / "suites" / "encoding"))
    assert len(cases) > 140
    assert [name for name, body, text in cases if decode(body) != text] == []


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
