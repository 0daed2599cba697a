"""Memory, descriptors and names run out: promises hold, the log says why, the service recovers."""

import asyncio
import resource
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import ExitStack, asynccontextmanager, contextmanager
from pathlib import Path

from ads.store import connect
from tests.client import Client, advertiser, event, hop, origin, until
from tests.faults.battered import Battered
from tests.faults.stores import External
from tests.pages import ARTICLE

SENT = 10
CROWD, FEW = 60, 8
"""Idle connections, and descriptors left to a worker."""


class World:
    """A service on a store of its own, an advertiser, and a publisher."""

    def __init__(self, service: Battered, store: External, client: Client, publisher: str) -> None:
        self.service = service
        self.store = store
        self.client = client
        self.publisher = publisher


@asynccontextmanager
async def world() -> AsyncIterator[World]:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faults-")))
        (folder / "store").mkdir()
        store = External(folder / "store")
        stack.callback(store.kill)
        await store.start()
        service = Battered(folder, redis_url=f"unix://{store.socket}")
        stack.callback(service.close)
        await service.up()
        async with advertiser(service) as client, origin({"/a": ARTICLE}) as publisher:
            yield World(service, store, client, publisher)


async def test_a_store_without_memory_takes_no_change_serves_pages_and_loses_no_event() -> None:
    async with world() as w:
        ad = await w.client.ad()
        shares = [await w.client.share(f"{w.publisher}/a", ad["id"]) for _ in range(2)]
        ticket = (await w.client.facts(shares[0]))["ticket"]
        redis = connect(f"unix://{w.store.socket}")
        await redis.config_set("maxmemory", "1mb")
        body = {"url": f"{w.publisher}/a", "ad": ad["id"]}
        refused = await w.client.call("POST", "/shares", body, want=503)
        assert refused["code"] == "store_unavailable"
        assert "The store is full" in refused["detail"]
        assert (await w.client.facts(shares[1]))["ticket"], "a page that nobody has read before"
        for _ in range(SENT):
            assert await w.client.send(event(ticket, "open", hop(1), "")) == 204

        async def told() -> bool:
            return "used memory > 'maxmemory'" in "".join(w.service.output)

        await until(told, "a line in the log")
        doctor = await asyncio.to_thread(w.service.command, "doctor")
        assert "FAULT store: memory" in doctor.stdout
        await redis.config_set("maxmemory", 0)
        await redis.aclose()
        await w.client.folded(ad["id"], SENT)
        await w.client.share(f"{w.publisher}/a", ad["id"])


async def test_workers_out_of_descriptors_refuse_live_on_and_recover_by_themselves() -> None:
    async with world() as w:
        ad = await w.client.ad()
        share = await w.client.share(f"{w.publisher}/a", ad["id"])
        ticket = (await w.client.facts(share))["ticket"]
        taken = 0
        with _few_descriptors(w.service.worker_pids()):
            held = [
                await asyncio.open_connection("127.0.0.1", w.service.port) for _ in range(CROWD)
            ]
            for _ in range(SENT):
                status = await w.client.send(event(ticket, "open", hop(1), ""))
                assert status in (204, 503), "kept, or refused with the reason"
                taken += status == 204

            async def told() -> bool:
                return "Too many open files" in "".join(w.service.output)

            await until(told, "a line in the log")
            for _, writer in held:
                writer.close()

        async def takes_events() -> bool:
            nonlocal taken
            status = await w.client.send(event(ticket, "open", hop(1), ""))
            taken += status == 204
            return status == 204

        await until(takes_events, "events taken again")
        await w.client.folded(ad["id"], taken)
        assert "starting it again" not in "".join(w.service.output), "no worker died of it"


async def test_a_name_that_cannot_be_looked_up_is_told_by_name_and_harms_no_other_page() -> None:
    async with world() as w:
        ad = await w.client.ad()
        share = await w.client.share(f"{w.publisher}/a", ad["id"])
        body = {"url": "http://news.invalid/a", "ad": ad["id"]}
        failed = await w.client.call("POST", "/shares", body, want=502)
        assert failed["code"] == "unreachable"
        assert "news.invalid cannot be reached: " in failed["detail"]
        assert (await w.client.facts(share))["ticket"]


@contextmanager
def _few_descriptors(pids: Sequence[int]) -> Iterator[None]:
    """Let these processes open only a few descriptors more."""
    before = {pid: resource.prlimit(pid, resource.RLIMIT_NOFILE) for pid in pids}
    for pid, (_, hard) in before.items():
        open_now = len(list(Path(f"/proc/{pid}/fd").iterdir()))
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (open_now + FEW, hard))
    yield
    for pid, limits in before.items():
        resource.prlimit(pid, resource.RLIMIT_NOFILE, limits)
