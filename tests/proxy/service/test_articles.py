"""One article is fetched and compiled once, under any address, in any worker, at any time."""

import asyncio

import pytest
from redis.asyncio import Redis

from ads.clock import HOUR, MINUTE
from ads.errors import Problem
from proxy import links
from proxy.articles import FRESH_MS
from proxy.errors import SourceProblem
from tests.pages import ARTICLE
from tests.proxy.service.conftest import Origin, Start, Time, Worker, until


def linked(site: Origin, path: str) -> links.Link:
    return links.parse(site.url + path)


def with_canonical(url: str) -> str:
    return ARTICLE.replace("<head>", f'<head><link rel="canonical" href="{url}">')


async def test_fifty_calls_in_two_workers_fetch_and_compile_once(
    start: Start, site: Origin
) -> None:
    workers = [await start(open_gate=False), await start(open_gate=False)]
    calls = [w.articles.get(linked(site, "/tea"), "full") for w in workers for _ in range(25)]
    running = asyncio.gather(*calls)
    await until(lambda: any(w.pool.compiled for w in workers))
    for worker in workers:
        worker.pool.gate.set()
    found = await running
    assert site.asked == ["/tea"]
    assert sum(len(w.pool.compiled) for w in workers) == 1
    assert len({article for article, _ in found}) == 1


async def test_a_second_mode_costs_a_compile_and_no_fetch(worker: Worker, site: Origin) -> None:
    article, page = await worker.articles.get(linked(site, "/tea"), "full")
    other, excerpt = await worker.articles.get(linked(site, "/tea"), "excerpt")
    assert (article, page.mode, excerpt.mode) == (other, "full", "excerpt")
    assert site.asked == ["/tea"]


async def test_reader_mode_fetches_the_pages_of_a_split_article_and_full_does_not(
    worker: Worker, site: Origin
) -> None:
    evening = "The second page tells of the evening tea, at a length that is called a page. " * 3
    site.pages["/tea"] = ARTICLE.replace("<head>", "<head><link rel=next href=/tea/2>")
    site.pages["/tea/2"] = (
        "<head><link rel=next href=/tea/3></head><body><article>"
        f"<h1>What the last oolong of the year tastes like</h1><p>{evening}</p></article>"
    )
    _, full = await worker.articles.get(linked(site, "/tea"), "full")
    assert site.asked == ["/tea"]
    _, page = await worker.articles.get(linked(site, "/tea"), "reader")
    assert site.asked == ["/tea", "/tea/2", "/tea/3"]
    assert b"evening tea" in b"".join(page.segments)
    assert b"evening tea" not in b"".join(full.segments)


async def test_a_page_in_the_articles_place_is_its_name_no_longer_than_it_stands_there(
    worker: Worker, site: Origin, time: Time
) -> None:
    site.pages["/wait"], site.redirects["/tea"] = "<p>One moment.</p>", "/wait"
    with pytest.raises(SourceProblem, match="next to no text"):
        await worker.articles.get(linked(site, "/tea"), "full")
    time.at += HOUR
    site.pages["/moved"], site.redirects["/tea"] = ARTICLE, "/moved"
    _, page = await worker.articles.get(linked(site, "/tea"), "full")
    assert page.article.source_url.endswith("/moved")
    time.at += HOUR
    del site.redirects["/tea"], site.pages["/moved"]
    _, page = await worker.articles.get(linked(site, "/tea"), "full")
    assert page.article.source_url.endswith("/tea")


async def test_a_redirect_to_no_article_is_remembered_briefly_as_that(
    worker: Worker, site: Origin
) -> None:
    site.pages["/wait"], site.redirects["/tea"] = "<p>One moment.</p>", "/wait"
    for _ in range(2):
        with pytest.raises(SourceProblem):
            await worker.articles.get(linked(site, "/tea"), "full")
    assert site.asked == ["/tea", "/wait"]


async def test_the_canonical_name_is_remembered_beyond_the_pages_freshness(
    worker: Worker, site: Origin, time: Time
) -> None:
    site.pages["/amp/tea"] = with_canonical("/tea")
    await worker.articles.get(linked(site, "/amp/tea"), "full")
    time.at += FRESH_MS + 1
    await worker.articles.get(linked(site, "/amp/tea"), "full")
    assert site.asked == ["/amp/tea", "/tea", "/tea"]


async def test_a_page_cannot_put_its_content_under_a_neighbours_name(
    worker: Worker, site: Origin
) -> None:
    site.pages["/evil"] = with_canonical("/tea").replace("oolong", "poison")
    _, page = await worker.articles.get(linked(site, "/evil"), "full")
    assert "poison" not in page.article.title
    _, page = await worker.articles.get(linked(site, "/tea"), "full")
    assert "poison" not in page.article.title


@pytest.mark.parametrize("canonical", ["/", "/gone", "https://elsewhere.example/tea"])
async def test_a_canonical_link_that_names_no_article_of_the_site_changes_nothing(
    canonical: str, worker: Worker, site: Origin
) -> None:
    site.pages |= {"/b": with_canonical(canonical), "/": ARTICLE}
    article, page = await worker.articles.get(linked(site, "/b"), "full")
    assert page.article.source_url.endswith("/b")
    assert (article, page) == await worker.articles.get(linked(site, "/b"), "full")


