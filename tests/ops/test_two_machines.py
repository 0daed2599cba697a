"""Two services share only a store: the same pages, one ledger, changes seen by both."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from tests.client import HUMAN
from tests.contract.kit import Answer, Json, Reader, World, ask, facts, world
from tests.service import Service

KEY = "0123456789abcdef" * 3


def packed(event: Json) -> bytes:
    return json.dumps(event).encode()


class Pair:
    """A world, and a second service for the same origins."""

    def __init__(self, w: World, other: Service) -> None:
        self.w = w
        self.other = other

    def there(self, path: str, body: bytes | None = None) -> Answer:
        """A reader's request to the other machine."""
        headers = {"Host": f"127.0.0.1:{self.w.service.port}", "User-Agent": HUMAN}
        method = "GET" if body is None else "POST"
        if body:
            headers["Content-Type"] = "text/plain"
        return ask(f"http://127.0.0.1:{self.other.port}{path}", method, body, headers)

    def page(self, share: Json) -> Answer:
        return self.there(f"/s/{share['id']}")


@pytest.fixture
def pair(redis: Redis, valkey_url: str, tmp_path: Path) -> Iterator[Pair]:
    assert redis  # an empty store
    settings = {"fetch_allow_nets": "127.0.0.0/8", "limits": "off", "secret_keys": KEY}
    one = Service(tmp_path / "one", redis_url=valkey_url, **settings)
    two = Service(tmp_path / "two", redis_url=valkey_url, **settings)
    two.settings |= {"pages_origin": one.pages, "console_origin": one.console}
    try:
        with world(one) as w:
            two.start()
            yield Pair(w, two)
    finally:
        two.close()


def test_what_changes_on_one_machine_is_seen_on_the_other_by_the_next_request(pair: Pair) -> None:
    w = pair.w
    ad = w.account.ad(title="Before")["id"]
    share = w.share(ad=ad)
    assert "Before" in pair.page(share).text
    for number in range(5):
        w.account.ok("PATCH", f"/ads/{ad}", {"title": f"After {number}"})
        assert f"After {number}" in pair.page(share).text
    w.account.ok("DELETE", f"/shares/{share['id']}", want=204)
    assert pair.page(share).status == 410


def test_events_taken_by_both_machines_are_counted_once_in_one_ledger(pair: Pair) -> None:
    w = pair.w
    ad = w.account.ad()["id"]
    share = w.share(ad=ad)
    ticket = facts(pair.page(share).text)["ticket"]
    assert ticket == facts(w.page(share).text)["ticket"]
    for _ in range(20):
        w.sent(Reader(ticket).open)
        event = packed(Reader(ticket).open)
        assert pair.there("/e", event).status == 204
    twice = Reader(ticket).open
    w.sent(twice)
    assert pair.there("/e", packed(twice)).status == 204
    found = w.settled(ad, 42)
    assert (found["counted"]["open"], found["repeated"]) == (41, 1)


async def test_machines_with_keys_of_their_own_are_told_what_that_costs(
    redis: Redis, valkey_url: str, tmp_path: Path
) -> None:
    assert redis  # an empty store
    one, two = (Service(tmp_path / each, redis_url=valkey_url) for each in ("one", "two"))
    try:
        one.start()
        assert "ok    keys" in one.command("doctor").stdout
        two.start()
        assert "the same PASSALONG_SECRET_KEYS" in "".join(two.output)
        assert "FAULT keys: another signs pages" in one.command("doctor").stdout
        kept = (two.data_dir / "secret.key").read_text()
        one.settings["secret_keys"] = f"{KEY},{kept}"
        assert "ok    keys" in one.command("doctor").stdout, "as while keys are changed"
    finally:
        one.close()
        two.close()
