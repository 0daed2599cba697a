"""Which addresses of a page are changed; everything else stays to the byte."""

import re

import pytest

from proxy import render
from proxy.compiler import compile_page, tree
from proxy.page import Card, Mode, Page
from proxy.pictures.address import PictureAddresses
from proxy.pictures.markup import PICTURES_MAX, rewritten
from proxy.rights import Signals
from proxy.source import Source
from tests.pages import ARTICLE

PAGES = "https://pages.example"
ADDRESSES = PictureAddresses(PAGES, (b"k" * 32,), frozenset({"cdn.example"}))
OURS = re.compile(rf"{PAGES}/i/([a-z2-7]+)/([a-z2-7]+)")


def page(*segments: str, image: str = "") -> Page:
    return Page("full", "", None, Card(image=image), tuple(s.encode() for s in segments), ())  # type: ignore[arg-type]  # the article is not looked at


def changed(markup: str) -> str:
    """The rewritten markup, with `<source's address>` for each of our addresses."""
    (segment,) = rewritten(page(markup), ADDRESSES).segments
    return OURS.sub(lambda m: f"<{ADDRESSES.source(m[1], m[2])}>", segment.decode())


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<img src="http://a.example/a.png">', '<img src="<http://a.example/a.png>">'),
        (
            '<img alt="x" src="http://a.example/?a=1&amp;b=2" width="3">',
            '<img alt="x" src="<http://a.example/?a=1&b=2>" width="3">',
        ),
        (
            '<img srcset="http://a.example/a 1x, https://b.example/b 2x, http://a.example/c 3x">',
            '<img srcset="<http://a.example/a> 1x, https://b.example/b 2x, '
            '<http://a.example/c> 3x">',
        ),
        (
            '<picture><source srcset="https://x.cdn.example/c 100w"></picture>',
            '<picture><source srcset="<https://x.cdn.example/c> 100w"></picture>',
        ),
        (
            '<video src="http://a.example/v.mp4" poster="http://a.example/p.jpg"></video>',
            '<video src="http://a.example/v.mp4" poster="<http://a.example/p.jpg>"></video>',
        ),
        ('<td background="http://a.example/t">', '<td background="<http://a.example/t>">'),
        (
            '<p style="color:red;background:url(&quot;http://a.example/?a=1&amp;b=2&quot;)">',
            '<p style="color:red;background:url(&quot;<http://a.example/?a=1&b=2>&quot;)">',
        ),
        (
            '<style>@media(width<9px){p{background:url("http://a.example/b&c")}}'
            '@font-face{src:url("http://a.example/f.woff2")}</style>',
            '<style>@media(width<9px){p{background:url("<http://a.example/b&c>")}}'
            '@font-face{src:url("<font http://a.example/f.woff2>")}</style>',
        ),
        (
            '<link rel="stylesheet" href="http://a.example/s"><style>@import "http://a.example/t";'
            '@import url("http://a.example/u");@import "https://b.example/v"</style>',
            '<link rel="stylesheet" href="<sheet 0 http://a.example/s>"><style>'
            '@import "<sheet 0 http://a.example/t>";@import url("<sheet 0 http://a.example/u>");'
            '@import "https://b.example/v"</style>',
        ),
    ],
)
def test_pictures_of_every_kind_get_our_address(before: str, after: str) -> None:
    assert changed(before) == after


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="http://a.example/big.png">http://a.example/big.png</a>',
        '<img src="https://a.example/a.png" data-src="http://a.example/a.png">',
        '<img alt="src=&quot;http://a.example/a.png&quot;" src="https://a.example/">',
        '<p>url("http://a.example/a.png") and &lt;img src="http://a.example/a.png"&gt;</p>',
        '<video><source src="http://a.example/v.mp4"></video>',
        '<script type="application/json">{"a":"<img src=http://a.example/a.png>"}</script>',
        '<blockquote cite="http://a.example/">x</blockquote>',
    ],
)
def test_links_films_and_text_stay(markup: str) -> None:
    assert changed(markup) == markup


def test_a_page_without_such_pictures_is_the_same_object_to_the_byte() -> None:
    given = page("<img src=\"https://a.example/a.png\" alt='x'>", "<p>http stays</p>")
    assert rewritten(given, ADDRESSES).segments == given.segments


def test_the_cards_picture_gets_our_address() -> None:
    shown = rewritten(page("", image="http://a.example/a.png"), ADDRESSES).card.image
    assert ADDRESSES.source(*OURS.fullmatch(shown).groups()) == "http://a.example/a.png"
    assert rewritten(page("", image="0123abcd"), ADDRESSES).card.image == "0123abcd"


@pytest.mark.parametrize("mode", ["full", "reader", "excerpt", "card"])
def test_a_compiled_page_names_its_sources_alone_and_has_its_pictures_changed(mode: Mode) -> None:
    markup = ARTICLE.replace(
        "</article>",
        '<p><img src="/a.png?x=1&y=2" srcset="/a2.png 2x" alt=\'a "quoted" > word\'></p></article>',
    ).replace("<title>", '<meta property="og:image" content="/lead.jpg"><title>')
    source = Source("http://tea.example/1", markup.encode(), "text/html; charset=utf-8")
    compiled = compile_page(source, mode, Signals())
    assert b"/i/" not in b"".join(compiled.segments)
    branded = render.brand(compiled, None)
    assert b"http://tea.example/" in branded
    assert b"/i/" not in branded
    after = b"".join(rewritten(compiled, ADDRESSES).segments).decode()
    pictures = [
        tree.get(e, n) for e in tree.elements(tree.parse(after), "img") for n in ("src", "srcset")
    ]
    shown = [found for found in pictures if found]
    assert shown
    assert all(OURS.match(found) for found in shown)


def test_a_page_of_nothing_but_pictures_grows_within_bounds() -> None:
    many = '<img src="http://a.example/a">' * (PICTURES_MAX + 500)
    assert changed(many).count("<http:") == PICTURES_MAX


# In quadratic time, any of these would take minutes.
@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "hostile",
    ["<style http:>" * 40_000, '<img "' * 80_000, '<img a="' * 60_000, "<img " + '"' * 400_000],
)
def test_markup_made_to_be_slow_costs_its_own_length(hostile: str) -> None:
    given = page(hostile + "http:")
    assert rewritten(given, ADDRESSES).segments == given.segments
