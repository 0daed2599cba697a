"""News between workers."""

import asyncio
from collections.abc import AsyncIterator

from redis.asyncio import Redis

from ads.store import changes, connect, keys
from ads.store.changes import Changes


async def following(news: AsyncIterator[str | None]) -> str | None:
    return await asyncio.wait_for(anext(news), 10)


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


async def test_nothing_to_tell_tells_nothing(redis: Redis) -> None:
    news = Changes(redis).listen()
    await following(news)
    await Changes(redis).publish()
    await Changes(redis).publish("ad:1")
    assert await following(news) == "ad:1"
    await news.aclose()  # type: ignore[attr-defined]


async def test_a_listener_whose_connection_was_cut_is_told_to_drop_all(redis: Redis) -> None:
    news = Changes(redis).listen()
    assert await following(news) is None
    ahead = asyncio.ensure_future(following(news))
    assert await redis.execute_command("CLIENT", "KILL", "TYPE", "PUBSUB") == 1
    assert await ahead is None
    await Changes(redis).publish("ad:1")
    assert await following(news) == "ad:1"
    await news.aclose()  # type: ignore[attr-defined]


async def test_a_listener_stays_while_nothing_happens(redis: Redis, monkeypatch) -> None:
    monkeypatch.setattr(changes, "IDLE_SECONDS", 0.01)
    await redis.config_resetstat()
    news = Changes(redis).listen()
    assert await following(news) is None
    ahead = asyncio.ensure_future(following(news))
    # It has asked many times whether the store is there, and each answer lets it stay.
    async with asyncio.timeout(10):
        while (await redis.info("commandstats")).get("cmdstat_ping", {"calls": 0})["calls"] < 10:
            assert not ahead.done()
    assert not ahead.done()
    assert await redis.publish(keys.CHANGES_CHANNEL, "ad:1") == 1
    assert await ahead == "ad:1"
    await news.aclose()  # type: ignore[attr-defined]
