"""Our parser of MGET's answers agrees with redis-py's, whatever happens to the connection."""

import asyncio

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from proxy.store.line import BUFFER_BYTES, Line


@pytest.fixture
async def values(redis: Redis) -> dict[str, bytes]:
    """Values of all sizes, some larger than the buffer, some with line ends."""
    sizes = (0, 1, 2, 100, 60_000, BUFFER_BYTES - 7, BUFFER_BYTES, 3 * BUFFER_BYTES + 1, 5)
    found = {f"k{size}": (b"\r\n$-1\r\n" * (size // 7 + 1))[:size] for size in sizes}
    await redis.mset(found)
    return found


async def test_values_of_any_size_come_whole_and_in_order(
    redis: Redis, values: dict[str, bytes]
) -> None:
    line = Line(redis)
    for names in (list(values), ["none", *values, "nor this"], ["none"], list(values)[::-1] * 2):
        assert await line.mget(names) == [values.get(name) for name in names]


async def test_a_connection_that_ended_is_replaced(redis: Redis, values: dict[str, bytes]) -> None:
    line = Line(redis)
    for _ in range(3):
        assert await line.mget(["k5"]) == [values["k5"]]
        await redis.client_kill_filter(_type="normal", skipme=True)


async def test_an_answer_of_another_kind_is_redis_pys_to_tell(
    redis: Redis, values: dict[str, bytes]
) -> None:
    line = Line(redis)
    assert await line.mget(["k5"])
    await redis.execute_command("ACL", "SETUSER", "default", "-mget")
    try:
        with pytest.raises(RedisError, match="permission"):
            await line.mget(["k5"])
    finally:
        await redis.execute_command("ACL", "SETUSER", "default", "+mget")
    assert await line.mget(["k5"]) == [values["k5"]]


async def test_closing_the_client_does_not_wait_for_the_reader(redis: Redis) -> None:
    line = Line(redis)
    await line.mget(["k"])
    async with asyncio.timeout(5):
        await redis.connection_pool.disconnect()
    assert await line.mget(["k"]) == [None]
