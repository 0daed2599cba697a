"""Segments that were folded, compressed and kept for a while: what an export is told from.

A file a segment, named by it and by the times of receipt in it, so that most files need not be
opened; at its head stand the shares whose events are in it. Files come and go whole, by renaming:
several processes, and machines that share the directory, may read and write here at once.
"""

import errno
import logging
import os
import secrets
import struct
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec
from isal import isal_zlib

from ads.clock import DAY
from ads.events.erasure import Erasure, left
from ads.events.mark import Mark
from ads.events.receipt import Receipt
from ads.spool import frame, segment

SUFFIX = ".events"
LEVEL = 1  # ids are random: more effort gains little
HALF_SECONDS = 600

_HEAD = struct.Struct("<I")
_shares = msgspec.msgpack.Decoder(list[str])
_decode = msgspec.msgpack.Decoder(Receipt).decode
_encode = msgspec.msgpack.Encoder().encode

RESERVE_BYTES = 64 * 1024 * 1024
JUDGED_MS = 5 * DAY
"""Whether an event is a repetition shows by what came before: 96 hours, and a day of waiting."""

log = logging.getLogger(__name__)


class Volume(NamedTuple):
    """What can be read of one segment; one that is still in the spool stands open as `live`."""

    segment: str
    path: Path
    live: BinaryIO | None = None

    def close(self) -> None:
        """Let go of the open file, if there is one."""
        if self.live:
            self.live.close()


class Archive:
    """Folded segments in `directory`, for `kept_ms` to be told from and JUDGED_MS more to judge by.

    Without any `kept_ms` nothing is kept.
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
        """Keep a segment, read whole: its marks by share, received from `first` to `last` (ms).

        What is `erased` is left out. Again is harmless. A disk without room costs the oldest that
        is kept, or this segment, since what cannot be kept must not hold up what is counted.
        """
        if not self.kept_ms:
            return
        path = self._directory / f"{name}.{first:x}-{last:x}{SUFFIX}"
        data = _judged(data, marks)
        try:
            self._directory.mkdir(parents=True, exist_ok=True, mode=0o700)
            while not self._written(path, marks, data) and self._make_room():
                log.warning("archive: the oldest events went to make room for %s", path.name)
            self._erase(path, erased)
        except OSError as error:
            log.warning("archive: the events of %s are not kept: %s", name, error)

    def volumes(self, first: int, last: int, shares: Collection[str]) -> list[Volume]:
        """What may hold events of `shares` received from `first` to `last` (ms)."""
        wanted = frozenset(shares)
        found = []
        for path in sorted(self._directory.glob(f"*{SUFFIX}")):
            begins, ends = _times(path)
            timely = begins <= last and ends >= first
            with suppress(FileNotFoundError):  # it has expired meanwhile
                if timely and not wanted.isdisjoint(_shares_in(path)):
                    found.append(Volume(path.name.partition(".")[0], path))
        return found

    def names(self) -> frozenset[str]:
        """Every segment that is kept."""
        return frozenset(p.name.partition(".")[0] for p in self._directory.glob(f"*{SUFFIX}"))

    def expire(self, now: int) -> None:
        """Delete what is too old at `now` (ms). Raises OSError."""
        before = now - self.kept_ms - (JUDGED_MS if self.kept_ms else 0)
        for path in self._directory.glob(f"*{SUFFIX}"):
            if _times(path)[1] < before:
                path.unlink(missing_ok=True)
        for path in self._directory.glob("*.half"):  # of a process that died
            with suppress(FileNotFoundError):
                # By the disk's own clock: ours may have been set since, and another is writing.
                if self._directory.stat().st_mtime - path.stat().st_mtime > HALF_SECONDS:
                    path.unlink()

    def give_way(self) -> None:
        """Delete the oldest while the disk is nearly full: the spool needs it. Raises OSError."""
        while self._free() < RESERVE_BYTES and self._make_room():
            log.warning("archive: the oldest events went, the disk is nearly full")

    def erase(self, erased: Collection[Erasure]) -> None:
        """Rewrite what is kept without these events (`ads.events.erasure.left`). Raises OSError."""
        for path in self._directory.glob(f"*{SUFFIX}"):
            self._erase(path, erased)

    def _free(self) -> int:
        try:
            disk = os.statvfs(self._directory)
        except FileNotFoundError:  # nothing was kept yet
            return RESERVE_BYTES
        return disk.f_bavail * disk.f_frsize

    def _written(self, path: Path, shares: Iterable[str], data: bytes) -> bool:
        """Whether there was room. Raises any other OSError."""
        try:
            self._write(path, shares, data)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            return False
        return True

    def _make_room(self) -> bool:
        """Delete the oldest file; whether there was one."""
        oldest = min(self._directory.glob(f"*{SUFFIX}"), default=None)
        if oldest:
            oldest.unlink(missing_ok=True)
        return oldest is not None

    def _erase(self, path: Path, erased: Collection[Erasure]) -> None:
        """Another process may be at the same file: it ends in the same, or it has gone already."""
        with suppress(FileNotFoundError):
            concern = [each for each in erased if _concerns(each, path)]
            if not concern:
                return
            records = [receipt for _, receipt in _records(_data(path))]
            stays = [some for some in (left(r, concern) for r in records) if some]
            if not stays:
                path.unlink()
            elif stays != records:
                shares = {receipt.share for receipt in stays}
                self._write(path, shares, frame.pack(0, list(map(_encode, stays))))

    def _write(self, path: Path, shares: Iterable[str], data: bytes) -> None:
        head = msgspec.msgpack.encode(sorted(shares))
        half = path.with_suffix(f".{secrets.token_hex(4)}.half")
        try:
            with half.open("wb") as file:
                file.write(_HEAD.pack(len(head)) + head + isal_zlib.compress(data, LEVEL))
                file.flush()
                os.fsync(file.fileno())
            half.rename(path)
        except OSError:
            with suppress(OSError):
                half.unlink(missing_ok=True)
            raise
        _sync(self._directory)


def spooled(spool: Path) -> frozenset[str]:
    """Ids of the segments in a spool's directory."""
    return frozenset(path.stem for path in spool.glob(f"*{segment.SUFFIX}"))


