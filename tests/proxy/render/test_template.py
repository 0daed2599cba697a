"""Shares of an article with one ad come from one template, the same bytes as drawn alone."""

import gzip

import msgspec
import pytest

from ads.ad import Ad
from ads.ad.shape import KINDS
from proxy import render
from proxy.page import Card
from proxy.render.template import Template
from proxy.serving import variant
from proxy.shares import Share
from tests.pages import prepared
from tests.proxy.render.test_render import AD, ORIGINS, compiled, of

PREPARED = prepared(compiled())
ABOUT = {"ticket_bytes": 80, "origins": ORIGINS}


def numbered(number: int, **changes: object) -> Share:
    return msgspec.structs.replace(of(compiled()), **{"id": f"share{number:07d}", **changes})


def template(share: Share, ad: Ad | None, sharer: str = "Mei") -> tuple[Template, bool]:
    return render.draw(PREPARED, share, ad, sharer=sharer, **ABOUT)


def joined(made: Template, share: str, ticket: str) -> tuple[str, bytes]:
    stamp = made.stamp(share, ticket)
    return stamp.etag, made.gzip(PREPARED.runs, stamp)


@pytest.mark.parametrize("kind", [*KINDS, None])
def test_the_page_is_the_one_that_is_drawn_on_its_own(kind: str | None) -> None:
    picture = {"image": "https://halfhill.example/tea.jpg"}
    ad = msgspec.structs.replace(AD, kind=kind, **picture) if kind else None
    made, alike = template(numbered(0), ad)
    assert alike
    for number in range(4):
        share, ticket = numbered(number), f"{number:080d}"
        etag, body = joined(made, share.id, ticket)
        assert (etag, body) == joined(template(share, ad)[0], share.id, ticket)
        page = gzip.decompress(body).decode()
        assert f'"share":"{share.id}"' in page
        assert ticket in page


def test_pages_of_two_shares_or_tickets_have_two_etags() -> None:
    made, _ = template(numbered(0), AD)
    stamps = [made.stamp(f"share{n:07d}", f"{m:080d}") for n in range(2) for m in range(2)]
    assert len({stamp.etag for stamp in stamps}) == 4


def test_a_template_is_small_beside_its_article() -> None:
    body = b"".join(f"<p>{number * 7919 % 100_003}</p>".encode() for number in range(20_000))
    page = msgspec.structs.replace(compiled(), segments=(body,) * 8)
    article, share = prepared(page), numbered(0)
    made, _ = render.draw(article, share, AD, sharer="Mei", **ABOUT)
    assert made.size < 20_000 < article.size


@pytest.mark.parametrize(
    "changes",
    [
        {"channel": "other"},
        {"own_card": Card("Mine")},
        {"owner": "li"},
        {"ad": "a2"},
        {"article_id": "y"},
        {"asked": "reader"},
        {"id": "longer-than-others"},
    ],
    ids=str,
)
def test_what_makes_the_page_another_makes_another_variant(changes: dict[str, object]) -> None:
    assert variant.key(numbered(0)) == variant.key(numbered(1))
    assert variant.key(numbered(0)) != variant.key(numbered(1, **changes))
