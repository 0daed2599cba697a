"""The embedded store: keeps its data, runs only once, ends with its parent."""

import os
import select
import signal
import subprocess
import sys
from contextlib import aclosing
from pathlib import Path

import pytest

from ads.store import connect
from proxy.run import lock
from proxy.run.store import NICE, EmbeddedStore, answers, binary, socket_path, url
from tests.service import Lines


async def test_what_was_written_is_there_after_a_restart(tmp_path: Path) -> None:
    for expected in (None, b"kept"):
        with EmbeddedStore(tmp_path):
            async with aclosing(connect(url(tmp_path))) as client:
                assert await client.get("word") == expected
                await client.set("word", "kept")


async def test_a_store_that_holds_much_is_waited_for_while_it_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with EmbeddedStore(tmp_path):
        async with aclosing(connect(url(tmp_path))) as client:
            pipe = client.pipeline(transaction=False)
            for number in range(8_000):
                pipe.set(f"key:{number}", "")
            await pipe.execute()
    slow, plain = ["--key-load-delay", "400"], EmbeddedStore._command
    monkeypatch.setattr(EmbeddedStore, "_command", lambda store: plain(store) + slow)
    monkeypatch.setattr("proxy.run.store.START_SECONDS", 2.5)
    with EmbeddedStore(tmp_path):
        async with aclosing(connect(url(tmp_path))) as client:
            assert await client.dbsize() == 8_000


def test_what_a_killed_store_had_half_written_does_not_stay_for_ever(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    for name in ("temp-rewriteaof-12341.aof", "temp-12559.rdb"):
        (tmp_path / "store" / name).touch()
    with EmbeddedStore(tmp_path):
        assert not [*(tmp_path / "store").glob("temp-*")]


def test_the_store_gives_way_to_who_answers_readers(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path) as store:
        assert store.process
        own = os.getpriority(os.PRIO_PROCESS, 0)
        assert os.getpriority(os.PRIO_PROCESS, store.process.pid) == min(own + NICE, 19)


def test_a_second_store_on_the_same_directory_is_refused(tmp_path: Path) -> None:
    with EmbeddedStore(tmp_path), pytest.raises(lock.LockedError, match="in use"):
        EmbeddedStore(tmp_path).spawn()


def test_the_store_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from proxy.run.store import EmbeddedStore\n"
        "s = EmbeddedStore(Path(sys.argv[1])); s.start(); print(s.process.pid, flush=True)\n"
        "sys.stdin.read()"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdin
    with parent.stdin:
        child = int(Lines(parent.stdout).until(r"^\d+$")[0])
        pidfd = os.pidfd_open(child)
        parent.send_signal(signal.SIGKILL)
        parent.wait(20)
    os.set_blocking(pidfd, True)

    assert select.select([pidfd], [], [], 10)[0], "the store outlived its parent"
    os.close(pidfd)


def test_a_snapshot_of_another_makes_form_is_read(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    empty = b"REDIS0012\xff" + bytes(8)  # as Redis 7.4 begins one, and no checksum at its end
    (tmp_path / "store" / "taken.rdb").write_bytes(empty)
    with EmbeddedStore(tmp_path, snapshot="taken.rdb") as store:
        assert answers(store.socket)


def test_a_long_data_directory_gets_a_short_socket(tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 90) / "e"
    assert len(str(socket_path(deep))) < 108
    assert socket_path(deep) != socket_path(tmp_path / ("d" * 90) / "f")


async def test_a_store_that_refuses_is_there_all_the_same(tmp_path: Path) -> None:
    """A store with a full disk is running: a command must not start a second one."""
    with EmbeddedStore(tmp_path):
        redis = connect(url(tmp_path))
        await redis.config_set("requirepass", "secret")
        await redis.aclose()
        assert answers(socket_path(tmp_path))


def test_nothing_answers_where_no_store_is(tmp_path: Path) -> None:
    assert not answers(tmp_path / "valkey.sock")


def test_a_server_that_the_system_brings_is_not_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = tmp_path / "redis-server"
    theirs.write_text("#!/bin/sh\necho v=99.0.0\n")
    theirs.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert binary() != str(theirs)
