"""Order never matters: the same events over any connections and workers give the same figures."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from itertools import islice

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.client import Client, Json, advertiser, origin
from tests.faults.readers import Readers, Truth
from tests.pages import ARTICLE
from tests.service import Service

CALLS = 60
CONNECTIONS = 6
BY = ("depth", "device", "source", "country", "variant", "slot")
TIMED = ("nodes", "half_of_readers_after_s", "top_forwarders", "next")
"""The fields of a spread that have times, or are compared separately."""


class Way:
    """A way to send the same events: in which order and calls, which twice, how late."""

    def __init__(self, seed: int) -> None:
        self._rng = random.Random(seed)

    def calls(self, events: Sequence[Json]) -> list[list[Json]]:
        # A refused event counts as refused each time.
        counted = [e for e in events if "self" not in e]
        again = self._rng.sample(counted, self._rng.randrange(len(counted)))
        sent = [*events, *again]
        self._rng.shuffle(sent)
        calls = []
        while sent:
            size = self._rng.choice((1, 2, 7, 32))
            calls.append(sent[:size])
            sent = sent[size:]
        return calls

    async def late(self) -> None:
        await asyncio.sleep(self._rng.choice((0, 0, 0.01, 0.05)))


async def sent(client: Client, share: Json, events: Sequence[Json], way: Way) -> int:
    """Send events over several connections, to any workers; returns how many."""
    ticket = (await client.facts(share))["ticket"]
    told = [{k: v for k, v in e.items() if k != "share"} | {"t": ticket} for e in events]
    calls = way.calls(told)
    waiting = iter(calls)

    async def connection() -> None:
        for call in waiting:
            await way.late()
            assert await client.send(*call) == 204

    await asyncio.gather(*(connection() for _ in range(CONNECTIONS)))
    return sum(map(len, calls))


async def figures(client: Client, ad: Json, share: Json, received: int) -> Json:
    """Ledger, reports and spread, once all is folded, without times."""
    await client.folded(ad["id"], received)
    ledger = await client.ledger(ad["id"])
    extra = ledger.pop("received") - ledger.pop("repeated")
    reports = {}
    for by in BY:
        found = await client.call("GET", f"/shares/{share['id']}/report?by={by}")
        reports[by] = (found["totals"], found["rows"])
    spread = await client.call("GET", f"/shares/{share['id']}/spread?limit=100&branches=20")
    nodes = {
        n["hop"]: (n["parent"], n["depth"], n["children"], n["descendants"])
        for n in spread["nodes"]
    }
    whole = {k: v for k, v in spread.items() if k not in TIMED}
    exported = await client.events(ad["id"])
    once = sorted((e["i"], e["k"], e["verdict"]) for e in exported if e["verdict"] != "repeated")
    # Of several reads the earliest counts, which depends on the order.
    once = [(i if k != "read" else "", k, v) for i, k, v in once]
    return {
        "ledger": ledger, "once": extra, "reports": reports, "spread": whole, "nodes": nodes,
        "events": sorted(once),
    }  # fmt: skip


@pytest.fixture
async def client(service: Service) -> AsyncIterator[Client]:
    service.workers = 3
    service.start()
    async with advertiser(service) as made:
        yield made


@settings(
    max_examples=3,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(seed=st.integers(0, 10**6), ways=st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)))
async def test_shuffled_split_delayed_and_repeated_over_workers_the_figures_are_the_same(
    client: Client, seed: int, ways: tuple[int, int]
) -> None:
    events = [e for call in islice(Readers(seed, shares=1).calls(), CALLS) for e in call]
    async with origin({"/a": ARTICLE}) as publisher:
        told = []
        for way in ways:
            ad = await client.ad()
            share = await client.share(f"{publisher}/a", ad["id"])
            received = await sent(client, share, events, Way(way))
            told.append(await figures(client, ad, share, received))
    assert told[0] == told[1]
    truth = Truth(events)
    assert {k: n for k, n in told[0]["ledger"]["counted"].items() if n} == dict(+truth.counted)
    assert abs(told[0]["spread"]["structural_virality"] - truth.virality()) < 1e-9
