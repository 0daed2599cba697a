"""Published pages follow their sources: in every worker, for every share of the article."""

import re

import pytest
from redis.asyncio import Redis

from ads.accounts import Account
from ads.ad import Ad, parse
from ads.clock import DAY, HOUR, MINUTE
from ads.errors import Problem
from proxy.moderation.takedown import Reason
from proxy.publish import PublishRequest
from proxy.shares import Share
from proxy.store import keys
from proxy.store.renewals import RenewalStore
from tests.pages import ARTICLE
from tests.proxy.service.conftest import DRAFT, Origin, Start, Time, Worker, member

GONE = "The original is gone."
KEEP_VANISHED_MS = 30 * DAY  # as the settings have it
TICKET = re.compile('"ticket":"[^"]*"')
CHANGED = ARTICLE.replace("oolong", "pu-erh")


async def body(worker: Worker, share: Share, status: int = 200) -> str:
    """The page that a reader gets once this worker has seen all changes."""
    await worker.heard()
    answer = await worker.pages.get(f"/s/{share.id}")
    assert answer.status == status
    return await answer.text()


async def test_a_changed_article_changes_every_share_of_it_in_every_worker(
    start: Start,
    redis: Redis,
    mei: Account,
    share: Share,
    site: Origin,
    worker: Worker,
    time: Time,
) -> None:
    other_worker = await start()
    li = await member(redis, "li", "Li")
    her_ad = await worker.ads.create(li.id, parse(DRAFT))
    other = await worker.publisher.publish(li, PublishRequest(f"{site.url}/tea", her_ad.id))
    for each in (worker, other_worker):
        assert "oolong" in await body(each, share)
        assert "oolong" in await body(each, other)
    site.pages["/tea"] = CHANGED
    time.at += MINUTE
    await worker.renewer.renew(share.article_id, "full")
    for each in (worker, other_worker):
        for page in (await body(each, share), await body(each, other)):
            assert "pu-erh" in page
            assert "oolong" not in page
    assert "pu-erh" in (await worker.publisher.get(mei, share.id)).article.title


async def test_a_source_is_asked_again_by_age_and_by_one_worker_alone(
    start: Start, share: Share, site: Origin, worker: Worker, time: Time
) -> None:
    site.asked.clear()
    workers = (worker, await start())
    for later, asked in ((9 * MINUTE, 0), (2 * MINUTE, 1), (9 * MINUTE, 1), (2 * MINUTE, 2)):
        time.at += later
        for each in workers:
            await each.renewer._some()
        assert len(site.asked) == asked
    time.at += 100 * HOUR
    await worker.renewer._some()
    time.at += 59 * MINUTE
    await worker.renewer._some()
    assert len(site.asked) == 3, "after a hundred hours, once an hour is enough"


async def test_an_old_article_that_is_shared_anew_is_asked_for_as_a_new_one_is(
    mei: Account, ad: Ad, share: Share, site: Origin, worker: Worker, time: Time
) -> None:
    time.at += 100 * DAY
    await worker.renewer._some()
    time.at += HOUR
    await worker.publisher.publish(mei, PublishRequest(f"{site.url}/tea", ad.id))
    asked = len(site.asked)
    time.at += 11 * MINUTE
    await worker.renewer._some()
    assert len(site.asked) == asked + 1


async def test_an_article_that_nobody_shares_any_more_is_not_asked_for(
    mei: Account, share: Share, site: Origin, worker: Worker, time: Time, redis: Redis
) -> None:
    await worker.publisher.end(mei, share.id)
    site.asked.clear()
    time.at += HOUR
    await worker.renewer._some()
    await worker.watch.round()
    time.at += DAY
    assert await RenewalStore(redis).take(time.at, time.at, 9) == []
    assert site.asked == []


@pytest.mark.parametrize("by", ["owner", "operator"])
async def test_a_share_that_goes_on_after_its_end_follows_its_source_again(
    by: str, mei: Account, share: Share, site: Origin, worker: Worker, time: Time
) -> None:
    boss = Reason("boss@example.org", "A mistake.")
    if by == "owner":
        await worker.publisher.end(mei, share.id)
    else:
        await worker.takedown.share(share.id, boss)
    time.at += HOUR
    await worker.renewer._some()
    if by == "owner":
        await worker.publisher.change(mei, share.id, {"state": "active"})
    else:
        await worker.takedown.lift_share(share.id, boss)
    site.pages["/tea"] = CHANGED
    time.at += HOUR
    await worker.renewer._some()
    assert "pu-erh" in await body(worker, share)


