"""Shares of an article with one ad are joined from one mould, byte for byte as on their own."""

import msgspec
import pytest

from ads.ad import Ad
from ads.ad.shape import KINDS
from proxy import render
from proxy.compiler.page import Card
from proxy.hot import Hot
from proxy.moulds import Moulds
from proxy.shares import Share
from tests.proxy.test_render import AD, ORIGINS, compiled, of

PREPARED = render.prepare(compiled())


def numbered(number: int, **changes: object) -> Share:
    return msgspec.structs.replace(of(compiled()), id=f"share{number:07d}", **changes)


def alone(share: Share, ad: Ad | None, sharer: str = "Mei") -> render.Rendered:
    return render.page(PREPARED, share, ad, sharer=sharer, ticket=share.id, origins=ORIGINS)


@pytest.mark.parametrize("kind", [*KINDS, None])
def test_the_page_is_the_one_that_is_drawn_on_its_own(kind: str | None) -> None:
    picture = {"image": "https://halfhill.example/tea.jpg"}
    ad = msgspec.structs.replace(AD, kind=kind, **picture) if kind else None
    moulds = Moulds(Hot(1 << 20), ORIGINS)
    for number in range(4):
        share = numbered(number)
        made = moulds.page(PREPARED, share, ad, "Mei", share.id, mark=0)
        assert made == alone(share, ad)


@pytest.mark.parametrize(
    "changes",
    [{"channel": "other"}, {"own_card": Card("Mine")}, {"sharer": "Li"}, {"title": "Another"}],
    ids=str,
)
def test_what_makes_the_page_another_makes_another_mould(changes: dict[str, object]) -> None:
    moulds = Moulds(Hot(1 << 20), ORIGINS)
    for number in range(3):
        moulds.page(PREPARED, numbered(number), AD, "Mei", "ticket", mark=0)
    sharer = str(changes.pop("sharer", "Mei"))
    ad = msgspec.structs.replace(AD, title=changes.pop("title", AD.title))
    for number in range(3):
        share = numbered(number, **changes)
        made = moulds.page(PREPARED, share, ad, sharer, share.id, mark=0)
        assert made == alone(share, ad, sharer)


@pytest.mark.parametrize("key", ["article:x", "ad:a1"])
def test_a_mould_goes_with_its_article_and_its_ad(key: str) -> None:
    hot = Hot(1 << 20)
    moulds = Moulds(hot, ORIGINS)
    for number in range(3):
        moulds.page(PREPARED, numbered(number), AD, "Mei", "ticket", mark=hot.mark())
    assert hot.size > sum(len(part.deflated) for part in PREPARED.parts)
    hot.drop(key)
    assert hot.size == 0


def test_a_page_read_before_a_change_leaves_no_mould_after_it() -> None:
    hot = Hot(1 << 20)
    mark = hot.mark()
    hot.drop("article:x")
    for number in range(3):
        Moulds(hot, ORIGINS).page(PREPARED, numbered(number), AD, "Mei", "ticket", mark)
    assert hot.size == 0
