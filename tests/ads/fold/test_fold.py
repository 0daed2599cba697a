"""Each durable event is folded once: through restarts, lost connections and a store set back."""

import asyncio
import errno
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from ads import tasks
from ads.ad import Ad
from ads.clock import DAY, HOUR, now_ms
from ads.events import hops, ledger
from ads.events.erasure import Erasure
from ads.events.ledger import Ledger
from ads.events.receipt import Receipt
from ads.fold import clearing
from ads.fold import folding as fold
from ads.fold.folding import Folding
from ads.spool import Archive, Spool, backup_lock, volume
from ads.store import keys
from ads.store.counts import Counts, Gap
from ads.store.erasures import Erasures
from tests.ads.fold.foldings import folding_of

NOW = 1_790_000_000_000
HOP = hops.prefix(1) + "a" * 10
Make = Callable[[Spool], Folding]


class Facts:
    """Everything is active until `end`; no ad has variants."""

    def __init__(self, end: int = NOW + DAY) -> None:
        self.end = end

    async def until(self, share: str, ad: str, latest: int) -> Callable[[int], bool]:
        return lambda at: at < self.end

    async def version(self, ad: str, number: int) -> Ad | None:
        return None


def _open(n: int, *, share: str = "s", refused: str = "", at: int = NOW) -> Receipt:
    i = f"open-{n:015}"
    return Receipt(at, share, "ad", 1, "open", i, i, HOP, "", refused=refused)


def _spool(tmp_path: Path) -> Spool:
    return Spool(tmp_path / "spool", sync=False, max_bytes=1 << 24)


@pytest.fixture
def spool(tmp_path: Path) -> Spool:
    return _spool(tmp_path)


@pytest.fixture
async def make(redis: Redis, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Make]:
    """Foldings on the real store, which do not wait for its file: it has no append-only file."""
    monkeypatch.setattr(clearing, "ON_DISK_SECONDS", 0)
    made: list[Folding] = []

    def folding(spool: Spool) -> Folding:
        made.append(folding_of(spool, Counts(redis, lambda: NOW), Facts(), lambda: NOW))
        return made[-1]

    yield folding
    for each in made:
        await each._counts.close()


@pytest.fixture
def folding(make: Make, spool: Spool) -> Folding:
    return make(spool)


async def _ledger(redis: Redis, shares: Sequence[str] = ("s",)) -> Ledger:
    counts = Counts(redis, lambda: NOW)
    found = await counts.cells(shares, NOW - NOW % HOUR - DAY, NOW - NOW % HOUR + DAY)
    cells = [cell for share in found for cell in share]
    return ledger.build(cell.figures for cell in cells if cell.dimension == "total")


async def test_what_is_appended_is_folded_and_named_under_its_ad(
    redis: Redis, spool: Spool, folding: Folding
) -> None:
    await spool.append([_open(1), _open(2, share="t")])
    await spool.append([_open(1), _open(3, refused="bot")])
    await folding._pass()
    found = await _ledger(redis, ("s", "t"))
    assert (found.received, found.counted["open"], found.repeated) == (4, 2, 1)
    assert found.refused["bot"] == 1
    assert await Counts(redis).shares("ad") == ["s", "t"]
    assert folding._tally["passalong_folded",] == 4


async def test_shares_without_number_are_named_under_their_ad_and_a_few_of_them_remembered(
    redis: Redis, spool: Spool, folding: Folding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fold, "INDEXED", 3)
    shares = sorted(f"share-{n}" for n in range(10))
    for n, share in enumerate(shares):
        await spool.append([_open(n, share=share)])
        await folding._pass()
        assert len(folding._indexed) <= 3
    assert await Counts(redis, lambda: NOW).shares("ad") == shares


