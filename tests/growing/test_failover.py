"""A master dies under load with data that its replica lacks, and a slot moves: nothing is lost."""

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ads import tasks
from ads.fold import clearing
from ads.spool import Spool
from ads.store import keys
from ads.store.counts import Counts
from tests.ads.fold.foldings import folding_of
from tests.ads.fold.test_fold import NOW, Facts, _ledger, _open
from tests.client import until
from tests.cluster import Cluster
from tests.growing.journey import journey

SEED = 11


async def test_what_a_deposed_master_never_passed_on_is_folded_anew_though_no_connection_broke(
    cluster: Cluster, redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clearing, "ON_DISK_SECONDS", 0)
    spool = Spool(tmp_path / "spool", sync=False, max_bytes=1 << 24)
    folding = folding_of(spool, Counts(redis, lambda: NOW), Facts(), lambda: NOW)
    await spool.append([_open(1)])
    await folding._pass()
    master = cluster.master_of(keys.SHARE_HEAD.format(share="s"))
    replica = cluster.cut_off(master)
    await spool.append([_open(n) for n in range(2, 5)])
    spool.rotate()
    for _ in range(3):
        await folding._pass()
        await folding._keep_house()
    assert (await _ledger(redis)).received == 4
    assert spool.segments(), "kept while the replica lacks it"
    await asyncio.to_thread(cluster.depose, replica)
    running = asyncio.create_task(folding.run())

    async def folded() -> bool:
        with suppress(RedisError):
            return (await _ledger(redis)).received == 4 and not spool.segments()
        return False

    await until(folded, "what was lost, and a spool that lets go of it")
    await tasks.end([running])
    assert not (await _ledger(redis)).repeated
    await folding._counts.close()


async def test_every_acknowledged_event_is_counted_once_through_a_fail_over_and_a_moved_slot(
    cluster: Cluster,
) -> None:
    outcome = await journey(cluster, SEED)
    assert not outcome.problems
    assert outcome.lost == outcome.doubled == 0
