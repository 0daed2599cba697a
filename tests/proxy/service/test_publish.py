"""From a paste to a share, what its owner changes later, and the preview before it."""

import asyncio
import gzip
from pathlib import Path

import pytest
from redis.asyncio import Redis

from ads.accounts import Account
from ads.ad import Ad, parse
from ads.booking import active_at
from ads.clock import MINUTE
from ads.errors import Problem
from ads.store import keys as booked_keys
from ads.store.bookings import Bookings
from proxy import links
from proxy.page import Card
from proxy.publish import PublishRequest, limits
from proxy.shares import Share
from proxy.store import keys
from proxy.store.articles import ArticleStore
from tests.pages import ARTICLE
from tests.proxy.service.conftest import (
    CONSOLE,
    DRAFT,
    PAGES,
    START,
    Origin,
    Start,
    Time,
    Worker,
    member,
    until,
)


async def refused(work: object) -> Problem:
    with pytest.raises(Problem) as refusal:
        await work  # type: ignore[misc]
    return refusal.value


async def test_a_share_says_what_was_published_and_is_booked(
    worker: Worker, share: Share, ad: Ad, mei: Account, redis: Redis
) -> None:
    assert share.article.title.startswith("What the last oolong")
    assert (share.mode, share.mode_reason, share.state) == ("full", "", "active")
    assert share.places == ("top", "middle", "end", "sticky")
    booked = await Bookings(redis, worker.changes).get(share.id)
    assert booked
    assert (booked.owner, booked.ad, booked.article) == (mei.id, ad.id, share.article_id)
    assert active_at(booked.history, START)


async def test_a_share_is_announced_once_when_it_is_made_changed_and_ended(
    worker: Worker, share: Share, mei: Account, redis: Redis
) -> None:
    await worker.publisher.change(mei, share.id, {"channel": "mail"})
    await worker.publisher.end(mei, share.id)
    noted = [entry[b"keys"] for _, entry in await redis.xrange(booked_keys.CHANGES_JOURNAL)]
    assert noted.count(f"share:{share.id}".encode()) == 3


async def test_publishing_is_limited_to_the_documented_number_a_minute(
    start: Start, mei: Account, site: Origin, time: Time
) -> None:
    worker = await start(limits=True)
    ad = await worker.ads.create(mei.id, parse(DRAFT))
    request = PublishRequest(f"{site.url}/tea", ad.id)
    for _ in range(limits.A_MINUTE["publish"]):
        await worker.publisher.publish(mei, request)
    problem = await refused(worker.publisher.publish(mei, request))
    assert (problem.code, problem.status) == ("rate_limited", 429)
    assert 0 < (problem.retry_after or 0) <= 60
    await worker.publisher.preview(mei, request)
    time.at += MINUTE
    await worker.publisher.publish(mei, request)


async def test_an_ended_share_is_booked_as_ended_from_then_on(
    worker: Worker, share: Share, mei: Account, redis: Redis, time: Time
) -> None:
    time.at += 5
    assert (await worker.publisher.end(mei, share.id)).state == "ended"
    time.at += 5
    await worker.publisher.end(mei, share.id)
    told = await worker.publisher.change(mei, share.id, {"channel": "mail"})
    assert told.updated_at == START + 5, "when it ended"
    booked = await Bookings(redis, worker.changes).get(share.id)
    assert booked
    assert booked.history == ((START, "active"), (START + 5, "ended"))


async def test_a_change_of_ad_and_channel_is_booked(
    worker: Worker, share: Share, mei: Account, redis: Redis
) -> None:
    other = await worker.ads.create(mei.id, parse({**DRAFT, "title": "Second"}))
    changed = await worker.publisher.change(mei, share.id, {"ad": other.id, "channel": "mail"})
    assert (changed.ad, changed.channel, changed.created_at) == (other.id, "mail", START)
    booked = await Bookings(redis, worker.changes).get(share.id)
    assert booked
    assert (booked.ad, booked.channel, booked.history) == (
        other.id,
        "mail",
        ((START, "active"),),
    )


async def test_a_change_of_mode_shows_another_page_of_the_article(
    worker: Worker, share: Share, mei: Account
) -> None:
    changed = await worker.publisher.change(mei, share.id, {"mode": "excerpt"})
    assert (changed.mode, changed.article_id) == ("excerpt", share.article_id)
    await worker.heard()
    answer = await worker.pages.get(f"/s/{share.id}")
    assert '"mode":"excerpt"' in await answer.text()


async def test_a_change_of_one_word_of_the_card_leaves_the_others(
    worker: Worker, share: Share, mei: Account
) -> None:
    await worker.publisher.change(mei, share.id, {"card": {"title": "Mine"}})
    changed = await worker.publisher.change(mei, share.id, {"card": {"description": "Words"}})
    assert changed.card == Card("Mine", "Words", share.page_card.image)
    changed = await worker.publisher.change(mei, share.id, {"card": {"title": ""}})
    assert changed.card.title == share.page_card.title


