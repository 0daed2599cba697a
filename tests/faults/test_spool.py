"""The spool with crashes, full and read-only disks, and changed bytes."""

# Nothing else runs on these tests' event loops while they block to prepare a disk.
# ruff: noqa: ASYNC221, ASYNC240

import asyncio
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from ads.errors import Problem
from ads.spool import Segment, Spool
from tests.ads.spool.records import drained, numbers, receipts
from tests.service import Lines

ROOM = 1 << 26

WRITER = """
import asyncio, os, sys
from pathlib import Path
from ads.spool import Spool
from tests.ads.spool.records import receipts

async def main():
    spool = Spool(Path(sys.argv[1]), sync=True, max_bytes=1 << 28)
    async def caller(first):
        for n in range(first, 10**9, 20):
            await spool.append(receipts(n))
            os.write(1, b"%d\\n" % n)  # one short write: whole or not at all
    await asyncio.gather(*(caller(first) for first in range(20)))

asyncio.run(main())
"""


def _damage(spool: Spool) -> int:
    """The number of faults found in a spool's segments."""
    return sum(len(each.damaged) for each in spool.segments())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture
def spools() -> Iterator[Callable[[Path], Spool]]:
    made: list[Spool] = []

    def make(directory: Path) -> Spool:
        made.append(Spool(directory, sync=True, max_bytes=ROOM))
        return made[-1]

    yield make
    for each in made:
        each.close()


async def left_behind(folder: Path, *groups: list[int]) -> Path:
    """The only segment of an owner that is gone; each group is one write."""
    owner = Spool(folder, sync=True, max_bytes=ROOM)
    for group in groups:
        await owner.append(receipts(*group))
    owner.close()
    (path,) = folder.glob("*.spool")
    return path


def survivors(spool: Spool) -> list[int]:
    found = [n for each in spool.segments() for n in numbers(drained(spool, each))]
    assert len(found) == len(set(found))
    return sorted(found)


def test_a_killed_writer_loses_nothing_that_it_acknowledged(
    folder: Path, spools: Callable[[Path], Spool]
) -> None:
    heir = spools(folder)
    acknowledged: list[int] = []
    for _ in range(2):  # the second writer finds what the first left
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder)],
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            text=True,
        )
        printed = Lines(writer.stdout)
        for _ in range(500):
            printed.until(r"\d+")
        writer.send_signal(signal.SIGKILL)
        assert writer.wait(10) == -signal.SIGKILL
        acknowledged += map(int, printed.rest())
        adopted = heir.adopt()
        assert adopted
        found = [n for each in adopted for n in numbers(drained(heir, each))]
        assert len(found) == len(set(found)), "nothing is there twice"
        assert set(acknowledged) <= set(found)
        assert _damage(heir) == 0
        for each in adopted:
            heir.remove(each)
        acknowledged.clear()


async def test_a_torn_last_record_is_dropped_and_no_damage(
    folder: Path, spools: Callable[[Path], Spool]
) -> None:
    path = await left_behind(folder, [1, 2], [3])
    whole = path.read_bytes()
    one = len(whole) // 3
    for cut in range(1, one + 1):
        path.write_bytes(whole[:-cut])
        heir = Spool(folder, sync=True, max_bytes=ROOM)
        heir.adopt()
        assert survivors(heir) == [1, 2]
        assert heir.segments()[0].end == 2 * one, "and the segment can be finished"
        assert _damage(heir) == 0
        heir.close()


async def test_zeros_where_the_last_write_should_be_are_a_torn_tail(
    folder: Path, spools: Callable[[Path], Spool]
) -> None:
    path = await left_behind(folder, [1, 2])
    with path.open("ab") as file:
        file.write(bytes(4096))
    heir = spools(folder)
    heir.adopt()
    assert survivors(heir) == [1, 2]
    assert _damage(heir) == 0


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.9])
async def test_a_changed_byte_costs_one_record_is_reported_once_and_the_file_is_kept(
    folder: Path, spools: Callable[[Path], Spool], share: float, caplog: pytest.LogCaptureFixture
) -> None:
    path = await left_behind(folder, list(range(50)))
    data = bytearray(path.read_bytes())
    data[int(len(data) * share)] ^= 0xFF
    path.write_bytes(data)
    heir = spools(folder)
    (segment,) = heir.adopt()
    lost = set(range(50)) - set(survivors(heir))
    assert lost == {int(50 * share)}
    assert set(survivors(heir)) == set(range(50)) - lost, "a second reading finds the same"
    assert _damage(heir) == 1
    assert caplog.text.count("damaged") == 1
    heir.remove(segment)
    assert [p.suffix for p in folder.iterdir()] == [".damaged"]


