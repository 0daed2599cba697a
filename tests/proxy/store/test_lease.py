"""A lease of one worker is free again once that worker is told to end, at any moment."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from ads import tasks
from ads.store import connect
from proxy.store import lease
from proxy.store.keys import purge_turn
from proxy.store.purges import PurgeQueue
from tests.client import until
from tests.faults.wire import Wire

LONG_MS = 60_000


@pytest.fixture
def wire(valkey_url: str, tmp_path: Path) -> Iterator[Wire]:
    """A proxy to the store that can lose answers."""
    made = Wire(tmp_path / "w", Path(valkey_url.removeprefix("unix://")), 1)
    made.open()
    yield made
    made.close()


async def test_who_is_cancelled_before_the_answer_comes_holds_nothing(
    redis: Redis, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease, "GIVE_BACK_SECONDS", 0.2)
    client = connect(wire.url)
    await client.ping()
    wire.set("silent")
    taking = asyncio.create_task(lease.take(client, "turn", LONG_MS))
    await until(lambda: redis.exists("turn"))
    taking.cancel()
    await asyncio.sleep(0)
    wire.set("pass")
    with pytest.raises(asyncio.CancelledError):
        await taking
    assert not await redis.exists("turn")
    await client.aclose()


async def test_who_is_cancelled_again_and_again_gives_it_back_all_the_same(redis: Redis) -> None:
    inside = asyncio.Event()

    async def held() -> None:
        async with PurgeQueue(redis).turn("edge") as mine:
            assert mine
            inside.set()
            await asyncio.Event().wait()

    holding = asyncio.create_task(held())
    await inside.wait()
    while not holding.done():
        holding.cancel()
        await asyncio.sleep(0)
    assert not await redis.exists(purge_turn("edge"))


async def test_one_holds_it_and_gives_back_its_own_alone(redis: Redis) -> None:
    token = await lease.take(redis, "turn", LONG_MS)
    assert token
    assert await lease.take(redis, "turn", LONG_MS) is None
    await lease.give_back(redis, "turn", "another's")
    assert await redis.exists("turn")
    await lease.give_back(redis, "turn", token)
    assert await lease.take(redis, "turn", LONG_MS)


async def test_what_must_not_end_half_done_is_done_and_its_caller_is_told() -> None:
    done: list[int] = []

    async def slowly() -> None:
        for step in range(3):
            await asyncio.sleep(0)
            done.append(step)

    caller = asyncio.create_task(tasks.finish(slowly()))
    await asyncio.sleep(0)
    await tasks.end([caller])
    assert (done, caller.cancelled()) == ([0, 1, 2], True)
