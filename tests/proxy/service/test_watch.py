"""Opt-outs after publishing: within minutes, pages show no more than is allowed."""

from datetime import UTC, datetime

import pytest
from redis.asyncio import Redis

from ads.accounts import Account
from ads.ad import Ad
from ads.clock import DAY
from ads.errors import Problem
from proxy import shares
from proxy.moderation.takedown import Reason
from proxy.moderation.watch import EVERY_MS
from proxy.publish import PublishRequest
from proxy.shares import Share
from proxy.store import keys
from tests.pages import ARTICLE
from tests.proxy.service.conftest import Origin, Start, Time, Worker

FILE = "/.well-known/passalong.txt"


async def heard(worker: Worker, time: Time) -> None:
    """Ask publishers again."""
    time.at += EVERY_MS
    await worker.watch.round()


async def shown(worker: Worker, share: Share) -> tuple[int, str]:
    """The status and text of a share's page, once this worker has seen all changes."""
    await worker.heard()
    answer = await worker.pages.get(f"/s/{share.id}", headers={"Host": "pages.example"})
    return answer.status, await answer.text()


async def mode(worker: Worker, mei: Account, share: Share) -> tuple[str, str, str]:
    told = await worker.publisher.get(mei, share.id)
    return told.mode, told.mode_reason, told.state


@pytest.mark.parametrize("etag", ["", '"1"'])
async def test_an_opt_out_lowers_what_is_published_and_its_end_raises_it_again(
    worker: Worker, mei: Account, ad: Ad, site: Origin, time: Time, etag: str
) -> None:
    site.etag = etag
    share = await worker.publisher.publish(mei, PublishRequest(f"{site.url}/tea", ad.id))
    assert await mode(worker, mei, share) == ("full", "", "active")
    site.pages[FILE] = "card"
    await worker.watch.round()
    assert await mode(worker, mei, share) == ("full", "", "active"), "asked only now and then"
    await heard(worker, time)
    assert await mode(worker, mei, share) == ("card", "opt-out", "active")
    status, page = await shown(worker, share)
    assert (status, '"mode":"card"' in page) == (200, True)
    site.pages[FILE] = "full"
    await heard(worker, time)
    assert await mode(worker, mei, share) == ("full", "", "active")


async def test_a_share_whose_page_nobody_looked_at_since_it_was_lowered_is_still_watched(
    worker: Worker, mei: Account, share: Share, site: Origin, time: Time
) -> None:
    await worker.takedown.lower_share(share.id, "card", Reason("boss@example.org", "Too much."))
    await heard(worker, time)
    assert (await shown(worker, share))[0] == 200
    site.pages[FILE] = "none"
    await heard(worker, time)
    assert await mode(worker, mei, share) == ("card", "operator", "ended")


async def test_a_publisher_who_wants_none_ends_what_is_published(
    worker: Worker, mei: Account, share: Share, site: Origin, time: Time
) -> None:
    site.pages[FILE] = "none"
    await heard(worker, time)
    told = await worker.publisher.get(mei, share.id)
    assert told.state == "ended"
    assert told.ending
    assert (told.ending.by, told.ending.why) == ("publisher", "opt-out")
    status, page = await shown(worker, share)
    assert status == 410
    assert "does not want this passed along" in page
    assert [(act.target, act.done, act.why) for act in await worker.audit.newest(9)] == [
        (share.id, "ended", "opt-out")
    ]


@pytest.mark.parametrize(
    ("path", "body", "told"),
    [
        ("/robots.txt", "User-agent: PassalongBot\nDisallow: /", "robots.txt"),
        ("/robots.txt", "User-agent: *\nDisallow: /", ""),
        (
            "/.well-known/tdmrep.json",
            '[{"location": "/", "tdm-reservation": 1}]',
            "tdm-reservation",
        ),
    ],
)
async def test_every_word_of_the_site_is_heard_again(
    worker: Worker,
    mei: Account,
    share: Share,
    site: Origin,
    time: Time,
    path: str,
    body: str,
    told: str,
) -> None:
    site.pages[path] = body
    await heard(worker, time)
    found = await worker.publisher.get(mei, share.id)
    assert (found.ending.why if found.ending else found.mode_reason) == told


