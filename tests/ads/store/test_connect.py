"""The client of the store."""

from contextlib import aclosing

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ads.store import connect


async def test_a_busy_store_is_waited_for_as_long_as_was_said(
    redis: Redis, valkey_url: str
) -> None:
    async with (
        aclosing(connect(valkey_url, answer_seconds=0.05)) as hasty,
        aclosing(connect(valkey_url, answer_seconds=30)) as patient,
    ):
        await redis.client_pause(400)
        with pytest.raises(RedisError, match="Timeout"):
            await hasty.ping()
        assert await patient.ping()
