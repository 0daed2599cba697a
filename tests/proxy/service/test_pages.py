"""GET /s/{share} of one worker and of two: encodings, changes, epochs, keys, what is lost.

The page as every reader gets it: `contract/test_pages`, `contract/test_origins`.
"""

import asyncio
import json
import re
import threading
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import ClientResponse
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as Away

from ads import ticket
from ads.accounts import Account
from ads.ad import Ad
from proxy import render
from proxy.serving.display import BROTLI_AFTER
from proxy.shares import Share
from tests.proxy.service.conftest import PAGES, SECRETS, Origin, Start, Time, Worker, until


def facts(body: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="passalong">(.*?)</script>', body)
    assert found
    return dict(json.loads(found[1]))


async def plain(worker: Worker, path: str, **headers: str) -> tuple[ClientResponse, str]:
    answer = await worker.pages.get(path, headers={"Accept-Encoding": "identity", **headers})
    return answer, await answer.text()


async def test_the_facts_hold_a_ticket_of_ours_and_the_slots_in_the_page(
    worker: Worker, share: Share, ad: Ad
) -> None:
    _, body = await plain(worker, f"/s/{share.id}")
    found = facts(body)
    issued = ticket.read(str(found["ticket"]), SECRETS)
    assert issued
    assert (issued.share, issued.ad, issued.version) == (share.id, ad.id, 1)
    assert (found["share"], found["send"]) == (share.id, f"{PAGES}/e")
    assert [slot["slot"] for slot in found["slots"]] == ["top", "middle", "end", "sticky"]  # type: ignore[attr-defined]


async def test_two_workers_make_the_same_page(start: Start, worker: Worker, share: Share) -> None:
    other = await start()
    one, body = await plain(worker, f"/s/{share.id}")
    two, same = await plain(other, f"/s/{share.id}")
    assert (one.headers["ETag"], body) == (two.headers["ETag"], same)


BROTLI_OF = render.brotli_of


@dataclass
class Compressor:
    """Compresses once it may."""

    begun: threading.Event = field(default_factory=threading.Event)
    may: threading.Event = field(default_factory=threading.Event)

    def __call__(self, page: bytes) -> bytes:
        self.begun.set()
        self.may.wait(20)
        return BROTLI_OF(page)


@pytest.fixture
def compressor(monkeypatch: pytest.MonkeyPatch) -> Compressor:
    made = Compressor()
    monkeypatch.setattr(render, "brotli_of", made)
    return made


async def by_brotli(worker: Worker, share: Share) -> tuple[int, str]:
    answer = await worker.pages.get(f"/s/{share.id}", headers={"Accept-Encoding": "br"})
    return answer.status, await answer.text()


async def test_all_who_take_brotli_alone_and_ask_at_once_have_the_page(
    worker: Worker, share: Share, compressor: Compressor
) -> None:
    _, page = await plain(worker, f"/s/{share.id}")
    asked = [asyncio.ensure_future(by_brotli(worker, share)) for _ in range(3)]
    await until(lambda: worker.display._tally["passalong_pages", "memory"] == 3)
    compressor.may.set()
    assert await asyncio.gather(*asked) == [(200, page)] * 3


async def test_a_page_that_ends_while_it_is_compressed_is_not_shown(
    worker: Worker, share: Share, mei: Account, compressor: Compressor
) -> None:
    asked = asyncio.ensure_future(by_brotli(worker, share))
    await until(compressor.begun.is_set)
    await worker.publisher.end(mei, share.id)
    await worker.heard()
    compressor.may.set()
    assert (await asked)[0] == 410


async def test_a_page_that_many_ask_for_comes_in_brotli_with_the_same_etag(
    worker: Worker, share: Share
) -> None:
    seen: list[tuple[str, str]] = []
    while not seen or seen[-1][0] != "br":
        answer = await worker.pages.get(f"/s/{share.id}", headers={"Accept-Encoding": "gzip, br"})
        seen.append((answer.headers["Content-Encoding"], answer.headers["ETag"]))
        assert len(seen) < 1_000, "never in brotli"
    assert {encoding for encoding, _ in seen[:BROTLI_AFTER]} == {"gzip"}
    assert len({etag for _, etag in seen}) == 1


async def test_the_same_content_of_the_same_moment_has_one_name_until_the_epoch_ends(
    worker: Worker, share: Share, time: Time
) -> None:
    time.at = ticket.epoch(share.id, time.at)
    first, _ = await plain(worker, f"/s/{share.id}")
    time.at += ticket.EPOCH_MS - 1
    second, _ = await plain(worker, f"/s/{share.id}")
    time.at += 1
    third, body = await plain(worker, f"/s/{share.id}")
    assert first.headers["ETag"] == second.headers["ETag"] != third.headers["ETag"]
    issued = ticket.read(str(facts(body)["ticket"]), SECRETS)
    assert issued
    assert issued.issued == time.at


async def test_fifty_cold_requests_are_one_rendering(
    worker: Worker, share: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = []
    build = worker.display._build

    def counted(share_id: str) -> object:
        built.append(share_id)
        return build(share_id)

    monkeypatch.setattr(worker.display, "_build", counted)
    await asyncio.gather(*(plain(worker, f"/s/{share.id}?h={n}") for n in range(50)))
    assert built == [share.id]


async def test_a_hot_page_needs_no_store(
    worker: Worker, share: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    await plain(worker, f"/s/{share.id}")
    monkeypatch.setattr(worker.display, "_build", None)
    answer, _ = await plain(worker, f"/s/{share.id}")
    assert answer.status == 200


@pytest.mark.parametrize("change", ["title", "paused", "deleted"])
async def test_a_changed_ad_shows_in_the_other_worker(
    change: str, start: Start, worker: Worker, share: Share, ad: Ad, mei: Account
) -> None:
    other = await start()
    _, before = await plain(other, f"/s/{share.id}")
    assert "Last pick of the year" in before
    if change == "title":
        await worker.ads.change(mei.id, ad.id, {"title": "First pick"})
    elif change == "paused":
        await worker.ads.change(mei.id, ad.id, {"state": "paused"})
    else:
        await worker.ads.delete(mei.id, ad.id)
    await other.heard()
    _, after = await plain(other, f"/s/{share.id}")
    assert "Last pick of the year" not in after
    assert ("First pick" in after) == (change == "title")
    assert bool(re.search(r'<[^>]* data-slot="', after)) == (change == "title")


async def test_a_change_while_the_page_is_made_is_not_lost(
    worker: Worker, share: Share, ad: Ad, mei: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, go_on = asyncio.Event(), asyncio.Event()
    builder = worker.display._builder
    inputs = builder._inputs

    async def held(*asked: Any) -> object:
        found = await inputs(*asked)
        reached.set()
        await go_on.wait()
        return found

    monkeypatch.setattr(builder, "_inputs", held)
    slow = asyncio.ensure_future(plain(worker, f"/s/{share.id}"))
    await reached.wait()
    await worker.ads.change(mei.id, ad.id, {"title": "First pick"})
    await worker.heard()
    go_on.set()
    await slow
    _, body = await plain(worker, f"/s/{share.id}")
    assert "First pick" in body


async def test_an_ended_share_is_gone_in_both_languages_and_points_to_the_article(
    start: Start, worker: Worker, share: Share, mei: Account
) -> None:
    other = await start()
    await plain(other, f"/s/{share.id}")
    await worker.publisher.end(mei, share.id)
    await other.heard()
    answer, body = await plain(other, f"/s/{share.id}")
    assert answer.status == 410
    assert "This share has ended" in body
    assert "这次分享已结束" in body
    assert f'href="{share.article.source_url}"' in body
    assert "Mei Lin" in body
    assert answer.headers["xkey"] == f"share:{share.id}"
    await worker.publisher.change(mei, share.id, {"state": "active"})
    await other.heard()
    assert (await plain(other, f"/s/{share.id}"))[0].status == 200


async def test_the_headers_say_how_long_and_by_which_keys(
    worker: Worker, share: Share, ad: Ad
) -> None:
    answer, _ = await plain(worker, f"/s/{share.id}")
    keys = [f"article:{share.article_id}", f"ad:{ad.id}", f"share:{share.id}"]
    assert answer.headers["Surrogate-Key"].split() == keys
    assert answer.headers["xkey"].split() == keys
    assert answer.headers["Cache-Tag"].split(",") == keys
    control = answer.headers["Cache-Control"]
    assert control == answer.headers["CDN-Cache-Control"] == answer.headers["Surrogate-Control"]
    assert answer.headers["Link"] == f'<{share.article.source_url}>; rel="canonical"'
    assert answer.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("path", ["/nowhere", "/s/nothing", "/s/", "/p/nothing"])
async def test_a_reader_who_went_astray_gets_a_page_and_not_a_document_of_problems(
    path: str, worker: Worker
) -> None:
    answer, body = await plain(worker, path)
    assert (answer.status, answer.content_type) == (404, "text/html")
    assert 'lang="en"' in body
    assert 'lang="zh-Hans"' in body
    assert answer.headers["X-Robots-Tag"] == "noindex"


async def test_without_store_a_cold_page_asks_to_come_again(
    worker: Worker, share: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(_share: str) -> None:
        raise Away

    monkeypatch.setattr(worker.display, "_build", away)
    answer, body = await plain(worker, f"/s/{share.id}")
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "One moment" in body
    assert "Content-Security-Policy" in answer.headers


async def test_the_sharers_card_wins_and_is_escaped(
    worker: Worker, share: Share, mei: Account
) -> None:
    patch = {"card": {"title": 'A "<b>', "image": "https://img.example/a.jpg"}}
    await worker.publisher.change(mei, share.id, patch)
    await worker.heard()
    _, body = await plain(worker, f"/s/{share.id}")
    assert '<meta property="og:title" content="A &#34;&lt;b&gt;">' in body
    assert '<meta property="og:image" content="https://img.example/a.jpg">' in body


async def _lose_pages(worker: Worker, redis: Redis, share: Share) -> None:
    """Delete pages, as an operator's store may if it evicts or was restored from an old copy."""
    names = [name async for name in redis.scan_iter(f"*{share.article_id}*")]
    assert names
    await redis.delete(*names)
    await worker.changes.publish(f"article:{share.article_id}", f"share:{share.id}")
    await worker.heard()


async def test_a_page_that_the_store_lost_is_made_again_from_its_source(
    worker: Worker, share: Share, redis: Redis, site: Origin
) -> None:
    _, before = await plain(worker, f"/s/{share.id}")
    await _lose_pages(worker, redis, share)
    asked = len(site.asked)
    answer, body = await plain(worker, f"/s/{share.id}")
    assert (answer.status, body) == (200, before)
    assert len(site.asked) > asked
    await worker.heard()
    asked = len(site.asked)
    assert (await plain(worker, f"/s/{share.id}"))[1] == before
    assert len(site.asked) == asked, "once"


async def test_a_page_that_is_lost_with_its_source_is_asked_for_later(
    worker: Worker, share: Share, redis: Redis, site: Origin
) -> None:
    await _lose_pages(worker, redis, share)
    site.pages.clear()
    answer = await worker.pages.get(f"/s/{share.id}")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "60")