@pytest.mark.parametrize("source", ["says it again", "says nothing new", "is away", "is gone"])
async def test_a_page_is_gone_within_minutes_of_the_date_that_its_publisher_set(
    worker: Worker, mei: Account, ad: Ad, site: Origin, time: Time, source: str
) -> None:
    until = datetime.fromtimestamp((time.at + DAY) // 1000, UTC).isoformat()
    meta = f'<head><meta name="robots" content="unavailable_after: {until}">'
    site.pages["/dated"] = ARTICLE.replace("<head>", meta, 1)
    site.etag = '"1"' if source == "says nothing new" else ""
    dated = await worker.publisher.publish(mei, PublishRequest(f"{site.url}/dated", ad.id))
    assert (await shown(worker, dated))[0] == 200
    time.at += DAY - EVERY_MS
    await worker.watch.round()
    assert (await shown(worker, dated))[0] == 200
    if source in ("is away", "is gone"):
        site.pages["/dated"] = 503 if source == "is away" else 404
    await heard(worker, time)
    assert (await shown(worker, dated))[0] == 410
    site.pages["/dated"], site.etag = ARTICLE, ""
    await worker.renewer.renew(dated.article_id, "full")
    assert (await shown(worker, dated))[0] == 200, "its publisher may change the date"


@pytest.mark.parametrize("status", [503, 429])
@pytest.mark.parametrize("by", ["watch", "renewal", "publishing"])
@pytest.mark.parametrize(
    ("path", "body", "allowed"),
    [
        (FILE, "card", "card"),
        ("/.well-known/tdmrep.json", '[{"location": "/", "tdm-reservation": 1}]', "excerpt"),
    ],
)
async def test_what_one_worker_heard_holds_for_one_that_cannot_hear_it(
    start: Start,
    worker: Worker,
    mei: Account,
    ad: Ad,
    site: Origin,
    time: Time,
    path: str,
    body: str,
    allowed: str,
    by: str,
    status: int,
) -> None:
    site.pages[path] = body
    asked = PublishRequest(f"{site.url}/tea", ad.id)
    share = await worker.publisher.publish(mei, asked)
    other = await start()
    site.pages[path] = status
    time.at += 2 * EVERY_MS
    if by == "watch":
        await other.watch.round()
    elif by == "renewal":
        await other.renewer._some()
    else:
        await other.publisher.publish(mei, asked)
    assert (await mode(worker, mei, share))[0] == allowed
    del site.pages[path]
    await heard(other, time)
    await other.renewer.renew(share.article_id, "full")
    assert (await mode(worker, mei, share))[0] == "full"


async def test_a_source_that_is_away_changes_nothing(
    worker: Worker, mei: Account, share: Share, site: Origin, time: Time
) -> None:
    site.pages = dict.fromkeys(site.pages, 503)
    site.pages["/robots.txt"] = 503
    await heard(worker, time)
    assert await mode(worker, mei, share) == ("full", "", "active")


@pytest.mark.parametrize("status", [503, 404])
@pytest.mark.parametrize("said", ["excerpt", "card"])
async def test_an_opt_out_lowers_a_page_whose_source_is_away_and_it_rises_with_the_source(
    worker: Worker, mei: Account, share: Share, site: Origin, time: Time, said: str, status: int
) -> None:
    article, site.pages["/tea"], site.pages[FILE] = site.pages["/tea"], status, said
    await heard(worker, time)
    assert await mode(worker, mei, share) == ("card", "opt-out", "active")
    _, page = await shown(worker, share)
    assert "What the last oolong tastes like" in page
    assert not [word for word in ("second week of November", "A hillside") if word in page]
    assert page.count('data-slot="') == 2
    site.pages["/tea"] = article
    time.at += 10 * EVERY_MS
    await worker.renewer._some()
    assert await mode(worker, mei, share) == (said, "opt-out", "active")


async def test_an_article_whose_record_is_broken_keeps_no_other_from_being_held(
    worker: Worker, mei: Account, share: Share, ad: Ad, site: Origin, time: Time, redis: Redis
) -> None:
    site.pages["/pu-erh"] = ARTICLE
    other = await worker.publisher.publish(mei, PublishRequest(f"{site.url}/pu-erh", ad.id))
    first, second = sorted((share, other), key=lambda each: each.article_id)
    await redis.set(keys.page(first.article_id, "full"), b"broken")
    site.pages[FILE] = "card"
    await heard(worker, time)
    assert await mode(worker, mei, second) == ("card", "opt-out", "active")


async def test_a_share_that_its_publisher_ended_does_not_come_back_by_itself(
    worker: Worker, mei: Account, share: Share, site: Origin, time: Time
) -> None:
    site.pages[FILE] = "none"
    await heard(worker, time)
    del site.pages[FILE]
    for _ in range(3):
        await heard(worker, time)
        await worker.renewer._some()
    assert (await shown(worker, share))[0] == 410
    with pytest.raises(Problem) as refused:
        await worker.publisher.change(mei, share.id, {"state": "active"})
    assert refused.value.code == "forbidden"


async def test_of_many_workers_one_asks(
    start: Start, worker: Worker, share: Share, site: Origin, time: Time
) -> None:
    other = await start()
    time.at += EVERY_MS
    site.pages[FILE] = "full"
    before = len(site.words)
    await worker.watch.round()
    await other.watch.round()
    assert len(site.words) - before == 3


async def test_what_nobody_shares_any_more_is_not_asked_about(
    worker: Worker, mei: Account, share: Share, site: Origin, time: Time
) -> None:
    await worker.publisher.end(mei, share.id)
    for _ in range(2):
        time.at += EVERY_MS
        before = len(site.words)
        await worker.watch.round()
    assert len(site.words) == before


async def test_the_page_of_what_nobody_shares_any_more_goes_unless_it_is_shared_again(
    worker: Worker, mei: Account, share: Share, ad: Ad, site: Origin, time: Time, redis: Redis
) -> None:
    page = keys.page(share.article_id, "full")
    assert await redis.ttl(page) == -1
    await worker.publisher.end(mei, share.id)
    await heard(worker, time)
    assert 0 < await redis.ttl(page) <= keys.UNSHARED_PAGE_S
    await worker.publisher.change(mei, share.id, {"state": "active"})
    assert await redis.ttl(page) == -1


async def test_what_is_shared_just_as_the_watch_lets_go_of_it_follows_its_source(
    worker: Worker,
    mei: Account,
    share: Share,
    time: Time,
    redis: Redis,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await worker.publisher.end(mei, share.id)
    drop = worker.stores.published.drop_article

    async def late(*what: str) -> None:
        await worker.publisher.change(mei, share.id, {"state": "active"})
        await drop(*what)  # type: ignore[arg-type]

    monkeypatch.setattr(worker.stores.published, "drop_article", late)
    await heard(worker, time)
    assert await redis.ttl(keys.page(share.article_id, "full")) == -1
    assert await worker.stores.published.articles(shares.origin(share))
    assert await worker.stores.renewals.take(time.at, time.at + 1, 9)


async def test_a_mode_that_nobody_shares_any_more_is_not_asked_for(
    worker: Worker, mei: Account, share: Share, site: Origin, time: Time
) -> None:
    await worker.publisher.change(mei, share.id, {"mode": "reader"})
    await heard(worker, time)
    time.at += 2 * EVERY_MS
    worker.pool.compiled.clear()
    await worker.renewer._some()
    assert worker.pool.compiled == [(f"{site.url}/tea", "reader")]


async def test_an_operators_entry_lowers_or_ends_a_source_at_once(
    worker: Worker, mei: Account, share: Share, ad: Ad, site: Origin
) -> None:
    reason = Reason("boss@example.org", "They asked by letter.")
    await worker.takedown.source("127.0.0.1/tea", "excerpt", reason)
    await worker.watch.round()
    assert await mode(worker, mei, share) == ("excerpt", "operator", "active")
    again = await worker.publisher.publish(mei, PublishRequest(f"{site.url}/tea", ad.id))
    assert (again.mode, again.mode_reason) == ("excerpt", "operator")
    await worker.takedown.source(
        "127.0.0.1", "none", Reason("boss@example.org", "Court.", law=True)
    )
    await worker.takedown.lift_source("127.0.0.1/tea", reason)
    await worker.watch.round()
    status, _ = await shown(worker, share)
    assert status == 451
    told = await worker.publisher.get(mei, share.id)
    assert told.ending
    assert (told.ending.by, told.ending.why, told.ending.law) == ("operator", "Court.", True)


async def test_an_operators_entry_for_the_site_that_an_article_moved_to_ends_it_at_once(
    worker: Worker, mei: Account, share: Share, site: Origin, time: Time
) -> None:
    site.redirects["/tea"] = site.url.replace("127.0.0.1", "localhost") + "/moved"
    site.pages["/moved"] = ARTICLE.replace("1. By", "1. About")
    time.at += EVERY_MS
    await worker.watch.round()
    await worker.renewer.renew(share.article_id, "full")
    assert "localhost" in (await worker.publisher.get(mei, share.id)).article.source_url
    await worker.takedown.source("localhost", "none", Reason("boss@example.org", "Court."))
    await worker.watch.round()
    assert await mode(worker, mei, share) == ("full", "", "ended")


async def test_a_page_kept_a_moment_ago_is_held_against_the_operators_newest_word(
    worker: Worker, mei: Account, share: Share, ad: Ad, site: Origin
) -> None:
    await worker.takedown.source("127.0.0.1", "card", Reason("boss@example.org", "Enough."))
    other = await worker.publisher.publish(mei, PublishRequest(f"{site.url}/tea", ad.id))
    assert (other.mode, other.mode_reason) == ("card", "operator")
    await worker.takedown.source("127.0.0.1", "none", Reason("boss@example.org", "Enough."))
    with pytest.raises(Problem) as refused:
        await worker.publisher.publish(mei, PublishRequest(f"{site.url}/tea", ad.id))
    assert (refused.value.code, refused.value.detail) == (
        "refused_by_publisher",
        "operator: Enough.",
    )
