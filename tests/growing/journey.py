"""A service on a cluster under load while masters die and slots move."""

import asyncio
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from ads.store import keys
from tests.client import advertiser, origin, until
from tests.cluster import Cluster, Node
from tests.faults.battered import Battered
from tests.faults.engine import SHARES, TAIL
from tests.faults.judge import Judge, Outcome
from tests.faults.load import Load
from tests.faults.readers import Readers
from tests.pages import ARTICLE

AHEAD = 5
"""How many readers a master knows and its replica does not, when the master is killed."""


def readers(node: Node, share: str) -> int:
    """How many readers of a share this server has, whether master or replica."""
    node.client.readonly()
    found = node.ask("HGET", keys.SHARE_HEAD.format(share=share), "n")
    return int(found) if isinstance(found, bytes) else 0


async def journey(cluster: Cluster, seed: int, rounds: int = 1) -> Outcome:
    """Each round: a master dies with data that its replica lacks, comes back, and a slot moves."""
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
        took: list[tuple[str, float]] = []
        async with Load(service, Readers(seed, SHARES).calls(), tickets, seed) as load:
            await load.until_acked(TAIL)
            for number in range(rounds):
                seconds = await _fail_over(cluster, load, ids[number % SHARES])
                took.append(("fail-over", seconds))
            await load.finish()
            outcome = await Judge(client, load, ad["id"], ids).run()
        outcome.took = took
        outcome.check(await service.end() == 0, "SIGTERM did not end it in an orderly way")
        return outcome


async def _fail_over(cluster: Cluster, load: Load, share: str) -> float:
    """Kill a master; returns the seconds until its replica has taken over."""
    master = cluster.master_of(keys.SHARE_HEAD.format(share=share))
    replica = cluster.cut_off(master)
    known = readers(replica, share)

    async def ahead() -> bool:
        return readers(master, share) > known + AHEAD

    await until(ahead, "readers whom the replica does not know")
    seconds = await asyncio.to_thread(cluster.fail_over, master)
    await load.until_acked(TAIL)
    master.start()
    await asyncio.to_thread(cluster.settle)
    await asyncio.to_thread(cluster.move, keys.SHARE_HEAD.format(share=share))
    await load.until_acked(TAIL)
    return seconds