@pytest.mark.parametrize("status", [403, 429, 500, 503])
async def test_a_source_that_fails_changes_nothing(
    status: int, share: Share, site: Origin, worker: Worker, time: Time
) -> None:
    before = await body(worker, share)
    site.pages["/tea"] = status
    time.at += MINUTE
    await worker.renewer.renew(share.article_id, "full")
    after = await body(worker, share)
    # An hour of tickets may have begun.
    assert [TICKET.sub("", page) for page in (before, after)] == [TICKET.sub("", before)] * 2


async def test_an_article_whose_record_is_broken_keeps_no_other_from_being_asked_for(
    mei: Account, ad: Ad, share: Share, site: Origin, worker: Worker, time: Time, redis: Redis
) -> None:
    site.pages["/other"] = ARTICLE
    other = await worker.publisher.publish(mei, PublishRequest(f"{site.url}/other", ad.id))
    await redis.set(keys.page(share.article_id, "full"), b"broken")
    site.pages["/other"] = CHANGED
    time.at += HOUR
    await worker.renewer._some()
    assert "pu-erh" in await body(worker, other)


async def test_a_vanished_article_keeps_its_copy_says_so_and_ends_when_its_time_is_over(
    share: Share, mei: Account, site: Origin, worker: Worker, time: Time
) -> None:
    assert GONE not in await body(worker, share)
    site.pages["/tea"] = 404
    time.at += MINUTE
    await worker.renewer.renew(share.article_id, "full")
    page = await body(worker, share)
    assert GONE in page
    assert page.count("oolong") > 3
    time.at += KEEP_VANISHED_MS - MINUTE
    await worker.renewer.renew(share.article_id, "full")
    assert GONE in await body(worker, share)
    time.at += MINUTE
    await worker.renewer.renew(share.article_id, "full")
    assert "taken the article down" in await body(worker, share, 410)
    told = await worker.publisher.get(mei, share.id)
    assert (told.state, told.closed, told.gone) == ("active", "vanished", True)


@pytest.mark.parametrize("etag", ["", '"1"'])
async def test_an_article_that_comes_back_is_no_longer_marked(
    etag: str, mei: Account, ad: Ad, site: Origin, worker: Worker, time: Time
) -> None:
    site.etag = etag
    share = await worker.publisher.publish(mei, PublishRequest(f"{site.url}/tea", ad.id))
    for served, marked in ((410, True), (ARTICLE, False)):
        site.pages["/tea"] = served
        time.at += KEEP_VANISHED_MS + MINUTE
        await worker.renewer.renew(share.article_id, "full")
        assert (GONE in await body(worker, share)) == marked
        assert not (await worker.publisher.get(mei, share.id)).gone


async def test_a_copy_of_what_is_gone_is_not_published_anew(
    mei: Account, ad: Ad, share: Share, site: Origin, worker: Worker, time: Time
) -> None:
    site.pages["/tea"] = 404
    time.at += MINUTE
    await worker.renewer.renew(share.article_id, "full")
    with pytest.raises(Problem) as refusal:
        await worker.publisher.publish(mei, PublishRequest(f"{site.url}/tea", ad.id))
    assert refusal.value.code == "source_not_found"


async def test_a_publisher_who_refuses_ends_the_shares_and_may_change_their_mind(
    share: Share, site: Origin, worker: Worker, time: Time
) -> None:
    site.pages["/robots.txt"] = "User-agent: PassalongBot\nDisallow: /\n"
    time.at += HOUR
    await worker.renewer.renew(share.article_id, "full")
    assert "own pages only" in await body(worker, share, 410)
    del site.pages["/robots.txt"]
    time.at += HOUR
    await worker.renewer.renew(share.article_id, "full")
    assert "oolong" in await body(worker, share)


