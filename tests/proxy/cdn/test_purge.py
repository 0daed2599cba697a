"""Edges learn which pages changed, even if they are away at first or the worker dies."""

import asyncio
import contextlib
import socket
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from redis.asyncio import Redis

from ads import tasks
from ads.store import keys as shared
from ads.store.changes import Changes
from ads.tally import Tally
from proxy.cdn import purge
from proxy.cdn.edges import parse
from proxy.cdn.purge import Purge
from proxy.hot import Hot
from proxy.store import keys
from proxy.store.purges import PurgeQueue
from tests.client import until


@dataclass
class Cache:
    """An edge on loopback that records purges; its answers can be set."""

    url: str = ""
    status: int = 200
    retry_after: str = ""
    told: list[str] = field(default_factory=list)
    refused: int = 0

    async def handle(self, request: web.Request) -> web.Response:
        if self.status >= 400:
            self.refused += 1
            more = {"Retry-After": self.retry_after} if self.retry_after else {}
            return web.Response(status=self.status, headers=more)
        if request.method == "POST" and request.path.startswith("/zones/"):
            body = await request.json()
            self.told += body["tags"]
            return web.json_response({"success": True})
        header = request.headers.get("xkey-purge") or request.headers.get("Surrogate-Key")
        self.told += header.split() if header else [request.path]
        return web.json_response({})


@pytest.fixture
async def cache() -> AsyncIterator[Cache]:
    made = Cache()
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", made.handle)
    async with TestServer(app) as server:
        made.url = str(server.make_url("/"))
        yield made


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shorten the pauses; the order of steps stays."""
    monkeypatch.setattr(purge, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(purge, "BACK_OFF_SECONDS", (0.02,))
    monkeypatch.setattr(keys, "SETTLED_MS", 20)


async def pages(changed: Sequence[str]) -> list[str]:
    return [f"/s/{key.partition(':')[2]}" for key in changed]


def sender(redis: Redis, *edges: str) -> Purge:
    tokens = {"fastly": "t", "cloudflare": "t"}
    parsed = [parse(each, "pages.example", tokens) for each in edges]
    return Purge(parsed, PurgeQueue(redis), pages, Tally())


@contextlib.asynccontextmanager
async def running(*work: object) -> AsyncIterator[None]:
    begun = [asyncio.ensure_future(each) for each in work]  # type: ignore[call-overload]
    try:
        yield
    finally:
        await tasks.end(begun)


def knows(cache: Cache, *wanted: str) -> object:
    async def told() -> bool:
        return set(wanted) <= set(cache.told)

    return until(told, f"{wanted} not in {cache.told}")


async def test_a_near_edge_has_heard_when_the_change_is_published(
    redis: Redis, cache: Cache
) -> None:
    changes = Changes(redis, sender(redis, cache.url).at_once)
    await changes.publish("ad:1", "account:2", "share:3")
    assert cache.told == ["ad:1", "share:3"]


async def test_every_worker_has_dropped_the_page_before_the_edge_hears(
    redis: Redis, cache: Cache
) -> None:
    hots = [Hot(1000) for _ in range(3)]
    seen: list[int] = []
    tell = sender(redis, cache.url).at_once

    async def then(changed: Sequence[str]) -> None:
        seen.extend(len(hot) for hot in hots)
        await tell(changed)

    async with running(*(hot.follow(Changes(redis).listen()) for hot in hots)):

        async def listening() -> bool:
            return (await redis.pubsub_numsub(shared.CHANGES_CHANNEL))[0][1] == 3

        await until(listening)
        await asyncio.sleep(0)  # at the start they drop everything once
        for hot in hots:
            hot.put("page", b"old", 3, ["ad:1"], hot.mark())
        await Changes(redis, then).publish("ad:1")
    assert seen == [0, 0, 0]
    assert cache.told == ["ad:1"]


@pytest.mark.parametrize("status", [503, 403])
@pytest.mark.parametrize("kind", ["{0}", "plain+{0}", "fastly+{0}svc", "cloudflare+{0}zone"])
async def test_an_edge_that_was_away_or_forbade_it_hears_of_everything_when_it_is_back(
    redis: Redis, cache: Cache, kind: str, status: int
) -> None:
    cache.status = status
    told = sender(redis, kind.format(cache.url))
    changes = Changes(redis, told.at_once)
    async with running(told.run()):
        await changes.publish("share:1")
        await changes.publish("share:2")

        async def tried() -> bool:
            return cache.refused >= 6

        await until(tried, "nobody tried again", 10)
    # The worker is gone; another one finds the rest in the store.
    cache.status = 200
    async with running(sender(redis, kind.format(cache.url)).run()):
        await knows(cache, *(["/s/1", "/s/2"] if "plain" in kind else ["share:1", "share:2"]))


async def test_the_journal_is_told_once_by_whoever_has_the_turn(redis: Redis, cache: Cache) -> None:
    await Changes(redis).publish("share:1")
    async with running(*(sender(redis, cache.url).run() for _ in range(4))):
        await knows(cache, "share:1")
        await Changes(redis).publish("share:2")
        await knows(cache, "share:2")
    assert Counter(cache.told) == {"share:1": 1, "share:2": 1}


async def test_more_keys_than_a_call_takes_go_in_several(redis: Redis, cache: Cache) -> None:
    names = [f"share:{number}" for number in range(301)]
    await Changes(redis).publish(*names)
    async with running(sender(redis, cache.url).run()):
        await knows(cache, *names)
    assert cache.told == names


async def test_an_edge_that_is_away_does_not_hold_up_the_next_change(
    redis: Redis, cache: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purge, "BACK_OFF_SECONDS", (60.0,))
    cache.status = 503
    changes = Changes(redis, sender(redis, cache.url).at_once)
    for number in range(5):
        await changes.publish(f"share:{number}")
    assert cache.refused == 1


async def test_an_edge_that_comes_up_hears_of_the_very_next_change(
    redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(purge, "BACK_OFF_SECONDS", (60.0,))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    changes = Changes(redis, sender(redis, f"http://127.0.0.1:{port}/").at_once)
    await changes.publish("share:1")
    cache = Cache()
    app = web.Application()
    app.router.add_route("*", "/{any:.*}", cache.handle)
    async with TestServer(app, port=port):
        await changes.publish("share:2")
    assert cache.told == ["share:2"]


async def test_an_edge_that_asks_for_time_gets_it(redis: Redis, cache: Cache) -> None:
    cache.status, cache.retry_after = 429, "30"
    told = sender(redis, f"fastly+{cache.url}svc")
    await Changes(redis).publish("share:1")
    async with running(told.run()):

        async def refused() -> bool:
            return cache.refused == 1

        await until(refused)
        await asyncio.sleep(0.1)
    assert cache.refused == 1


async def test_an_edge_that_asks_for_no_number_of_seconds_is_told_again(
    redis: Redis, cache: Cache
) -> None:
    cache.status, cache.retry_after = 429, "²"
    told = sender(redis, f"fastly+{cache.url}svc")
    await Changes(redis).publish("share:1")
    async with running(told.run()):

        async def again() -> bool:
            return cache.refused > 1

        await until(again)


async def test_how_far_an_edge_is_behind_is_known(redis: Redis) -> None:
    queue = PurgeQueue(redis)
    assert await queue.behind_s("edge") == 0.0
    await redis.xadd(shared.CHANGES_JOURNAL, {"keys": "share:1"}, id="1-1")
    assert await queue.behind_s("edge") > 1e9
    (entry,) = await queue.due("edge")
    await queue.done("edge", entry.id)
    assert await queue.behind_s("edge") == 0.0