def erase_damaged(spool: Path, erased: Collection[Erasure]) -> None:
    """Delete what was set aside in a spool and may hold such events. Raises OSError.

    Its sound records are counted and kept elsewhere; what the rest hides nobody can tell.
    """
    for path in spool.glob(f"*{segment.DAMAGED}"):
        with suppress(FileNotFoundError):
            begun, ended = segment.made_at(path.stem), int(path.stat().st_mtime * 1000)
            if any(begun < each.last and each.first <= ended for each in erased):
                path.unlink()


def live(spool: Path) -> list[Volume]:
    """The segments in a spool's directory, whoever owns them: opened, since they go any time."""
    found = []
    for path in sorted(spool.glob(f"*{segment.SUFFIX}")):
        with suppress(FileNotFoundError):
            found.append(Volume(path.name.removesuffix(segment.SUFFIX), path, path.open("rb")))
    return found


def read(volume: Volume) -> Iterator[tuple[int, Receipt]]:
    """Its events with their sequence; none if it has gone or cannot be unpacked. Raises OSError."""
    try:
        data = volume.live.read() if volume.live else _data(volume.path)
    except FileNotFoundError:  # it has expired, or all of it was erased
        return iter(())
    except (zlib.error, struct.error) as error:
        log.error("archive: %s is damaged: %s", volume.path, error)  # noqa: TRY400 - no fault of ours
        return iter(())
    return _records(data)


def _records(data: bytes) -> Iterator[tuple[int, Receipt]]:
    for sequence, payload in _frames(data):
        with suppress(msgspec.MsgspecError):  # reported when it was folded
            yield sequence, _decode(payload)


def _judged(data: bytes, marks: Mapping[str, Mark]) -> bytes:
    """The same events with what they were found to be when they were folded."""
    if not any(mark.turns for mark in marks.values()):
        return data
    nobody = Mark(0)
    found = [(n, marks.get(r.share, nobody).judged(n, r)) for n, r in _records(data)]
    return frame.pack(0, [_encode(receipt) for _, receipt in found])


def _frames(data: bytes) -> Sequence[tuple[int, bytes]]:
    """Every sound record, as the spool's own reader finds them."""
    records, at, bad = frame.scan(data, final=True)
    while bad:
        found = frame.resync(data, at + 1)
        if found is None:
            break
        more, used, bad = frame.scan(data[found:], final=True)
        records += more
        at = found + used
    return records


def _data(path: Path) -> bytes:
    raw = path.read_bytes()
    (length,) = _HEAD.unpack_from(raw)
    return zlib.decompress(raw[_HEAD.size + length :])


def _shares_in(path: Path) -> list[str]:
    with path.open("rb") as file:
        (length,) = _HEAD.unpack(file.read(_HEAD.size))
        return _shares.decode(file.read(length))


def _concerns(erasure: Erasure, path: Path) -> bool:
    """Whether a file may hold events that are to go."""
    first, last = _times(path)
    timely = first < erasure.last and erasure.first <= last
    return timely and (not erasure.share or erasure.share in _shares_in(path))


def _times(path: Path) -> tuple[int, int]:
    first, _, last = path.name.split(".")[1].partition("-")
    return int(first, 16), int(last, 16)


def _sync(directory: Path) -> None:
    folder = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
