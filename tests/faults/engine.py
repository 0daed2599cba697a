"""One run of a schedule: a service, its load, the faults, and the verdict."""

import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from tests.client import advertiser, origin
from tests.faults.battered import Battered
from tests.faults.disk import Disk
from tests.faults.injuries import Injuries
from tests.faults.judge import Judge, Outcome
from tests.faults.load import Load
from tests.faults.readers import Readers
from tests.faults.schedule import Schedule
from tests.faults.stores import External
from tests.faults.wire import Wire
from tests.pages import ARTICLE

SHARES = 2
TAIL = 30
"""Calls that must be acknowledged before the first and after the last fault."""


@asynccontextmanager
async def _folder() -> AsyncIterator[Path]:
    """A folder with a short name, as it contains Unix sockets."""
    made = Path(tempfile.mkdtemp(prefix="faults-"))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


async def run(schedule: Schedule) -> Outcome:
    """A whole run, from the start of the processes to their end; leaves nothing behind."""
    async with AsyncExitStack() as stack:
        folder = await stack.enter_async_context(_folder())
        store, wire = await _store(schedule, folder, stack)
        service = Battered(folder, **({"redis_url": wire.url} if wire else {}))
        stack.callback(service.close)
        disk = _disk(schedule, service, stack)
        await service.up()
        client = await stack.enter_async_context(advertiser(service))
        publisher = await stack.enter_async_context(origin({"/a": ARTICLE}))
        ad = await client.ad()
        shares = [await client.share(f"{publisher}/a", ad["id"]) for _ in range(SHARES)]
        tickets = [(await client.facts(share))["ticket"] for share in shares]
        calls = Readers(schedule.seed, SHARES).calls()
        async with Load(service, calls, tickets, schedule.seed) as load:
            injuries = Injuries(service, load, store=store, wire=wire, disk=disk)
            judge = Judge(client, load, ad["id"], [share["id"] for share in shares])
            await load.until_acked(TAIL)
            async with judge.watching() as pace:
                for step in schedule.steps:
                    await injuries.inflict(step, pace)
                await load.until_acked(TAIL)
                await load.finish()
                slow = await pace.settled()
            outcome = await judge.run()
        outcome.problems += injuries.problems + slow
        outcome.recovered = pace.recovered
        outcome.took = injuries.took
        if code := await service.end():
            outcome.problems.append(f"SIGTERM ended with {code}")
        return outcome


async def _store(
    schedule: Schedule, folder: Path, stack: AsyncExitStack
) -> tuple[External | None, Wire | None]:
    if not schedule.external:
        return None, None
    (folder / "store").mkdir()
    store = External(folder / "store")
    stack.callback(store.kill)
    await store.start()
    wire = Wire(folder / "wire.sock", store.socket, schedule.seed)
    wire.open()
    stack.callback(wire.close)
    return store, wire


def _disk(schedule: Schedule, service: Battered, stack: AsyncExitStack) -> Disk | None:
    if not schedule.disk:
        return None
    disk = Disk(service.spool)
    disk.mount()
    stack.callback(disk.unmount)
    return disk


async def timed(schedule: Schedule) -> tuple[Outcome, float]:
    """The outcome of `run`, and its seconds."""
    started = time.monotonic()
    return await run(schedule), time.monotonic() - started
