"""A master dies under load with what its replica never had; a slot moves: nothing is lost."""

import asyncio
import tempfile
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ads import fold
from ads.fold import Folder
from ads.spool import Spool
from ads.store import keys
from ads.store.counts import Counts
from tests.ads.test_fold import NOW, Facts, _ledger, _open
from tests.client import advertiser, origin, until
from tests.cluster import Cluster, Node
from tests.faults.battered import Battered
from tests.faults.engine import SHARES, TAIL
from tests.faults.judge import Judge
from tests.faults.load import Load
from tests.faults.readers import Readers
from tests.pages import ARTICLE

SEED = 11
HEAD = keys.SHARE_KEYS[0]


def _readers(node: Node, share: str) -> int:
    """How many readers of a share this server knows of, be it master or not."""
    node.client.readonly()
    found = node.ask("HGET", HEAD.format(share=share), "n")
    return int(found) if isinstance(found, bytes) else 0


async def test_what_a_deposed_master_never_passed_on_is_folded_anew_though_no_connection_broke(
    cluster: Cluster, redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fold, "ON_DISK_SECONDS", 0)
    spool = Spool(tmp_path / "spool", sync=False, max_bytes=1 << 24)
    folder = Folder(spool, Counts(redis, lambda: NOW), Facts(), lambda: NOW)
    await spool.append([_open(1)])
    await folder._pass()
    master = cluster.master_of(HEAD.format(share="s"))
    replica = cluster.cut_off(master)
    await spool.append([_open(n) for n in range(2, 5)])
    spool.rotate()
    for _ in range(3):
        await folder._pass()
        await folder._keep_house()
    assert (await _ledger(redis)).received == 4
    assert spool.segments(), "kept while the replica lacks it"
    await asyncio.to_thread(cluster.depose, replica)
    running = asyncio.create_task(folder.run())

    async def folded() -> bool:
        with suppress(RedisError):
            return (await _ledger(redis)).received == 4 and not spool.segments()
        return False

    await until(folded, "what was lost, and a spool that lets go of it")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert not (await _ledger(redis)).repeated
    await folder._counts.close()


async def test_every_acknowledged_event_is_counted_once_through_a_fail_over_and_a_moved_slot(
    cluster: Cluster,
) -> None:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="growing-")))
        service = Battered(folder, redis_url=cluster.url)
        stack.callback(service.close)
        await service.up()
        client = await stack.enter_async_context(advertiser(service))
        publisher = await stack.enter_async_context(origin({"/a": ARTICLE}))
        ad = await client.ad()
        shares = [await client.share(f"{publisher}/a", ad["id"]) for _ in range(SHARES)]
        ids = [share["id"] for share in shares]
        tickets = [(await client.facts(share))["ticket"] for share in shares]
        async with Load(service, Readers(SEED, SHARES).calls(), tickets, SEED) as load:
            await load.until_acked(TAIL)
            master = cluster.master_of(HEAD.format(share=ids[0]))
            replica = cluster.cut_off(master)
            known = _readers(replica, ids[0])

            async def ahead() -> bool:
                return _readers(master, ids[0]) > known + 5

            await until(ahead, "readers whom the replica does not know")
            await asyncio.to_thread(cluster.fail_over, master)
            await load.until_acked(TAIL)
            master.start()
            await asyncio.to_thread(cluster.move, HEAD.format(share=ids[0]))
            await load.until_acked(TAIL)
            await load.finish()
            outcome = await Judge(client, load, ad["id"], ids).run()
        assert not outcome.problems
        assert outcome.lost == outcome.doubled == 0
        assert await service.end() == 0