async def test_others_have_their_turn_between_any_two_steps_of_a_backlog(
    redis: Redis, make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "SLICE_SECONDS", 0)
    turns, steps = 0, []

    class Watched(Spool):
        def read(self, *where: Any) -> Any:
            steps.append(turns)
            return super().read(*where)

    class Asked(Facts):
        async def version(self, ad: str, number: int) -> Ad | None:
            steps.append(turns)
            return None

    spool = Watched(tmp_path / "spool", sync=False, max_bytes=1 << 24)
    folding = make(spool)
    monkeypatch.setattr(folding, "_activity", Asked())
    await spool.append([_open(n) for n in range(500)])
    passing = asyncio.create_task(folding._pass())
    while not passing.done():
        await asyncio.sleep(0)
        turns += 1
    assert len(steps) > 500 + 1, "the events, and more than one reading"
    assert len(set(steps)) == len(steps)


async def test_folding_goes_on_as_events_come(redis: Redis, spool: Spool, folding: Folding) -> None:
    running = asyncio.create_task(folding.run())
    for n in range(3):
        await spool.append([_open(n)])
        async with asyncio.timeout(10):
            while (await _ledger(redis)).received <= n:
                continue
    await tasks.end([running])


async def test_a_finished_segment_goes_with_its_marks(
    redis: Redis, spool: Spool, make: Make, tmp_path: Path
) -> None:
    await spool.append([_open(1), _open(2, at=NOW + DAY)])  # the latter when all had ended
    await make(spool).drain(10)
    assert not spool.segments()
    assert not list((tmp_path / "spool").glob("*.spool"))
    assert not [field for field in await redis.hkeys("{s}:s") if field[:1] in b"me"]
    assert (await _ledger(redis)).received == 1


async def test_another_process_that_reads_the_segment_again_counts_nothing_twice(
    redis: Redis, make: Make, tmp_path: Path
) -> None:
    first = _spool(tmp_path)
    await first.append([_open(1), _open(2), _open(1)])
    await make(first)._read_out(first.segments()[0])
    first.close()
    second = _spool(tmp_path)
    await second.append([_open(3)])
    await make(second)._pass()
    found = await _ledger(redis)
    assert (found.received, found.counted["open"], found.repeated) == (4, 3, 1)


async def test_marks_that_the_store_did_not_erase_go_at_the_next_look(
    redis: Redis, spool: Spool, folding: Folding, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_: object) -> None:
        raise RedisError

    async def removed() -> None:
        await folding._pass()
        while spool.segments():  # a cluster's replicas must have it all first
            await folding._keep_house()

    await spool.append([_open(1)])
    spool.rotate()
    mark = f"m{spool.segments()[0].id}"
    with monkeypatch.context() as store:
        store.setattr(folding._counts.marks, "erase", away)
        with pytest.raises(RedisError):
            await removed()
    assert not spool.segments()
    assert await redis.hexists("{s}:s", mark)
    await folding._keep_house()
    assert not await redis.hexists("{s}:s", mark)


async def _snapshot(redis: Redis) -> Callable[[], Awaitable[None]]:
    kept = {key: await redis.dump(key) for key in await redis.keys("*")}

    async def restore() -> None:
        await redis.flushdb()
        for key, raw in kept.items():
            await redis.restore(key, 0, raw)

    return restore


@pytest.mark.parametrize("lost", ["nothing", "some", "all"])
async def test_a_store_set_back_to_an_earlier_state_gets_all_of_it_again(
    redis: Redis, spool: Spool, folding: Folding, lost: str
) -> None:
    back = await _snapshot(redis) if lost == "all" else None
    await spool.append([_open(n) for n in range(10)])
    await folding._pass()
    back = await _snapshot(redis) if lost == "some" else back
    await spool.append([_open(n, share="st"[n % 2]) for n in range(5, 20)])
    await folding._pass()
    if back:
        await back()
    await redis.client_kill_filter(_type="normal", skipme=True)
    await spool.append([_open(20, share="t")])
    for _ in range(3):
        with suppress(Exception):  # the connection that was killed
            await folding._pass()
    found = await _ledger(redis, ("s", "t"))
    assert (found.received, found.counted["open"], found.repeated) == (26, 24, 2)


async def test_a_store_set_back_behind_a_connection_that_held_is_noticed_by_its_mark(
    redis: Redis, spool: Spool, folding: Folding
) -> None:
    await folding._pass()
    back = await _snapshot(redis)
    await spool.append([_open(1)])
    await folding._pass()
    await back()
    await spool.append([_open(2)])
    with pytest.raises(Gap):
        await folding._pass()
    folding._rewind()
    await folding._pass()
    assert (await _ledger(redis)).counted["open"] == 2


