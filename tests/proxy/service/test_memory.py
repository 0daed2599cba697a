"""What memory has of shares: a stamp each, common parts once, bodies of hot ones."""

import gzip

import pytest

from ads import ticket
from ads.accounts import Account
from ads.ad import Ad
from ads.clock import now_ms
from proxy.publish import PublishRequest
from proxy.serving.cache import KEPT_AFTER, STAMP_BYTES
from proxy.serving.display import Display
from proxy.serving.shown import ENTRY_BYTES, Shown
from proxy.shares import Share
from tests.proxy.service.conftest import Origin, Time, Worker


async def ask(display: Display, share: str) -> bytes:
    shown = await display.page(share)
    assert isinstance(shown, Shown)
    _, body = await display.body(share, shown, ("gzip",))
    return gzip.decompress(body)


@pytest.fixture
async def alike(worker: Worker, mei: Account, ad: Ad, site: Origin) -> list[Share]:
    asked = PublishRequest(f"{site.url}/tea", ad.id)
    return [await worker.publisher.publish(mei, asked) for _ in range(4)]


async def test_a_further_share_takes_its_stamp_alone(worker: Worker, alike: list[Share]) -> None:
    first, *others = alike
    page = await ask(worker.display, first.id)
    before = worker.hot.size
    for share in others:
        assert await ask(worker.display, share.id) != page
    assert worker.hot.size - before == len(others) * STAMP_BYTES


async def test_pages_are_counted_by_where_they_came_from_and_what_is_none_is_not(
    worker: Worker, mei: Account, share: Share
) -> None:
    await ask(worker.display, share.id)
    await ask(worker.display, share.id)
    await worker.publisher.end(mei, share.id)
    await worker.heard()
    for none in (share.id, "nothing"):
        assert not isinstance(await worker.display.page(none), Shown)
    counted = worker.display._tally
    assert [counted["passalong_pages", where] for where in ("memory", "rendered")] == [1, 1]


async def test_the_body_of_a_share_is_kept_once_it_was_asked_for_often(
    worker: Worker, share: Share
) -> None:
    page = await ask(worker.display, share.id)
    before = worker.hot.size
    for _ in range(KEPT_AFTER - 2):
        assert await ask(worker.display, share.id) == page
    assert worker.hot.size == before
    assert await ask(worker.display, share.id) == page
    assert worker.hot.size > before + ENTRY_BYTES
    assert await ask(worker.display, share.id) == page


async def test_a_page_that_many_ask_for_comes_from_memory_again_when_its_epoch_has_ended(
    worker: Worker, share: Share, time: Time
) -> None:
    pages = set()
    for _ in range(3):
        for _ in range(KEPT_AFTER):
            pages.add(await ask(worker.display, share.id))
            assert worker.display.ready(share.id, time.at)
        shown = worker.display.ready(share.id, time.at)
        assert shown
        assert shown.kept
        time.at += ticket.EPOCH_MS
    assert len(pages) == 3


async def test_an_article_that_went_from_memory_comes_back(
    worker: Worker, alike: list[Share]
) -> None:
    pages = [await ask(worker.display, share.id) for share in alike]
    worker.hot._remove(("article", alike[0].article_id, "full"), "other")
    assert worker.display.ready(alike[0].id, now_ms()) is None
    assert [await ask(worker.display, share.id) for share in alike] == pages


async def test_a_stamp_is_of_no_use_for_the_template_of_another_version_of_the_ad(
    worker: Worker, alike: list[Share], ad: Ad
) -> None:
    first, second, *_ = alike
    await ask(worker.display, first.id)
    await ask(worker.display, second.id)
    await worker.ads.change("mei", ad.id, {"title": "Altogether another"})
    await worker.heard()
    assert b"Altogether another" in await ask(worker.display, first.id)
    assert worker.display.ready(second.id, now_ms()) is None
    assert b"Altogether another" in await ask(worker.display, second.id)
