"""Days pass for a running service: waiting events are refused, tickets and archives expire."""

import asyncio
from collections import Counter
from pathlib import Path

import pytest

from ads.clock import DAY, HOUR
from tests.client import Client, Json, event, hop, passed_along
from tests.faults.battered import Battered
from tests.faults.grep import in_events


async def verdicts(client: Client, ad: Json, received: int) -> Counter[str]:
    """The export's verdicts, which must equal the ledger's, once so many events are folded."""
    await client.folded(ad["id"], received)
    ledger = await client.ledger(ad["id"])
    told = Counter(each["verdict"] for each in await client.events(ad["id"]))
    want = Counter(ledger["refused"], counted=sum(ledger["counted"].values()))
    assert told == +(want + Counter(repeated=ledger["repeated"], pending=ledger["pending"]))
    return told


async def test_what_hangs_on_a_forgotten_day_is_told_as_the_ledger_counts_it(
    battered: Battered,
) -> None:
    try:
        await battered.up()
        async with passed_along(battered) as (client, ad, _share, ticket):
            n = hop(1)
            opened, other = event(ticket, "open", n, ""), event(ticket, "open", n, "")

            def of(kind: str, opened: Json = opened, **more: object) -> Json:
                return event(ticket, kind, n, "", o=opened["i"], **more)

            tap = of("tap", s="top")
            waits = of("tap", other, s="top")
            first = [opened, tap, of("view", s="top"), of("read", ms=1, pct=1)]
            assert await client.send(*first, waits) == 204
            await verdicts(client, ad, 5)
            day = (await client.events(ad["id"]))[0]["at"][:10]
            battered.step_clock(DAY)
            done = await asyncio.to_thread(battered.command, "forget", "day", day)
            assert done.returncode == 0, done.stderr
            later = [of("view", s="top"), of("view", s="end"), of("read", ms=2, pct=2)]
            assert await client.send(*first[:2], *later, of("tap", s="end")) == 204
            assert await verdicts(client, ad, 6) == {"counted": 2, "repeated": 4}
            told = [each for each in await client.events(ad["id"]) if each["verdict"] == "counted"]
            assert {(each["n"], each["p"]) for each in told} == {(n, "")}
            assert not in_events(battered.data_dir, *(each["i"].encode() for each in first[2:]))
    finally:
        battered.close()


@pytest.fixture
def battered(tmp_path: Path) -> Battered:
    return Battered(tmp_path)


async def test_an_event_waits_a_day_for_its_open_and_a_ticket_holds_four(
    battered: Battered,
) -> None:
    try:
        await battered.up()
        async with passed_along(battered) as (client, ad, share, ticket):
            n = hop(1)
            opened = event(ticket, "open", n, "")
            tap = event(ticket, "tap", n, "", o=opened["i"], s="top")
            assert await client.send(tap, tap) == 204
            assert await verdicts(client, ad, 2) == {"pending": 1, "repeated": 1}
            battered.step_clock(DAY + HOUR)
            assert await verdicts(client, ad, 2) == {"no_open": 1, "repeated": 1}
            view = event(ticket, "view", n, "", o=opened["i"], s="top")
            assert await client.send(opened, view) == 204
            found = {"no_open": 1, "repeated": 1, "counted": 2}
            assert await verdicts(client, ad, 4) == found
            battered.step_clock(5 * DAY + HOUR // 2)  # 96 hours after they came, all but a little
            anew = {"t": (await client.facts(share))["ticket"]}
            again = [opened | anew, view | anew | {"i": view["i"][::-1]}, tap | anew]
            assert await client.send(*again, event(ticket, "open", n, "")) == 204
            found |= {"repeated": 4, "expired_ticket": 1}
            assert await verdicts(client, ad, 8) == found
            battered.step_clock(5 * DAY)  # set back: it ends before what was counted under it
            await client.call("DELETE", f"/shares/{share['id']}", want=204)
            assert await client.send(event(ticket, "open", n, "") | anew) == 204
            battered.step_clock(5 * DAY + HOUR)
            assert await client.send(event(ticket, "open", n, "") | anew) == 204
            assert await verdicts(client, ad, 10) == found | {"ended": 2}
            battered.step_clock(8 * DAY)
            left = Counter(each["k"] for each in await client.events(ad["id"]))
            assert left == {"open": 5, "view": 2, "tap": 1}, "the first taps are over a week old"
    finally:
        battered.close()
