"""Days go by under a running service: what waits is refused, tickets expire, kept events go."""

from collections import Counter
from pathlib import Path

import pytest

from ads.clock import DAY, HOUR
from tests.client import Client, Json, advertiser, event, hop, origin, until
from tests.faults.battered import Battered
from tests.pages import ARTICLE


async def verdicts(client: Client, ad: Json, received: int) -> Counter[str]:
    """What the export says, which is what the ledger says, once so much has been folded."""

    async def folded() -> bool:
        return bool((await client.ledger(ad["id"]))["received"] == received)

    await until(folded)
    ledger = await client.ledger(ad["id"])
    told = Counter(each["verdict"] for each in await client.events(ad["id"]))
    want = Counter(ledger["refused"], counted=sum(ledger["counted"].values()))
    assert told == +(want + Counter(repeated=ledger["repeated"], pending=ledger["pending"]))
    return told


@pytest.fixture
def battered(tmp_path: Path) -> Battered:
    return Battered(tmp_path)


async def test_an_event_waits_a_day_for_its_open_and_a_ticket_holds_four(
    battered: Battered,
) -> None:
    try:
        await battered.up()
        async with advertiser(battered) as client, origin({"/a": ARTICLE}) as publisher:
            ad = await client.ad()
            share = await client.share(f"{publisher}/a", ad["id"])
            ticket, n = (await client.facts(share))["ticket"], hop(1)
            opened = event(ticket, "open", n, "")
            tap = event(ticket, "tap", n, "", o=opened["i"], s="top")
            assert await client.send(tap, tap) == 204
            assert await verdicts(client, ad, 2) == {"pending": 1, "repeated": 1}
            battered.step_clock(DAY + HOUR)
            assert await verdicts(client, ad, 2) == {"no_open": 1, "repeated": 1}
            assert await client.send(opened) == 204
            assert await verdicts(client, ad, 3) == {"no_open": 1, "repeated": 1, "counted": 1}
            battered.step_clock(5 * DAY)
            assert await client.send(event(ticket, "open", n, "")) == 204
            found = await verdicts(client, ad, 4)
            assert found == {"no_open": 1, "repeated": 1, "counted": 1, "expired_ticket": 1}
            battered.step_clock(8 * DAY)
            left = [each["k"] for each in await client.events(ad["id"])]
            assert left == ["open", "open"], "the taps are over a week old"
    finally:
        battered.close()
