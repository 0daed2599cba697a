"""Remains of a killed process do not prevent the service from starting again."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from proxy.run.lock import LockedError, take
from proxy.run.store import answers
from tests.client import Client, advertiser, until
from tests.faults.battered import Battered, signalled
from tests.faults.stores import slow_rewrite


@pytest.fixture
def battered(tmp_path: Path) -> Iterator[Battered]:
    made = Battered(tmp_path)
    yield made
    made.close()


async def test_a_store_killed_while_it_rewrites_its_file_comes_back(battered: Battered) -> None:
    await battered.up()
    async with advertiser(battered) as client:
        await client.ad()
        before = battered.store_pid()
        await slow_rewrite(battered.store_socket)

        async def rewriting() -> bool:
            return sum("valkey" in name for name in battered.members().values()) == 2

        await until(rewriting, "the store rewrites in a child")
        signalled(before, signal.SIGKILL)

        async def back() -> bool:
            return battered.store_pid() not in (0, before)

        await until(back, "the store was not started again")
        await until(lambda: answered(client), "the store does not answer")
    assert await battered.end() == 0
    assert not battered.members()


async def test_a_store_started_again_still_ends_with_its_supervisor(battered: Battered) -> None:
    await battered.up()
    before = battered.store_pid()
    signalled(before, signal.SIGKILL)

    async def back() -> bool:
        return battered.store_pid() not in (0, before) and answers(battered.store_socket)

    await until(back, "the store was not started again")
    battered.kill_supervisor()

    async def gone() -> bool:
        return not battered.members()

    await until(gone, "something outlives the supervisor")


async def answered(client: Client) -> bool:
    try:
        await client.call("GET", "/ads")
    except AssertionError:
        return False
    return True


async def test_workers_that_still_drain_do_not_hold_the_data_directory(battered: Battered) -> None:
    await battered.up()
    worker = battered.worker_pids()[0]
    os.kill(worker, signal.SIGSTOP)  # it will never finish draining
    try:
        battered.kill_supervisor()
        held = take(battered.data_dir / "lock")
        os.close(held)
    except LockedError:
        pytest.fail("a worker holds the lock of the supervisor that was killed")
    finally:
        os.kill(worker, signal.SIGCONT)
    await battered.up()
    assert await battered.end() == 0
