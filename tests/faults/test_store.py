"""A store that goes away, or whose replies are lost: no event is lost or counted twice."""

import asyncio
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import RedisError

from ads import store, tasks
from ads.clock import DAY, HOUR
from ads.events import ledger
from ads.spool import Spool
from ads.store.counts import Counts
from tests.ads.fold.foldings import folding_of
from tests.ads.fold.test_fold import NOW, Facts, _open
from tests.client import until
from tests.faults.outage import outage
from tests.faults.wire import Wire

EVENTS = 3_000


async def test_events_are_taken_without_a_store_and_the_figures_soon_catch_up() -> None:
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        found = await outage(Path(folder), 3.0)
    assert found.taken > 0
    assert found.refused == 0, "no reader's event is refused because the store is away"
    assert found.received == found.acked
    assert found.behind_s < 2 * found.away_s


async def test_once_a_connection_is_lost_none_that_lies_idle_is_trusted(
    redis: Redis, valkey_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "ANSWER_SECONDS", 0.2)
    wire = Wire(tmp_path / "wire", Path(urlsplit(valkey_url).path), seed=7)
    wire.open()
    client = store.connect(wire.url)
    await asyncio.gather(*(client.blpop(["nothing"], timeout=0.05) for _ in range(4)))
    idle = client.connection_pool._available_connections
    assert [each.is_connected for each in idle] == [True] * 4
    wire.set("silent")
    with pytest.raises(RedisError, match="Timeout"):
        await client.ping()
    assert [each.is_connected for each in idle] == [False] * 4
    wire.set("pass")
    assert await client.ping()
    await client.aclose()
    wire.close()


async def test_replies_lost_under_redis_pys_own_retries_double_nothing(
    redis: Redis, valkey_url: str, tmp_path: Path
) -> None:
    wire = Wire(tmp_path / "wire", Path(urlsplit(valkey_url).path), seed=7)
    wire.open()
    client = Redis.from_url(wire.url, retry=Retry(ExponentialBackoff(base=0.001, cap=0.01), 10))
    spool = Spool(tmp_path / "spool", sync=False, max_bytes=1 << 26)
    folding = folding_of(spool, Counts(client, lambda: NOW), Facts(), lambda: NOW)
    wire.set("cut")
    work = asyncio.create_task(folding.run())
    for n in range(0, EVENTS, 10):
        await spool.append([_open(k, share=f"s{k % 7}") for k in range(n, n + 10)])

    async def received() -> int:
        start = NOW - NOW % HOUR
        shares = [f"s{n}" for n in range(7)]
        found = await Counts(redis, lambda: NOW).cells(shares, start - DAY, start + DAY)
        cells = [c.figures for share in found for c in share if c.dimension == "total"]
        told = ledger.build(cells)
        assert not told.repeated
        return told.received

    async def all_there() -> bool:
        return await received() >= EVENTS

    await until(all_there)
    assert wire.lost > 0
    wire.set("pass")
    await tasks.end([work])
    await folding.drain(5)
    assert await received() == EVENTS
    await client.aclose()
    spool.close()
    wire.close()