async def test_a_long_damaged_stretch_ends_the_segment_and_is_reported(
    folder: Path, spools: Callable[[Path], Spool]
) -> None:
    path = await left_behind(folder, list(range(2_000)))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 4] + b"\xff" * (len(data) * 3 // 4))
    heir = spools(folder)
    heir.adopt()
    assert survivors(heir) == list(range(500))
    assert _damage(heir) == 1


async def test_bytes_that_change_under_a_live_owner_do_not_stop_it(
    folder: Path, spools: Callable[[Path], Spool]
) -> None:
    spool = spools(folder)
    await spool.append(receipts(1, 2, 3))
    (path,) = folder.glob("*.spool")
    with path.open("r+b") as file:
        file.seek(-5, os.SEEK_END)
        file.write(b"\xff")
    (segment,) = spool.segments()
    found, following = spool.read(segment, 0, 1 << 20)
    assert numbers(found) == [1, 2]
    assert _damage(spool) == 1
    assert segment.closed, "nothing more is written behind the fault"
    assert segment.end == following
    await spool.append(receipts(4))
    assert survivors(spool) == [1, 2, 4]


async def refused(spool: Spool, *some: int) -> None:
    with pytest.raises(Problem) as problem:
        await spool.append(receipts(*some))
    assert problem.value.code == "store_unavailable"
    assert problem.value.retry_after


async def test_after_a_failed_sync_nothing_of_the_group_is_left(
    folder: Path, spools: Callable[[Path], Spool], monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = spools(folder)
    await spool.append(receipts(1))

    def broken(fd: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fdatasync", broken)
        await refused(spool, 2)
        await refused(spool, 3)
    (old,) = spool.segments()
    assert old.closed, "nobody knows what the disk holds of it"
    await spool.append(receipts(4))
    assert survivors(spool) == [1, 4]
    spool.close()
    heir = spools(folder)
    heir.adopt()
    assert survivors(heir) == [1, 4], "and the disk says the same"


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_write_that_breaks_off_in_the_middle_is_taken_back(
    folder: Path, spools: Callable[[Path], Spool]
) -> None:
    spool = spools(folder)
    await spool.append(receipts(1, 2))
    size = spool.segments()[0].end
    with largest_file(size + 100):
        await refused(spool, 3, 4, 5)
    assert spool.segments()[0].path.stat().st_size == size
    await spool.append(receipts(6))
    assert survivors(spool) == [1, 2, 6]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A small file system of 4 MB."""
    mount = shutil.which("mount")
    disk = tmp_path / "disk"
    disk.mkdir()
    command = [str(mount), "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)]
    if os.geteuid() or not mount or subprocess.run(command, check=False).returncode:
        pytest.skip("NO SMALL DISK: only root can mount one")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


async def test_on_a_full_disk_nothing_is_acknowledged_and_what_was_stays(
    small_disk: Path, spools: Callable[[Path], Spool], caplog: pytest.LogCaptureFixture
) -> None:
    spool = spools(small_disk / "spool")
    kept: list[int] = []
    assert spool.has_room()
    with suppress(Problem):
        for n in range(0, 100_000, 500):
            await spool.append(receipts(*range(n, n + 500)))
            kept += range(n, n + 500)
    assert len(kept) < 100_000
    assert kept
    assert not spool.has_room()
    assert survivors(spool) == kept
    for _ in range(3):
        await refused(spool, *range(200_000, 200_500))
    assert caplog.text.count("nothing can be kept") == 1
    for each in spool.segments():
        spool.rotate()
        spool.remove(each)
    await spool.append(receipts(30_000))
    assert survivors(spool) == [30_000]


async def test_on_a_disk_gone_read_only_nothing_is_acknowledged_until_it_is_back(
    small_disk: Path, spools: Callable[[Path], Spool]
) -> None:
    spool = spools(small_disk / "spool")
    await spool.append(receipts(1))
    spool.rotate()
    spool.remove(spool.segments()[0])  # mount refuses while a file is open for writing
    assert spool.has_room()
    remount = ["mount", "-o", "remount,{}", str(small_disk)]
    subprocess.run([part.format("ro") for part in remount], check=True)
    try:
        assert not spool.has_room()
        await refused(spool, 2)
        assert survivors(spool) == []
    finally:
        subprocess.run([part.format("rw") for part in remount], check=True)
    await spool.append(receipts(3))
    assert survivors(spool) == [3]


async def test_without_inodes_there_is_no_room_for_a_next_segment(
    small_disk: Path, spools: Callable[[Path], Spool]
) -> None:
    spool = spools(small_disk / "spool")
    subprocess.run(["mount", "-o", "remount,nr_inodes=2", str(small_disk)], check=True)
    assert not spool.has_room()
    await refused(spool, 1)


async def test_a_directory_that_vanished_is_a_full_spool_until_it_is_back(
    folder: Path, spools: Callable[[Path], Spool]
) -> None:
    spool = spools(folder)
    folder.rmdir()
    assert not spool.has_room()
    await refused(spool, 1)
    folder.mkdir()
    await spool.append(receipts(2))
    assert survivors(spool) == [2]


async def test_of_many_heirs_each_segment_has_one(
    folder: Path, spools: Callable[[Path], Spool]
) -> None:
    owners = [Spool(folder, sync=True, max_bytes=ROOM) for _ in range(20)]
    await asyncio.gather(*(owner.append(receipts(n)) for n, owner in enumerate(owners)))
    for owner in owners:
        owner.close()
    heirs = [spools(folder) for _ in range(8)]
    taken: list[list[Segment]] = await asyncio.gather(
        *(asyncio.to_thread(heir.adopt) for heir in heirs)
    )
    assert sorted(each.id for some in taken for each in some) == sorted(
        path.stem for path in folder.glob("*.spool")
    )
    assert sorted(n for heir in heirs for n in survivors(heir)) == list(range(20))
