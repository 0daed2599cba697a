import time

import pytest
from redis.asyncio import Redis

from ads.clock import DAY
from ads.errors import Problem
from ads.store import connect, keys
from ads.store.salts import Salts

TODAY = time.time_ns() // 1_000_000 // DAY


async def test_all_workers_have_one_salt_a_day(redis: Redis) -> None:
    first, second = Salts(redis), Salts(redis)
    salt = await first.of_day(TODAY)
    assert len(salt) == 32
    assert await second.of_day(TODAY) == salt
    assert await second.of_day(TODAY + 1) != salt


async def test_a_salt_is_forgotten_soon_after_its_day(redis: Redis) -> None:
    await Salts(redis).of_day(TODAY)
    until = await redis.expiretime(keys.READER_SALT.format(day=TODAY))
    assert until == (TODAY + 1) * 86_400 + keys.READER_SALT_KEPT_SECONDS


async def test_a_store_that_is_away_is_a_problem_of_the_store() -> None:
    client = connect("unix:///nowhere/valkey.sock")
    with pytest.raises(Problem) as away:
        await Salts(client).of_day(TODAY)
    assert away.value.code == "store_unavailable"
    await client.aclose()
