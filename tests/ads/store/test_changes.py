"""Changes announced between workers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable
from typing import Any, cast

import pytest
from redis.asyncio import Redis
from redis.asyncio.client import PubSub

from ads import tasks
from ads.store import changes, connect, keys
from ads.store.changes import Changes
from ads.store.keys import CHANGES_JOURNAL as JOURNAL

News = AsyncIterator[str | None]


async def following(news: News) -> str | None:
    return await asyncio.wait_for(anext(news), 10)


@pytest.fixture
async def news(redis: Redis) -> AsyncIterator[News]:
    """What a listener hears once it was told to drop all."""
    listener = Changes(redis).listen()
    assert await following(listener) is None
    yield listener
    await listener.aclose()  # type: ignore[attr-defined]


async def hears(news: News, telling: Awaitable[object]) -> str | None:
    """What a listener hears next, who waits for it while it is told."""
    ahead = asyncio.ensure_future(following(news))
    await telling
    return await ahead


async def test_every_listener_hears_every_key_after_it_was_told_to_drop_all(
    redis: Redis, valkey_url: str
) -> None:
    other = connect(valkey_url)
    one, two = Changes(redis).listen(), Changes(other).listen()
    assert await following(one) is None
    assert await following(two) is None
    await Changes(redis).publish("ad:1", "share:2")
    for news in (one, two):
        assert await following(news) == "ad:1"
        assert await following(news) == "share:2"
        await news.aclose()  # type: ignore[attr-defined]
    await other.aclose()


async def test_hundreds_of_changes_at_once_are_all_heard(redis: Redis) -> None:
    heard: list[str | None] = []

    begun = asyncio.Event()

    async def listen() -> None:
        async for key in Changes(redis).listen():
            heard.append(key)
            begun.set()

    listening = asyncio.create_task(listen())
    await begun.wait()
    changes = Changes(redis)
    await asyncio.gather(*(changes.publish(f"share:{number}") for number in range(200)))
    assert len(heard) == 201, "each was heard when its publishing ended"
    await tasks.end([listening])


async def test_the_news_of_a_large_account_come_in_several_entries(redis: Redis) -> None:
    shares = [f"share:{number}" for number in range(2 * changes.KEYS_AT_ONCE + 1)]
    await Changes(redis).publish(*shares)
    told = [entry[b"keys"].decode().split("\n") for _, entry in await redis.xrange(JOURNAL)]
    assert max(map(len, told)) <= changes.KEYS_AT_ONCE
    assert [share for some in told for share in some] == shares


async def test_nothing_to_tell_tells_nothing(redis: Redis, news: News) -> None:
    await Changes(redis).publish()
    await Changes(redis).publish("ad:1")
    assert await following(news) == "ad:1"


async def test_a_listener_whose_connection_was_cut_is_told_to_drop_all(
    redis: Redis, news: News
) -> None:
    assert await hears(news, redis.execute_command("CLIENT", "KILL", "TYPE", "PUBSUB")) is None
    await Changes(redis).publish("ad:1")
    assert await following(news) == "ad:1"


async def noted(redis: Redis) -> list[list[str]]:
    """The keys that edges are told to purge, in order."""
    found = await redis.xrange(keys.CHANGES_JOURNAL)
    return [entry[b"keys"].decode().split("\n") for _, entry in found]


async def test_what_a_listener_missed_is_told_to_edges_once_more(redis: Redis) -> None:
    changes = Changes(redis)
    await changes.publish("ad:0")
    news = changes.listen()
    assert await following(news) is None
    assert await hears(news, changes.publish("ad:1")) == "ad:1"
    ahead = asyncio.ensure_future(following(news))
    await redis.execute_command("CLIENT", "KILL", "TYPE", "PUBSUB")
    await changes.publish("ad:2", "share:3")
    await changes.publish("ad:2")
    assert await ahead is None
    ahead = asyncio.ensure_future(following(news))
    async with asyncio.timeout(10):
        while len(await noted(redis)) < 5:
            pass
    await changes.publish("ad:4")
    assert await ahead == "ad:4"
    told = [["ad:0"], ["ad:1"], ["ad:2", "share:3"], ["ad:2"], ["ad:2", "share:3"], ["ad:4"]]
    assert await noted(redis) == told
    await news.aclose()  # type: ignore[attr-defined]


async def test_what_was_noted_and_not_announced_is_heard_a_little_later_and_told_to_edges(
    redis: Redis, monkeypatch: pytest.MonkeyPatch, news: News
) -> None:
    monkeypatch.setattr(changes, "IDLE_SECONDS", 0.05)
    assert await hears(news, Changes(redis).publish("ad:1")) == "ad:1"
    assert await hears(news, Changes(redis)._note(["ad:2"])) == "ad:2"
    assert await hears(news, Changes(redis).publish("ad:3")) == "ad:3"
    assert (await noted(redis)).count(["ad:2"]) == 2


async def test_what_one_missed_is_not_noted_anew_by_each_that_comes_back_later(
    redis: Redis, valkey_url: str
) -> None:
    others = [connect(valkey_url) for _ in range(2)]
    listening = [Changes(other).listen() for other in others]

    async def hear(*, cut: bool, changed: str) -> list[str | None]:
        ahead = [asyncio.ensure_future(following(news)) for news in listening]
        if cut:
            await redis.execute_command("CLIENT", "KILL", "TYPE", "PUBSUB")
        if changed:
            await Changes(redis).publish(changed)
        return [await each for each in ahead]

    assert await hear(cut=False, changed="") == [None, None]
    assert await hear(cut=False, changed="ad:0") == ["ad:0", "ad:0"]
    assert await hear(cut=True, changed="ad:1") == [None, None]
    for _ in range(3):
        assert await hear(cut=True, changed="") == [None, None]
    assert await hear(cut=False, changed="ad:2") == ["ad:2", "ad:2"]
    assert (await noted(redis)).count(["ad:1"]) == 3, "once by each that missed it"
    await asyncio.gather(*(news.aclose() for news in listening))  # type: ignore[attr-defined]
    for other in others:
        await other.aclose()


@pytest.mark.parametrize(("late", "times"), [(-1, 2), (changes.LATE_MS, 1)])
async def test_a_listener_that_is_late_has_edges_told_once_more(
    redis: Redis, monkeypatch: pytest.MonkeyPatch, news: News, late: int, times: int
) -> None:
    monkeypatch.setattr(changes, "LATE_MS", late)
    assert await hears(news, Changes(redis).publish("ad:1")) == "ad:1"
    assert await hears(news, Changes(redis).publish("ad:2")) == "ad:2"
    assert (await noted(redis)).count(["ad:1"]) == times


class Line:
    """A connection with given messages; None is a time of silence."""

    def __init__(self, *said: dict[str, Any] | None) -> None:
        self.said = list(said)
        self.pings = 0

    async def get_message(self, **_: float) -> dict[str, Any] | None:
        return self.said.pop(0)

    async def ping(self) -> None:
        self.pings += 1


PONG = {"type": "pong", "data": b""}


async def test_a_listener_asks_when_it_is_quiet_and_leaves_when_nobody_answers() -> None:
    news = {"type": "message", "data": b"ad:1"}
    line = Line(None, PONG, None, None, PONG, None, None, news, None, None, None, news)
    heard = [changed async for changed in changes._messages(cast(PubSub, line)) if changed]
    assert heard == ["ad:1"]
    assert (line.pings, line.said) == (8, [news])
