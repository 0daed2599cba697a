"""What is forgotten is nowhere: not in store, spool, archive or append-only file."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from redis.asyncio import Redis

from ads.store import connect, keys
from proxy.run.store import url
from tests.client import Client, Json, advertiser, event, hop, origin, until
from tests.contract.kit import ask
from tests.faults.grep import in_events, in_files, in_store
from tests.pages import ARTICLE
from tests.service import Service

MARKS = ("zebra crossing", "walrus harbour")
"""Words that are only in the cards of two shares."""
JOURNAL = keys.CHANGES_JOURNAL.encode()
"""Has opaque ids of recent changes, for edges that were away, but no content."""


@asynccontextmanager
async def campaign(service: Service) -> AsyncIterator[tuple[Client, Json, list[Json], list[Json]]]:
    """A running service; its advertiser, an ad on two shares, and an open and a tap of each."""
    service.start()
    async with advertiser(service) as client, origin({"/a": ARTICLE}) as publisher:
        ad = await client.ad(name="Pangolin tea")
        shares = [
            await client.share(f"{publisher}/a", ad["id"], card={"title": mark}) for mark in MARKS
        ]
        opens = []
        for share in shares:
            ticket, n = (await client.facts(share))["ticket"], hop(1)
            opens.append(event(ticket, "open", n, ""))
            tap = event(ticket, "tap", n, "", o=opens[-1]["i"], s="top")
            assert await client.send(opens[-1], tap) == 204
        await client.folded(ad["id"], 4)
        yield client, ad, shares, opens


async def forget(service: Service, *words: str) -> None:
    done = await asyncio.to_thread(service.command, "forget", *words)
    assert (done.returncode, done.stdout) == (0, f"{words[-1]}: forgotten.\n"), done.stderr


@pytest.fixture
async def store(service: Service) -> AsyncIterator[Redis]:
    client = connect(url(service.data_dir))
    yield client
    await client.aclose()


async def test_a_forgotten_share_is_nowhere_and_stays_so(service: Service, store: Redis) -> None:
    async with campaign(service) as (client, ad, shares, opens):
        gone, kept = shares
        marks = (MARKS[0].encode(), opens[0]["i"].encode())
        name = gone["id"].encode()
        card = {"card": {"title": "ibis meadow"}}  # its former title is on record, too
        await client.call("PATCH", f"/shares/{gone['id']}", card)
        assert in_events(service.data_dir, marks[1]), "it is looked for where it was"
        assert await in_store(store, marks[0])
        assert in_files(service.data_dir / "store", marks[0])
        done = asyncio.ensure_future(forget(service, "share", gone["url"]))
        while not (await asyncio.wait([done], timeout=0.02))[0]:  # pages that caches keep go on
            assert await client.send(opens[0] | {"i": secrets.token_urlsafe(15)}) == 204
        await done
        # Earlier events that are folded only now do not count.
        assert await client.send(opens[0]) == 204
        await client.folded(ad["id"], 2)
        assert [e["share"] for e in await client.events(ad["id"])] == [kept["id"]] * 2
        assert ask(gone["url"]).status == 404
        assert ask(kept["url"]).status == 200
        await until_clean(service, opens[0])
        marks += (b"ibis meadow",)
        assert not in_events(service.data_dir, name, *marks)
        assert not in_files(service.data_dir / "store", *marks)
        # For three years the ad's record has the share's id, and nothing else of it.
        notes = {b"erasures", b"{%s}:s" % name, JOURNAL, f"archived-ad:{ad['id']}".encode()}
        assert set(await in_store(store, name, *marks)) <= notes, "but that it is forgotten"


async def until_clean(service: Service, sent: Json) -> None:
    """Wait until the segment with events of a forgotten share has been closed and folded."""
    assert await asyncio.to_thread(service.stop) == 0
    await asyncio.to_thread(service.start)

    async def clean() -> bool:
        return not in_events(service.data_dir, sent["i"].encode())

    await until(clean, "it is still in the spool")


async def test_a_forgotten_account_takes_its_ads_and_shares_with_it(
    service: Service, store: Redis
) -> None:
    async with campaign(service) as (client, ad, shares, opens):
        account = (await client.call("GET", "/account"))["id"]
        await client.call("DELETE", f"/ads/{(await client.ad(name='Okapi'))['id']}", want=204)
        await client.call("PATCH", f"/ads/{ad['id']}", {"name": "Quagga tea"})
        await forget(service, "ad", ad["id"])
        assert not await in_store(store, b"Pangolin", b"Quagga")
        await client.call("GET", f"/ads/{ad['id']}/ledger", want=404)
        assert b"Pangolin" not in ask(shares[0]["url"]).body
        assert not in_events(service.data_dir, *(each["i"].encode() for each in opens))
        await forget(service, "account", "mei@example.com")
        await client.call("GET", "/account", want=401)
        assert [ask(share["url"]).status for share in shares] == [404, 404]
        words = [*MARKS, "Pangolin", "Okapi", "mei@example.com", client.key]
        needles = [word.encode() for word in words]
        assert not in_files(service.data_dir / "store", *needles)
        assert set(await in_store(store, *needles, account.encode())) <= {JOURNAL}


async def test_a_forgotten_day_leaves_no_events_of_it(service: Service) -> None:
    async with campaign(service) as (client, ad, _, opens):
        day = (await client.events(ad["id"]))[0]["at"][:10]
        await forget(service, "day", day)
        # Later events of the same day do not count.
        assert await client.send(opens[0] | {"i": opens[0]["i"][::-1]}) == 204
        found = await client.ledger(ad["id"])
        assert (found["received"], found["pending"]) == (0, 0)
        assert await client.events(ad["id"]) == []
        assert not in_events(service.data_dir, *(each["i"].encode() for each in opens))


@pytest.mark.parametrize("words", [("account", "x@y.example"), ("day", "x")])
def test_what_is_not_there_cannot_be_forgotten(service: Service, words: tuple[str, str]) -> None:
    (service.data_dir / "store").mkdir(parents=True)  # of an installation
    done = service.command("forget", *words)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
