import asyncio
import errno
import fcntl
import os
import threading
from pathlib import Path

import pytest

from ads.errors import Problem
from ads.spool import journal, segment
from tests.ads.spool.conftest import Make
from tests.ads.spool.records import drained, numbers, receipts


async def test_receipts_come_out_as_they_went_in_numbered_from_one(make: Make) -> None:
    spool = make()
    await spool.append(receipts(7, 8))
    await spool.append(receipts(9))
    (only,) = spool.segments()
    found, following = spool.read(only, 0, 1 << 20)
    assert found == list(enumerate(receipts(7, 8, 9), 1))
    assert following == only.end
    assert not only.closed
    assert spool.read(only, following, 1 << 20) == ([], following)


async def test_a_reader_is_told_that_there_is_more(make: Make) -> None:
    spool = make()
    assert not spool.grown.is_set()
    await spool.append(receipts(1))
    assert spool.grown.is_set()


async def test_nothing_is_acknowledged_or_read_before_it_is_on_disk(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = make()
    reached, go = threading.Event(), threading.Event()

    def slow(fd: int) -> None:
        reached.set()
        go.wait(20)

    monkeypatch.setattr(os, "fdatasync", slow)
    waiting = asyncio.create_task(spool.append(receipts(1)))
    await asyncio.to_thread(reached.wait, 20)
    (only,) = spool.segments()
    assert not waiting.done()
    assert spool.read(only, 0, 1000) == ([], 0)
    go.set()
    await waiting
    assert numbers(spool.read(only, 0, 1000)[0]) == [1]


async def test_callers_that_wait_share_one_sync(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = make()
    synced: list[int] = []
    reached, go = threading.Event(), threading.Event()

    def counted(fd: int) -> None:
        synced.append(fd)
        reached.set()
        go.wait(20)

    monkeypatch.setattr(os, "fdatasync", counted)
    first = asyncio.create_task(spool.append(receipts(0)))
    await asyncio.to_thread(reached.wait, 20)
    rest = [asyncio.create_task(spool.append(receipts(n))) for n in range(1, 100)]
    await asyncio.sleep(0)
    go.set()
    await asyncio.gather(first, *rest)
    (only,) = spool.segments()
    assert synced.count(only.fd) == 2, "spools of other tests may still be at work"
    spool.rotate()
    assert numbers(drained(spool, only)) == list(range(100))


async def test_a_caller_that_gave_up_takes_nobody_with_it(make: Make) -> None:
    spool = make()
    gone = asyncio.create_task(spool.append(receipts(1)))
    stays = asyncio.create_task(spool.append(receipts(2)))
    await asyncio.sleep(0)
    gone.cancel()
    await stays
    await spool.append(receipts(3))


async def test_rotating_closes_what_holds_something(make: Make) -> None:
    spool = make()
    spool.rotate()
    assert spool.segments() == []
    await spool.append(receipts(1))
    spool.rotate()
    await spool.append(receipts(2))
    old, new = spool.segments()
    assert (old.closed, new.closed) == (True, False)
    assert drained(spool, old) == list(enumerate(receipts(1), 1))
    assert drained(spool, new) == list(enumerate(receipts(2), 1))


async def test_rotating_during_a_write_takes_effect_after_it(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = make()
    reached, go = threading.Event(), threading.Event()
    monkeypatch.setattr(os, "fdatasync", lambda fd: (reached.set(), go.wait(20)))
    waiting = asyncio.create_task(spool.append(receipts(1)))
    await asyncio.to_thread(reached.wait, 20)
    spool.rotate()
    go.set()
    await waiting
    await spool.append(receipts(2))
    assert [numbers(drained(spool, each)) for each in spool.segments()] == [[1], [2]]


async def test_a_full_segment_is_followed_by_the_next(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "SEGMENT_BYTES", 200)
    spool = make()
    for n in range(20):
        await spool.append(receipts(n))
    assert len(spool.segments()) > 2
    found = [n for each in spool.segments() for n in numbers(drained(spool, each))]
    assert found == list(range(20))


async def test_a_removed_segment_is_gone_and_an_open_one_stays(make: Make, tmp_path: Path) -> None:
    spool = make()
    await spool.append(receipts(1))
    (only,) = spool.segments()
    with pytest.raises(ValueError, match="being written"):
        spool.remove(only)
    spool.rotate()
    spool.remove(only)
    assert spool.segments() == []
    assert list((tmp_path / "spool").iterdir()) == []


async def test_over_its_limit_the_spool_takes_nothing_until_there_is_room(make: Make) -> None:
    spool = make(max_bytes=journal.RESERVE_BYTES + 300)
    assert spool.has_room()
    await spool.append(receipts(*range(10)))
    assert not spool.has_room()
    small = make(max_bytes=300)
    await small.append(receipts(1))
    with pytest.raises(Problem) as full:
        await small.append(receipts(*range(10)))
    assert (full.value.code, full.value.status) == ("store_unavailable", 503)
    small.rotate()
    small.remove(small.segments()[0])
    await small.append(receipts(2))


async def test_too_much_waiting_is_refused_at_once(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "WAITING_BYTES", 100)
    with pytest.raises(Problem):
        await make().append(receipts(1, 2, 3))


async def test_a_live_owners_segments_are_left_alone_and_a_dead_ones_adopted(make: Make) -> None:
    dead, heir = make(), make()
    await dead.append(receipts(1))
    assert heir.adopt() == []
    dead.close()
    (adopted,) = heir.adopt()
    assert adopted.closed
    assert heir.grown.is_set()
    assert numbers(drained(heir, adopted)) == [1]
    assert make().adopt() == []


async def test_a_segment_that_cannot_be_had_holds_up_no_other(
    make: Make, caplog: pytest.LogCaptureFixture
) -> None:
    dead, heir = make(), make()
    directory = dead.directory
    for n in range(2):
        await dead.append(receipts(n))
        dead.rotate()
    dead.close()
    (directory / "0-first.spool").mkdir()
    (directory / "z-last.spool").symlink_to(directory / "nowhere")
    assert [numbers(drained(heir, each)) for each in heir.adopt()] == [[0], [1]]
    assert heir.adopt() == []
    assert caplog.text.count("cannot be read") == 2, "once each"


async def test_a_disk_that_does_not_give_a_segment_back_is_told_and_the_rest_is_read(
    make: Make, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    spool = make()
    for n in range(2):
        await spool.append(receipts(n))
        spool.rotate()
    bad, good = spool.segments()
    pread = os.pread

    def broken(fd: int, length: int, offset: int) -> bytes:
        if fd == bad.fd:
            raise OSError(errno.EIO, "Input/output error")
        return pread(fd, length, offset)

    monkeypatch.setattr(os, "pread", broken)
    assert [spool.read(bad, 0, 1) for _ in range(2)] == [([], 0)] * 2
    assert numbers(drained(spool, good)) == [1]
    assert caplog.text.count("cannot be read") == 1


async def test_nobody_can_adopt_between_the_making_of_a_segment_and_its_locking(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flock, free = fcntl.flock, []

    def watched(fd: int, how: int) -> None:
        if how & fcntl.LOCK_NB:
            other = os.open(tmp_path / "spool", os.O_RDONLY)
            try:
                flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
                free.append(how)
            except BlockingIOError:
                free.append(0)
            os.close(other)
        flock(fd, how)

    spool = make()
    monkeypatch.setattr(fcntl, "flock", watched)
    await spool.append(receipts(1))
    spool.close()
    assert make().adopt()
    assert free == [0, 0], "the directory is locked while either goes on"


async def test_after_closing_nothing_is_taken(make: Make) -> None:
    spool = make()
    spool.close()
    with pytest.raises(Problem):
        await spool.append(receipts(1))


async def test_closing_writes_what_waits(make: Make, tmp_path: Path) -> None:
    spool = make()
    waiting = asyncio.create_task(spool.append(receipts(1)))
    await asyncio.sleep(0)
    spool.close()
    await waiting
    heir = make()
    assert [numbers(drained(heir, each)) for each in heir.adopt()] == [[1]]


async def test_segments_keep_their_order_when_the_clock_stands_still_or_goes_back(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = make()
    for n, at in enumerate([5, 5, 3, 6, 6]):
        monkeypatch.setattr(journal, "now_ms", lambda at=at: at)
        await spool.append(receipts(n))
        spool.rotate()
    assert [numbers(drained(spool, each)) for each in spool.segments()] == [[n] for n in range(5)]


def test_segments_made_at_the_same_moment_have_different_names(tmp_path: Path) -> None:
    made = [segment.create(tmp_path, 1, sync=False) for _ in range(100)]
    assert len({each.id for each in made}) == 100
    for each in made:
        each.release()
