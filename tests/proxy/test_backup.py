"""A backup taken under load and put back elsewhere tells of each event once."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from ads.clock import DAY, MINUTE
from ads.store import connect
from ads.store import keys as shared
from proxy.run.store import url
from proxy.store import keys, schema
from proxy.store.schema import SchemaError
from tests.contract.kit import Reader, World, facts, until, world
from tests.service import Service


class Load:
    """Opens sent one after another; `acked` are the ids of those that were answered 204."""

    def __init__(self, w: World, ticket: str) -> None:
        self.w = w
        self.ticket = ticket
        self.acked: list[str] = []
        self.sent: list[str] = []
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)

    def run(self) -> None:
        while not self.stop.is_set():
            opens = [Reader(self.ticket).open for _ in range(10)]
            self.sent += [each["i"] for each in opens]
            if self.w.send(opens).status == 204:
                self.acked += [each["i"] for each in opens]


def told(w: World, ad: str) -> list[str]:
    """The ids of the events that the service knows of."""
    answer = w.account.ask("GET", f"/ads/{ad}/events")
    assert answer.status == 200, answer
    return [json.loads(line)["i"] for line in answer.text.splitlines()]


def restored(w: World, folder: Path, file: Path) -> Service:
    """Another service that begins with what the backup holds."""
    other = Service(folder, limits="off")
    back = other.command("restore", str(file))
    assert back.returncode == 0, back.stderr
    w.account.service = other
    return other


def test_a_backup_under_load_holds_each_event_once_and_what_was_acknowledged_before(
    tmp_path: Path, service: Service
) -> None:
    file = tmp_path / "backup.tar"
    with world(service) as w:
        ad = w.account.ad()["id"]
        share = w.share(ad=ad)
        load = Load(w, facts(w.page(share).text)["ticket"])
        load.thread.start()
        until(lambda: len(load.acked) >= 500)
        before = set(load.acked)
        made = service.command("backup", str(file))
        assert made.returncode == 0, made.stderr
        sent = set(load.sent)
        load.stop.set()
        load.thread.join(30)
        assert not load.thread.is_alive(), "a call of the load is still not answered"
        total = w.settled(ad, len(load.acked))
        assert total["counted"]["open"] == len(load.acked)
        assert (file.stat().st_mode & 0o777) == 0o600
        service.stop()

        other = restored(w, tmp_path / "other", file)
        try:
            other.start()
            until(lambda: w.ledger(ad)["received"] >= len(before), str(w.ledger(ad)))
            time.sleep(0.5)
            ledger, known = w.ledger(ad), told(w, ad)
            assert ledger["repeated"] == 0
            assert ledger["counted"]["open"] == ledger["received"] >= len(before)
            assert ledger["received"] <= len(sent)
            if known:  # the export tells of folded segments once they are closed
                assert len(known) == len(set(known))
                assert set(known) <= sent
            # Tickets of pages that are out there go on being good: the key came along.
            assert w.account.ask("GET", "/ads").status == 200
        finally:
            other.close()


def test_a_quiet_service_and_its_restored_copy_tell_the_same(
    tmp_path: Path, service: Service
) -> None:
    file = tmp_path / "backup.tar"
    with world(service) as w:
        ad = w.account.ad()["id"]
        share = w.share(ad=ad)
        ticket = facts(w.page(share).text)["ticket"]
        first = Reader(ticket)
        w.sent([first.open, first.does("view", s="top"), Reader(ticket, 2, first.n).open])
        spread = f"/shares/{share['id']}/spread"
        w.settled(ad, 3)
        wanted = (w.ledger(ad), w.account.ok("GET", spread))
        service.stop()
        assert service.command("backup", str(file)).returncode == 0, "nothing serves"
        other = restored(w, tmp_path / "other", file)
        again = other.command("restore", str(file))
        assert again.returncode == 1
        assert "not empty" in again.stderr or "choose an empty one" in again.stderr
        try:
            other.start()
            assert (w.ledger(ad), w.account.ok("GET", spread)) == wanted
        finally:
            other.close()


def test_what_is_no_backup_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"no tar")
    for name in ("file", "nothing"):
        refused = Service(tmp_path / "data").command("restore", str(tmp_path / name))
        assert refused.returncode == 1
        assert "is no backup" in refused.stderr
        assert len(refused.stderr.splitlines()) == 1


async def test_an_older_store_is_brought_to_this_version_once(redis: Redis) -> None:
    await redis.set("account:a", b"kept")
    assert await schema.version(redis) == 0
    assert await schema.migrate(redis) == len(schema.STEPS)
    assert await schema.migrate(redis) == 0
    assert await schema.version(redis) == len(schema.STEPS)


async def test_an_empty_store_is_as_new_as_can_be(redis: Redis) -> None:
    assert await schema.migrate(redis) == 0
    assert await redis.get(shared.SCHEMA) == str(len(schema.STEPS)).encode()


async def test_a_store_of_a_later_version_is_refused(redis: Redis) -> None:
    await redis.set(shared.SCHEMA, len(schema.STEPS) + 1)
    with pytest.raises(SchemaError, match="start the newer service"):
        await schema.migrate(redis)


async def test_the_first_step_finds_the_shares_of_each_article(w: World) -> None:
    share = w.share()
    redis = connect(url(w.service.data_dir))
    try:
        (name,) = [n async for n in redis.scan_iter(match=keys.shares_of("").replace("{}", "*"))]
        await redis.delete(name, shared.SCHEMA)
        assert await schema.migrate(redis) == len(schema.STEPS)
        assert await redis.zrange(name, 0, -1) == [share["id"].encode()]
    finally:
        await redis.aclose()


async def test_a_page_shared_before_sources_were_asked_again_is_asked_within_a_day(
    w: World,
) -> None:
    w.share()
    redis = connect(url(w.service.data_dir))
    try:
        before = await redis.zrange(keys.DUE, 0, -1)
        await redis.delete(keys.DUE)
        await redis.set(shared.SCHEMA, 3)
        assert await schema.migrate(redis) == len(schema.STEPS) - 3
        assert await redis.zrange(keys.DUE, 0, -1) == before != []
        now = (await redis.time())[0] * 1000
        due = await redis.zrange(keys.DUE, 0, -1, withscores=True)
        assert all(now - MINUTE <= at < now + DAY for _, at in due)
    finally:
        await redis.aclose()


@pytest.fixture
def w(service: Service) -> Iterator[World]:
    with world(service) as made:
        yield made