async def test_a_publisher_who_allows_less_lowers_what_is_published(
    mei: Account, share: Share, site: Origin, worker: Worker, time: Time
) -> None:
    site.headers["X-Robots-Tag"] = "noarchive"
    time.at += MINUTE
    await worker.renewer.renew(share.article_id, "full")
    told = await worker.publisher.get(mei, share.id)
    assert (told.mode, told.mode_reason) == ("excerpt", "noarchive")
    assert '"mode":"excerpt"' in await body(worker, share)


@pytest.mark.parametrize("etag", ["", '"1"'])
async def test_a_publisher_who_allows_more_again_raises_it_though_the_page_is_as_it_was(
    etag: str, mei: Account, ad: Ad, site: Origin, worker: Worker, time: Time
) -> None:
    site.etag, site.headers["X-Robots-Tag"] = etag, "noarchive"
    share = await worker.publisher.publish(mei, PublishRequest(f"{site.url}/tea", ad.id))
    assert (share.mode, share.mode_reason) == ("excerpt", "noarchive")
    del site.headers["X-Robots-Tag"]
    time.at += MINUTE
    await worker.renewer.renew(share.article_id, "full")
    assert '"mode":"full"' in await body(worker, share)


async def test_a_page_that_another_version_of_the_compiler_made_is_made_anew_once(
    mei: Account,
    ad: Ad,
    site: Origin,
    worker: Worker,
    time: Time,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site.etag = '"1"'
    share = await worker.publisher.publish(mei, PublishRequest(f"{site.url}/tea", ad.id))
    monkeypatch.setattr("proxy.edition.of", lambda *_: b"another")
    for compiled, unchanged in ((2, 0), (2, 1)):
        time.at += HOUR
        await worker.renewer.renew(share.article_id, "full")
        assert (len(worker.pool.compiled), site.unchanged) == (compiled, unchanged)


async def test_whoever_shared_it_before_is_told_what_anothers_publishing_found(
    mei: Account, ad: Ad, share: Share, site: Origin, worker: Worker, time: Time
) -> None:
    site.headers["X-Robots-Tag"] = "noarchive"
    time.at += HOUR
    await worker.publisher.publish(mei, PublishRequest(f"{site.url}/tea", ad.id))
    told = await worker.publisher.get(mei, share.id)
    assert (told.mode, told.mode_reason) == ("excerpt", "noarchive")


@pytest.mark.parametrize("etag", ["", '"1"'])
async def test_of_a_page_that_is_as_it_was_nothing_is_written_but_when_that_was(
    etag: str, mei: Account, ad: Ad, site: Origin, worker: Worker, time: Time, redis: Redis
) -> None:
    site.etag = etag
    share = await worker.publisher.publish(mei, PublishRequest(f"{site.url}/tea", ad.id))
    before = await redis.get(keys.page(share.article_id, "full"))
    time.at += HOUR
    await worker.renewer.renew(share.article_id, "full")
    assert await redis.get(keys.page(share.article_id, "full")) == before
    asked = len(site.asked)
    await worker.publisher.publish(mei, PublishRequest(f"{site.url}/tea", ad.id))
    assert len(site.asked) == asked, "it was confirmed a moment ago"


@pytest.mark.parametrize(("title", "follows"), [(True, True), (False, False)])
async def test_an_article_that_moved_is_followed_and_another_in_its_place_is_not(
    title: bool, follows: bool, share: Share, site: Origin, worker: Worker, time: Time
) -> None:
    moved = ARTICLE.replace("The leaves are small", "The leaves are tiny")
    site.pages["/moved"] = moved if title else moved.replace("What the last", "Why no")
    site.redirects["/tea"] = "/moved"
    time.at += MINUTE
    await worker.renewer.renew(share.article_id, "full")
    assert ("The leaves are tiny" in await body(worker, share)) == follows


async def test_an_owner_may_have_the_source_asked_at_once(
    mei: Account, share: Share, site: Origin, worker: Worker, time: Time
) -> None:
    site.pages["/tea"] = CHANGED
    time.at += MINUTE
    told = await worker.publisher.refresh(mei, share.id)
    assert "pu-erh" in told.article.title
    stranger = Account("x", "x@example.org", "X", "")
    with pytest.raises(Problem) as refusal:
        await worker.publisher.refresh(stranger, share.id)
    assert refusal.value.code == "not_found"