async def test_what_is_refused_under_its_own_name_is_refused_under_every_other(
    worker: Worker, site: Origin
) -> None:
    site.pages |= {
        "//tea": with_canonical("/tea"),
        "/robots.txt": "User-agent: PassalongBot\nDisallow: /tea",
    }
    with pytest.raises(SourceProblem) as refused:
        await worker.articles.get(linked(site, "//tea"), "full")
    assert refused.value.code == "refused_by_publisher"


async def test_a_stale_page_is_confirmed_by_its_etag(
    worker: Worker, site: Origin, time: Time
) -> None:
    site.etag = '"1"'
    _, page = await worker.articles.get(linked(site, "/tea"), "full")
    time.at += FRESH_MS + 1
    assert (await worker.articles.get(linked(site, "/tea"), "full"))[1] == page
    assert (site.unchanged, len(worker.pool.compiled)) == (1, 1)
    await worker.articles.get(linked(site, "/tea"), "full")
    assert len(site.asked) == 2, "confirmed a moment ago"


async def test_a_confirmed_page_whose_publisher_changed_its_mind_is_made_anew(
    worker: Worker, site: Origin, time: Time
) -> None:
    site.etag = '"1"'
    await worker.articles.get(linked(site, "/tea"), "full")
    time.at += FRESH_MS + 1
    site.headers["X-Robots-Tag"] = "noarchive"
    _, page = await worker.articles.get(linked(site, "/tea"), "full")
    assert (page.mode, page.mode_reason) == ("excerpt", "noarchive")


@pytest.mark.parametrize("status", [403, 500, 503])
async def test_the_stale_copy_serves_while_the_source_fails(
    status: int, worker: Worker, site: Origin, time: Time
) -> None:
    _, page = await worker.articles.get(linked(site, "/tea"), "full")
    time.at += HOUR
    site.pages["/tea"] = status
    assert (await worker.articles.get(linked(site, "/tea"), "full"))[1] == page
    await worker.articles.get(linked(site, "/tea"), "full")
    assert len(site.asked) == 2, "the failure is remembered"


async def test_an_article_that_is_gone_is_not_published_from_the_copy(
    worker: Worker, site: Origin, time: Time
) -> None:
    await worker.articles.get(linked(site, "/tea"), "full")
    time.at += HOUR
    site.pages["/tea"] = 404
    with pytest.raises(SourceProblem) as refusal:
        await worker.articles.get(linked(site, "/tea"), "full")
    assert refusal.value.code == "source_not_found"


async def test_a_failure_is_remembered_for_all_workers(start: Start, site: Origin) -> None:
    site.pages["/tea"] = 404
    for worker in (await start(), await start()):
        with pytest.raises(SourceProblem) as refusal:
            await worker.articles.get(linked(site, "/tea"), "full")
        assert refusal.value.code == "source_not_found"
    assert site.asked == ["/tea"]


async def test_a_publisher_who_names_us_is_not_even_fetched(worker: Worker, site: Origin) -> None:
    site.pages["/robots.txt"] = "User-agent: PassalongBot\nDisallow: /\n"
    with pytest.raises(SourceProblem) as refusal:
        await worker.articles.get(linked(site, "/tea"), "full")
    assert refusal.value.code == "refused_by_publisher"
    assert site.asked == []


async def test_changed_content_is_told_to_everyone(
    worker: Worker, site: Origin, time: Time
) -> None:
    article, _ = await worker.articles.get(linked(site, "/tea"), "full")
    worker.hot.put("entry", 1, 1, [f"article:{article}"], worker.hot.mark())
    time.at += MINUTE
    await worker.articles.get(linked(site, "/tea"), "full", refresh=True)
    await worker.heard()
    assert worker.hot.get("entry") == 1, "the same content"
    time.at += MINUTE
    site.pages["/tea"] = ARTICLE.replace("oolong", "pu-erh")
    await worker.articles.get(linked(site, "/tea"), "full", refresh=True)
    await worker.heard()
    assert worker.hot.get("entry") is None


async def test_a_dead_workers_lock_goes_by_itself_and_its_late_page_is_not_kept(
    start: Start, site: Origin, redis: Redis
) -> None:
    slow, quick = await start(open_gate=False), await start()
    late = asyncio.ensure_future(slow.articles.get(linked(site, "/tea"), "full"))
    await until(lambda: slow.pool.compiled)
    await _expire_locks(redis)
    article, _ = await quick.articles.get(linked(site, "/tea"), "full")
    slow.pool.gate.set()
    with pytest.raises(Problem) as refusal:
        await late
    assert refusal.value.code == "store_unavailable"
    assert (await quick.articles.get(linked(site, "/tea"), "full"))[0] == article


async def _expire_locks(redis: Redis) -> None:
    for key in await redis.keys("passalong:p:lock:*"):
        await redis.delete(key)
