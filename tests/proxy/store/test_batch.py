"""Reads are sent to the store together; each starts after its request."""

import asyncio

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ads.store import connect
from proxy.store.batch import AT_ONCE, Batch


async def commands(redis: Redis) -> int:
    return int((await redis.info("commandstats")).get("cmdstat_mget", {"calls": 0})["calls"])


async def test_everyone_gets_what_they_asked_for(redis: Redis) -> None:
    names = [f"k{number}" for number in range(3 * AT_ONCE)]
    for name in names[::2]:
        await redis.set(name, name)
    found = await asyncio.gather(*map(Batch(redis).get, names))
    assert found == [name.encode() if at % 2 == 0 else None for at, name in enumerate(names)]


async def test_who_asks_for_the_same_at_once_shares_one_read(redis: Redis) -> None:
    await redis.set("k", "v")
    before = await commands(redis)
    batch = Batch(redis)
    assert await asyncio.gather(*(batch.get("k") for _ in range(50))) == [b"v"] * 50
    assert await commands(redis) == before + 1


async def test_a_read_sees_what_was_written_before_it_was_asked_for(redis: Redis) -> None:
    batch = Batch(redis)
    under_way = asyncio.create_task(batch.get("k"))
    for _ in range(3):
        await asyncio.sleep(0)
    await redis.set("k", "new")
    assert await batch.get("k") == b"new"
    await under_way


async def test_one_who_leaves_takes_nothing_from_the_others(redis: Redis) -> None:
    await redis.set("k", "v")
    batch = Batch(redis)
    leaving, staying = (asyncio.create_task(batch.get("k")) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying == b"v"


async def test_without_a_store_everyone_hears_of_it_and_later_reads_work(redis: Redis) -> None:
    batch = Batch(connect("unix:///nowhere/valkey.sock"))
    found = await asyncio.gather(*map(batch.get, "abc"), return_exceptions=True)
    assert all(isinstance(each, RedisError) for each in found)
    with pytest.raises(RedisError):
        await batch.get("d")
