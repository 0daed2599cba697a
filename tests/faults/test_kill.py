"""kill -9 of everything under load: acknowledged events are counted, and none twice."""

import asyncio
from collections import Counter
from collections.abc import Callable

import aiohttp

from tests.client import Client, Json, event, hop, passed_along, until
from tests.service import Service

EVENTS = 4_000
CONNECTIONS = 24


async def load(client: Client, events: list[Json], acknowledged: Callable[[Json], None]) -> None:
    """Send every event once over parallel connections; calls `acknowledged` after each 204."""
    waiting = iter(events)

    async def connection() -> None:
        for each in waiting:
            try:
                if await client.send(each) == 204:
                    acknowledged(each)
            except (aiohttp.ClientError, OSError, TimeoutError):
                continue

    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))


async def test_no_acknowledged_beacon_is_lost_and_none_is_counted_twice(service: Service) -> None:
    service.start()
    async with passed_along(service) as (client, ad, share, ticket):
        events = [event(ticket, "open", hop(1), "") for _ in range(EVENTS)]
        acked: list[Json] = []

        def note(each: Json) -> None:
            acked.append(each)
            if len(acked) == EVENTS // 2:
                service.kill()

        await load(client, events, note)
        assert EVENTS // 2 <= len(acked) < EVENTS, "the kill came in the middle of the load"
        service.start()

        async def counted() -> int:
            return int((await client.ledger(ad["id"]))["counted"].get("open", 0))

        async def caught_up() -> bool:
            return await counted() >= len(acked)

        await until(caught_up, "acknowledged events were lost")

        again: list[Json] = []
        await load(client, acked, again.append)
        assert len(again) == len(acked)

        async def repeated() -> bool:
            return bool((await client.ledger(ad["id"]))["repeated"] >= len(acked))

        await until(repeated, "an acknowledged event was not known when it came again")
        told = await client.events(ad["id"])
        once = Counter(each["i"] for each in told if each["verdict"] == "counted")
        assert set(once.values()) == {1}, "an event was counted twice"
        assert once.keys() >= {each["i"] for each in acked}

        known = {each["i"] for each in acked}
        await load(client, [e for e in events if e["i"] not in known], again.append)

        async def complete() -> bool:
            return await counted() == EVENTS

        await until(complete, "every event ends up counted exactly once")
        report = await client.call("GET", f"/shares/{share['id']}/report")
        assert report["totals"]["opens"] == report["totals"]["readers"] == EVENTS