async def test_a_published_page_outlives_an_unpublished_one(
    worker: Worker, ad: Ad, mei: Account, site: Origin, redis: Redis
) -> None:
    request = PublishRequest(f"{site.url}/tea", ad.id)
    shown = await worker.publisher.preview(mei, request)
    name = keys.page(shown.article_id, "full")
    assert await redis.ttl(name) > 0
    await worker.publisher.publish(mei, request)
    assert await redis.ttl(name) == -1
    stored = await ArticleStore(redis).page(shown.article_id, "full")
    assert stored
    assert await redis.strlen(name) < len(b"".join(stored.page.segments)) * 2 / 3


async def test_a_published_page_that_is_made_anew_still_lasts(
    worker: Worker, share: Share, site: Origin, redis: Redis, time: Time
) -> None:
    time.at += 1
    site.pages["/tea"] = ARTICLE.replace("oolong", "pu-erh")
    link = links.parse(share.article.source_url)
    article, page = await worker.articles.get(link, "full", refresh=True)
    assert "pu-erh" in page.article.title
    assert await redis.ttl(keys.page(article, "full")) == -1


async def test_a_preview_shows_what_publishing_does_and_costs_no_second_fetch(
    worker: Worker, ad: Ad, mei: Account, site: Origin
) -> None:
    request = PublishRequest(f"{site.url}/tea", ad.id)
    shown = await worker.publisher.preview(mei, request)
    share = await worker.publisher.publish(mei, request)
    assert (shown.page.article, shown.page.mode) == (share.article, share.mode)
    assert shown.slots == share.places
    assert site.asked == ["/tea"]


async def test_a_preview_is_over_after_ten_minutes(
    worker: Worker, ad: Ad, mei: Account, site: Origin, redis: Redis, time: Time
) -> None:
    shown = await worker.publisher.preview(mei, PublishRequest(f"{site.url}/tea", ad.id))
    assert shown.expires_at == time.at + 10 * MINUTE
    path = shown.url.removeprefix(PAGES)
    (name,) = await redis.keys("passalong:p:preview:*")
    assert 590 <= await redis.ttl(name) <= 600
    await redis.delete(name)
    answer = await worker.pages.get(path)
    assert answer.status == 404
    assert f"frame-ancestors {CONSOLE};" in answer.headers["Content-Security-Policy"]


async def test_a_preview_needs_no_ad(worker: Worker, mei: Account, site: Origin) -> None:
    shown = await worker.publisher.preview(mei, PublishRequest(f"{site.url}/tea", ""))
    assert (shown.slots, shown.slots_skipped) == ((), {})
    assert (await worker.pages.get(shown.url.removeprefix(PAGES))).status == 200


async def test_publishing_that_cannot_finish_before_the_end_is_told_to_come_again(
    start: Start, mei: Account, site: Origin, redis: Redis
) -> None:
    worker = await start(open_gate=False)
    ad = await worker.ads.create(mei.id, parse(DRAFT))
    request = PublishRequest(f"{site.url}/tea", ad.id)
    waiting = asyncio.ensure_future(refused(worker.publisher.publish(mei, request)))
    await until(lambda: worker.pool.compiled)
    worker.publisher.drain(0)
    problem = await waiting
    assert (problem.code, problem.status) == ("store_unavailable", 503)
    assert problem.retry_after
    assert (await refused(worker.publisher.publish(mei, request))).status == 503
    await worker.publisher.close()
    assert await redis.keys("passalong:p:lock:*") == []


@pytest.mark.parametrize("name", ["065", "120", "003"])
async def test_a_real_page_is_published_and_served(
    name: str, corpus: Path, worker: Worker, ad: Ad, mei: Account, site: Origin
) -> None:
    (file,) = (corpus / "pages").glob(f"{name}-*.html.gz")
    site.pages["/real"] = gzip.decompress(file.read_bytes())
    share = await worker.publisher.publish(mei, PublishRequest(f"{site.url}/real", ad.id))
    answer = await worker.pages.get(f"/s/{share.id}", headers={"Accept-Encoding": "gzip"})
    body = await answer.text()
    assert answer.status == 200
    assert body.count('data-slot="top"') >= 1
    assert "http://127.0.0.1/e" not in body


async def test_who_waits_for_many_pages_leaves_the_connections_to_others(
    start: Start, redis: Redis, site: Origin, mei: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "AT_ONCE", 2)
    li = await member(redis, "li", "Li")
    worker = await start(limits=True, open_gate=False)
    site.pages |= {f"/{number}": ARTICLE for number in range(3)}
    mine, others = [await worker.ads.create(who.id, parse(DRAFT)) for who in (mei, li)]

    def publishing(who: Account, path: str, ad: Ad) -> "asyncio.Task[Share]":
        asked = PublishRequest(f"{site.url}{path}", ad.id)
        return asyncio.create_task(worker.publisher.publish(who, asked))

    waiting = [publishing(mei, path, mine) for path in ("/0", "/1", "/1")]
    await until(lambda: len(worker.pool.compiled) == 2)
    too_many = await refused(worker.publisher.preview(mei, PublishRequest(f"{site.url}/2", "")))
    assert (too_many.code, too_many.retry_after) == ("rate_limited", limits.RETRY_SECONDS)
    waiting.append(publishing(li, "/2", others))
    await until(lambda: len(worker.pool.compiled) == 3)
    worker.pool.gate.set()
    assert len(await asyncio.gather(*waiting)) == 4
    await worker.publisher.preview(mei, PublishRequest(f"{site.url}/2", ""))
