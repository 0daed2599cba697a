"""Segments, gaps and slots become one document; a branded file needs no server behind it."""

import gzip
import re

import brotli
import msgspec
import pytest

from ads.ad import Ad
from ads.ad.shape import Card as Contact
from proxy import render, shares
from proxy.page import Article, Card, Gap, Mode, Page
from proxy.render import Origins, splice
from proxy.shares import Share
from tests.pages import an_ad, prepared

GAPS: tuple[Gap, ...] = ("head", "sharer", "top", "middle", "end", "share", "tail")
ORIGINS = Origins("https://console.example", "https://pages.example")
AD = an_ad(title="Last <pick>", placements=("top", "middle", "end", "sticky"))


def compiled(gaps: tuple[Gap, ...] = GAPS, mode: Mode = "full", **more: str) -> Page:
    article = Article(title="Tea", language="en", source_url="https://a.example/tea")
    return Page(
        mode=mode,
        mode_reason="",
        article=article,
        card=Card("Tea"),
        segments=tuple(f"[{number}]".encode() for number in range(len(gaps) + 1)),
        gaps=gaps,
        skipped=more,
    )


def of(page: Page) -> Share:
    return shares.of_page(Share(id="s1", owner="o", ad="a1", article_id="x", channel="m"), page)


def joined(page: Page, ad: Ad | None = AD) -> tuple[str, bytes]:
    """ETag and gzip body of a share's page."""
    article, share = prepared(page), of(page)
    template, _ = render.draw(article, share, ad, sharer="Mei", ticket_bytes=1, origins=ORIGINS)
    stamp = template.stamp(share.id, "T")
    return stamp.etag, template.gzip(article.runs, stamp)


def rendered(page: Page, ad: Ad | None = AD) -> bytes:
    return gzip.decompress(joined(page, ad)[1])


def slots(body: bytes) -> list[str]:
    return re.findall(r'<note-card[^>]* data-slot="(\w+)"', body.decode())


def test_segments_stand_in_order_with_the_slots_in_their_gaps() -> None:
    body = rendered(compiled())
    places = [body.index(f"[{number}]".encode()) for number in range(8)]
    assert places == sorted(places)
    assert slots(body) == ["top", "middle", "end", "sticky"]
    top = body.index(b'data-slot="top"', places[0] + 1)
    assert body.index(b'data-slot="sticky"', places[6]) > places[6] > top


def test_all_encodings_hold_the_same_bytes() -> None:
    _, body = joined(compiled())
    assert gzip.decompress(body) == splice.identity(body)
    assert brotli.decompress(render.brotli_of(body)) == splice.identity(body)


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "Other"},
        {"placements": ("top",)},
        {"advertiser": "Another"},
    ],
)
def test_the_etag_names_the_content(changed: dict[str, object]) -> None:
    page = compiled()
    (etag, _), (again, _) = joined(page), joined(page)
    assert etag == again != joined(page, msgspec.structs.replace(AD, **changed))[0]


def test_without_an_ad_no_slot_and_no_word_of_one() -> None:
    body = rendered(compiled(), None)
    assert slots(body) == []
    assert b"Half Hill Tea" not in body
    assert b'"slots":[]' in body


@pytest.mark.parametrize("mode", ["excerpt", "card"])
def test_excerpt_and_card_carry_top_and_end_only(mode: Mode) -> None:
    page = compiled(mode=mode)
    assert slots(rendered(page)) == ["top", "end"]
    _, missed = shares.slots(shares.places(page), page.skipped, page.mode, AD)
    assert set(missed) == {"middle", "sticky"}


def test_a_slot_without_place_says_why() -> None:
    page = compiled(("head", "sharer", "top", "end", "share", "tail"), middle="too_short")
    filled, missed = shares.slots(shares.places(page), page.skipped, page.mode, AD)
    assert (filled, missed) == (("top", "end", "sticky"), {"middle": "too_short"})
    assert slots(rendered(page)) == ["top", "end", "sticky"]


def test_the_branded_file_needs_no_server() -> None:
    body = render.brand(compiled(), AD)
    assert slots(body) == ["top", "middle", "end", "sticky"]
    assert b"<script" not in body
    assert b'id="passalong"' not in body
    assert b"/g/" not in body
    assert b'href="https://tea.example/"' in body
    assert b"Last &lt;pick&gt;" in body


def test_the_branded_file_has_nothing_that_only_a_server_or_a_script_can_do() -> None:
    card = msgspec.structs.replace(AD, kind="card", card=Contact(person="Mei", wechat="mei"))
    body = render.brand(compiled(), card)
    assert set(re.findall(rb'data-passalong="(\w+)"', body)) == {b"sharer", b"source", b"plain"}
    assert b"<button" not in body
    assert b"WeChat" in body
    assert b"passed this along" not in body
    unknown = msgspec.structs.replace(compiled(), article=Article(title="T", site="Post"))
    assert not re.search(rb"<a(?![^>]* href=)[ >]", render.brand(unknown, AD))