async def test_a_segment_stays_while_the_store_may_still_lose_it(
    redis: Redis, spool: Spool, folding: Folding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clearing, "ON_DISK_SECONDS", 1000)
    await spool.append([_open(1)])
    spool.rotate()
    await folding._pass()
    await folding._keep_house()
    assert len(spool.segments()) == 1


@pytest.mark.parametrize(
    ("refused", "at", "verdict"),
    [
        ("", NOW - 1, "counted"),
        ("", NOW, "ended"),
        ("bot", NOW - 1, "bot"),
        ("bot", NOW, "ended"),
        ("rate", NOW, "ended"),
        ("expired_ticket", NOW, "expired_ticket"),
    ],
)
async def test_ended_is_decided_by_the_time_of_receipt_and_yields_to_an_expired_ticket(
    redis: Redis, spool: Spool, folding: Folding, refused: str, at: int, verdict: str
) -> None:
    folding._activity = Facts(end=NOW)
    await spool.append([_open(1, refused=refused, at=at)])
    await folding._pass()
    found = await _ledger(redis)
    assert found.received == 1
    assert found.counted["open"] == (verdict == "counted")
    assert sum(found.refused.values()) == found.refused.get(verdict, 0)


async def test_a_store_that_is_away_is_waited_for(spool: Spool, tmp_path: Path) -> None:
    away = Redis.from_url(f"unix://{tmp_path}/nobody")
    folding = folding_of(spool, Counts(away, lambda: NOW), Facts(), lambda: NOW)
    await spool.append([_open(1)])
    running = asyncio.create_task(folding.run())
    await asyncio.sleep(0)
    await folding.drain(0.2)
    assert not running.done()
    assert len(spool.segments()) == 1
    await tasks.end([running])
    await away.aclose()


async def test_a_store_with_an_append_only_file_says_itself_when_a_segment_may_go(
    redis: Redis, spool: Spool
) -> None:
    await redis.config_set("appendonly", "yes")
    try:
        folding = folding_of(spool, Counts(redis, lambda: NOW), Facts(), lambda: NOW)
        await spool.append([_open(1)])
        await folding.drain(20)
        assert not spool.segments()
        assert await Counts(redis).on_disk() is not None
    finally:
        await redis.config_set("appendonly", "no")
    assert await Counts(redis).on_disk() is None


async def test_what_is_folded_for_good_is_kept_for_the_export_without_what_was_erased(
    redis: Redis, spool: Spool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clearing, "ON_DISK_SECONDS", 0)
    kept, erasures, counts = Archive(tmp_path / "events", DAY), Erasures(redis), Counts(redis)
    folding = folding_of(spool, counts, Facts(), lambda: NOW, archive=kept, erasures=erasures)
    await spool.append([_open(1), _open(2, share="t"), _open(3, at=NOW - DAY)])
    await erasures.add(Erasure("t"), NOW)
    await erasures.add(Erasure(first=NOW - DAY, last=NOW), NOW)
    await folding._keep_house()
    await folding.drain(10)
    volumes = kept.volumes(0, NOW, ["s", "t"])
    assert [r.i for each in volumes for _, r in volume.read(each)] == [_open(1).i]
    assert (await _ledger(redis, ("s",))).received == 1, "an erased day gets no figures"
    assert not list((tmp_path / "spool").glob("*.spool"))


@pytest.mark.parametrize("erasure", [Erasure(share="t"), Erasure(ad="ad")])
async def test_what_comes_for_what_was_forgotten_is_named_nowhere_again(
    redis: Redis, spool: Spool, folding: Folding, erasure: Erasure
) -> None:
    await Erasures(redis).add(erasure, NOW)
    await spool.append([_open(1, share="t")])
    await folding._pass()
    assert set(await redis.keys("*")) <= {keys.ERASURES.encode(), keys.ID_SALT.encode()}


