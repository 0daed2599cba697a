"""Archived segments are found by time and share, and deleted when too old or forgotten."""

import errno
import os
from pathlib import Path

import pytest

from ads.clock import DAY, HOUR
from ads.events.erasure import Erasure
from ads.events.mark import Mark
from ads.events.receipt import Receipt
from ads.spool import Archive, Spool, archive, segment, volume
from ads.spool.archive import JUDGED_MS
from tests.ads.spool.conftest import Make

AT = 1_764_000_000_000


def _event(n: int, share: str, at: int) -> Receipt:
    return Receipt(at, share, "ad", 1, "open", f"{n:016}", f"{n:016}", "ABaaaaaaaaaa")


def _whole(spool: Spool, which: int = 0) -> tuple[str, bytes]:
    one = spool.segments()[which]
    return one.id, one.whole()


async def _kept(make: Make, into: Archive, *events: Receipt) -> str:
    """Archive a segment of these events; returns its id."""
    spool = make()
    await spool.append(events)
    spool.rotate()
    one = spool.segments()[-1]
    times = [event.at for event in events]
    marks = {event.share: Mark(len(events)) for event in events}
    into.keep(one.id, one.whole(), marks, min(times), max(times))
    spool.remove(one)
    return one.id


def _told(kept: Archive, shares: str = "st", first: int = 0, last: int = 1 << 60) -> list[int]:
    volumes = kept.volumes(first, last, list(shares))
    return sorted(int(r.i) for each in volumes for _, r in volume.read(each))


@pytest.fixture
def kept(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "events", 7 * DAY)


async def test_what_was_kept_is_found_by_time_and_share(make: Make, kept: Archive) -> None:
    await _kept(make, kept, _event(1, "s", AT), _event(2, "t", AT + 5))
    await _kept(make, kept, _event(3, "t", AT + HOUR))
    assert _told(kept) == [1, 2, 3]
    assert _told(kept, "s") == [1, 2]
    assert _told(kept, "u") == []
    assert _told(kept, last=AT + HOUR - 1) == [1, 2]
    assert _told(kept, first=AT + 6) == [3]


async def test_keeping_a_segment_again_changes_nothing(make: Make, kept: Archive) -> None:
    spool = make()
    await spool.append([_event(1, "s", AT)])
    spool.rotate()
    for _ in range(2):
        kept.keep(*_whole(spool, 0), {"s": Mark(9)}, AT, AT)
    assert _told(kept) == [1]


async def test_what_is_still_in_the_spool_is_read_by_anybody_though_it_goes_meanwhile(
    make: Make,
) -> None:
    spool = make()
    await spool.append([_event(1, "s", AT)])
    (only,) = volume.live(spool.directory)
    spool.rotate()
    spool.remove(spool.segments()[0])
    assert [(n, receipt.i) for n, receipt in volume.read(only)] == [(1, f"{1:016}")]
    only.close()


