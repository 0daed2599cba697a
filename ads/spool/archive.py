"""Folded segments, compressed and kept for a while for exports, each in a file (`volume`).

Files appear and disappear whole, by renaming, so that several processes, and machines that share
the directory, may read and write here at once.
"""

import errno
import logging
import os
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

from ads.clock import DAY
from ads.events.erasure import Erasure, left
from ads.events.mark import Mark
from ads.spool import frame, segment, volume
from ads.spool.volume import Damaged, Volume

HALF_SECONDS = 600

_encode = msgspec.msgpack.Encoder().encode

RESERVE_BYTES = 64 * 1024 * 1024
JUDGED_MS = 5 * DAY
"""To tell repeated events, an export needs what came before: 96 hours, and a day of waiting."""

log = logging.getLogger(__name__)


class Archive:
    """Folded segments in `directory`: exported for `kept_ms`, kept JUDGED_MS longer to judge by.

    With a `kept_ms` of 0 nothing is kept.
    """

    def __init__(self, directory: Path, kept_ms: int) -> None:
        self._directory = directory
        self.kept_ms = kept_ms

    def keep(
        self,
        name: str,
        data: bytes,
        marks: Mapping[str, Mark],
        first: int,
        last: int,
        erased: Collection[Erasure] = (),
    ) -> None:
        """Keep a segment's `data`, received from `first` to `last` (ms), with its marks by share.

        Events that are `erased` are left out. May be repeated. On a full disk the oldest segments
        are dropped, or this one: keeping events must not hold up counting.
        """
        if not self.kept_ms:
            return
        path = volume.path_of(self._directory, name, first, last)
        data = _judged(data, marks)
        try:
            self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            while not self._written(path, marks, data) and self._make_room():
                log.warning("archive: the oldest events went to make room for %s", path.name)
            self._erase(path, erased)
        except OSError as error:
            log.warning("archive: the events of %s are not kept: %s", name, error)

    def volumes(self, first: int, last: int, shares: Collection[str]) -> list[Volume]:
        """The volumes that may hold events of `shares` received from `first` to `last` (ms)."""
        wanted = frozenset(shares)
        found = []
        for path in sorted(self._files()):
            begins, ends = volume.times(path)
            timely = begins <= last and ends >= first
            if timely and not wanted.isdisjoint(_shares_in(path)):
                found.append(Volume(volume.segment_of(path), path))
        return found

    def names(self) -> frozenset[str]:
        """Every segment that is kept."""
        return frozenset(map(volume.segment_of, self._files()))

    def expire(self, now: int) -> None:
        """Delete volumes that are too old at `now` (ms). Raises OSError."""
        before = now - self.kept_ms - (JUDGED_MS if self.kept_ms else 0)
        for path in self._files():
            if volume.times(path)[1] < before:
                path.unlink(missing_ok=True)
        for path in self._directory.glob("*.half"):  # of a process that died
            with suppress(FileNotFoundError):
                # By the disk's clock, since ours may have been set; a newer file is being written.
                if self._directory.stat().st_mtime - path.stat().st_mtime > HALF_SECONDS:
                    path.unlink()

    def give_way(self) -> None:
        """Delete the oldest volumes while the disk is nearly full: the spool needs the room.

        Raises OSError.
        """
        while self._free() < RESERVE_BYTES and self._make_room():
            log.warning("archive: the oldest events went, the disk is nearly full")

    def erase(self, erased: Collection[Erasure]) -> None:
        """Rewrite all volumes without these events (`ads.events.erasure.left`). Raises OSError."""
        for path in self._files():
            self._erase(path, erased)

    def _files(self) -> Iterable[Path]:
        return volume.kept(self._directory)

    def _free(self) -> int:
        try:
            disk = os.statvfs(self._directory)
        except FileNotFoundError:  # nothing was kept yet
            return RESERVE_BYTES
        return disk.f_bavail * disk.f_frsize

    def _written(self, path: Path, shares: Iterable[str], data: bytes) -> bool:
        """Whether there was room. Raises any other OSError."""
        try:
            volume.write(path, shares, data)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            return False
        return True

    def _make_room(self) -> bool:
        """Delete the oldest file; whether there was one."""
        oldest = min(self._files(), default=None)
        if oldest:
            oldest.unlink(missing_ok=True)
        return oldest is not None

    def _erase(self, path: Path, erased: Collection[Erasure]) -> None:
        """Erase from one file; another process may do the same at once, with the same result."""
        timely = [each for each in erased if _meet(each, path)]
        with suppress(FileNotFoundError):
            try:
                shares = {"", *volume.shares_in(path)} if timely else set()
                concern = [each for each in timely if each.share in shares]
                if concern:
                    _rewrite(path, concern)
            except Damaged:  # it might hide such events
                path.unlink()


def erase_damaged(spool: Path, erased: Collection[Erasure]) -> None:
    """Delete damaged segments, set aside in a spool, that may hold such events. Raises OSError.

    Their sound records are counted and kept elsewhere; the rest might hide such events.
    """
    for path in spool.glob(f"*{segment.DAMAGED}"):
        with suppress(FileNotFoundError):
            begun, ended = segment.made_at(path.stem), int(path.stat().st_mtime * 1000)
            if any(begun < each.last and each.first <= ended for each in erased):
                path.unlink()


def _judged(data: bytes, marks: Mapping[str, Mark]) -> bytes:
    """The same events, each with the final reason that the fold found."""
    if not any(mark.turns for mark in marks.values()):
        return data
    nobody = Mark(0)
    found = [(n, marks.get(r.share, nobody).judged(n, r)) for n, r in volume.records(data)]
    return frame.pack(0, [_encode(receipt) for _, receipt in found])


def _meet(erasure: Erasure, path: Path) -> bool:
    """Whether a file's times of receipt overlap with those of an erasure."""
    first, last = volume.times(path)
    return first < erasure.last and erasure.first <= last


def _shares_in(path: Path) -> Collection[str]:
    """The shares in a file; none if it has expired meanwhile or is damaged."""
    try:
        return volume.shares_in(path)
    except FileNotFoundError:  # it has expired meanwhile
        return ()
    except Damaged as error:
        log.error("archive: %s", error)  # noqa: TRY400 - no fault of ours
        return ()


def _rewrite(path: Path, erased: Collection[Erasure]) -> None:
    """Rewrite a file without these events. Raises OSError, Damaged."""
    records = [receipt for _, receipt in volume.records(volume.data(path))]
    of_share = defaultdict[str, list[Erasure]](list)
    for each in erased:
        of_share[each.share].append(each)
    rest = (left(r, of_share[""] + of_share.get(r.share, [])) for r in records)
    stays = [some for some in rest if some]
    if not stays:
        path.unlink()
    elif stays != records:
        shares = {receipt.share for receipt in stays}
        volume.write(path, shares, frame.pack(0, list(map(_encode, stays))))
