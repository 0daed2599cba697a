"""A worker's gauges are right for a store that refuses writes."""

from pathlib import Path

import pytest
from redis.asyncio import Redis

from proxy.config import load
from proxy.run.gauges import measure
from tests.worker import assembled

EDGE = "http://127.0.0.1:9/"
REFUSING = {"maxmemory": ("1mb", "0"), "min-replicas-to-write": ("1", "0")}
"""Option -> the value with which a store answers PING but refuses writes, and its remedy."""


@pytest.mark.parametrize("option", REFUSING)
async def test_a_store_that_takes_no_change_is_not_up(
    redis: Redis, tmp_path: Path, option: str
) -> None:
    refusing, mended = REFUSING[option]
    async with assembled(load({}, data_dir=tmp_path), redis) as parts:
        before = await redis.dbsize()
        await redis.config_set(option, refusing)
        try:
            full = await measure(parts)
        finally:
            await redis.config_set(option, mended)
        told = [each["passalong_store_up",] for each in (full, await measure(parts))]
        assert told == [0.0, 1.0]
        assert await redis.dbsize() == before, "and nothing of it stays"


async def test_how_long_an_edge_is_behind_is_told_by_a_store_that_hides_its_memory(
    redis: Redis, tmp_path: Path
) -> None:
    config = load({"PASSALONG_PURGE_URLS": EDGE}, data_dir=tmp_path)
    async with assembled(config, redis) as parts:
        await redis.execute_command("ACL", "SETUSER", "default", "-info")
        try:
            told = await measure(parts)
        finally:
            await redis.execute_command("ACL", "SETUSER", "default", "+info")
        assert told["passalong_edge_behind_seconds", EDGE] == 0.0
