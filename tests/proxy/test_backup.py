"""A backup that is taken under load and restored elsewhere has each event once."""

import json
import os
import tarfile
import threading
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

import pytest
from redis.asyncio import Redis

from ads.store import keys as shared
from proxy import backup
from proxy.backup import About
from proxy.store import schema
from proxy.store.schema import SchemaError
from tests.conftest import emptied
from tests.contract.kit import Reader, World, facts, until, world
from tests.service import Service


class Load:
    """Sends opens one after another; `acked` has the ids of those with a 204."""

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
    """The ids of the events that the service exports."""
    answer = w.account.ask("GET", f"/ads/{ad}/events")
    assert answer.status == 200, answer
    return [json.loads(line)["i"] for line in answer.text.splitlines()]


def restored(w: World, folder: Path, file: Path) -> Service:
    """Another service, restored from the backup."""
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
            if known:  # folded segments are exported once they are closed
                assert len(known) == len(set(known))
                assert set(known) <= sent
            # Tickets of published pages stay valid: the key is in the backup.
            assert w.account.ask("GET", "/ads").status == 200
        finally:
            other.close()


def test_nobody_else_can_read_a_backup_while_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (half := tmp_path / ".b.tar.half").touch(mode=0o644)  # of a backup that was killed
    modes: list[int] = []

    def take(_url: str, _into: BinaryIO) -> int:
        modes.append(half.stat().st_mode & 0o777)
        return 0

    monkeypatch.setattr("proxy.store.snapshot.take", take)
    backup.make(tmp_path / "data", ["unix:"], tmp_path / "b.tar", About(1, "", 6, 0))
    assert modes == [0o600]


def test_a_backup_takes_the_place_of_a_file_alone(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "b.tar")
    about = About(1, "", 6, 0)
    for name in ("pipe", "", "/"):
        with pytest.raises(OSError, match="no regular file"):
            backup.make(tmp_path / "data", [], tmp_path / name, about)
    backup.make(tmp_path / "data", [], tmp_path / "link", about)
    assert {path.name for path in tmp_path.iterdir() if path.is_file()} == {"b.tar", "link"}
    assert (tmp_path / "link").is_symlink()


async def test_kept_events_that_expire_while_it_is_made_do_not_end_a_backup(
    valkey_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "data" / "events" / "old.gz"
    kept.parent.mkdir(parents=True)
    kept.touch()

    def expiring(tar: tarfile.TarFile, name: str, data: bytes) -> None:
        kept.unlink(missing_ok=True)

    monkeypatch.setattr(backup, "_files", lambda _: [kept])
    monkeypatch.setattr(backup, "_put", expiring)
    about = About(backup.FORM, "", schema.VERSION, 0)
    backup.make(tmp_path / "data", [valkey_url], tmp_path / "backup.tar", about)
    assert (tmp_path / "backup.tar").exists()


async def test_of_a_server_with_neighbours_the_own_database_is_put_back(
    tmp_path: Path, redis: Redis, valkey_url: str
) -> None:
    assert redis  # an empty store
    file = tmp_path / "backup.tar"
    async with emptied(numbered := f"{valkey_url}?db=3"):
        for email, where in (("them@a.example", valkey_url), ("us@a.example", numbered)):
            service = Service(tmp_path / email, redis_url=where)
            assert service.command("account", "create", "--email", email).returncode == 0
        assert service.command("backup", str(file)).returncode == 0
    other = Service(tmp_path / "other")
    assert other.command("restore", str(file)).returncode == 0
    known = other.command("list", "accounts").stdout
    assert ("us@" in known, "them@" in known) == (True, False)


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
    with tarfile.open(tmp_path / "strange", "w") as tar:
        about = json.dumps({"form": 1, "version": "", "schema": schema.VERSION, "made_at": 0})
        for member, data in ((backup.ABOUT, about), ("../out", "")):
            (entry := tarfile.TarInfo(member)).size = len(data)
            tar.addfile(entry, BytesIO(data.encode()))
    wrong = {"file": "is no backup", "nothing": "No such file", "strange": "is no backup"}
    for name, why in wrong.items():
        refused = Service(tmp_path / "data").command("restore", str(tmp_path / name))
        assert refused.returncode == 1
        assert why in refused.stderr
        assert len(refused.stderr.splitlines()) == 1


async def test_a_new_store_is_of_this_version_and_stays_so(redis: Redis) -> None:
    await redis.set("another", b"program's")
    for _ in range(2):
        await schema.claim(redis)
        assert await redis.get(shared.SCHEMA) == str(schema.VERSION).encode()


@pytest.mark.parametrize("further", [-1, 1])
async def test_a_store_of_another_version_is_refused(redis: Redis, further: int) -> None:
    await redis.set(shared.SCHEMA, schema.VERSION + further)
    with pytest.raises(SchemaError, match="start the service that wrote it"):
        await schema.claim(redis)


@pytest.fixture
def w(service: Service) -> Iterator[World]:
    with world(service) as made:
        yield made
