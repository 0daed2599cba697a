"""Exports with several machines: each has a spool; they share the store and the archive."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import msgspec
import pytest
from redis.asyncio import Redis

from ads import tasks
from ads.clock import DAY, now_ms
from ads.events import ledger
from ads.events.receipt import Receipt
from ads.fold import clearing
from ads.reports.export import Export
from ads.spool import Archive, Spool
from ads.store.ads import Ads
from ads.store.changes import Changes
from ads.store.counts import Counts
from ads.store.spools import Spools
from tests.ads.fold.foldings import folding_of
from tests.ads.fold.test_fold import HOP, Facts
from tests.ads.web.calling import made_ad, no_copies
from tests.client import until


class Machine:
    """A spool with its folding, and an export, on a shared store and a shared archive."""

    def __init__(self, redis: Redis, folder: Path, name: str) -> None:
        self.facts = facts = Facts(now_ms() + DAY)
        counts, kept, spools = Counts(redis), Archive(folder / "events", DAY), Spools(redis)
        self.spool = Spool(folder / name, sync=False, max_bytes=1 << 24)
        self.folding = folding_of(self.spool, counts, facts, now_ms, archive=kept, spools=spools)
        self.export = Export(
            ads=Ads(redis, Changes(redis), no_copies),
            counts=counts,
            kept=kept,
            spool=self.spool.directory,
            spools=spools,
            now=now_ms,
        )

    async def told(self) -> list[tuple[str, str]]:
        """The export of the ad: event ids and verdicts."""
        lists = self.export.events("mei", "tea")
        return sorted([(e.i, e.verdict) async for some in lists for e in some])


@asynccontextmanager
async def working(machine: Machine) -> AsyncIterator[None]:
    work = asyncio.create_task(machine.folding.run())
    try:
        yield
    finally:
        await tasks.end([work])
        await machine.folding._counts.close()
        machine.spool.close()


async def _received(redis: Redis, count: int) -> None:
    async def folded() -> bool:
        marks = await Counts(redis).marks.all(["s"])
        return sum(marks[segment]["s"].last for segment in marks) == count

    await until(folded)


def _open(i: str, at: int) -> Receipt:
    return Receipt(at, "s", "tea", 1, "open", i * 16, i * 16, HOP)


async def test_what_was_active_is_judged_once_whatever_a_clock_that_is_set_back_makes_of_it(
    redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clearing, "ON_DISK_SECONDS", 0)
    at, here = now_ms(), Machine(redis, tmp_path, "here")
    await made_ad(redis, "tea", "mei", at)
    expired = msgspec.structs.replace(_open("x", at), refused="expired_ticket")
    async with working(here):
        for letter, end in (("a", at + DAY), ("b", at), ("c", at + DAY), ("d", at)):
            here.facts.end = end
            await here.spool.append([_open(letter, at), _open(letter.upper(), at), expired])
            await _received(redis, 3 * (" abcd".index(letter)))
        want = [
            *((i * 16, "counted") for i in "aAcC"),
            *((i * 16, "ended") for i in "bBdD"),
            *[("x" * 16, "expired_ticket")] * 4,
        ]
        assert await here.told() == sorted(want), "while it is in the spool"
        here.spool.rotate()
        await until(lambda: _gone(here))
        here.facts.end = at + DAY
        assert await here.told() == sorted(want), "when it is kept"
    (cells,) = await Counts(redis).cells(["s"], 0, at + DAY, ["total"])
    found = ledger.build(cell.figures for cell in cells)
    assert (found.counted["open"], found.refused["ended"]) == (4, 4)


async def _gone(machine: Machine) -> bool:
    return not machine.spool.segments()


async def test_an_export_on_one_machine_tells_what_another_one_received(
    redis: Redis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clearing, "ON_DISK_SECONDS", 0)
    at = now_ms()
    await made_ad(redis, "tea", "mei", at)
    here, there = Machine(redis, tmp_path, "here"), Machine(redis, tmp_path, "there")
    async with AsyncExitStack() as stack:
        for machine in (here, there):
            await stack.enter_async_context(working(machine))
        await here.spool.append([_open("a", at), _open("b", at + 1)])
        await there.spool.append([_open("b", at), _open("c", at)])
        await _received(redis, 4)
        want = [("b" * 16, "repeated"), *((i * 16, "counted") for i in "abc")]
        assert await here.told() == sorted(want)
        assert await there.told() == sorted(want)
