"""Readers are anonymous: after a journey their addresses, and hashes of these, are nowhere."""

import asyncio
import base64
import socket
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest

from ads.store import connect
from proxy.run.store import url
from tests.client import HUMAN, Json, event, hop, passed_along
from tests.contract.kit import ask
from tests.faults.grep import in_events, in_files, in_store
from tests.service import Service, free_port

READERS = ({"X-Forwarded-For": "203.0.113.77"}, {"X-Forwarded-For": "2001:db8:aa:bb::77"})
ASKED_NOT_TO = ({"Sec-GPC": "1"}, {"DNT": "1"})
BROWSER = f"{HUMAN} Quokka/77"
"""A unique user agent."""


def traces() -> list[bytes]:
    """The address in all its spellings, and the user agent."""
    found = [b"Quokka/77"]
    for reader in READERS:
        text = reader["X-Forwarded-For"]
        raw = socket.inet_pton(socket.AF_INET6 if ":" in text else socket.AF_INET, text)
        found += [text.encode(), raw, raw.hex().encode(), base64.b64encode(raw).rstrip(b"=")]
    return [*found, b"2001:db8:aa:bb", b"203.0.113"]


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[Service]:
    """A service behind a proxy, with metrics."""
    port = str(free_port())
    made = Service(
        tmp_path / "data",
        fetch_allow_nets="127.0.0.0/8",
        trusted_proxies="127.0.0.0/8,::1/128",
        metrics_port=port,
    )
    yield made
    made.close()


async def visit(http: aiohttp.ClientSession, share: Json, ticket: str, sender: Json) -> None:
    """Read the page, send its events, and tap by the redirect; one event is forged."""
    n = hop(1)
    opened = event(ticket, "open", n, "")
    view = event(ticket, "view", n, "", o=opened["i"], s="top")
    forged = event("forged", "open", n, "")
    headers = {"User-Agent": BROWSER} | sender
    base = share["url"].rpartition("/s/")[0]
    async with http.get(f"{share['url']}?h={n}", headers=headers) as page:
        assert page.status == 200
    for events in ([opened, view], [forged]):
        async with http.post(f"{base}/e", json=events, headers=headers) as answer:
            assert answer.status == 204
    asked = {"t": ticket, "h": n, "o": opened["i"], "i": event(ticket, "tap", n, "")["i"]}
    link = f"{base}/g/{share['id']}/top"
    async with http.get(link, params=asked, headers=headers, allow_redirects=False) as tapped:
        assert tapped.status == 302


async def test_no_address_is_in_store_spool_log_export_or_metrics(behind: Service) -> None:
    behind.start()
    async with passed_along(behind) as (client, ad, share, ticket):
        senders = [{**reader, **more} for reader in READERS for more in ({}, *ASKED_NOT_TO)]
        for sender in senders:
            await visit(client.http, share, ticket, sender)
        await client.folded(ad["id"], 3 * len(senders))
        store = connect(url(behind.data_dir))
        assert await in_store(store, *traces()) == []
        await store.aclose()
        exported = await client.events(ad["id"])
        assert len(exported) == 3 * len(senders)
        metrics = await asyncio.to_thread(
            lambda: ask(f"http://127.0.0.1:{behind.settings['metrics_port']}/metrics").text
        )
        assert "passalong_events" in metrics
        told = repr(exported) + metrics
    assert await asyncio.to_thread(behind.stop) == 0
    told += "".join(behind.output)
    assert not [trace for trace in traces() if trace in told.encode()]
    assert in_events(behind.data_dir, ad["id"].encode()), "it is looked for where events are"
    assert not in_events(behind.data_dir, *traces())
    assert not in_files(behind.data_dir, *traces())
