"""A backup of a cluster has every server's part, and can be restored to a cluster or a store."""

import asyncio
from pathlib import Path

from redis.asyncio import Redis

from ads.store.cluster import Cluster as Client
from ads.store.counts import Counts, Item
from tests.ads.fold.test_fold import NOW, _ledger, _open
from tests.ads.store.counts.telling import apply
from tests.cluster import Cluster
from tests.service import Service

SHARES = [f"share-{n}" for n in range(12)]


async def test_every_share_comes_back_with_its_figures(
    cluster: Cluster, redis: Redis, tmp_path: Path
) -> None:
    counts = Counts(redis, lambda: NOW)
    for n, share in enumerate(SHARES):
        await apply(counts, share, "segment", [Item(1, _open(n, share=share))])
    assert isinstance(redis, Client)
    held = [await redis.dbsize(target_nodes=node) for node in await redis.masters()]
    assert min(held) > 0, "each master has a part"
    file = str(tmp_path / "backup.tar")
    one = Service(tmp_path / "one", redis_url=cluster.url)
    made = await asyncio.to_thread(one.command, "backup", file)
    assert made.returncode == 0, made.stderr
    await redis.flushall()
    for number, url in enumerate((cluster.url, "")):
        settings = {"redis_url": url} if url else {}
        back = Service(tmp_path / f"back-{number}", **settings)
        done = await asyncio.to_thread(back.command, "restore", file)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(f"{sum(held)} keys")
    assert (await _ledger(redis, SHARES)).counted["open"] == len(SHARES)
    again = await asyncio.to_thread(
        Service(tmp_path / "again", redis_url=cluster.url).command, "restore", file
    )
    assert again.returncode == 1
    assert "the store is not empty" in again.stderr