async def test_a_segment_is_closed_after_an_hour_however_small(redis: Redis, spool: Spool) -> None:
    await spool.append([_open(1)])
    clock = [now_ms()]
    folding = folding_of(spool, Counts(redis), Facts(), lambda: clock[0])
    await folding._keep_house()
    assert not spool.segments()[0].closed
    clock[0] += clearing.SEGMENT_MS + HOUR
    await folding._keep_house()
    assert spool.segments()[0].closed
    await folding._counts.close()


async def test_events_that_cannot_be_let_go_hold_up_nothing_that_is_counted(
    redis: Redis, spool: Spool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stuck(Archive):
        """Fails as on a read-only disk."""

        asked = 0

        def expire(self, now: int) -> None:
            raise OSError(30, "Read-only file system")

        def erase(self, erased: object) -> None:
            self.asked += 1
            raise OSError(30, "Read-only file system")

    erasures, stuck = Erasures(redis), Stuck(tmp_path / "events", DAY)
    folding = folding_of(
        spool, Counts(redis), Facts(), lambda: NOW, archive=stuck, erasures=erasures
    )
    await erasures.add(Erasure("t"), NOW)
    await spool.append([_open(1)])
    await folding._pass()
    await folding._keep_house()
    assert (await _ledger(redis)).received == 1
    assert stuck.asked == 2, "what is not erased yet is tried again"
    await folding._counts.close()


async def test_a_share_that_the_store_fails_at_holds_up_no_other_and_loses_nothing(
    redis: Redis, spool: Spool, folding: Folding, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fold, "STUCK_SECONDS", 0)
    head = keys.SHARE_HEAD.format(share="bad")
    await redis.set(head, "not a hash")
    await spool.append([_open(1, share="bad"), _open(2)])
    spool.rotate()
    await spool.append([_open(3, share="bad"), _open(4)])
    await folding._pass()
    await spool.append([_open(5, share="bad"), _open(6)])
    await folding._pass()
    assert (await _ledger(redis)).counted["open"] == 3
    await folding._keep_house()
    assert len(spool.segments()) == 2, "what waits stays"
    await redis.delete(head)
    await folding._pass()
    assert (await _ledger(redis, ("bad", "s"))).counted["open"] == 6
    spool.rotate()
    await folding._keep_house()
    assert spool.segments() == []


async def test_a_share_whose_record_a_later_version_wrote_holds_up_no_other_and_loses_nothing(
    redis: Redis, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Later(Facts):
        shares = ("bad",)

        async def until(self, share: str, ad: str, latest: int) -> Callable[[int], bool]:
            if share in self.shares:
                raise msgspec.ValidationError("Invalid enum value 'asleep' - at `$.state`")
            return await super().until(share, ad, latest)

    monkeypatch.setattr(fold, "STUCK_SECONDS", 0)
    facts = Later()
    folding = folding_of(spool, Counts(redis), facts, lambda: NOW)
    await spool.append([_open(1, share="bad"), _open(2)])
    await folding._pass()
    assert (await _ledger(redis, ("bad", "s"))).counted["open"] == 1
    facts.shares = ()
    await folding._pass()
    assert (await _ledger(redis, ("bad", "s"))).counted["open"] == 2
    await folding._counts.close()


async def test_a_store_that_takes_no_writes_is_waited_for(
    redis: Redis, spool: Spool, folding: Folding
) -> None:
    await spool.append([_open(1)])
    await redis.config_set("maxmemory", 1)
    try:
        with pytest.raises(RedisError):
            await folding._pass()
    finally:
        await redis.config_set("maxmemory", 0)
    await folding._pass()
    assert (await _ledger(redis)).received == 1


async def test_a_spool_that_cannot_be_cleared_goes_on_being_folded(
    redis: Redis, spool: Spool, folding: Folding, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_left(directory: Path) -> AbstractContextManager[bool]:
        raise OSError(errno.EMFILE, "Too many open files")

    monkeypatch.setattr(backup_lock, "removing", none_left)
    for n in range(2):
        await spool.append([_open(n)])
        folding._kept_house = -1e9
        await folding._pass()
    assert (await _ledger(redis)).received == 2
