"""The store is away for some time under load: how long until the figures are right again."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import aiohttp

from tests.client import Client, Json, passed_along, until
from tests.faults.battered import Battered
from tests.faults.load import Load
from tests.faults.readers import Readers
from tests.faults.stores import External

POLL_SECONDS = 0.05
PATIENCE = 10
"""Seconds to wait for figures, for each second without the store."""


class Outage(NamedTuple):
    """During `away_s` without the store, `taken` calls were acknowledged and `refused` were not.

    `behind_s` after its return the figures had all that was acknowledged until then; `received` and
    `acked` are of the whole run.
    """

    away_s: float
    taken: int
    refused: int
    behind_s: float
    received: int
    acked: int


async def outage(folder: Path, seconds: float) -> Outage:
    """Kills the store under load and starts it again after `seconds`."""
    async with _running(folder) as (store, client, load, ad):
        await load.until_acked(30)
        store.kill()
        before, gone = load.answers.copy(), time.monotonic()
        await asyncio.sleep(seconds)
        await store.start()
        back, during = time.monotonic(), load.answers - before
        due = sum(load.acked.values())
        while (received := await _received(client, ad)) < due:
            assert time.monotonic() < back + PATIENCE * seconds, f"{received} of {due} counted"
            await asyncio.sleep(POLL_SECONDS)
        behind = time.monotonic() - back
        await load.finish()
        acked = sum(load.acked.values())

        async def all_there() -> bool:
            return await _received(client, ad) >= acked

        await until(all_there)
        received = await _received(client, ad)
        refused = during.total() - during["204"]
        return Outage(back - gone, during["204"], refused, behind, received, acked)


async def _received(client: Client, ad: Json) -> int:
    """The number of events in the ledger; 0 while it cannot be read."""
    try:
        return int((await client.ledger(ad["id"]))["received"])
    except (AssertionError, aiohttp.ClientError, TimeoutError):
        return 0


@asynccontextmanager
async def _running(folder: Path) -> AsyncIterator[tuple[External, Client, Load, Json]]:
    (folder / "store").mkdir()
    store = External(folder / "store")
    await store.start()
    service = Battered(folder, redis_url=f"unix://{store.socket}")
    try:
        await service.up()
        async with (
            passed_along(service) as (client, ad, _share, ticket),
            Load(service, Readers(7, 1).calls(), [ticket], 7) as load,
        ):
            yield store, client, load, ad
    finally:
        service.close()
        store.kill()