async def test_sound_records_around_damage_are_told(make: Make, kept: Archive) -> None:
    spool = make()
    await spool.append([_event(n, "s", AT) for n in range(5)])
    (segment,) = spool.segments()
    with segment.path.open("r+b") as file:
        file.seek(segment.end // 2)
        file.write(b"\xff\xff")
    spool.rotate()
    kept.keep(segment.id, segment.whole(), {"s": Mark(9)}, AT, AT)
    assert _told(kept) == [0, 1, 3, 4]


async def test_what_is_too_old_to_tell_or_to_judge_by_goes(make: Make, kept: Archive) -> None:
    await _kept(make, kept, _event(1, "s", AT))
    await _kept(make, kept, _event(2, "s", AT + HOUR))
    kept.expire(AT + 7 * DAY + JUDGED_MS)
    assert _told(kept) == [1, 2]
    kept.expire(AT + 7 * DAY + JUDGED_MS + 1)
    assert _told(kept) == [2]


async def test_without_days_nothing_is_kept(make: Make, tmp_path: Path) -> None:
    none = Archive(tmp_path / "events", 0)
    await _kept(make, none, _event(1, "s", AT))
    assert not os.path.exists(tmp_path / "events")  # noqa: PTH110, ASYNC240 - nothing was made


async def test_a_full_disk_costs_the_oldest_that_is_kept(
    make: Make, kept: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        await _kept(make, kept, _event(n, "s", AT + n))
    spool = make()
    await spool.append([_event(3, "s", AT + 3)])
    spool.rotate()
    sync = os.fsync

    def room_for_two(descriptor: int) -> None:
        made = [path.suffix for path in kept._directory.iterdir()]
        if ".half" in made and made.count(".events") > 2:
            raise OSError(errno.ENOSPC, "No space left on device")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", room_for_two)
    kept.keep(*_whole(spool, -1), {"s": Mark(9)}, AT + 3, AT + 3)
    assert _told(kept) == [1, 2, 3]
    assert not list(kept._directory.glob("*.half"))


async def test_a_share_or_a_day_that_is_forgotten_stands_in_no_file(
    make: Make, kept: Archive
) -> None:
    await _kept(make, kept, _event(1, "s", AT), _event(2, "t", AT))
    await _kept(make, kept, _event(3, "s", AT + DAY))
    kept.erase([Erasure("s", first=AT, last=AT + HOUR)])
    assert _told(kept) == [2, 3]
    kept.erase([Erasure("s")])
    assert _told(kept) == [2]
    assert len(list(kept._directory.iterdir())) == 1, "a file of nothing else goes whole"


def test_what_was_set_aside_damaged_goes_when_it_may_hold_what_is_forgotten(tmp_path: Path) -> None:
    for made in (AT - DAY, AT):
        path = tmp_path / f"{made:012x}-0{segment.DAMAGED}"
        path.write_bytes(b"?")
        os.utime(path, ns=((made + HOUR) * 10**6,) * 2)
    archive.erase_damaged(tmp_path, [Erasure(first=AT, last=AT + DAY)])
    assert [path.name for path in tmp_path.iterdir()] == [f"{AT - DAY:012x}-0{segment.DAMAGED}"]
    archive.erase_damaged(tmp_path, [Erasure("s")])
    assert not list(tmp_path.iterdir())


async def test_what_is_erased_meanwhile_is_not_kept(make: Make, kept: Archive) -> None:
    spool = make()
    await spool.append([_event(1, "s", AT), _event(2, "t", AT)])
    spool.rotate()
    kept.keep(
        *_whole(spool, 0), dict.fromkeys("st", Mark(9)), AT, AT, [Erasure("t"), Erasure(ad="other")]
    )
    assert _told(kept) == [1]
    kept.erase([Erasure(ad="ad")])
    assert not list(kept._directory.iterdir())


async def test_the_oldest_gives_way_when_the_disk_is_nearly_full(
    make: Make, kept: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.give_way()
    for n in range(3):
        await _kept(make, kept, _event(n, "s", AT + n))
    kept.give_way()
    assert _told(kept) == [0, 1, 2]
    free = archive.RESERVE_BYTES - 1

    def nearly_full() -> int:
        return free + len(_told(kept)) % 2

    monkeypatch.setattr(kept, "_free", nearly_full)
    monkeypatch.setattr(archive, "RESERVE_BYTES", free + 1)
    await _kept(make, kept, _event(3, "s", AT + 3))
    kept.give_way()
    assert _told(kept) == [1, 2, 3]


async def test_what_goes_while_it_is_looked_at_is_no_fault_and_damage_is_told(
    make: Make, kept: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    for n in range(3):
        await _kept(make, kept, _event(n, "s", AT + n))
    gone, damaged, sound = kept.volumes(0, 1 << 60, "s")
    gone.path.unlink()
    damaged.path.write_bytes(damaged.path.read_bytes()[:-20])
    told = [r.i for each in (gone, damaged, sound) for _, r in volume.read(each)]
    assert told == [f"{2:016}"]
    assert caplog.text.count("damaged") == 1


async def test_a_clock_that_is_set_forward_takes_nothing_from_who_is_just_writing(
    make: Make, kept: Archive
) -> None:
    await _kept(make, kept, _event(1, "s", AT))
    writing = kept._directory / "another.half"
    writing.touch()
    kept.expire(AT + DAY)
    assert writing.exists()
    os.utime(writing, (0, 0))
    kept.expire(AT + DAY)
    assert not writing.exists(), "whoever wrote it has died"


@pytest.mark.parametrize("harm", [b"", b"\xff\xff\xff\xff", b"\0\0\0\0"])
async def test_a_file_that_was_harmed_goes_when_it_may_hold_what_is_forgotten_and_stops_nothing(
    make: Make, kept: Archive, harm: bytes
) -> None:
    for n in range(2):
        await _kept(make, kept, _event(n, "s", AT + n))
    await _kept(make, kept, _event(2, "t", AT + DAY))
    (harmed, *_) = sorted(kept._directory.iterdir())
    harmed.write_bytes(harm + harmed.read_bytes()[4:-20] if harm else b"")
    assert _told(kept) == [1, 2]
    kept.erase([Erasure("t", first=AT + DAY)])
    assert harmed.exists(), "it has nothing of that time"
    kept.erase([Erasure("t")])
    assert not harmed.exists()
    assert _told(kept) == [1]


async def test_what_somebody_else_put_there_is_left_alone(make: Make, kept: Archive) -> None:
    await _kept(make, kept, _event(1, "s", AT))
    (ours,) = kept._directory.iterdir()
    others = [kept._directory / f"{name}.events" for name in ("notes", "a.b", "copy.1-z", ".")]
    for path in others:
        path.write_text("?")
    kept.erase([Erasure("t")])
    kept.expire(AT + 365 * DAY)
    assert not ours.exists()
    assert _told(kept) == []
    assert all(path.exists() for path in others)
